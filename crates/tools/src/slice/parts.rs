//! The parts of a shape on both sides of a line.

mod lines;

use crate::step::snapped;
use visionflow_commands::{converted, is_area};
use visionflow_geometry::sort_by;
use visionflow_geometry::{Mask, Point, Polygon, Rect};
use visionflow_model::{Shape, ShapeKind};

/// Whether a line can cut such a shape.
pub(super) fn can_be_cut(shape: &Shape) -> bool {
    is_area(shape) || matches!(shape, Shape::Polyline(_) | Shape::Path(_))
}

/// The parts into which `line` cuts a shape, the largest first, together with all that the line
/// does not touch; nothing where it cuts nothing. Those of boxes and ellipses are polygons.
pub(super) fn of(shape: &Shape, line: &[Point], image: Rect) -> Vec<Shape> {
    match shape {
        Shape::Polygon(polygon) => {
            let parts = cut(polygon, line).into_iter();
            let parts = parts.map(|part| Shape::Polygon(part.mapped(snapped)));
            parts.collect()
        }
        Shape::Mask(mask) => {
            let parts = cut(&mask.to_polygon(), line).into_iter();
            let masks: Vec<_> = parts
                .map(|part| Mask::from_polygon(&part, image))
                .filter(|mask| !mask.is_empty())
                .collect();
            // A line between two rows of pixels may leave one side without any.
            if masks.len() < 2 {
                return Vec::new();
            }
            masks.into_iter().map(Shape::Mask).collect()
        }
        Shape::Box(_) | Shape::RotatedBox(_) | Shape::Ellipse(_) => {
            match converted(shape, ShapeKind::Polygon, image) {
                Ok((polygon, _)) => of(&polygon, line, image),
                Err(_) => Vec::new(),
            }
        }
        Shape::Polyline(points) => lines::cut(points, line, Shape::Polyline),
        Shape::Path(points) => lines::cut(points, line, Shape::Path),
        _ => Vec::new(),
    }
}

fn cut(polygon: &Polygon, line: &[Point]) -> Vec<Polygon> {
    let (mut parts, mut untouched) = (Vec::new(), Vec::new());
    for island in polygon.repaired() {
        let mut sliced = island.sliced(line);
        if sliced.len() > 1 {
            parts.append(&mut sliced);
        } else {
            untouched.extend(island.rings);
        }
    }
    sort_by(&mut parts, |a, b| b.area().total_cmp(&a.area()));
    if let Some(first) = parts.first_mut() {
        first.rings.append(&mut untouched);
    }
    parts
}
