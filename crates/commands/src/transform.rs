//! Moving and resizing by numbers.

use crate::CommandError;
use crate::plan::{Plan, Subjects, Workplace};
use crate::turn::in_order;
use visionflow_geometry::{Point, Rect, Vec2};
use visionflow_model::{AnnotationId, Shape};

/// The nearest place of the grid that new geometry lies on: steps of 1/256 pixel are exact in the
/// document's short number encoding, and finer than any screen shows.
pub fn on_grid(p: Point) -> Point {
    let snap = |v: f64| (v * 256.0).round() / 256.0;
    Point::new(snap(p.x), snap(p.y))
}

/// `shape` with everything it is made of on the grid; lengths and angles stay as they are.
#[must_use]
pub fn shape_on_grid(shape: Shape) -> Shape {
    match shape {
        Shape::RotatedBox(mut rotated) => {
            rotated.center = on_grid(rotated.center);
            Shape::RotatedBox(rotated)
        }
        Shape::Ellipse(mut ellipse) => {
            ellipse.center = on_grid(ellipse.center);
            Shape::Ellipse(ellipse)
        }
        Shape::Mask(_) | Shape::Tag => shape,
        other => other.mapped(on_grid),
    }
}

/// The part of `by` that keeps `bounds` inside `image`; what lies outside already may come in.
pub fn kept_inside(bounds: Rect, by: Vec2, image: Rect) -> Vec2 {
    let axis = |by: f64, min: f64, max: f64, low: f64, high: f64| {
        let (least, most) = ((low - min).min(0.0), (high - max).max(0.0));
        by.max(least).min(most)
    };
    Vec2::new(
        axis(by.x, bounds.min.x, bounds.max.x, image.min.x, image.max.x),
        axis(by.y, bounds.min.y, bounds.max.y, image.min.y, image.max.y),
    )
}

/// The shortest way into `image` for what `bounds` encloses; `None` where it is too large.
pub fn way_inside(bounds: Rect, image: Rect) -> Option<Vec2> {
    let axis = |min: f64, max: f64, low: f64, high: f64| {
        if max - min > high - low {
            None
        } else {
            Some((low - min).max(0.0) + (high - max).min(0.0))
        }
    };
    Some(Vec2::new(
        axis(bounds.min.x, bounds.max.x, image.min.x, image.max.x)?,
        axis(bounds.min.y, bounds.max.y, image.min.y, image.max.y)?,
    ))
}

/// `shape` on the grid and still inside `image`, which what stands at an angle may miss by a step of
/// the grid; what is larger than the image stays where it is.
pub(crate) fn on_grid_inside(shape: Shape, image: Rect) -> Shape {
    let shape = shape_on_grid(shape);
    let way = shape.bounds().and_then(|bounds| way_inside(bounds, image));
    match way {
        Some(way) if way != Vec2::default() => {
            let away = |v: f64| (v.abs() * 256.0).ceil().copysign(v) / 256.0;
            shape.translated(Vec2::new(away(way.x), away(way.y)))
        }
        _ => shape,
    }
}

/// `shape` with the rectangle `from` stretched onto `to`; where `to` has its `min` beyond its `max`
/// the shape is mirrored.
#[must_use]
pub fn stretched(shape: &Shape, from: Rect, to: Rect) -> Shape {
    let mirrored = |from: f64, to: f64| from * to < 0.0;
    let stretched = shape.stretched(from, to);
    let (x, y) = (
        mirrored(from.width(), to.width()),
        mirrored(from.height(), to.height()),
    );
    in_order(stretched, x, y)
}

pub(crate) fn move_by(
    selection: &[AnnotationId],
    by: Vec2,
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    if !(by.x.is_finite() && by.y.is_finite()) {
        return Err(CommandError::NotFinite);
    }
    let (subjects, bounds) = Subjects::placed(selection, workplace.document)?;
    let by = kept_inside(bounds, by, workplace.image);
    subjects.reshaped(selection, |a| Ok(a.shape.translated(by)))
}

pub(crate) fn resize_to(
    selection: &[AnnotationId],
    to: Rect,
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    if !to.is_finite() {
        return Err(CommandError::NotFinite);
    }
    if to.width() <= 0.0 || to.height() <= 0.0 {
        return Err(CommandError::EmptySize);
    }
    let (subjects, from) = Subjects::placed(selection, workplace.document)?;
    let image = workplace.image;
    if !(image.contains(to.min) && image.contains(to.max)) {
        return Err(CommandError::DoesNotFit);
    }
    let resize = |shape: &Shape| shape_on_grid(stretched(shape, from, to));
    subjects.reshaped(selection, |a| Ok(resize(&a.shape)))
}
