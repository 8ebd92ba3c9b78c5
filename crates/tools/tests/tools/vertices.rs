//! Editing the vertices of a polygon.

use crate::desk::*;
use visionflow_scene::HandleKind;
use visionflow_tools::{Cursor, Hint, Notice};

const SQUARE: [(f64, f64); 4] = [
    (100.0, 100.0),
    (200.0, 100.0),
    (200.0, 200.0),
    (100.0, 200.0),
];
const TRIANGLE: [(f64, f64); 3] = [(100.0, 100.0), (200.0, 100.0), (100.0, 200.0)];

fn selected(points: &[(f64, f64)]) -> Desk {
    let mut desk = Desk::new(&[ring(points)]);
    desk.select(&[id(1)]);
    desk
}

#[test]
fn a_polygon_shows_its_vertices_and_the_middles_of_its_edges() {
    let desk = selected(&SQUARE);
    let count = |kind| desk.handles.iter().filter(|h| h.kind == kind).count();
    assert_eq!((count(HandleKind::Circle), count(HandleKind::Dot)), (4, 4));
    assert_eq!(desk.hint, Hint::SelectPolygon);
    let small = selected(&[(100.0, 100.0), (108.0, 100.0), (100.0, 108.0)]);
    assert_eq!(small.handles.len(), 3);
}

#[test]
fn vertices_are_dragged() {
    let mut desk = selected(&SQUARE);
    desk.grab(p(200.0, 100.0), p(230.0, 90.0), NONE);
    let moved = [SQUARE[0], (230.0, 90.0), SQUARE[2], SQUARE[3]];
    assert_eq!(desk.preview[0].shape, ring(&moved));
    assert_eq!((desk.hint, desk.cursor), (Hint::MovingVertex, Cursor::Move));
    assert_eq!(desk.shape(1), &ring(&SQUARE));
    desk.up(p(230.0, 90.0), NONE);
    assert_eq!(desk.shape(1), &ring(&moved));
    desk.drag(p(230.0, 90.0), p(2000.0, -50.0));
    assert_eq!(
        desk.shape(1),
        &ring(&[SQUARE[0], (1000.0, 0.0), SQUARE[2], SQUARE[3]])
    );
    assert!(desk.undo() && desk.undo() && !desk.document.can_undo());
}

#[test]
fn a_click_on_an_edge_inserts() {
    let mut desk = selected(&SQUARE);
    desk.hover(p(150.0, 100.0), NONE);
    assert_eq!(desk.cursor, Cursor::Copy);
    desk.click(150.0, 100.0);
    let inserted = [SQUARE[0], (150.0, 100.0), SQUARE[1], SQUARE[2], SQUARE[3]];
    assert_eq!(desk.shape(1), &ring(&inserted));
    assert_eq!(desk.hint, Hint::VertexSelected);
    desk.key("Delete");
    assert_eq!(desk.shape(1), &ring(&SQUARE));
}

#[test]
fn dragging_an_edge_inserts_where_it_is_dropped() {
    let mut desk = selected(&SQUARE);
    desk.drag(p(100.0, 150.0), p(50.0, 160.0));
    let inserted = [SQUARE[0], SQUARE[1], SQUARE[2], SQUARE[3], (50.0, 160.0)];
    assert_eq!(desk.shape(1), &ring(&inserted));
    assert!(desk.undo() && !desk.document.can_undo());
}

#[test]
fn vertices_are_removed_by_alt_click_or_delete() {
    let without_second = ring(&[SQUARE[0], SQUARE[2], SQUARE[3]]);
    let mut desk = selected(&SQUARE);
    desk.click_with(p(200.0, 100.0), ALT);
    assert_eq!(desk.shape(1), &without_second);

    let mut desk = selected(&SQUARE);
    desk.click(200.0, 100.0);
    assert_eq!(desk.hint, Hint::VertexSelected);
    assert_eq!(desk.handles.iter().filter(|h| h.active).count(), 1);
    desk.key("Backspace");
    assert_eq!(desk.shape(1), &without_second);
    desk.key("Delete");
    assert!(
        desk.document.is_empty(),
        "with no vertex chosen the polygon is meant"
    );
}

#[test]
fn three_vertices_are_the_least() {
    let mut desk = selected(&TRIANGLE);
    desk.click_with(p(200.0, 100.0), ALT);
    desk.click(200.0, 100.0);
    desk.key("Delete");
    assert_eq!(desk.shape(1), &ring(&TRIANGLE));
    assert_eq!(desk.notices, [Notice::TooFewVertices; 2]);
}

#[test]
fn arrows_nudge_the_chosen_vertex() {
    let mut desk = selected(&TRIANGLE);
    desk.click(200.0, 100.0);
    desk.key("ArrowRight");
    desk.key_with("ArrowUp", SHIFT);
    assert_eq!(
        desk.shape(1),
        &ring(&[TRIANGLE[0], (201.0, 90.0), TRIANGLE[2]])
    );
    desk.key("Escape");
    desk.key("ArrowRight");
    let moved = [(101.0, 100.0), (202.0, 90.0), (101.0, 200.0)];
    assert_eq!(desk.shape(1), &ring(&moved));
}

#[test]
fn escape_leaves_nothing_at_any_moment() {
    for from in [p(200.0, 100.0), p(150.0, 100.0)] {
        let mut desk = selected(&SQUARE);
        desk.down(from, NONE, 1);
        desk.check_escape(from);
        let mut desk = selected(&SQUARE);
        desk.grab(from, p(300.0, 300.0), NONE);
        desk.check_escape(p(300.0, 300.0));
        assert_eq!(desk.selection, [id(1)]);
    }
}

#[test]
fn a_polygon_of_very_many_vertices_shows_those_near_the_pointer() {
    let points: Vec<_> = (0..2000)
        .map(|n| f64::from(n) * std::f64::consts::TAU / 2000.0)
        .map(|angle| (500.0 + 300.0 * angle.cos(), 400.0 + 300.0 * angle.sin()))
        .collect();
    let mut desk = selected(&points);
    let vertices = |desk: &Desk| {
        let circles = desk.handles.iter();
        circles.filter(|h| h.kind == HandleKind::Circle).count()
    };
    assert_eq!(vertices(&desk), 0);
    desk.hover(p(800.0, 400.0), NONE);
    assert!((20..400).contains(&vertices(&desk)), "{}", vertices(&desk));
}
