//! Drawing cuboids.

use crate::desk::*;
use visionflow_geometry::{Cuboid, Point, Rect};
use visionflow_model::Shape;
use visionflow_tools::{Hint, Notice, ToolKind};

fn desk() -> Desk {
    Desk::with_tool(&[], ToolKind::Cuboid)
}

fn face(x: f64, y: f64, width: f64, height: f64) -> Rect {
    Rect::from_corners(p(x, y), p(x + width, y + height))
}

fn check_drawn(desk: &Desk, front: Rect, back: Rect) {
    let expected = Shape::Cuboid(Box::new(Cuboid::from_faces(front, back)));
    assert_eq!(desk.drawn().map(|a| &a.shape), Some(&expected));
}

#[test]
fn the_front_is_dragged_and_the_depth_clicked() {
    let mut desk = desk();
    desk.drag(p(100.0, 100.0), p(200.0, 180.0));
    assert_eq!((desk.hint, desk.drawn()), (Hint::CuboidDepth, None));
    desk.hover(p(230.0, 160.0), NONE);
    assert!(matches!(desk.preview[0].shape, Shape::Cuboid(_)));
    desk.click(240.0, 150.0);
    let front = face(100.0, 100.0, 100.0, 80.0);
    check_drawn(&desk, front, face(140.0, 70.0, 100.0, 80.0));
    assert!(desk.undo() && !desk.document.can_undo());
}

#[test]
fn clicks_and_a_finger_draw_too() {
    let front = face(100.0, 100.0, 100.0, 80.0);
    let back = face(120.0, 90.0, 100.0, 80.0);
    let mut desk = desk();
    desk.click(100.0, 100.0);
    assert_eq!(desk.hint, Hint::CuboidFront);
    desk.click(200.0, 180.0);
    desk.click(220.0, 170.0);
    check_drawn(&desk, front, back);
    for clicks in [2, 3] {
        desk.down(p(220.0, 170.0), NONE, clicks);
        desk.up(p(220.0, 170.0), NONE);
        assert_eq!(desk.hint, Hint::CuboidStart, "the rest of a double click");
    }
    let mut desk = self::desk();
    desk.touch_drag(p(100.0, 100.0), p(200.0, 180.0));
    desk.touch_drag(p(200.0, 180.0), p(220.0, 170.0));
    check_drawn(&desk, front, back);
}

#[test]
fn the_back_stays_inside_the_image_and_has_some_depth() {
    let check = |to: Point, back: Rect| {
        let mut desk = desk();
        desk.drag(p(100.0, 50.0), p(200.0, 150.0));
        desk.click(200.5, 150.0);
        assert_eq!(desk.hint, Hint::CuboidDepth, "no depth yet");
        desk.click(to.x, to.y);
        check_drawn(&desk, face(100.0, 50.0, 100.0, 100.0), back);
    };
    check(p(240.0, 20.0), face(140.0, 0.0, 100.0, 100.0));
    check(p(20.0, 150.0), face(0.0, 50.0, 100.0, 100.0));
}

#[test]
fn escape_leaves_nothing_at_any_moment() {
    let mut desk = desk();
    desk.grab(p(100.0, 100.0), p(200.0, 180.0), NONE);
    desk.check_escape(p(200.0, 180.0));
    for pressed in [false, true] {
        desk.drag(p(100.0, 100.0), p(200.0, 180.0));
        desk.hover(p(240.0, 150.0), NONE);
        if pressed {
            desk.down(p(240.0, 150.0), NONE, 1);
        }
        desk.check_escape(p(240.0, 150.0));
    }
    desk.drag(p(100.0, 100.0), p(101.0, 180.0));
    assert_eq!(desk.hint, Hint::CuboidStart, "a slip is no front");
    desk.check_read_only(p(100.0, 100.0), p(200.0, 180.0));
    desk.label = None;
    desk.drag(p(100.0, 100.0), p(200.0, 180.0));
    assert_eq!(desk.notices.last(), Some(&Notice::ChooseLabel));
    assert!(desk.document.is_empty());
}
