//! Cutting areas and lines.

use crate::desk::*;
use proptest::prelude::*;
use std::collections::BTreeSet;
use visionflow_document::Edit;
use visionflow_geometry::{Ellipse, Point, RotatedBox, Vec2};
use visionflow_model::{Annotation, Shape, ShapeKind};
use visionflow_tools::{Hint, Notice, ToolKind, is_marquee};

const SQUARE: [(f64, f64); 4] = [
    (100.0, 100.0),
    (300.0, 100.0),
    (300.0, 300.0),
    (100.0, 300.0),
];

/// A polygon and a mask beside each other.
fn desk() -> Desk {
    let shapes = [ring(&SQUARE), Shape::Mask(pixels(400, 100, 200, 200))];
    Desk::with_tool(&shapes, ToolKind::Slice)
}

/// The areas of all parts that came of annotation `n`, its own first.
fn areas(desk: &Desk) -> Vec<f64> {
    let mut all: Vec<&Annotation> = desk.document.annotations().collect();
    all.sort_by_key(|annotation| annotation.id);
    all.iter().map(|a| a.shape.area()).collect()
}

#[test]
fn a_drag_cuts_what_it_crosses() {
    let mut desk = desk();
    desk.grab(p(150.0, 50.0), p(150.0, 350.0), NONE);
    assert_eq!(desk.hint, Hint::SliceNext);
    assert!(is_marquee(&desk.preview[0]));
    assert_eq!(areas(&desk), [40_000.0, 40_000.0]);
    desk.up(p(150.0, 350.0), NONE);
    // The larger part keeps the id.
    assert_eq!(areas(&desk), [30_000.0, 40_000.0, 10_000.0]);
    let new = desk.drawn().unwrap();
    assert_eq!(desk.selection, [id(1), new.id]);
    assert!(desk.undo() && !desk.document.can_undo());
    assert_eq!(areas(&desk), [40_000.0, 40_000.0]);
}

#[test]
fn clicks_and_a_finger_cut_too_and_masks_as_well() {
    let mut desk = desk();
    desk.click(50.0, 250.0);
    desk.click(700.0, 250.0);
    assert_eq!(desk.document.len(), 2);
    desk.key("Enter");
    assert_eq!(areas(&desk), [30_000.0, 30_000.0, 10_000.0, 10_000.0]);
    assert_eq!(desk.selection.len(), 4);
    desk.undo();
    desk.touch_drag(p(450.0, 50.0), p(450.0, 400.0));
    assert_eq!(areas(&desk), [40_000.0, 30_000.0, 10_000.0]);
}

#[test]
fn of_a_selection_only_that_is_cut() {
    let mut desk = desk();
    desk.select(&[id(2)]);
    desk.drag(p(50.0, 250.0), p(700.0, 250.0));
    assert_eq!(areas(&desk), [40_000.0, 30_000.0, 10_000.0]);
    desk.drag(p(50.0, 50.0), p(50.0, 400.0));
    assert_eq!(desk.notices, [Notice::NothingToSlice]);
}

#[test]
fn a_bent_line_cuts_a_corner_off() {
    let mut desk = desk();
    desk.select(&[id(1)]);
    for (x, y) in [(200.0, 50.0), (200.0, 200.0), (50.0, 200.0)] {
        desk.click(x, y);
    }
    desk.down(p(50.0, 200.0), NONE, 2);
    assert_eq!(areas(&desk), [30_000.0, 40_000.0, 10_000.0]);
}

#[test]
fn the_parts_are_like_what_was_cut() {
    let mut desk = desk();
    desk.edit(&[Edit::SetLabel(id(1), label(1)), Edit::SetZ(id(1), 3.0)]);
    desk.drag(p(150.0, 50.0), p(150.0, 350.0));
    let (old, new) = (desk.document.get(id(1)).unwrap(), desk.drawn().unwrap());
    let alike = Annotation {
        id: old.id,
        shape: old.shape.clone(),
        ..new.clone()
    };
    assert_eq!((old, new.label, new.z), (&alike, label(1), 3.0));
}

#[test]
fn a_line_that_ends_inside_cuts_nothing() {
    let mut desk = desk();
    desk.drag(p(150.0, 50.0), p(150.0, 200.0));
    desk.click(150.0, 50.0);
    desk.key("Enter");
    assert_eq!(desk.notices, [Notice::NothingToSlice, Notice::TooFewPoints]);
    desk.key("Escape");
    desk.edit(&[Edit::SetLocked(id(1), true)]);
    desk.drag(p(150.0, 50.0), p(150.0, 350.0));
    assert_eq!(desk.notices[2..], [Notice::Locked]);
    assert_eq!(areas(&desk), [40_000.0, 40_000.0]);
}

#[test]
fn what_the_line_does_not_touch_stays_with_the_id() {
    let mut desk = desk();
    let two = Shape::Mask(pixels(400, 100, 200, 200).union(&pixels(700, 100, 50, 50)));
    desk.edit(&[Edit::SetShape(id(2), two)]);
    desk.drag(p(450.0, 50.0), p(450.0, 400.0));
    assert_eq!(areas(&desk), [40_000.0, 32_500.0, 10_000.0]);
}

#[test]
fn escape_leaves_nothing_and_watchers_cut_nothing() {
    let mut desk = desk();
    desk.down(p(150.0, 50.0), NONE, 1);
    desk.check_escape(p(150.0, 50.0));
    desk.grab(p(150.0, 50.0), p(150.0, 350.0), NONE);
    desk.check_escape(p(150.0, 350.0));
    desk.click(150.0, 50.0);
    desk.click(150.0, 350.0);
    assert!(desk.toolbox.can_take_back());
    desk.take_back();
    desk.check_escape(p(150.0, 350.0));
    desk.check_read_only(p(150.0, 50.0), p(150.0, 350.0));
    assert!(!desk.document.can_undo());
}

#[test]
fn boxes_and_ellipses_become_polygons() {
    let turned = RotatedBox {
        center: p(200.0, 200.0),
        size: Vec2::new(200.0, 100.0),
        angle: 0.5,
    };
    let ellipse = Ellipse {
        center: p(200.0, 200.0),
        radii: Vec2::new(120.0, 60.0),
        angle: 0.3,
    };
    for shape in [
        rect(100.0, 100.0, 200.0, 150.0),
        Shape::RotatedBox(turned),
        Shape::Ellipse(ellipse),
    ] {
        let before = shape.area();
        let mut desk = Desk::with_tool(std::slice::from_ref(&shape), ToolKind::Slice);
        // A line that ends inside changes nothing, not even the kind.
        desk.drag(p(180.0, 20.0), p(180.0, 200.0));
        assert_eq!(desk.shape(1), &shape);
        desk.drag(p(180.0, 20.0), p(180.0, 400.0));
        let parts: Vec<f64> = areas(&desk);
        assert_eq!(parts.len(), 2);
        let kinds = desk.document.annotations().map(|a| a.shape.kind());
        assert!(kinds.eq([ShapeKind::Polygon; 2]));
        assert!(parts[0] > parts[1], "the larger part keeps the id");
        // The corners of an ellipse's polygon lie a quarter of a pixel off at most.
        assert!((parts[0] + parts[1] - before).abs() < 0.005 * before);
        assert!(desk.undo(), "one step");
        assert_eq!(desk.shape(1), &shape);
    }
}

#[test]
fn lines_are_cut_where_they_are_crossed() {
    let points = [
        (100.0, 100.0),
        (300.0, 100.0),
        (300.0, 300.0),
        (100.0, 300.0),
    ];
    let points: Vec<Point> = points.iter().map(|(x, y)| p(*x, *y)).collect();
    for line in [Shape::Polyline, Shape::Path] {
        let mut desk = Desk::with_tool(&[line(points.clone())], ToolKind::Slice);
        desk.drag(p(200.0, 50.0), p(200.0, 350.0));
        let longest = [
            (200.0, 100.0),
            (300.0, 100.0),
            (300.0, 300.0),
            (200.0, 300.0),
        ];
        assert_eq!(desk.shape(1), &line(longest.map(|(x, y)| p(x, y)).to_vec()));
        let mut others = desk.document.annotations().filter(|a| a.id != id(1));
        let ends = [
            line(vec![p(100.0, 100.0), p(200.0, 100.0)]),
            line(vec![p(200.0, 300.0), p(100.0, 300.0)]),
        ];
        assert!(others.all(|a| ends.contains(&a.shape)));
        assert_eq!((desk.document.len(), desk.selection.len()), (3, 3));
    }
}

#[test]
fn a_line_is_not_cut_beside_it_or_at_its_end() {
    let line = Shape::Polyline(vec![p(100.0, 100.0), p(300.0, 100.0)]);
    let mut desk = Desk::with_tool(&[line], ToolKind::Slice);
    desk.drag(p(100.0, 50.0), p(100.0, 150.0));
    desk.drag(p(50.0, 100.0), p(350.0, 100.0));
    desk.drag(p(200.0, 50.0), p(200.0, 90.0));
    assert_eq!(desk.notices, [Notice::NothingToSlice; 3]);
    assert_eq!(desk.document.len(), 1);
}

fn length(shape: &Shape) -> f64 {
    let (Shape::Polyline(points) | Shape::Path(points)) = shape else {
        panic!("{shape:?} is no line");
    };
    points
        .windows(2)
        .map(|side| side[0].distance(side[1]))
        .sum()
}

fn star() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec(40.0..190.0_f64, 3..12).prop_map(|radii| {
        let count = radii.len() as f64;
        let corner = |(index, radius): (usize, &f64)| {
            let angle = index as f64 / count * std::f64::consts::TAU;
            (200.0 + radius * angle.cos(), 200.0 + radius * angle.sin())
        };
        radii.iter().enumerate().map(corner).collect()
    })
}

fn line() -> impl Strategy<Value = Vec<Point>> {
    prop::collection::vec((0.0..400.0_f64, 0.0..400.0_f64), 2..5)
        .prop_map(|points| points.into_iter().map(|(x, y)| p(x, y)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cutting_keeps_area_and_id(star in star(), line in line()) {
        let mask = visionflow_geometry::Mask::from_polygon(
            match &ring(&star) { Shape::Polygon(polygon) => polygon, _ => unreachable!() },
            visionflow_geometry::Rect::from_size(1000.0, 800.0),
        );
        for shape in [ring(&star), Shape::Mask(mask)] {
            let before = shape.area();
            let mut desk = Desk::with_tool(&[shape], ToolKind::Slice);
            let first = desk.contents();
            for at in &line {
                desk.click(at.x, at.y);
            }
            desk.key("Enter");
            let is_mask = matches!(desk.shape(1), Shape::Mask(_));
            let sum: f64 = areas(&desk).iter().sum();
            // Corners of cuts are rounded to the grid; pixels are not.
            let tolerance = if is_mask { 0.0 } else { 8.0 };
            prop_assert!((sum - before).abs() <= tolerance, "{before} became {sum}");
            let ids: BTreeSet<_> = desk.document.annotations().map(|a| a.id).collect();
            prop_assert!(ids.contains(&id(1)));
            desk.key("Escape");
            desk.undo();
            prop_assert_eq!(desk.contents(), first);
        }
    }

    #[test]
    fn cutting_keeps_length_and_id(points in line(), knife in line()) {
        let mut desk = Desk::with_tool(&[Shape::Polyline(points)], ToolKind::Slice);
        let first = desk.contents();
        let before = length(desk.shape(1));
        for at in &knife {
            desk.click(at.x, at.y);
        }
        desk.key("Enter");
        let after: f64 = desk.document.annotations().map(|a| length(&a.shape)).sum();
        prop_assert!((after - before).abs() < 1.0, "{before} became {after}");
        let longest = desk.document.annotations().map(|a| length(&a.shape)).fold(0.0, f64::max);
        prop_assert!(longest <= length(desk.shape(1)));
        desk.key("Escape");
        desk.undo();
        prop_assert_eq!(desk.contents(), first);
    }
}

#[test]
fn a_part_that_lies_under_a_locked_mask_is_not_selected() {
    for covered in [100, 140] {
        let mut desk = Desk::with_tool(
            &[
                Shape::Mask(pixels(100, 100, 80, 80)),
                Shape::Mask(pixels(covered, 100, 40, 80)),
            ],
            ToolKind::Slice,
        );
        desk.edit(&[Edit::SetLocked(id(2), true)]);
        desk.settings.panoptic = true;
        desk.select(&[id(1)]);
        desk.drag(p(140.0, 60.0), p(140.0, 220.0));
        desk.key("Enter");
        assert!(
            desk.selection
                .iter()
                .all(|id| desk.document.get(*id).is_some())
        );
        assert_eq!(desk.selection, desk.toolbox.selection());
    }
}
