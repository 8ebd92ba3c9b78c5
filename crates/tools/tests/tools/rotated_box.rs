//! Drawing rotated boxes.

use crate::desk::*;
use visionflow_geometry::RotatedBox;
use visionflow_model::Shape;
use visionflow_tools::{Hint, Input, Notice, ToolKind};

fn desk() -> Desk {
    Desk::with_tool(&[], ToolKind::RotatedBox)
}

fn drawn(desk: &Desk) -> RotatedBox {
    match &desk.drawn().unwrap().shape {
        Shape::RotatedBox(rotated) => *rotated,
        other => panic!("{other:?}"),
    }
}

/// That two of the corners are these, within the rounding of the grid.
fn check_corners(desk: &Desk, corners: [(f64, f64); 4]) {
    let drawn = drawn(desk).corners();
    for (x, y) in corners {
        let near = drawn.iter().any(|corner| corner.distance(p(x, y)) < 0.02);
        assert!(near, "({x}, {y}) is none of {drawn:?}");
    }
}

#[test]
fn three_clicks_make_a_side_and_a_width() {
    let mut desk = desk();
    desk.click(100.0, 100.0);
    assert_eq!(desk.hint, Hint::RotatedBoxSide);
    desk.hover(p(130.0, 140.0), NONE);
    assert_eq!(
        desk.preview[0].shape,
        Shape::Polyline(vec![p(100.0, 100.0), p(130.0, 140.0)])
    );
    desk.click(130.0, 140.0);
    assert_eq!(desk.hint, Hint::RotatedBoxWidth);
    assert_eq!(desk.drawn(), None);
    // The second of these clicks is the width: 20 pixels to the side of (4, -3).
    desk.hover(p(146.0, 128.0), NONE);
    assert!(matches!(desk.preview[0].shape, Shape::RotatedBox(_)));
    desk.click(146.0, 128.0);
    desk.down(p(146.0, 128.0), NONE, 2);
    desk.up(p(146.0, 128.0), NONE);
    assert_eq!(
        desk.hint,
        Hint::RotatedBoxStart,
        "the rest of a double click"
    );
    check_corners(
        &desk,
        [
            (100.0, 100.0),
            (130.0, 140.0),
            (146.0, 128.0),
            (116.0, 88.0),
        ],
    );
    let rotated = drawn(&desk);
    assert_eq!((rotated.size.x, rotated.size.y), (50.0, 20.0));
    assert_eq!(desk.selection, [desk.drawn().unwrap().id]);
    assert!(desk.undo() && !desk.document.can_undo());
}

#[test]
fn the_side_may_be_dragged_by_mouse_or_finger() {
    let corners = [
        (100.0, 100.0),
        (200.0, 100.0),
        (200.0, 140.0),
        (100.0, 140.0),
    ];
    let mut desk = desk();
    desk.drag(p(100.0, 100.0), p(200.0, 100.0));
    desk.click(150.0, 140.0);
    check_corners(&desk, corners);
    let mut desk = self::desk();
    desk.touch_drag(p(100.0, 100.0), p(200.0, 100.0));
    desk.touch_drag(p(150.0, 110.0), p(150.0, 140.0));
    check_corners(&desk, corners);
}

#[test]
fn a_pinch_between_the_side_and_the_width_loses_nothing() {
    let mut desk = desk();
    desk.touch_drag(p(100.0, 100.0), p(200.0, 100.0));
    desk.touch_grab(p(150.0, 300.0), p(150.0, 400.0));
    desk.input(&Input::Cancel);
    assert_eq!((desk.hint, desk.drawn()), (Hint::RotatedBoxWidth, None));
    desk.tap(p(150.0, 140.0));
    let corners = [
        (100.0, 100.0),
        (200.0, 100.0),
        (200.0, 140.0),
        (100.0, 140.0),
    ];
    check_corners(&desk, corners);
}

#[test]
fn shift_turns_the_side_in_steps() {
    let mut desk = desk();
    desk.drag_with(p(100.0, 100.0), p(160.0, 107.0), SHIFT);
    desk.click(100.0, 130.0);
    check_corners(
        &desk,
        [
            (100.0, 100.0),
            (160.0, 100.0),
            (160.0, 130.0),
            (100.0, 130.0),
        ],
    );
}

#[test]
fn the_width_ends_where_the_image_ends() {
    let mut desk = desk();
    desk.drag(p(100.0, 50.0), p(200.0, 50.0));
    desk.click(150.0, -80.0);
    check_corners(
        &desk,
        [(100.0, 50.0), (200.0, 50.0), (100.0, 0.0), (200.0, 0.0)],
    );
}

#[test]
fn a_slip_is_no_side_and_no_width() {
    let mut desk = desk();
    desk.click(100.0, 100.0);
    desk.click(100.5, 100.0);
    assert_eq!((desk.hint, desk.preview.len()), (Hint::RotatedBoxStart, 0));
    desk.drag(p(100.0, 100.0), p(200.0, 100.0));
    desk.click(150.0, 100.5);
    assert_eq!((desk.hint, desk.drawn()), (Hint::RotatedBoxWidth, None));
    desk.click(150.0, 130.0);
    assert!(desk.drawn().is_some());
}

#[test]
fn escape_leaves_nothing_at_any_moment() {
    let mut desk = desk();
    desk.grab(p(100.0, 100.0), p(200.0, 100.0), NONE);
    desk.check_escape(p(200.0, 100.0));
    desk.click(100.0, 100.0);
    desk.hover(p(200.0, 100.0), NONE);
    desk.check_escape(p(200.0, 100.0));
    for pressed in [false, true] {
        desk.drag(p(100.0, 100.0), p(200.0, 100.0));
        desk.hover(p(150.0, 150.0), NONE);
        if pressed {
            desk.down(p(150.0, 150.0), NONE, 1);
        }
        desk.check_escape(p(150.0, 150.0));
    }
    desk.check_read_only(p(100.0, 100.0), p(200.0, 100.0));
    desk.label = None;
    desk.drag(p(100.0, 100.0), p(200.0, 100.0));
    assert_eq!(desk.notices.last(), Some(&Notice::ChooseLabel));
    assert!(desk.document.is_empty());
}
