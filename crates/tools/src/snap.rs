//! Where a point lands: on the grid, inside the image, on a corner nearby, in steps of 45°.

use crate::step::{clamped, snapped};
use crate::{Context, PointerKind};
use std::f64::consts::FRAC_PI_4;
use visionflow_geometry::{Point, Rect, Vec2};
use visionflow_model::{AnnotationId, Shape};

/// A corner that is not further than this from the pointer attracts it, in CSS pixels.
const ATTRACTION: f64 = 8.0;

/// The place of the image that the pointer at `pos` (screen space) means for a new point.
pub(crate) fn place(pos: Point, pointer: PointerKind, context: &Context<'_>) -> Point {
    place_beside(None, pos, pointer, context)
}

/// The same for a point of the annotation `own`, whose corners do not attract it.
pub(crate) fn place_beside(
    own: Option<AnnotationId>,
    pos: Point,
    pointer: PointerKind,
    context: &Context<'_>,
) -> Point {
    corner(own, pos, pointer, context).unwrap_or_else(|| context.image_point_inside(pos))
}

/// The corner that attracts a point of `own` at `pos` (screen space), or a new one.
pub(crate) fn corner(
    own: Option<AnnotationId>,
    pos: Point,
    pointer: PointerKind,
    context: &Context<'_>,
) -> Option<Point> {
    if !context.settings.snap {
        return None;
    }
    let at = context.image_point_inside(pos);
    let reach = context.image_length(ATTRACTION.max(pointer.reach()));
    corner_near(own, at, reach, context)
}

/// The corner of an annotation that lies nearest to `at`, within `reach` image pixels.
fn corner_near(
    own: Option<AnnotationId>,
    at: Point,
    reach: f64,
    context: &Context<'_>,
) -> Option<Point> {
    let around = Rect { min: at, max: at }.inflated(reach);
    let mut nearest: Option<(f64, Point)> = None;
    for id in context.scene.in_rect(around) {
        let Some(annotation) = context.document.get(id).filter(|a| Some(a.id) != own) else {
            continue;
        };
        for_each_corner(&annotation.shape, |corner| {
            let distance = corner.distance(at);
            let is_nearer = nearest.is_none_or(|(least, _)| distance < least);
            if distance <= reach && is_nearer && context.image.contains(corner) {
                nearest = Some((distance, corner));
            }
        });
    }
    nearest.map(|(_, corner)| corner)
}

fn for_each_corner(shape: &Shape, visit: impl FnMut(Point)) {
    match shape {
        Shape::Box(rect) => rect.corners().into_iter().for_each(visit),
        Shape::RotatedBox(rotated) => rotated.corners().into_iter().for_each(visit),
        Shape::Polygon(polygon) => polygon.points().for_each(visit),
        Shape::Polyline(points) | Shape::Path(points) => points.iter().copied().for_each(visit),
        Shape::Point(p) => std::iter::once(*p).for_each(visit),
        Shape::Arrow(arrow) => [arrow.from, arrow.to].into_iter().for_each(visit),
        Shape::Cuboid(cuboid) => cuboid.points.into_iter().for_each(visit),
        Shape::Skeleton(skeleton) => skeleton.joints.values().map(|j| j.at).for_each(visit),
        Shape::Ellipse(_) | Shape::Text(_) | Shape::Mask(_) | Shape::Tag => {}
    }
}

/// `to`, turned about `from` onto the nearest multiple of 45°, inside `image`.
pub(crate) fn in_steps(from: Point, to: Point, image: Rect) -> Point {
    let by = to - from;
    let angle = (by.y.atan2(by.x) / FRAC_PI_4).round() * FRAC_PI_4;
    // Exact for the four straight directions, where sine and cosine are not.
    let unit = |v: f64| if v.abs() < 1e-9 { 0.0 } else { v };
    let direction = Vec2::new(unit(angle.cos()), unit(angle.sin()));
    let length = by.dot(direction).min(room(from, direction, image));
    clamped(snapped(from + direction * length), image)
}

/// How far one can go from `from` in a direction until the image ends.
pub(crate) fn room(from: Point, direction: Vec2, image: Rect) -> f64 {
    let axis = |at: f64, step: f64, low: f64, high: f64| match step {
        _ if step > 0.0 => ((high - at) / step).max(0.0),
        _ if step < 0.0 => ((low - at) / step).max(0.0),
        _ => f64::INFINITY,
    };
    axis(from.x, direction.x, image.min.x, image.max.x).min(axis(
        from.y,
        direction.y,
        image.min.y,
        image.max.y,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_45_degrees_end_at_the_image() {
        let check = |from: (f64, f64), to: (f64, f64), expected: (f64, f64)| {
            let point = |(x, y)| Point::new(x, y);
            let image = Rect::from_size(100.0, 80.0);
            assert_eq!(in_steps(point(from), point(to), image), point(expected));
        };
        check((10.0, 10.0), (50.0, 13.0), (50.0, 10.0));
        check((10.0, 10.0), (13.0, 50.0), (10.0, 50.0));
        check((10.0, 10.0), (30.0, 34.0), (32.0, 32.0));
        check((10.0, 10.0), (100.0, 75.0), (80.0, 80.0));
        check((10.0, 10.0), (0.0, 9.0), (0.0, 10.0));
        check((10.0, 10.0), (10.0, 10.0), (10.0, 10.0));
    }
}
