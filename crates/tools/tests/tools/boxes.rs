//! Drawing boxes.

use crate::desk::*;
use visionflow_geometry::Point;
use visionflow_model::Shape;
use visionflow_tools::{Cursor, Hint, Input, Modifiers, Notice, ToolKind};

fn desk() -> Desk {
    Desk::with_tool(&[], ToolKind::Box)
}

fn check_drag(from: Point, to: Point, modifiers: Modifiers, expected: Option<&Shape>) {
    let mut desk = desk();
    desk.drag_with(from, to, modifiers);
    assert_eq!(desk.drawn().map(|a| &a.shape), expected);
    assert_eq!(desk.preview, []);
}

#[test]
fn dragging_spans_a_box_between_the_corners() {
    check_drag(
        p(10.0, 20.0),
        p(60.0, 50.0),
        NONE,
        Some(&rect(10.0, 20.0, 50.0, 30.0)),
    );
    check_drag(
        p(60.0, 50.0),
        p(10.0, 20.0),
        NONE,
        Some(&rect(10.0, 20.0, 50.0, 30.0)),
    );
}

#[test]
fn a_release_far_from_the_press_is_a_drag_without_any_move() {
    let mut desk = desk();
    desk.down(p(10.0, 20.0), NONE, 1);
    desk.up(p(60.0, 50.0), NONE);
    assert_eq!(desk.drawn().unwrap().shape, rect(10.0, 20.0, 50.0, 30.0));
    desk.switch(ToolKind::Select);
    desk.down(p(30.0, 30.0), NONE, 1);
    desk.up(p(40.0, 30.0), NONE);
    assert_eq!(desk.drawn().unwrap().shape, rect(20.0, 20.0, 50.0, 30.0));
}

#[test]
fn boxes_stay_inside_the_image() {
    check_drag(
        p(-50.0, 790.0),
        p(20.0, 900.0),
        NONE,
        Some(&rect(0.0, 790.0, 20.0, 10.0)),
    );
    check_drag(p(-50.0, 20.0), p(-10.0, 90.0), NONE, None);
}

#[test]
fn shift_draws_squares() {
    check_drag(
        p(10.0, 10.0),
        p(40.0, 20.0),
        SHIFT,
        Some(&rect(10.0, 10.0, 30.0, 30.0)),
    );
    check_drag(
        p(10.0, 20.0),
        p(60.0, 12.0),
        SHIFT,
        Some(&rect(10.0, 0.0, 20.0, 20.0)),
    );
}

#[test]
fn slips_draw_nothing() {
    check_drag(p(10.0, 10.0), p(60.0, 10.5), NONE, None);
    check_drag(p(10.0, 10.0), p(11.0, 60.0), NONE, None);
}

#[test]
fn two_clicks_draw_too() {
    let mut desk = desk();
    desk.click(10.0, 10.0);
    assert_eq!(desk.hint, Hint::BoxSecondCorner);
    desk.hover(p(30.0, 40.0), NONE);
    assert_eq!(desk.preview[0].shape, rect(10.0, 10.0, 20.0, 30.0));
    assert_eq!(desk.drawn(), None);
    desk.click(50.0, 60.0);
    assert_eq!(desk.drawn().unwrap().shape, rect(10.0, 10.0, 40.0, 50.0));
    assert_eq!(desk.hint, Hint::BoxStart);
    desk.down(p(50.0, 60.0), NONE, 2);
    desk.up(p(50.0, 60.0), NONE);
    assert_eq!(desk.hint, Hint::BoxStart, "the rest of a double click");
    desk.click(50.0, 60.0);
    assert_eq!(desk.hint, Hint::BoxSecondCorner);
}

#[test]
fn a_pinch_after_the_first_corner_draws_nothing_and_loses_nothing() {
    let mut desk = desk();
    desk.tap(p(10.0, 10.0));
    desk.touch_grab(p(300.0, 300.0), p(400.0, 300.0));
    desk.input(&Input::Cancel);
    assert_eq!((desk.hint, desk.drawn()), (Hint::BoxSecondCorner, None));
    // A finger may look for the corner before it is lifted.
    desk.touch_drag(p(100.0, 100.0), p(50.0, 60.0));
    assert_eq!(desk.drawn().unwrap().shape, rect(10.0, 10.0, 40.0, 50.0));
}

#[test]
fn undo_takes_the_first_click_back_and_not_what_was_drawn_before() {
    use ToolKind::{Arrow, Box, Cuboid, Ellipse, RotatedBox, Skeleton};
    for tool in [Arrow, Box, Cuboid, Ellipse, RotatedBox, Skeleton] {
        let mut desk = Desk::with_tool(&[], tool);
        desk.ontology = ontology();
        assert!(!desk.toolbox.can_take_back());
        desk.click(10.0, 10.0);
        assert!(desk.toolbox.can_take_back());
        desk.take_back();
        assert_eq!(
            (desk.preview.len(), desk.toolbox.can_take_back()),
            (0, false)
        );
    }
}

#[test]
fn what_was_drawn_has_the_label_is_selected_and_one_step() {
    let mut desk = desk();
    desk.label = Some(label(7));
    desk.drag(p(10.0, 10.0), p(40.0, 40.0));
    let drawn = desk.drawn().unwrap().clone();
    assert_eq!(drawn.label, label(7));
    assert_eq!(desk.selection, [drawn.id]);
    assert!(desk.undo());
    assert!(desk.document.is_empty() && !desk.document.can_undo());
    assert_eq!(desk.selection, []);
}

#[test]
fn the_preview_is_what_others_see() {
    let mut desk = desk();
    assert_eq!(desk.cursor, Cursor::Crosshair);
    desk.grab(p(10.0, 10.0), p(40.0, 40.0), NONE);
    assert_eq!(desk.hint, Hint::BoxDrag);
    let preview = &desk.preview[0];
    assert_eq!((preview.annotation, preview.label), (None, Some(label(0))));
    assert!(preview.closed && !visionflow_tools::is_marquee(preview));
    assert!(desk.document.is_empty());
}

#[test]
fn escape_leaves_nothing_at_any_moment() {
    let mut desk = desk();
    desk.down(p(10.0, 10.0), NONE, 1);
    desk.check_escape(p(10.0, 10.0));
    desk.grab(p(10.0, 10.0), p(40.0, 40.0), NONE);
    desk.check_escape(p(50.0, 50.0));
    desk.click(10.0, 10.0);
    desk.hover(p(50.0, 50.0), NONE);
    desk.check_escape(p(50.0, 50.0));
    desk.grab(p(10.0, 10.0), p(40.0, 40.0), NONE);
    desk.input(&Input::Cancel);
    assert_eq!(desk.preview, []);
    desk.grab(p(10.0, 10.0), p(40.0, 40.0), NONE);
    desk.switch(ToolKind::Select);
    assert_eq!(desk.preview, []);
    desk.up(p(40.0, 40.0), NONE);
    assert!(desk.document.is_empty());
}

#[test]
fn no_label_no_box() {
    let mut desk = desk();
    desk.label = None;
    desk.drag(p(10.0, 10.0), p(40.0, 40.0));
    assert_eq!(
        (desk.drawn(), &desk.notices[..]),
        (None, &[Notice::ChooseLabel][..])
    );
}

#[test]
fn watchers_draw_nothing() {
    let mut desk = desk();
    desk.grab(p(10.0, 10.0), p(40.0, 40.0), NONE);
    desk.can_edit = false;
    desk.refresh();
    assert_eq!(desk.preview, []);
    desk.up(p(40.0, 40.0), NONE);
    desk.drag(p(10.0, 10.0), p(40.0, 40.0));
    assert!(desk.document.is_empty());
    assert_eq!(desk.notices, [Notice::ReadOnly]);
}

#[test]
fn keys_of_the_selection_work_here_too() {
    let mut desk = desk();
    desk.drag(p(10.0, 10.0), p(40.0, 40.0));
    desk.key("ArrowRight");
    assert_eq!(desk.drawn().unwrap().shape, rect(11.0, 10.0, 30.0, 30.0));
    desk.key("Delete");
    assert!(desk.document.is_empty());
    desk.key("x");
    assert!(!desk.handled);
}

#[test]
fn the_hand_moves_the_camera_only() {
    let mut desk = Desk::with_tool(&[rect(10.0, 10.0, 50.0, 50.0)], ToolKind::Pan);
    assert_eq!((desk.cursor, desk.hint), (Cursor::Grab, Hint::Pan));
    let before = desk.camera.offset();
    let from = desk.camera.screen_from_image(p(20.0, 20.0));
    desk.down(p(20.0, 20.0), NONE, 1);
    assert_eq!(desk.cursor, Cursor::Grabbing);
    desk.input(&Input::PointerMove {
        pos: p(from.x + 15.0, from.y - 5.0),
        modifiers: NONE,
        pointer: visionflow_tools::PointerKind::Mouse,
    });
    let by = (
        desk.camera.offset().x - before.x,
        desk.camera.offset().y - before.y,
    );
    assert_eq!(by, (15.0, -5.0));
    desk.up(p(20.0, 20.0), NONE);
    desk.hover(p(90.0, 90.0), NONE);
    assert_eq!(desk.camera.offset().x - before.x, 15.0);
    assert!(!desk.document.can_undo());
}
