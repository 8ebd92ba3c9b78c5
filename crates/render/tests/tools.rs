//! What each tool shows in the middle of its work: the tool itself is driven, as its own tests drive
//! it, and what it tells the engine is drawn.

#[path = "support/compare.rs"]
mod compare;
#[path = "../../tools/tests/tools/desk.rs"]
#[allow(
    dead_code,
    clippy::unwrap_used,
    reason = "the tools' own tests, which may unwrap, use the rest"
)]
mod desk;
#[path = "support/offscreen.rs"]
mod offscreen;

use compare::check_golden;
use desk::*;
use offscreen::Offscreen;
use visionflow_geometry::Vec2;
use visionflow_model::{Color, Shape};
use visionflow_scene::{Camera, Guide, Viewport};
use visionflow_tools::{Input, ToolKind};

const VIEWPORT: Viewport = Viewport {
    width: 160.0,
    height: 120.0,
    pixel_ratio: 1.0,
};

/// A desk whose image pixels are those of the picture, with a label that can be seen.
fn desk(tool: ToolKind, shapes: &[Shape]) -> Desk {
    let mut desk = Desk::new(shapes);
    desk.camera = Camera::new(1.0, Vec2::default());
    desk.ontology = ontology();
    for label in &mut desk.ontology.labels {
        label.color = Color::new(239, 68, 68);
    }
    desk.scene.set_ontology(&desk.ontology);
    desk.switch(tool);
    desk
}

/// Draws what the engine would draw now.
fn check(name: &str, mut desk: Desk) {
    assert!(
        !desk.preview.is_empty() || !desk.handles.is_empty() || !desk.selection.is_empty(),
        "{name}: nothing is shown"
    );
    let figures = desk.measures.iter().map(|measure| Guide::Figure {
        at: measure.at,
        text: measure.text.clone(),
    });
    let guides: Vec<_> = figures.chain(desk.snap.map(Guide::Snap)).collect();
    desk.scene.set_guides(&guides);
    desk.scene.set_preview(&desk.preview);
    desk.scene.set_selection(&desk.selection);
    desk.scene.set_hover(desk.hover);
    desk.scene.set_handles(&desk.handles);
    let picture = Offscreen::new().draw(&mut desk.scene, &desk.camera, VIEWPORT);
    check_golden(&format!("tool_{name}"), &picture);
}

#[test]
fn select_moves_and_resizes() {
    let mut moved = desk(
        ToolKind::Select,
        &[
            rect(20.0, 20.0, 50.0, 40.0),
            ring(&[(90.0, 20.0), (140.0, 30.0), (110.0, 90.0)]),
        ],
    );
    moved.click(40.0, 40.0);
    moved.grab(p(40.0, 40.0), p(60.0, 70.0), NONE);
    check("select_move", moved);
    let mut resized = desk(ToolKind::Select, &[rect(20.0, 20.0, 50.0, 40.0)]);
    resized.click(40.0, 40.0);
    resized.grab(p(70.0, 60.0), p(120.0, 100.0), NONE);
    check("select_resize", resized);
    let mut marquee = desk(ToolKind::Select, &[rect(20.0, 20.0, 50.0, 40.0)]);
    marquee.grab(p(10.0, 100.0), p(130.0, 50.0), NONE);
    check("select_marquee", marquee);
}

#[test]
fn lasso_encloses() {
    let mut desk = desk(ToolKind::Lasso, &[rect(40.0, 30.0, 30.0, 30.0)]);
    desk.grab(p(20.0, 20.0), p(110.0, 20.0), NONE);
    desk.hover(p(120.0, 80.0), NONE);
    desk.hover(p(30.0, 90.0), NONE);
    check("lasso", desk);
}

#[test]
fn boxes_and_ellipses_are_stretched() {
    for (name, tool) in [
        ("box", ToolKind::Box),
        ("ellipse", ToolKind::Ellipse),
        ("skeleton", ToolKind::Skeleton),
        ("text_frame", ToolKind::Text),
    ] {
        let mut desk = desk(tool, &[]);
        desk.grab(p(30.0, 20.0), p(120.0, 90.0), NONE);
        check(name, desk);
    }
}

#[test]
fn a_rotated_box_has_its_side() {
    let mut side = desk(ToolKind::RotatedBox, &[]);
    side.click(30.0, 90.0);
    side.hover(p(110.0, 50.0), NONE);
    check("rotated_box_side", side);
    let mut width = desk(ToolKind::RotatedBox, &[]);
    width.click(30.0, 90.0);
    width.click(110.0, 50.0);
    width.hover(p(90.0, 20.0), NONE);
    check("rotated_box_width", width);
}

#[test]
fn a_cuboid_gets_its_depth() {
    let mut desk = desk(ToolKind::Cuboid, &[]);
    desk.drag(p(20.0, 50.0), p(80.0, 110.0));
    desk.hover(p(120.0, 20.0), NONE);
    check("cuboid", desk);
}

#[test]
fn corners_are_set() {
    for (name, tool) in [
        ("polygon", ToolKind::Polygon),
        ("polyline", ToolKind::Polyline),
        ("measure", ToolKind::Measure),
    ] {
        let mut desk = desk(tool, &[]);
        for (x, y) in [(20.0, 20.0), (100.0, 30.0), (120.0, 90.0)] {
            desk.click(x, y);
        }
        desk.hover(p(50.0, 100.0), NONE);
        check(name, desk);
    }
}

#[test]
fn lines_follow_the_pointer() {
    for (name, tool) in [("path", ToolKind::Path), ("arrow", ToolKind::Arrow)] {
        let mut desk = desk(tool, &[]);
        desk.grab(p(20.0, 90.0), p(130.0, 30.0), NONE);
        check(name, desk);
    }
}

#[test]
fn a_point_is_set() {
    let mut desk = desk(ToolKind::Point, &[]);
    desk.click(80.0, 60.0);
    check("point", desk);
}

#[test]
fn words_are_typed() {
    let mut desk = desk(ToolKind::Text, &[]);
    desk.drag(p(20.0, 20.0), p(140.0, 70.0));
    desk.input(&Input::Typed("gate 7".to_owned()));
    check("text_typing", desk);
}

#[test]
fn strokes_paint_and_erase() {
    for (name, tool) in [("brush", ToolKind::Brush), ("eraser", ToolKind::Eraser)] {
        let mut desk = desk(tool, &[Shape::Mask(pixels(30, 30, 80, 60))]);
        desk.settings.brush_radius = 10.0;
        desk.grab(p(20.0, 60.0), p(130.0, 50.0), NONE);
        check(name, desk);
    }
}

#[test]
fn pixels_lead_the_wand_and_the_scissors() {
    let bright = [(40, 30, 80, 60)];
    let mut wand = desk(ToolKind::Wand, &[]);
    wand.pixels = Some(photograph(&bright, 2));
    wand.hover(p(80.0, 60.0), NONE);
    wand.down(p(80.0, 60.0), NONE, 1);
    check("wand", wand);
    let mut scissors = desk(ToolKind::Scissors, &[]);
    scissors.pixels = Some(photograph(&bright, 2));
    scissors.click(42.0, 28.0);
    scissors.click(118.0, 31.0);
    scissors.hover(p(121.0, 88.0), NONE);
    check("scissors", scissors);
}

#[test]
fn a_line_slices() {
    let mut desk = desk(ToolKind::Slice, &[rect(30.0, 30.0, 90.0, 60.0)]);
    desk.select(&[id(1)]);
    desk.click(20.0, 50.0);
    desk.hover(p(140.0, 80.0), NONE);
    check("slice", desk);
}
