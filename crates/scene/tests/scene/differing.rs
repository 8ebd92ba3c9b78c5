//! What differs between two points in time: told apart by colour and by stroke.

use super::*;
use std::collections::{HashMap, HashSet};
use visionflow_scene::{Rgba, Standing, style_flag};

/// Stroke, dash and core of each shape, in drawing order.
fn strokes(scene: &mut Scene) -> Vec<(Rgba, bool, bool)> {
    let list = scene.draw_list(&Camera::default(), VIEWPORT);
    let of = |primitive: &u32| {
        let style = list.shapes.primitives.entries()[*primitive as usize].style;
        let style = list.shapes.styles.entries()[style as usize];
        let has = |flag| style.flags & flag != 0;
        (
            style.stroke,
            has(style_flag::DASHED),
            has(style_flag::SELECTED),
        )
    };
    list.shapes.order.entries().iter().map(of).collect()
}

#[test]
fn what_differs_has_a_colour_and_a_stroke_of_its_own_until_the_present_is_back() {
    let all: Vec<_> = (0..5)
        .map(|n| boxed(n, n as f64 * 50.0, 10.0, 40.0, 40.0))
        .collect();
    let mut scene = loaded(&all);
    let usual = strokes(&mut scene);
    let standings = [
        Standing::Added,
        Standing::Removed,
        Standing::Before,
        Standing::After,
    ];
    let difference: HashMap<_, _> = (0..4).map(id).zip(standings).collect();
    scene.load_difference(all.iter(), Some(difference));
    let shown = strokes(&mut scene);
    assert_eq!(shown.len(), 5);
    let patterns: Vec<_> = shown
        .iter()
        .map(|(_, dashed, core)| (*dashed, *core))
        .collect();
    let (plain, dashed, core) = ((false, false), (true, false), (false, true));
    assert_eq!(patterns, [plain, dashed, dashed, core, plain]);
    let colors: HashSet<_> = shown.iter().map(|(stroke, ..)| stroke.0).collect();
    assert_eq!(colors.len(), 4, "before and after share theirs: {shown:?}");
    assert_ne!(shown[4], usual[4], "what is the same steps back");
    // A pointer over it changes nothing of that.
    scene.set_hover(Some(id(1)));
    assert_eq!(strokes(&mut scene)[1], shown[1]);
    scene.load_difference(all.iter(), None);
    scene.set_hover(None);
    assert_eq!(strokes(&mut scene), usual);
}
