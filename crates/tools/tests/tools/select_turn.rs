//! Turning, resizing what stands at an angle, and guides.

use crate::desk::*;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_6, PI};
use visionflow_geometry::{Ellipse, Point, RotatedBox, Vec2};
use visionflow_model::Shape;
use visionflow_scene::HandleKind;
use visionflow_tools::{Cursor, Hint};

fn selected(shapes: &[Shape], n: &[u128]) -> Desk {
    let mut desk = Desk::new(shapes);
    let ids: Vec<_> = n.iter().copied().map(id).collect();
    desk.select(&ids);
    desk
}

/// Where the handle that turns is.
fn turn_handle(desk: &Desk) -> Point {
    let mut turns = desk.handles.iter().filter(|h| h.kind == HandleKind::Rotate);
    let first = turns.next().unwrap().position;
    assert!(turns.next().is_none());
    first
}

fn leaning(angle: f64) -> Shape {
    Shape::RotatedBox(RotatedBox {
        center: p(500.0, 400.0),
        size: Vec2::new(200.0, 100.0),
        angle,
    })
}

fn rotated(shape: &Shape) -> RotatedBox {
    match shape {
        Shape::RotatedBox(rotated) => *rotated,
        other => panic!("{other:?} is no rotated box"),
    }
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-6, "{a} is not {b}");
}

#[test]
fn a_box_turns_about_its_middle_and_becomes_a_rotated_box() {
    let mut desk = selected(&[rect(400.0, 350.0, 200.0, 100.0)], &[1]);
    let handle = turn_handle(&desk);
    assert_eq!(
        handle,
        p(500.0, 350.0 - 13.0),
        "26 CSS pixels above, at twice the size"
    );
    desk.hover(handle, NONE);
    assert_eq!(desk.cursor, Cursor::Grab);
    desk.grab(handle, p(700.0, 400.0), NONE);
    assert_eq!((desk.hint, desk.cursor), (Hint::Turning, Cursor::Grabbing));
    assert_eq!(desk.measures.len(), 1);
    assert_eq!(desk.measures[0].text, "90°");
    assert_eq!(desk.shape(1), &rect(400.0, 350.0, 200.0, 100.0));
    desk.up(p(700.0, 400.0), NONE);
    let turned = rotated(desk.shape(1));
    assert_eq!(
        (turned.center, turned.size),
        (p(500.0, 400.0), Vec2::new(200.0, 100.0))
    );
    near(turned.angle, FRAC_PI_2);
    assert_eq!(desk.measures, []);
    assert!(desk.undo() && !desk.document.can_undo());
    assert_eq!(desk.shape(1), &rect(400.0, 350.0, 200.0, 100.0));
}

#[test]
fn shift_turns_onto_steps_of_15_degrees() {
    let mut desk = selected(&[leaning(0.1)], &[1]);
    let handle = turn_handle(&desk);
    let to = p(500.0, 400.0) + (handle - p(500.0, 400.0)).rotated(0.41);
    desk.drag_with(handle, to, SHIFT);
    near(rotated(desk.shape(1)).angle, FRAC_PI_6);
}

#[test]
fn several_turn_together() {
    let shapes = [
        rect(300.0, 300.0, 100.0, 100.0),
        ring(&[(600.0, 300.0), (700.0, 300.0), (700.0, 400.0)]),
    ];
    let mut desk = selected(&shapes, &[1, 2]);
    let handle = turn_handle(&desk);
    // Half a turn: what was above the middle is below it.
    desk.drag(handle, p(500.0, 350.0 + (350.0 - handle.y)));
    let turned = rotated(desk.shape(1));
    assert_eq!(turned.center, p(650.0, 350.0));
    near(turned.angle.abs(), PI);
    assert_eq!(
        desk.shape(2),
        &ring(&[(400.0, 400.0), (300.0, 400.0), (300.0, 300.0)])
    );
}

#[test]
fn what_would_not_fit_turned_stays_at_the_last_angle() {
    let mut desk = selected(&[rect(0.0, 350.0, 1000.0, 100.0)], &[1]);
    let handle = turn_handle(&desk);
    desk.drag(handle, p(900.0, 400.0));
    let image = visionflow_geometry::Rect::from_size(1000.0, 800.0).inflated(1e-6);
    let bounds = desk.shape(1).bounds().unwrap();
    assert!(
        image.contains(bounds.min) && image.contains(bounds.max),
        "{bounds:?}"
    );
}

fn check_reshape(shape: Shape, from: Point, to: Point, expected: RotatedBox) {
    let mut desk = selected(&[shape], &[1]);
    assert_eq!(desk.handles.len(), 9);
    desk.drag(from, to);
    let (center, size, angle) = match desk.shape(1) {
        Shape::RotatedBox(r) => (r.center, r.size, r.angle),
        Shape::Ellipse(e) => (e.center, e.radii * 2.0, e.angle),
        other => panic!("{other:?}"),
    };
    assert!(center.distance(expected.center) < 0.01, "{center:?}");
    near(angle, expected.angle);
    assert!(
        (size.x - expected.size.x).abs() < 0.01 && (size.y - expected.size.y).abs() < 0.01,
        "{size:?}"
    );
    assert!(desk.undo() && !desk.document.can_undo());
}

#[test]
fn sides_move_along_the_shapes_own_axes() {
    let narrower = RotatedBox {
        center: p(500.0, 425.0),
        size: Vec2::new(250.0, 100.0),
        angle: FRAC_PI_2,
    };
    // At a quarter turn the right side is below.
    check_reshape(
        leaning(FRAC_PI_2),
        p(500.0, 500.0),
        p(530.0, 550.0),
        narrower,
    );
    let ellipse = Shape::Ellipse(Ellipse {
        center: p(500.0, 400.0),
        radii: Vec2::new(100.0, 50.0),
        angle: FRAC_PI_2,
    });
    check_reshape(ellipse, p(500.0, 500.0), p(530.0, 550.0), narrower);
    let by = |x: f64, y: f64| p(500.0, 400.0) + Vec2::new(x, y).rotated(0.5);
    let wider = RotatedBox {
        center: by(20.0, 10.0),
        size: Vec2::new(240.0, 120.0),
        angle: 0.5,
    };
    check_reshape(leaning(0.5), by(100.0, 50.0), by(140.0, 70.0), wider);
}

#[test]
fn a_corner_of_what_leans_never_leaves_the_image() {
    let mut desk = selected(&[leaning(0.6)], &[1]);
    let corner = p(500.0, 400.0) + Vec2::new(100.0, 50.0).rotated(0.6);
    desk.drag(corner, p(1000.0, 800.0));
    let image = visionflow_geometry::Rect::from_size(1000.0, 800.0).inflated(1e-6);
    let bounds = desk.shape(1).bounds().unwrap();
    assert!(
        image.contains(bounds.min) && image.contains(bounds.max),
        "{bounds:?}"
    );
}

#[test]
fn a_moved_box_jumps_onto_the_lines_of_others() {
    let shapes = [
        rect(100.0, 100.0, 50.0, 50.0),
        rect(300.0, 120.0, 60.0, 60.0),
    ];
    let mut desk = selected(&shapes, &[1]);
    desk.settings.snap = true;
    desk.grab(p(125.0, 125.0), p(135.0, 143.0), NONE);
    assert_eq!(
        desk.preview[0].shape,
        rect(110.0, 120.0, 50.0, 50.0),
        "the upper sides are level"
    );
    let guides: Vec<_> = desk.preview[1..].iter().map(|guide| &guide.shape).collect();
    assert_eq!(
        guides,
        [&Shape::Polyline(vec![p(110.0, 120.0), p(360.0, 120.0)])]
    );
    desk.hover(p(135.0, 143.0), ALT);
    assert_eq!(
        desk.preview[0].shape,
        rect(110.0, 118.0, 50.0, 50.0),
        "Alt lets go"
    );
    assert_eq!(desk.preview.len(), 1);
    desk.up(p(135.0, 143.0), NONE);
    assert_eq!(desk.shape(1), &rect(110.0, 120.0, 50.0, 50.0));
    desk.settings.snap = false;
    desk.drag(p(135.0, 143.0), p(135.0, 145.0));
    assert_eq!(desk.shape(1), &rect(110.0, 122.0, 50.0, 50.0));
}

#[test]
fn a_dragged_side_jumps_onto_the_lines_of_others() {
    let shapes = [
        rect(100.0, 100.0, 50.0, 50.0),
        rect(300.0, 120.0, 60.0, 60.0),
    ];
    let mut desk = selected(&shapes, &[1]);
    desk.settings.snap = true;
    desk.grab(p(150.0, 125.0), p(298.0, 125.0), NONE);
    assert_eq!(desk.preview[0].shape, rect(100.0, 100.0, 200.0, 50.0));
    assert_eq!(desk.preview.len(), 2);
    desk.up(p(298.0, 125.0), NONE);
    assert_eq!(desk.shape(1), &rect(100.0, 100.0, 200.0, 50.0));
}

#[test]
fn shift_moves_along_one_axis() {
    let mut desk = selected(&[rect(100.0, 100.0, 50.0, 50.0)], &[1]);
    desk.drag_with(p(125.0, 125.0), p(225.0, 165.0), NONE);
    assert_eq!(desk.shape(1), &rect(200.0, 140.0, 50.0, 50.0));
    desk.grab(p(225.0, 165.0), p(125.0, 195.0), NONE);
    desk.hover(p(125.0, 195.0), SHIFT);
    desk.up(p(125.0, 195.0), SHIFT);
    assert_eq!(desk.shape(1), &rect(100.0, 140.0, 50.0, 50.0));
}

#[test]
fn a_dragged_vertex_jumps_onto_the_corners_of_others_but_not_onto_its_own() {
    let triangle = [(100.0, 300.0), (200.0, 300.0), (100.0, 400.0)];
    let mut desk = selected(&[ring(&triangle), rect(300.0, 120.0, 60.0, 60.0)], &[1]);
    desk.settings.snap = true;
    desk.drag(p(200.0, 300.0), p(298.0, 183.0));
    let joined = [triangle[0], (300.0, 180.0), triangle[2]];
    assert_eq!(desk.shape(1), &ring(&joined));
    desk.drag_with(p(300.0, 180.0), p(298.0, 183.0), NONE);
    assert_eq!(desk.shape(1), &ring(&joined));
    desk.drag(p(300.0, 180.0), p(102.0, 301.0));
    assert_eq!(
        desk.shape(1),
        &ring(&[triangle[0], (102.0, 301.0), triangle[2]])
    );
}
