//! Shapes as areas: polygons, or masks where a mask takes part.

use crate::CommandError;
use crate::transform::on_grid;
use visionflow_geometry::sort_by;
use visionflow_geometry::{Mask, Point, Polygon, Rect};
use visionflow_model::Shape;

/// How far a polygon may lie from the ellipse that it stands for, in pixels.
const TOLERANCE: f64 = 0.25;

/// What a shape covers; `None` for what has no inside.
///
/// A line is closed by the straight way from its end to its start.
pub(crate) fn region(shape: &Shape) -> Option<Polygon> {
    let ring = |points: &[Point]| Some(Polygon::from_ring(points.to_vec()));
    match shape {
        Shape::Box(rect) => ring(&rect.corners()),
        Shape::RotatedBox(rotated) => ring(&rotated.corners()),
        Shape::Ellipse(ellipse) => Some(ellipse.to_polygon(TOLERANCE)),
        Shape::Polygon(polygon) => Some(polygon.clone()),
        Shape::Polyline(points) | Shape::Path(points) => {
            let closed = points.len() > 3 && points.first() == points.last();
            let points = &points[..points.len() - usize::from(closed)];
            ring(points).filter(|polygon| points.len() >= 3 && polygon.area() > 0.0)
        }
        Shape::Text(text) => ring(&text.rect.corners()),
        Shape::Cuboid(cuboid) => {
            ring(&visionflow_geometry::convex_hull(cuboid.points)).filter(|hull| hull.area() > 0.0)
        }
        Shape::Mask(mask) => Some(mask.to_polygon()).filter(|polygon| !polygon.rings.is_empty()),
        Shape::Point(_) | Shape::Arrow(_) | Shape::Skeleton(_) | Shape::Tag => None,
    }
}

/// The pixels of a shape within `image`.
pub(crate) fn pixels(shape: &Shape, image: Rect) -> Option<Mask> {
    match shape {
        Shape::Mask(mask) => Some(mask.clone()),
        other => region(other).map(|polygon| Mask::from_polygon(&polygon, image)),
    }
}

/// The shapes that joining, cutting and splitting are about.
pub fn is_area(shape: &Shape) -> bool {
    matches!(
        shape,
        Shape::Box(_)
            | Shape::RotatedBox(_)
            | Shape::Ellipse(_)
            | Shape::Polygon(_)
            | Shape::Mask(_)
    )
}

/// One polygon of several parts, the largest first; an error for none.
pub(crate) fn merged(mut parts: Vec<Polygon>) -> Result<Shape, CommandError> {
    sort_by(&mut parts, |a, b| b.area().total_cmp(&a.area()));
    let whole = together(parts);
    if whole.rings.is_empty() {
        return Err(CommandError::NothingLeft);
    }
    Ok(Shape::Polygon(sound(&whole)))
}

/// The rings of all in one polygon; they do not overlap.
pub(crate) fn together(parts: Vec<Polygon>) -> Polygon {
    Polygon {
        rings: parts.into_iter().flat_map(|part| part.rings).collect(),
    }
}

/// On the grid, without the rings that are too narrow for it.
pub(crate) fn sound(polygon: &Polygon) -> Polygon {
    let mut polygon = polygon.mapped(on_grid);
    for ring in &mut polygon.rings {
        ring.dedup();
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
    }
    polygon.rings.retain(|ring| ring.len() >= 3);
    polygon
}

pub(crate) fn filled(mask: Mask) -> Result<Shape, CommandError> {
    if mask.is_empty() {
        return Err(CommandError::NothingLeft);
    }
    Ok(Shape::Mask(mask))
}
