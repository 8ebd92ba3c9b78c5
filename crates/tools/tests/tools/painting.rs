//! Brush and eraser.

use crate::desk::*;
use proptest::collection::vec;
use proptest::prelude::*;
use visionflow_document::Edit;
use visionflow_geometry::{Mask, Point};
use visionflow_model::Shape;
use visionflow_tools::{Hint, Input, Notice, PointerKind, ToolKind, is_marquee};

/// Two masks: a square of 100 pixels, and one with a hole of 20 in its middle.
fn desk(tool: ToolKind) -> Desk {
    let mut desk = Desk::with_tool(
        &[
            Shape::Mask(pixels(100, 100, 100, 100)),
            Shape::Mask(pixels(300, 100, 100, 100).subtract(&pixels(340, 140, 20, 20))),
        ],
        tool,
    );
    desk.settings.brush_radius = 10.0;
    desk
}

fn mask(desk: &Desk, n: u128) -> &Mask {
    match desk.shape(n) {
        Shape::Mask(mask) => mask,
        other => panic!("{other:?}"),
    }
}

fn drawn(desk: &Desk) -> Mask {
    match desk.drawn().map(|a| &a.shape) {
        Some(Shape::Mask(mask)) => mask.clone(),
        other => panic!("{other:?}"),
    }
}

/// What a stroke along these points touches.
fn stroke(points: &[Point], radius: f64) -> Mask {
    let image = visionflow_geometry::Rect::from_size(f64::from(IMAGE.0), f64::from(IMAGE.1));
    let mut mask = Mask::default();
    mask.paint(points, radius, image);
    mask
}

#[test]
fn a_stroke_is_a_new_mask_and_the_next_one_goes_on_with_it() {
    let mut desk = desk(ToolKind::Brush);
    desk.grab(p(500.0, 500.0), p(600.0, 500.0), NONE);
    assert_eq!(desk.hint, Hint::BrushPainting);
    let preview = desk.gesture()[0].clone();
    assert_eq!((preview.annotation, preview.label), (None, Some(label(0))));
    let first = stroke(&[p(500.0, 500.0), p(600.0, 500.0)], 10.0);
    assert_eq!(preview.shape, Shape::Mask(first.clone()));
    assert!(desk.document.take_updates().is_empty());
    desk.up(p(600.0, 500.0), NONE);
    assert_eq!(drawn(&desk), first);
    assert_eq!(desk.selection, [desk.drawn().unwrap().id]);
    desk.drag(p(600.0, 500.0), p(600.0, 600.0));
    let second = stroke(&[p(600.0, 500.0), p(600.0, 600.0)], 10.0);
    assert_eq!(drawn(&desk), first.union(&second));
    assert!(desk.undo());
    assert_eq!(drawn(&desk), first);
    assert!(desk.undo() && !desk.document.can_undo());
}

#[test]
fn it_goes_on_with_the_selected_mask_of_its_label_only() {
    let mut desk = desk(ToolKind::Brush);
    desk.select(&[id(1)]);
    desk.drag(p(150.0, 150.0), p(250.0, 150.0));
    assert!(mask(&desk, 1).get(240, 150));
    desk.label = Some(label(1));
    desk.drag(p(150.0, 300.0), p(250.0, 300.0));
    assert_eq!(desk.drawn().unwrap().label, label(1));
    assert!(!mask(&desk, 1).get(200, 300));
}

#[test]
fn a_dab_is_a_disc_and_stays_inside_the_image() {
    let mut desk = desk(ToolKind::Brush);
    desk.click(500.0, 500.0);
    assert_eq!(drawn(&desk), stroke(&[p(500.0, 500.0)], 10.0));
    desk.undo();
    desk.click(0.0, 0.0);
    assert!(!drawn(&desk).get(-1, 0) && drawn(&desk).get(0, 0));
    desk.undo();
    desk.drag(p(-90.0, 50.0), p(-50.0, 50.0));
    assert_eq!(desk.drawn(), None);
}

#[test]
fn the_rim_shows_the_size_and_keys_change_it() {
    let mut desk = desk(ToolKind::Brush);
    desk.hover(p(500.0, 500.0), NONE);
    let rim = desk.preview[0].clone();
    assert!(is_marquee(&rim), "nobody else sees it");
    let bounds = rim.shape.bounds().unwrap();
    assert_eq!((bounds.min, bounds.max), (p(490.0, 490.0), p(510.0, 510.0)));
    desk.key("]");
    assert_eq!(desk.settings.brush_radius, 11.5);
    desk.key("[");
    desk.key("[");
    assert_eq!(desk.settings.brush_radius, 9.0);
    desk.input(&Input::PointerLeave);
    assert_eq!(desk.preview, []);
    desk.touch_grab(p(500.0, 500.0), p(520.0, 500.0));
    assert_eq!(desk.preview.len(), 1, "a finger has no rim");
    desk.check_escape(p(520.0, 500.0));
}

#[test]
fn shift_paints_straight_from_where_the_last_stroke_ended() {
    let mut desk = desk(ToolKind::Brush);
    desk.click(500.0, 500.0);
    desk.click_with(p(600.0, 550.0), SHIFT);
    let line = stroke(&[p(500.0, 500.0), p(600.0, 550.0)], 10.0);
    assert_eq!(drawn(&desk), line);
    assert!(desk.undo() && desk.undo());
    // A straight stroke follows the pointer, and leaves nothing beside it.
    desk.switch(ToolKind::Select);
    desk.switch(ToolKind::Brush);
    desk.down(p(500.0, 500.0), SHIFT, 1);
    desk.hover(p(500.0, 600.0), SHIFT);
    desk.hover(p(600.0, 550.0), SHIFT);
    desk.up(p(600.0, 550.0), SHIFT);
    assert_eq!(drawn(&desk), line);
}

#[test]
fn instances_overlap_and_panoptic_masks_do_not() {
    let mut desk = desk(ToolKind::Brush);
    desk.drag(p(150.0, 150.0), p(350.0, 150.0));
    assert_eq!(mask(&desk, 1).area(), 10_000);
    desk.undo();
    desk.select(&[]);
    desk.settings.panoptic = true;
    desk.settings.brush_radius = 180.0;
    desk.click(150.0, 150.0);
    assert_eq!(desk.document.get(id(1)), None, "nothing is left of it");
    assert!(mask(&desk, 2).area() < 9_600);
    assert!(!drawn(&desk).overlaps(mask(&desk, 2)));
    assert!(desk.undo(), "one step for all of it");
    assert!(!desk.document.can_undo());
    assert_eq!(
        (mask(&desk, 1).area(), mask(&desk, 2).area()),
        (10_000, 9_600)
    );
}

#[test]
fn locked_masks_keep_their_pixels() {
    let mut desk = desk(ToolKind::Brush);
    desk.settings.panoptic = true;
    desk.edit(&[Edit::SetLocked(id(1), true)]);
    desk.drag(p(50.0, 150.0), p(250.0, 150.0));
    assert_eq!(mask(&desk, 1).area(), 10_000);
    assert!(!drawn(&desk).overlaps(mask(&desk, 1)));
    desk.select(&[id(1)]);
    desk.drag(p(50.0, 150.0), p(250.0, 150.0));
    assert_eq!(desk.notices, [Notice::Locked]);
    desk.switch(ToolKind::Eraser);
    desk.drag(p(50.0, 150.0), p(250.0, 150.0));
    assert_eq!(desk.notices, [Notice::Locked; 2]);
    assert_eq!(mask(&desk, 1).area(), 10_000);
}

#[test]
fn panoptic_masks_that_are_dragged_take_what_they_cover() {
    let mut desk = desk(ToolKind::Select);
    desk.settings.panoptic = true;
    desk.select(&[id(1)]);
    desk.drag(p(150.0, 150.0), p(300.0, 150.0));
    assert_eq!(mask(&desk, 1), &pixels(250, 100, 100, 100));
    assert_eq!(mask(&desk, 2).area(), 9_600 - 5_000 + 200);
    assert!(desk.undo() && !desk.document.can_undo(), "one step");
    desk.edit(&[Edit::SetLocked(id(2), true)]);
    let locked = mask(&desk, 2).clone();
    desk.drag(p(150.0, 150.0), p(300.0, 150.0));
    assert_eq!(mask(&desk, 2), &locked);
    let cut = pixels(250, 100, 100, 100).subtract(&locked);
    assert_eq!(mask(&desk, 1), &cut);
}

#[test]
fn alt_fills_the_hole_under_the_pointer() {
    let mut desk = desk(ToolKind::Brush);
    desk.click_with(p(350.0, 150.0), ALT);
    assert_eq!(mask(&desk, 2), &pixels(300, 100, 100, 100));
    assert!(desk.undo() && !desk.document.can_undo());
    desk.click_with(p(320.0, 150.0), ALT);
    desk.click_with(p(600.0, 600.0), ALT);
    assert_eq!(desk.notices, [Notice::NoHole; 2]);
    desk.scene.set_hidden(&[id(2)]);
    desk.click_with(p(350.0, 150.0), ALT);
    assert_eq!(desk.notices, [Notice::NoHole; 3], "it cannot be seen");
}

#[test]
fn the_eraser_takes_from_the_selected_masks_or_from_all() {
    let erased = |selected: &[u128]| {
        let mut desk = desk(ToolKind::Eraser);
        let ids: Vec<_> = selected.iter().map(|n| id(*n)).collect();
        desk.select(&ids);
        desk.drag(p(50.0, 150.0), p(450.0, 150.0));
        let lost = (
            10_000 - mask(&desk, 1).area(),
            9_600 - mask(&desk, 2).area(),
        );
        assert!(desk.undo() && !desk.document.can_undo());
        lost
    };
    assert_eq!(erased(&[]), (2_000, 1_600));
    assert_eq!(erased(&[1]), (2_000, 0));
    assert_eq!(erased(&[2]), (0, 1_600));
}

#[test]
fn what_is_erased_is_not_shown_to_others_and_may_be_all_of_it() {
    let mut desk = desk(ToolKind::Eraser);
    desk.settings.brush_radius = 200.0;
    desk.down(p(150.0, 150.0), NONE, 1);
    assert_eq!(desk.hint, Hint::EraserErasing);
    assert!(desk.preview.iter().all(is_marquee));
    desk.up(p(150.0, 150.0), NONE);
    assert_eq!(desk.document.get(id(1)), None);
    desk.click(600.0, 700.0);
    assert_eq!(desk.notices, [Notice::NothingToErase]);
}

#[test]
fn two_people_paint_one_mask() {
    let mut desk = desk(ToolKind::Brush);
    desk.select(&[id(1)]);
    desk.grab(p(150.0, 150.0), p(250.0, 150.0), NONE);
    let before = mask(&desk, 1).clone();
    let theirs = before.union(&pixels(100, 400, 10, 10));
    let delta = visionflow_geometry::MaskDelta::between(&before, &theirs);
    desk.edit(&[Edit::PaintMask(id(1), delta)]);
    desk.up(p(250.0, 150.0), NONE);
    assert!(mask(&desk, 1).get(240, 150) && mask(&desk, 1).get(105, 405));
    desk.grab(p(150.0, 150.0), p(250.0, 150.0), NONE);
    desk.edit(&[Edit::Delete(id(1))]);
    assert_eq!(desk.notices, [Notice::DeletedMeanwhile]);
    desk.up(p(250.0, 150.0), NONE);
    assert_eq!(desk.drawn(), None);
}

#[test]
fn a_move_costs_what_it_paints() {
    let mut desk = desk(ToolKind::Brush);
    desk.edit(&[Edit::SetShape(id(1), Shape::Mask(pixels(0, 0, 1000, 800)))]);
    desk.select(&[id(1)]);
    desk.grab(p(500.0, 500.0), p(510.0, 500.0), NONE);
    let Shape::Mask(shown) = &desk.gesture()[0].shape else {
        panic!("{:?}", desk.preview)
    };
    assert!(shown.tiles().len() <= 2, "the stroke, and not the mask");
    desk.up(p(510.0, 500.0), NONE);
    assert!(!desk.notices.contains(&Notice::ReadOnly));
}

#[test]
fn escape_leaves_nothing_and_watchers_paint_nothing() {
    for tool in [ToolKind::Brush, ToolKind::Eraser] {
        let mut desk = desk(tool);
        desk.down(p(150.0, 150.0), NONE, 1);
        desk.check_escape(p(150.0, 150.0));
        desk.grab(p(150.0, 150.0), p(350.0, 150.0), NONE);
        desk.check_escape(p(350.0, 150.0));
        desk.touch_grab(p(150.0, 150.0), p(350.0, 150.0));
        desk.check_escape(p(350.0, 150.0));
        desk.check_read_only(p(150.0, 150.0), p(350.0, 150.0));
        desk.grab(p(150.0, 150.0), p(350.0, 150.0), NONE);
        desk.can_edit = false;
        desk.refresh();
        desk.up(p(350.0, 150.0), NONE);
        assert!(!desk.document.can_undo());
    }
    let mut desk = desk(ToolKind::Brush);
    desk.label = None;
    desk.drag(p(150.0, 150.0), p(350.0, 150.0));
    assert_eq!(desk.notices, [Notice::ChooseLabel]);
    desk.input(&Input::PointerDown {
        pos: p(0.0, 0.0),
        button: visionflow_tools::Button::Secondary,
        modifiers: NONE,
        clicks: 1,
        pointer: PointerKind::Pen,
    });
    assert!(!desk.handled);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn panoptic_masks_never_overlap(
        strokes in vec((0..3u8, 0..600i32, 0..400i32, -200..200i32, 0..2u128, 0..4usize), 1..12)
    ) {
        let mut desk = desk(ToolKind::Brush);
        desk.settings.panoptic = true;
        desk.settings.brush_radius = 25.0;
        let first = desk.contents();
        for (tool, x, y, by, label_number, selected) in strokes {
            desk.switch([ToolKind::Brush, ToolKind::Brush, ToolKind::Eraser][usize::from(tool)]);
            desk.label = Some(label(label_number));
            let ids: Vec<_> = desk.contents().keys().copied().collect();
            desk.select(ids.get(selected).map_or(&[], std::slice::from_ref));
            let from = p(f64::from(x), f64::from(y));
            desk.drag(from, p(from.x + f64::from(by), from.y + 30.0));
            let masks: Vec<_> = desk.document.annotations().map(|a| &a.shape).collect();
            for (index, shape) in masks.iter().enumerate() {
                let Shape::Mask(mask) = shape else { unreachable!() };
                prop_assert!(!mask.is_empty());
                for other in &masks[..index] {
                    let Shape::Mask(other) = other else { unreachable!() };
                    prop_assert!(!mask.overlaps(other));
                }
            }
        }
        while desk.document.can_undo() {
            desk.undo();
        }
        prop_assert_eq!(desk.contents(), first);
    }
}
