//! Intelligent scissors.

use crate::desk::*;
use visionflow_geometry::Polygon;
use visionflow_model::Shape;
use visionflow_tools::{Cursor, Hint, Input, Notice, ToolKind};

/// A photograph with one bright rectangle, 200 by 100 from (100, 100).
fn desk() -> Desk {
    let mut desk = Desk::with_tool(&[], ToolKind::Scissors);
    desk.pixels = Some(photograph(&[(100, 100, 200, 100)], 4));
    desk
}

/// Near, but not on, the rectangle's corners.
const NEAR: [(f64, f64); 4] = [(102.0, 99.0), (298.0, 101.0), (302.0, 198.0), (99.0, 201.0)];

fn follow(desk: &mut Desk) {
    for (x, y) in NEAR {
        desk.click(x, y);
    }
}

fn drawn(desk: &Desk) -> Polygon {
    match desk.drawn().map(|a| &a.shape) {
        Some(Shape::Polygon(polygon)) => polygon.clone(),
        other => panic!("{other:?}"),
    }
}

/// That the outline runs along the rectangle.
fn check_rectangle(polygon: &Polygon) {
    let area = polygon.area();
    assert!((area - 20_000.0).abs() < 2_000.0, "{area}");
    for y in [150.0, 180.0] {
        let off = polygon.distance_to_outline(p(100.0, y));
        assert!(off <= 6.0, "{off} from the edge at {y}");
    }
}

#[test]
fn the_line_follows_the_edge_and_a_click_on_the_first_anchor_closes() {
    let mut desk = desk();
    desk.click(102.0, 99.0);
    desk.hover(p(298.0, 101.0), NONE);
    assert_eq!(desk.hint, Hint::ScissorsNext);
    let Shape::Polygon(live) = &desk.preview[0].shape else {
        panic!("{:?}", desk.preview)
    };
    assert!(
        live.rings[0].iter().all(|at| (at.y - 100.0).abs() < 8.0),
        "{live:?}"
    );
    assert_eq!(
        (desk.preview[0].closed, desk.preview[0].label),
        (false, Some(label(0)))
    );
    desk.click(298.0, 101.0);
    desk.click(302.0, 198.0);
    desk.click(99.0, 201.0);
    assert_eq!(desk.handles.len(), 4);
    let first = desk.handles[0].position;
    desk.hover(p(first.x + 1.0, first.y), NONE);
    assert_eq!(
        (desk.hint, desk.cursor),
        (Hint::ScissorsClose, Cursor::Pointer)
    );
    assert!(desk.document.is_empty());
    desk.click(first.x, first.y);
    check_rectangle(&drawn(&desk));
    assert_eq!(desk.hint, Hint::ScissorsStart);
    assert!(desk.undo() && !desk.document.can_undo());
}

#[test]
fn enter_or_a_double_click_closes_along_the_edge() {
    let mut desk = desk();
    follow(&mut desk);
    desk.key("Enter");
    check_rectangle(&drawn(&desk));
    desk.undo();
    follow(&mut desk);
    desk.down(p(99.0, 201.0), NONE, 2);
    check_rectangle(&drawn(&desk));
    desk.up(p(99.0, 201.0), NONE);
    desk.down(p(99.0, 201.0), NONE, 3);
    assert_eq!(desk.preview, [], "a third click begins nothing");
}

#[test]
fn a_finger_fixes_where_it_is_lifted() {
    let mut desk = desk();
    desk.tap(p(102.0, 99.0));
    desk.touch_drag(p(200.0, 150.0), p(298.0, 101.0));
    assert_eq!(desk.handles.len(), 2);
    desk.touch_drag(p(250.0, 150.0), p(302.0, 198.0));
    desk.tap(p(99.0, 201.0));
    desk.key("Enter");
    check_rectangle(&drawn(&desk));
}

#[test]
fn anchors_are_taken_back_one_by_one() {
    let mut desk = desk();
    follow(&mut desk);
    desk.key("Backspace");
    assert_eq!(desk.handles.len(), 3);
    desk.take_back();
    assert_eq!(desk.handles.len(), 2);
    desk.click(302.0, 198.0);
    desk.click(99.0, 201.0);
    desk.key("Enter");
    check_rectangle(&drawn(&desk));
    desk.click(102.0, 99.0);
    desk.key("Backspace");
    assert_eq!(
        (desk.hint, desk.toolbox.can_take_back()),
        (Hint::ScissorsStart, false)
    );
}

#[test]
fn a_pinch_keeps_what_is_fixed() {
    let mut desk = desk();
    desk.touch_grab(p(102.0, 99.0), p(102.0, 99.0));
    desk.input(&Input::Cancel);
    assert_eq!((desk.hint, desk.preview.len()), (Hint::ScissorsStart, 0));
    desk.tap(p(102.0, 99.0));
    desk.tap(p(298.0, 101.0));
    desk.touch_grab(p(500.0, 99.0), p(600.0, 99.0));
    desk.input(&Input::Cancel);
    assert_eq!((desk.hint, desk.handles.len()), (Hint::ScissorsNext, 2));
    desk.tap(p(302.0, 198.0));
    desk.tap(p(99.0, 201.0));
    desk.key("Enter");
    check_rectangle(&drawn(&desk));
}

#[test]
fn shift_goes_straight() {
    let mut desk = desk();
    desk.click(102.0, 99.0);
    desk.hover(p(302.0, 198.0), SHIFT);
    let Shape::Polygon(live) = &desk.preview[0].shape else {
        panic!("{:?}", desk.preview)
    };
    assert_eq!(
        (live.vertex_count(), live.rings[0][1]),
        (2, p(302.0, 198.0))
    );
}

#[test]
fn where_the_view_was_moved_away_it_goes_straight() {
    let mut desk = desk();
    desk.click(102.0, 99.0);
    desk.pixels = None;
    desk.click(298.0, 101.0);
    desk.click(302.0, 198.0);
    desk.click(99.0, 201.0);
    desk.input(&Input::PointerLeave);
    desk.key("Enter");
    check_rectangle(&drawn(&desk));
}

#[test]
fn without_a_photograph_or_with_two_anchors_there_is_nothing() {
    let mut desk = desk();
    desk.click(102.0, 99.0);
    desk.key("Enter");
    assert_eq!(
        (desk.drawn(), &desk.notices[..]),
        (None, &[Notice::TooFewVertices][..])
    );
    desk.key("Escape");
    desk.pixels = None;
    desk.click(102.0, 99.0);
    assert_eq!(desk.notices[1..], [Notice::NoPixels]);
    assert_eq!(desk.preview, []);
}

#[test]
fn escape_leaves_nothing_and_watchers_cut_nothing() {
    for count in 1..=4 {
        let mut desk = desk();
        for (x, y) in &NEAR[..count] {
            desk.click(*x, *y);
        }
        desk.hover(p(150.0, 150.0), NONE);
        desk.check_escape(p(150.0, 150.0));
        desk.key("Enter");
        assert!(desk.document.is_empty());
    }
    let mut desk = desk();
    desk.check_read_only(p(102.0, 99.0), p(298.0, 101.0));
    desk.label = None;
    desk.click(102.0, 99.0);
    assert_eq!(desk.notices.last(), Some(&Notice::ChooseLabel));
}
