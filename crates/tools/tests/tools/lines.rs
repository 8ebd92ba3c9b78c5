//! Points, arrows, polylines and freehand lines.

use crate::desk::*;
use visionflow_geometry::Point;
use visionflow_model::{Arrow, Shape};
use visionflow_tools::{Hint, Notice, ToolKind};

fn polyline(points: &[(f64, f64)]) -> Shape {
    Shape::Polyline(points.iter().map(|(x, y)| p(*x, *y)).collect())
}

fn check_drawn(desk: &Desk, expected: &Shape) {
    assert_eq!(desk.drawn().map(|a| &a.shape), Some(expected));
    assert_eq!(desk.selection, [desk.drawn().unwrap().id]);
    assert_eq!(desk.preview, []);
}

#[test]
fn a_point_lands_where_the_button_is_let_go() {
    let mut desk = Desk::with_tool(&[], ToolKind::Point);
    desk.grab(p(10.0, 10.0), p(30.0, 20.0), NONE);
    assert_eq!(desk.hint, Hint::PointPlacing);
    assert_eq!(desk.preview[0].shape, Shape::Point(p(30.0, 20.0)));
    desk.up(p(31.0, 20.0), NONE);
    check_drawn(&desk, &Shape::Point(p(31.0, 20.0)));
    assert!(desk.undo() && !desk.document.can_undo());
    desk.tap(p(-5.0, 20.0));
    check_drawn(&desk, &Shape::Point(p(0.0, 20.0)));
}

#[test]
fn an_arrow_leads_from_the_press_to_the_release() {
    let arrow = |x: f64, y: f64| {
        Shape::Arrow(Arrow {
            from: p(10.0, 10.0),
            to: p(x, y),
        })
    };
    let mut desk = Desk::with_tool(&[], ToolKind::Arrow);
    desk.drag(p(10.0, 10.0), p(30.0, 40.0));
    check_drawn(&desk, &arrow(30.0, 40.0));
    desk.undo();
    desk.drag_with(p(10.0, 10.0), p(30.0, 34.0), SHIFT);
    check_drawn(&desk, &arrow(32.0, 32.0));
    desk.undo();
    desk.click(10.0, 10.0);
    desk.click(50.0, 10.0);
    check_drawn(&desk, &arrow(50.0, 10.0));
    desk.undo();
    desk.drag(p(10.0, 10.0), p(10.5, 11.0));
    assert_eq!(desk.drawn(), None);
}

#[test]
fn polylines_end_with_enter_or_a_double_click() {
    let corners = [(10.0, 10.0), (60.0, 10.0), (60.0, 60.0)];
    let mut desk = Desk::with_tool(&[], ToolKind::Polyline);
    for (x, y) in corners {
        desk.click(x, y);
    }
    desk.hover(p(90.0, 90.0), NONE);
    let ghost = [&corners[..], &[(90.0, 90.0)]].concat();
    assert_eq!(desk.preview[0].shape, polyline(&ghost));
    desk.key("Enter");
    check_drawn(&desk, &polyline(&corners));
    desk.undo();
    for (x, y) in corners {
        desk.click(x, y);
    }
    desk.down(p(60.0, 61.0), NONE, 2);
    check_drawn(&desk, &polyline(&corners));
    desk.up(p(60.0, 61.0), NONE);
    desk.down(p(60.0, 61.0), NONE, 3);
    assert_eq!(desk.preview, [], "a third click begins nothing");
}

#[test]
fn corners_are_taken_back_and_turned_in_steps() {
    let mut desk = Desk::with_tool(&[], ToolKind::Polyline);
    desk.click(10.0, 10.0);
    desk.key("Enter");
    assert_eq!(desk.notices, [Notice::TooFewPoints]);
    desk.click(300.0, 10.0);
    assert!(desk.toolbox.can_take_back());
    desk.key("Backspace");
    desk.click_with(p(60.0, 12.0), SHIFT);
    desk.click_with(p(91.0, 40.0), SHIFT);
    desk.key("Enter");
    check_drawn(
        &desk,
        &polyline(&[(10.0, 10.0), (60.0, 10.0), (90.5, 40.5)]),
    );
    desk.click(10.0, 10.0);
    desk.take_back();
    assert_eq!(
        (desk.hint, desk.toolbox.can_take_back()),
        (Hint::PolylineStart, false)
    );
}

#[test]
fn dragging_draws_along_and_is_taken_back_at_once() {
    let mut desk = Desk::with_tool(&[], ToolKind::Polyline);
    desk.click(10.0, 10.0);
    desk.down(p(50.0, 50.0), NONE, 1);
    for step in 0..=20 {
        let x = 50.0 + 5.0 * f64::from(step);
        desk.hover(p(x, 50.0 + (x - 100.0).abs()), NONE);
    }
    assert_eq!(desk.hint, Hint::Freehand);
    desk.up(p(150.0, 100.0), NONE);
    let Shape::Polyline(points) = &desk.preview[0].shape else {
        panic!("{:?}", desk.preview)
    };
    assert!(points.contains(&p(150.0, 100.0)));
    assert!(points.len() < 10, "it is simplified: {points:?}");
    desk.key("Backspace");
    desk.hover(p(60.0, 60.0), NONE);
    desk.key("Enter");
    check_drawn(&desk, &polyline(&[(10.0, 10.0), (50.0, 50.0)]));
}

#[test]
fn corners_snap_to_those_of_others() {
    let others = [rect(100.0, 100.0, 50.0, 50.0)];
    let mut desk = Desk::with_tool(&others, ToolKind::Polyline);
    desk.settings.snap = true;
    desk.click(98.0, 102.0);
    desk.click(200.0, 202.0);
    desk.key("Enter");
    check_drawn(&desk, &polyline(&[(100.0, 100.0), (200.0, 202.0)]));
}

fn scribble(desk: &mut Desk) -> Vec<Point> {
    let line: Vec<_> = (0..60)
        .map(|n| f64::from(n) * 3.0)
        .map(|x| p(100.0 + x, 200.0 + 30.0 * (x / 30.0).sin()))
        .collect();
    desk.down(line[0], NONE, 1);
    for at in &line {
        desk.hover(*at, NONE);
    }
    line
}

#[test]
fn a_freehand_line_is_smooth_and_near_what_was_drawn() {
    let mut desk = Desk::with_tool(&[], ToolKind::Path);
    let line = scribble(&mut desk);
    assert_eq!(desk.hint, Hint::PathDrawing);
    assert!(matches!(&desk.preview[0].shape, Shape::Path(points) if points.len() == 60));
    desk.up(line[59], NONE);
    let Shape::Path(points) = &desk.drawn().unwrap().shape else {
        panic!("{:?}", desk.drawn())
    };
    assert!(points.len() < 40, "{}", points.len());
    assert_eq!(
        (points[0].x, points[points.len() - 1]),
        (100.0, p(277.0, snapped(line[59].y)))
    );
    for at in line {
        let off = |pair: &[Point]| at.distance_to_segment(pair[0], pair[1]);
        assert!(
            points.windows(2).map(off).fold(9.0, f64::min) < 1.5,
            "{at:?}"
        );
    }
    assert!(desk.undo() && !desk.document.can_undo());
    desk.click(10.0, 10.0);
    assert_eq!(desk.drawn(), None, "a click is no line");
}

fn snapped(v: f64) -> f64 {
    (v * 256.0).round() / 256.0
}

#[test]
fn escape_leaves_nothing_and_watchers_draw_nothing() {
    use ToolKind::{Arrow, Path, Point, Polyline};
    for tool in [Arrow, Path, Point, Polyline] {
        let mut desk = Desk::with_tool(&[], tool);
        desk.down(p(10.0, 10.0), NONE, 1);
        desk.check_escape(p(10.0, 10.0));
        desk.grab(p(10.0, 10.0), p(60.0, 60.0), NONE);
        desk.check_escape(p(60.0, 60.0));
        desk.touch_grab(p(10.0, 10.0), p(60.0, 60.0));
        desk.check_escape(p(60.0, 60.0));
        desk.check_read_only(p(10.0, 10.0), p(60.0, 60.0));
        desk.label = None;
        desk.drag(p(10.0, 10.0), p(60.0, 60.0));
        assert_eq!(desk.notices.last(), Some(&Notice::ChooseLabel));
        assert!(desk.document.is_empty());
    }
}
