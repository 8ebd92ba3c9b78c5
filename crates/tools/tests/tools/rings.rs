//! Polygons in full: drawn along, with holes, of several parts, along their neighbours.

use crate::desk::*;
use visionflow_document::Edit;
use visionflow_geometry::Polygon;
use visionflow_model::Shape;
use visionflow_tools::{Hint, Input, Modifiers, Notice, ToolKind};

const SQUARE: [(f64, f64); 4] = [
    (100.0, 100.0),
    (300.0, 100.0),
    (300.0, 300.0),
    (100.0, 300.0),
];

/// A desk with a square, selected.
fn desk() -> Desk {
    let mut desk = Desk::with_tool(&[ring(&SQUARE)], ToolKind::Polygon);
    desk.select(&[id(1)]);
    desk
}

/// Draws a ring; the first click with these keys.
fn draw(desk: &mut Desk, points: &[(f64, f64)], modifiers: Modifiers) {
    for (index, (x, y)) in points.iter().enumerate() {
        let modifiers = if index == 0 { modifiers } else { NONE };
        desk.click_with(p(*x, *y), modifiers);
    }
    desk.key("Enter");
}

fn square(x: f64, y: f64, side: f64) -> [(f64, f64); 4] {
    [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
}

fn polygon(desk: &Desk) -> Polygon {
    match desk.shape(1) {
        Shape::Polygon(polygon) => polygon.clone(),
        other => panic!("{other:?}"),
    }
}

fn rings(points: &[&[(f64, f64)]]) -> Polygon {
    let ring = |ring: &&[(f64, f64)]| ring.iter().map(|(x, y)| p(*x, *y)).collect();
    Polygon {
        rings: points.iter().map(ring).collect(),
    }
}

#[test]
fn alt_cuts_a_hole_into_the_selected_polygon() {
    let mut desk = desk();
    let hole = square(150.0, 150.0, 50.0);
    desk.click_with(p(150.0, 150.0), ALT);
    assert_eq!(desk.hint, Hint::PolygonHole);
    for (x, y) in &hole[1..] {
        desk.click(*x, *y);
    }
    desk.click(150.0, 150.0);
    assert_eq!(polygon(&desk), rings(&[&SQUARE, &hole]));
    assert_eq!((desk.selection.len(), desk.preview.len()), (1, 0));
    assert!(desk.undo() && !desk.document.can_undo());
}

#[test]
fn a_hole_across_the_border_cuts_the_corner_off() {
    let mut desk = desk();
    draw(&mut desk, &square(250.0, 250.0, 100.0), ALT);
    let cut = polygon(&desk);
    assert_eq!((cut.rings.len(), cut.area()), (1, 40_000.0 - 2_500.0));
    draw(&mut desk, &square(50.0, 50.0, 400.0), ALT);
    assert_eq!(desk.notices, [Notice::NothingLeft]);
    assert_eq!(polygon(&desk), cut);
}

#[test]
fn shift_adds_a_part() {
    let mut desk = desk();
    desk.click_with(p(400.0, 100.0), SHIFT);
    assert_eq!(desk.hint, Hint::PolygonPart);
    desk.key("Escape");
    let part = square(400.0, 100.0, 50.0);
    draw(&mut desk, &part, SHIFT);
    assert_eq!(polygon(&desk), rings(&[&SQUARE, &part]));
    draw(&mut desk, &square(250.0, 150.0, 100.0), SHIFT);
    let grown = polygon(&desk);
    assert_eq!((grown.rings.len(), grown.area()), (2, 42_500.0 + 5_000.0));
    assert_eq!(desk.document.len(), 1);
}

#[test]
fn without_a_selected_polygon_shift_and_alt_draw_as_usual() {
    let mut desk = desk();
    desk.select(&[]);
    draw(&mut desk, &square(150.0, 150.0, 50.0), ALT);
    assert_eq!(
        desk.drawn().unwrap().shape,
        ring(&square(150.0, 150.0, 50.0))
    );
}

#[test]
fn a_locked_or_deleted_polygon_stays() {
    let mut desk = desk();
    desk.edit(&[Edit::SetLocked(id(1), true)]);
    desk.click_with(p(150.0, 150.0), ALT);
    assert_eq!(desk.notices, [Notice::Locked]);
    desk.edit(&[Edit::SetLocked(id(1), false)]);
    desk.click_with(p(150.0, 150.0), ALT);
    desk.click(200.0, 150.0);
    desk.edit(&[Edit::Delete(id(1))]);
    assert_eq!(desk.notices, [Notice::Locked, Notice::DeletedMeanwhile]);
    assert_eq!((desk.hint, desk.preview.len()), (Hint::PolygonStart, 0));
}

#[test]
fn shift_turns_edges_in_steps() {
    let mut desk = Desk::with_tool(&[], ToolKind::Polygon);
    desk.click(100.0, 100.0);
    desk.click_with(p(200.0, 103.0), SHIFT);
    desk.click_with(p(197.0, 180.0), SHIFT);
    desk.key("Enter");
    let expected = ring(&[(100.0, 100.0), (200.0, 100.0), (200.0, 180.0)]);
    assert_eq!(desk.drawn().unwrap().shape, expected);
}

#[test]
fn a_ring_may_be_drawn_in_one_go() {
    let mut desk = Desk::with_tool(&[], ToolKind::Polygon);
    desk.down(p(600.0, 400.0), NONE, 1);
    for step in 0..=100 {
        let angle = f64::from(step) * std::f64::consts::TAU / 100.0;
        desk.hover(
            p(500.0 + 100.0 * angle.cos(), 400.0 + 100.0 * angle.sin()),
            NONE,
        );
        if step == 50 {
            assert_eq!(desk.hint, Hint::Freehand);
        }
    }
    assert_eq!(desk.hint, Hint::PolygonClose);
    desk.up(p(600.0, 400.0), NONE);
    let Shape::Polygon(circle) = &desk.drawn().unwrap().shape else {
        panic!("{:?}", desk.drawn())
    };
    let area = std::f64::consts::PI * 10_000.0;
    assert!(
        (circle.area() / area - 1.0).abs() < 0.02,
        "{}",
        circle.area()
    );
    assert!(circle.vertex_count() < 60, "{}", circle.vertex_count());
    assert!(desk.undo() && !desk.document.can_undo());
}

#[test]
fn a_finger_sets_corners_and_draws_along() {
    let mut desk = Desk::with_tool(&[], ToolKind::Polygon);
    for (x, y) in SQUARE {
        desk.tap(p(x, y));
    }
    desk.tap(p(103.0, 103.0));
    assert_eq!(desk.drawn().unwrap().shape, ring(&SQUARE));
    desk.undo();
    desk.touch_drag(p(100.0, 100.0), p(300.0, 200.0));
    desk.tap(p(100.0, 300.0));
    desk.key("Enter");
    assert!(desk.drawn().is_some());
}

#[test]
fn a_pinch_takes_only_its_own_corner_back() {
    let mut desk = Desk::with_tool(&[], ToolKind::Polygon);
    desk.tap(p(100.0, 100.0));
    desk.tap(p(300.0, 100.0));
    for to in [p(500.0, 300.0), p(600.0, 400.0)] {
        desk.touch_grab(p(500.0, 300.0), to);
        desk.input(&Input::Cancel);
        assert_eq!(desk.handle_positions(), [(100, 100), (300, 100)].into());
    }
    desk.tap(p(300.0, 300.0));
    desk.key("Enter");
    assert_eq!(desk.drawn().unwrap().shape, ring(&SQUARE[..3]));
    desk.touch_grab(p(500.0, 300.0), p(500.0, 300.0));
    desk.input(&Input::Cancel);
    assert_eq!((desk.preview.len(), desk.handles.len()), (0, 0));
}

#[test]
fn neighbours_share_their_border() {
    // Corners a few pixels off the square's right side.
    let drawn = [(302.0, 98.0), (400.0, 90.0), (400.0, 310.0), (297.0, 301.0)];
    let expected = ring(&[
        (300.0, 100.0),
        (400.0, 90.0),
        (400.0, 310.0),
        (300.0, 300.0),
    ]);
    for by_setting in [true, false] {
        let mut desk = desk();
        desk.settings.share_borders = by_setting;
        for (x, y) in drawn {
            desk.click(x, y);
        }
        desk.key_with("Enter", if by_setting { NONE } else { CTRL });
        let Shape::Polygon(polygon) = &desk.drawn().unwrap().shape else {
            panic!("{:?}", desk.drawn())
        };
        let Shape::Polygon(expected) = &expected else {
            unreachable!()
        };
        let mut ring = polygon.rings[0].clone();
        let first = ring
            .iter()
            .position(|at| *at == expected.rings[0][0])
            .unwrap();
        ring.rotate_left(first);
        assert_eq!(ring, expected.rings[0]);
    }
}

#[test]
fn watchers_change_nothing() {
    let mut desk = desk();
    desk.can_edit = false;
    desk.refresh();
    draw(&mut desk, &square(150.0, 150.0, 50.0), ALT);
    assert_eq!(polygon(&desk), rings(&[&SQUARE]));
    assert_eq!(desk.notices[0], Notice::ReadOnly);
}
