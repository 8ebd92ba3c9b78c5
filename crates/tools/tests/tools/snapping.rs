//! The mark where a point jumps to.

use crate::desk::*;
use visionflow_model::Shape;
use visionflow_tools::{Input, ToolKind};

const CORNER: (f64, f64) = (300.0, 200.0);

fn desk(tool: ToolKind) -> Desk {
    let triangle = [(500.0, 500.0), (600.0, 500.0), (600.0, 600.0)];
    let mut desk = Desk::with_tool(&[rect(300.0, 200.0, 100.0, 80.0), ring(&triangle)], tool);
    desk.settings.snap = true;
    desk
}

#[test]
fn it_shows_before_and_while_a_shape_is_drawn() {
    let corner = Some(p(CORNER.0, CORNER.1));
    for tool in [
        ToolKind::Box,
        ToolKind::Ellipse,
        ToolKind::Polygon,
        ToolKind::Polyline,
        ToolKind::Point,
        ToolKind::Arrow,
        ToolKind::Cuboid,
        ToolKind::RotatedBox,
        ToolKind::Slice,
        ToolKind::Measure,
    ] {
        let mut desk = desk(tool);
        desk.hover(p(100.0, 100.0), NONE);
        assert_eq!(desk.snap, None, "{tool:?}");
        desk.hover(p(302.0, 201.0), NONE);
        assert_eq!(desk.snap, corner, "{tool:?}");
        desk.input(&Input::PointerLeave);
        assert_eq!(desk.snap, None, "{tool:?}");
        desk.grab(p(100.0, 100.0), p(302.0, 201.0), NONE);
        assert_eq!(desk.snap, corner, "{tool:?}");
        desk.settings.snap = false;
        desk.refresh();
        assert_eq!(desk.snap, None, "{tool:?}");
    }
}

#[test]
fn what_is_marked_is_where_the_point_lands() {
    let mut desk = desk(ToolKind::Box);
    desk.drag(p(100.0, 100.0), p(302.0, 201.0));
    assert_eq!(
        desk.drawn().unwrap().shape,
        rect(100.0, 100.0, 200.0, 100.0)
    );
}

#[test]
fn a_dragged_corner_shows_it_too_but_not_its_own() {
    let mut desk = desk(ToolKind::Select);
    desk.select(&[id(2)]);
    desk.hover(p(302.0, 201.0), NONE);
    assert_eq!(desk.snap, None, "selecting sets no point");
    desk.grab(p(500.0, 500.0), p(302.0, 201.0), NONE);
    assert_eq!(desk.snap, Some(p(CORNER.0, CORNER.1)));
    desk.hover(p(600.0, 501.0), NONE);
    assert_eq!(desk.snap, None);
    desk.hover(p(302.0, 201.0), NONE);
    desk.up(p(302.0, 201.0), NONE);
    assert_eq!(desk.snap, None, "nothing is dragged any more");
    let Shape::Polygon(polygon) = desk.shape(2) else {
        panic!("a polygon");
    };
    assert_eq!(polygon.rings[0][0], p(CORNER.0, CORNER.1));
}

#[test]
fn tools_that_paint_show_none() {
    for tool in [
        ToolKind::Brush,
        ToolKind::Wand,
        ToolKind::Select,
        ToolKind::Pan,
    ] {
        let mut desk = desk(tool);
        desk.hover(p(302.0, 201.0), NONE);
        assert_eq!(desk.snap, None, "{tool:?}");
    }
}
