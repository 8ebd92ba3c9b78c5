//! Drawing ellipses.

use crate::desk::*;
use visionflow_geometry::{Ellipse, Point, Vec2};
use visionflow_model::Shape;
use visionflow_tools::{Hint, Modifiers, Notice, ToolKind};

fn desk() -> Desk {
    Desk::with_tool(&[], ToolKind::Ellipse)
}

fn ellipse(x: f64, y: f64, rx: f64, ry: f64) -> Shape {
    Shape::Ellipse(Ellipse {
        center: p(x, y),
        radii: Vec2::new(rx, ry),
        angle: 0.0,
    })
}

fn check_drag(from: Point, to: Point, modifiers: Modifiers, expected: Option<&Shape>) {
    let mut desk = desk();
    desk.drag_with(from, to, modifiers);
    assert_eq!(desk.drawn().map(|a| &a.shape), expected);
    assert_eq!(desk.preview, []);
}

#[test]
fn a_drag_spans_the_rectangle_around_it() {
    let expected = ellipse(30.0, 35.0, 20.0, 15.0);
    check_drag(p(10.0, 20.0), p(50.0, 50.0), NONE, Some(&expected));
    check_drag(p(50.0, 50.0), p(10.0, 20.0), NONE, Some(&expected));
    check_drag(p(10.0, 20.0), p(50.0, 20.5), NONE, None);
}

#[test]
fn shift_makes_a_circle_and_alt_begins_in_the_centre() {
    let check = |to, modifiers, expected| {
        check_drag(p(100.0, 100.0), to, modifiers, Some(&expected));
    };
    check(p(140.0, 120.0), SHIFT, ellipse(120.0, 120.0, 20.0, 20.0));
    check(p(140.0, 120.0), ALT, ellipse(100.0, 100.0, 40.0, 20.0));
    let both = Modifiers { alt: true, ..SHIFT };
    check(p(130.0, 140.0), both, ellipse(100.0, 100.0, 50.0, 50.0));
    // The image ends 100 pixels from the centre.
    check(p(700.0, 700.0), both, ellipse(100.0, 100.0, 100.0, 100.0));
    check(p(700.0, 130.0), ALT, ellipse(100.0, 100.0, 100.0, 30.0));
}

#[test]
fn two_clicks_and_a_finger_draw_too() {
    let mut desk = desk();
    desk.click(10.0, 10.0);
    assert_eq!(desk.hint, Hint::EllipseSecondCorner);
    desk.hover(p(30.0, 30.0), NONE);
    assert_eq!(desk.preview[0].shape, ellipse(20.0, 20.0, 10.0, 10.0));
    assert_eq!(desk.preview[0].label, Some(label(0)));
    desk.click(50.0, 30.0);
    assert_eq!(desk.drawn().unwrap().shape, ellipse(30.0, 20.0, 20.0, 10.0));
    assert!(desk.undo() && !desk.document.can_undo());
    desk.touch_drag(p(10.0, 10.0), p(30.0, 30.0));
    assert_eq!(desk.drawn().unwrap().shape, ellipse(20.0, 20.0, 10.0, 10.0));
}

#[test]
fn escape_leaves_nothing_and_watchers_draw_nothing() {
    let mut desk = desk();
    desk.down(p(10.0, 10.0), NONE, 1);
    desk.check_escape(p(10.0, 10.0));
    desk.grab(p(10.0, 10.0), p(40.0, 40.0), NONE);
    assert_eq!(desk.hint, Hint::EllipseDrag);
    desk.check_escape(p(40.0, 40.0));
    desk.click(10.0, 10.0);
    desk.hover(p(40.0, 40.0), NONE);
    desk.check_escape(p(40.0, 40.0));
    desk.check_read_only(p(10.0, 10.0), p(60.0, 60.0));
    desk.label = None;
    desk.drag(p(10.0, 10.0), p(60.0, 60.0));
    assert_eq!(desk.notices.last(), Some(&Notice::ChooseLabel));
    assert!(desk.document.is_empty());
}
