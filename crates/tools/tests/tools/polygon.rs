//! Drawing polygons.

use crate::desk::*;
use visionflow_scene::HandleKind;
use visionflow_tools::{Cursor, Hint, Input, Notice, ToolKind};

const TRIANGLE: [(f64, f64); 3] = [(10.0, 10.0), (60.0, 10.0), (10.0, 60.0)];

/// A desk on which these vertices are clicked.
fn clicked(points: &[(f64, f64)]) -> Desk {
    let mut desk = Desk::with_tool(&[], ToolKind::Polygon);
    for (x, y) in points {
        desk.click(*x, *y);
    }
    desk
}

fn check_drawn(desk: &Desk, points: &[(f64, f64)]) {
    let drawn = desk.drawn().unwrap();
    assert_eq!(drawn.shape, ring(points));
    assert_eq!(desk.selection, [drawn.id]);
    assert_eq!((&desk.preview[..], &desk.handles[..]), (&[][..], &[][..]));
    assert_eq!(desk.hint, Hint::PolygonMore);
}

#[test]
fn a_click_on_the_first_vertex_closes() {
    let mut desk = clicked(&TRIANGLE);
    assert_eq!(desk.drawn(), None);
    desk.hover(p(11.0, 11.0), NONE);
    assert!(desk.preview[0].closed && desk.handles[0].active);
    assert_eq!(desk.cursor, Cursor::Pointer);
    desk.click(11.0, 11.0);
    check_drawn(&desk, &TRIANGLE);
}

#[test]
fn enter_closes() {
    let mut desk = clicked(&TRIANGLE);
    desk.key("Enter");
    check_drawn(&desk, &TRIANGLE);
}

#[test]
fn undo_takes_back_vertex_by_vertex() {
    let mut desk = clicked(&TRIANGLE);
    for left in [2, 1, 0] {
        assert!(desk.toolbox.can_take_back());
        desk.take_back();
        assert_eq!(desk.handles.len(), left);
    }
    assert!(!desk.toolbox.can_take_back());
    assert_eq!((desk.drawn(), &desk.preview[..]), (None, &[][..]));
}

#[test]
fn a_double_click_closes_with_its_own_vertex() {
    let mut desk = clicked(&TRIANGLE);
    desk.down(p(11.0, 60.0), NONE, 2);
    check_drawn(&desk, &TRIANGLE);
    desk.up(p(11.0, 60.0), NONE);
    assert!(desk.drawn().is_some());
}

#[test]
fn a_double_click_on_the_first_corner_closes_and_begins_nothing() {
    let mut desk = clicked(&TRIANGLE);
    desk.click(10.0, 10.0);
    check_drawn(&desk, &TRIANGLE);
    desk.down(p(10.0, 10.0), NONE, 2);
    desk.up(p(10.0, 10.0), NONE);
    assert_eq!((&desk.preview[..], desk.handles.len()), (&[][..], 0));
    assert!(!desk.toolbox.can_take_back());
}

#[test]
fn quick_clicks_at_different_places_are_vertices() {
    let mut desk = clicked(&TRIANGLE[..2]);
    desk.down(p(10.0, 60.0), NONE, 2);
    desk.up(p(10.0, 60.0), NONE);
    desk.down(p(40.0, 60.0), NONE, 3);
    desk.key("Enter");
    check_drawn(
        &desk,
        &[(10.0, 10.0), (60.0, 10.0), (10.0, 60.0), (40.0, 60.0)],
    );
}

#[test]
fn the_ghost_edge_follows_the_pointer() {
    let mut desk = clicked(&TRIANGLE[..2]);
    desk.hover(p(80.0, 80.0), NONE);
    let preview = &desk.preview[0];
    assert_eq!(
        preview.shape,
        ring(&[TRIANGLE[0], TRIANGLE[1], (80.0, 80.0)])
    );
    assert_eq!((preview.closed, preview.label), (false, Some(label(0))));
    assert!(desk.handles.iter().all(|h| h.kind == HandleKind::Circle));
    assert_eq!(desk.handle_positions(), [(10, 10), (60, 10)].into());
    desk.input(&Input::PointerLeave);
    assert_eq!(desk.preview[0].shape, ring(&TRIANGLE[..2]));
}

#[test]
fn backspace_takes_vertices_back() {
    let mut desk = clicked(&[TRIANGLE[0], TRIANGLE[1], (99.0, 99.0)]);
    desk.key("Backspace");
    desk.click(10.0, 60.0);
    desk.key("Enter");
    check_drawn(&desk, &TRIANGLE);
    desk.click(300.0, 300.0);
    desk.key("Backspace");
    assert_eq!((desk.hint, desk.preview.len()), (Hint::PolygonMore, 0));
}

#[test]
fn two_vertices_enclose_nothing() {
    let mut desk = clicked(&TRIANGLE[..2]);
    desk.click(10.0, 10.0);
    desk.key("Backspace");
    desk.key("Enter");
    assert_eq!(
        (desk.drawn(), &desk.notices[..]),
        (None, &[Notice::TooFewVertices][..])
    );
    desk.click(10.0, 60.0);
    desk.key("Enter");
    check_drawn(&desk, &TRIANGLE);
}

#[test]
fn vertices_stay_inside_the_image() {
    let mut desk = clicked(&[(-20.0, -20.0), (1020.0, 10.0), (500.0, 820.0)]);
    desk.key("Enter");
    check_drawn(&desk, &[(0.0, 0.0), (1000.0, 10.0), (500.0, 800.0)]);
}

#[test]
fn escape_leaves_nothing_at_any_moment() {
    for count in 1..=3 {
        let mut desk = clicked(&TRIANGLE[..count]);
        desk.check_escape(p(10.0, 10.0));
        assert_eq!(desk.handles, []);
        desk.key("Enter");
        assert_eq!(desk.drawn(), None);
    }
    let mut desk = clicked(&TRIANGLE);
    desk.switch(ToolKind::Box);
    assert_eq!((desk.preview.len(), desk.handles.len()), (0, 0));
    desk.switch(ToolKind::Polygon);
    desk.key("Enter");
    assert_eq!(desk.drawn(), None);
}

#[test]
fn no_label_or_no_role_no_polygon() {
    let mut desk = clicked(&[]);
    desk.label = None;
    desk.click(10.0, 10.0);
    desk.label = Some(label(0));
    desk.can_edit = false;
    desk.click(10.0, 10.0);
    assert_eq!(desk.notices, [Notice::ChooseLabel, Notice::ReadOnly]);
    assert_eq!(desk.preview, []);
}
