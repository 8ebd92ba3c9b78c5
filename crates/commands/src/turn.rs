//! Turning and mirroring shapes of every kind.

use crate::CommandError;
use crate::plan::{Plan, Subjects, Workplace};
use crate::transform::{shape_on_grid, way_inside};
use std::f64::consts::TAU;
use visionflow_geometry::{Ellipse, Mask, Point, Rect, RotatedBox, Span, Vec2};
use visionflow_model::{AnnotationId, Shape, TextBox};

/// `shape` turned about `pivot`, clockwise on screen.
///
/// A box becomes a rotated box. A text moves along and stays upright, so that it can be read.
/// Each pixel of a turned mask is what lay under its centre.
#[must_use]
pub fn turned(shape: &Shape, pivot: Point, radians: f64) -> Shape {
    let around = |p: Point| pivot + (p - pivot).rotated(radians);
    match shape {
        Shape::Box(rect) => Shape::RotatedBox(RotatedBox {
            center: around(rect.center()),
            size: Vec2::new(rect.width(), rect.height()),
            angle: wrapped(radians),
        }),
        Shape::RotatedBox(rotated) => Shape::RotatedBox(RotatedBox {
            center: around(rotated.center),
            size: rotated.size,
            angle: wrapped(rotated.angle + radians),
        }),
        Shape::Ellipse(ellipse) => Shape::Ellipse(Ellipse {
            center: around(ellipse.center),
            radii: ellipse.radii,
            angle: wrapped(ellipse.angle + radians),
        }),
        Shape::Text(text) => {
            let center = text.rect.center();
            Shape::Text(Box::new(TextBox {
                rect: text.rect.translated(around(center) - center),
                ..(**text).clone()
            }))
        }
        Shape::Mask(mask) => Shape::Mask(turned_mask(mask, pivot, radians)),
        other => other.mapped(around),
    }
}

/// `shape` mirrored at the vertical line through `center` (left and right change places) or at the
/// horizontal one; a text keeps its letters as they are.
#[must_use]
pub fn mirrored(shape: &Shape, center: Point, horizontal: bool) -> Shape {
    let mirror = |p: Point| {
        if horizontal {
            Point::new(2.0 * center.x - p.x, p.y)
        } else {
            Point::new(p.x, 2.0 * center.y - p.y)
        }
    };
    let shape = match shape {
        Shape::RotatedBox(rotated) => Shape::RotatedBox(RotatedBox {
            center: mirror(rotated.center),
            size: rotated.size,
            angle: wrapped(-rotated.angle),
        }),
        Shape::Ellipse(ellipse) => Shape::Ellipse(Ellipse {
            center: mirror(ellipse.center),
            radii: ellipse.radii,
            angle: wrapped(-ellipse.angle),
        }),
        Shape::Mask(mask) => Shape::Mask(mirrored_mask(mask, center, horizontal)),
        other => other.mapped(mirror),
    };
    in_order(shape, horizontal, !horizontal)
}

/// The corners of a mirrored cuboid in their own order again: clockwise from the top left.
pub(crate) fn in_order(shape: Shape, x: bool, y: bool) -> Shape {
    let Shape::Cuboid(mut cuboid) = shape else {
        return shape;
    };
    for face in [0, 4] {
        if x {
            cuboid.points.swap(face, face + 1);
            cuboid.points.swap(face + 2, face + 3);
        }
        if y {
            cuboid.points.swap(face, face + 3);
            cuboid.points.swap(face + 1, face + 2);
        }
    }
    Shape::Cuboid(cuboid)
}

/// All of `shapes` turned about the middle of `bounds`, brought back into `image` where they were
/// inside before; `None` where they do not fit.
pub fn turned_inside<'a>(
    shapes: impl Iterator<Item = &'a Shape>,
    bounds: Rect,
    radians: f64,
    image: Rect,
) -> Option<Vec<Shape>> {
    let turned: Vec<_> = shapes
        .map(|shape| turned(shape, bounds.center(), radians))
        .collect();
    let after = turned
        .iter()
        .filter_map(Shape::bounds)
        .reduce(Rect::union)?;
    let was_inside = image.contains(bounds.min) && image.contains(bounds.max);
    let way = if was_inside {
        way_inside(after, image)?
    } else {
        Vec2::default()
    };
    let moved = |shape: Shape| shape_on_grid(shape.translated(way));
    Some(turned.into_iter().map(moved).collect())
}

pub(crate) fn rotate(
    selection: &[AnnotationId],
    radians: f64,
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    if !radians.is_finite() {
        return Err(CommandError::NotFinite);
    }
    let (subjects, bounds) = Subjects::placed(selection, workplace.document)?;
    let shapes = subjects.all.iter().map(|a| &a.shape);
    let turned = turned_inside(shapes, bounds, radians, workplace.image);
    let mut turned = turned.ok_or(CommandError::DoesNotFit)?.into_iter();
    subjects.reshaped(selection, |_| turned.next().ok_or(CommandError::NoPlace))
}

pub(crate) fn flip(
    selection: &[AnnotationId],
    horizontal: bool,
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    let (subjects, bounds) = Subjects::placed(selection, workplace.document)?;
    let center = bounds.center();
    subjects.reshaped(selection, |a| {
        Ok(shape_on_grid(mirrored(&a.shape, center, horizontal)))
    })
}

/// The same angle in (-π, π].
pub fn wrapped(radians: f64) -> f64 {
    let turns = (radians / TAU).round();
    // Adding zero makes a negative zero positive, which JSON and people do not tell apart.
    radians - turns * TAU + 0.0
}

/// Exact where the mirror lies on a pixel's border or middle, as that of a mask's own bounds does.
fn mirrored_mask(mask: &Mask, center: Point, horizontal: bool) -> Mask {
    let spans = mask.spans();
    if horizontal {
        let sum = (2.0 * center.x).round() as i32;
        Mask::from_spans(spans.map(|span| Span {
            start: sum - span.end,
            end: sum - span.start,
            y: span.y,
        }))
    } else {
        let sum = (2.0 * center.y).round() as i32;
        Mask::from_spans(spans.map(|span| Span {
            y: sum - 1 - span.y,
            ..span
        }))
    }
}

fn turned_mask(mask: &Mask, pivot: Point, radians: f64) -> Mask {
    let Some(bounds) = mask.bounds() else {
        return Mask::default();
    };
    let around = |p: Point| pivot + (p - pivot).rotated(radians);
    let Some(reach) = Rect::around(bounds.corners().map(around)) else {
        return Mask::default();
    };
    let rows = reach.min.y.floor() as i32..reach.max.y.ceil() as i32;
    let (left, right) = (reach.min.x.floor() as i32, reach.max.x.ceil() as i32);
    // Neighbouring pixels of a row lie one such step apart in the mask before.
    let step = Vec2::new(1.0, 0.0).rotated(-radians);
    let spans = rows.flat_map(|y| {
        let center = Point::new(f64::from(left) + 0.5, f64::from(y) + 0.5);
        let first = pivot + (center - pivot).rotated(-radians);
        let is_in = move |x: i32| {
            let p = first + step * f64::from(x - left);
            // A quarter turn must not fall on the wrong side of a pixel's border by rounding.
            mask.contains(Point::new(p.x + 1e-9, p.y + 1e-9))
        };
        let mut x = left;
        std::iter::from_fn(move || {
            while x < right && !is_in(x) {
                x += 1;
            }
            let start = x;
            while x < right && is_in(x) {
                x += 1;
            }
            (start < x).then_some(Span { y, start, end: x })
        })
    });
    Mask::from_spans(spans)
}
