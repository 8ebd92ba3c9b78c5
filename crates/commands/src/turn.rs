//! Turning and mirroring shapes of every kind.

use crate::CommandError;
use crate::plan::{Plan, Subjects, Workplace};
use crate::transform::{on_grid_inside, shape_on_grid, way_inside};
use std::f64::consts::TAU;
use visionflow_geometry::{Affine, Mask, Point, Rect, Vec2};
use visionflow_model::{AnnotationId, Shape, TextBox};

/// `shape` turned about `pivot`, clockwise on screen.
///
/// A box becomes a rotated box. A text moves along and stays upright, so that it can be read.
/// Each pixel of a turned mask is what lay under its centre.
#[must_use]
pub fn turned(shape: &Shape, pivot: Point, radians: f64) -> Shape {
    let map = Affine::rotation(radians, pivot);
    match shape {
        Shape::Box(rect) => Shape::RotatedBox(rect.transformed(&map)),
        Shape::Text(text) => {
            let center = text.rect.center();
            Shape::Text(Box::new(TextBox {
                rect: text.rect.translated(map.point(center) - center),
                ..(**text).clone()
            }))
        }
        other => mapped(other, &map),
    }
}

/// `shape` mirrored at the vertical line through `center` (left and right change places) or at the
/// horizontal one; a text keeps its letters as they are.
#[must_use]
pub fn mirrored(shape: &Shape, center: Point, horizontal: bool) -> Shape {
    let map = if horizontal {
        Affine::flip_horizontal(center)
    } else {
        Affine::flip_vertical(center)
    };
    mapped(shape, &map)
}

fn mapped(shape: &Shape, map: &Affine) -> Shape {
    match shape {
        Shape::RotatedBox(rotated) => Shape::RotatedBox(rotated.transformed(map)),
        Shape::Ellipse(ellipse) => Shape::Ellipse(ellipse.transformed(map)),
        Shape::Cuboid(cuboid) => Shape::Cuboid(Box::new(cuboid.transformed(map))),
        Shape::Mask(mask) => Shape::Mask(mapped_mask(mask, map)),
        other => other.mapped(|p| map.point(p)),
    }
}

/// The whole of the mask, wherever it comes to lie.
fn mapped_mask(mask: &Mask, map: &Affine) -> Mask {
    let bounds = mask.bounds().unwrap_or_default();
    let reach = Rect::around(bounds.corners().map(|p| map.point(p))).unwrap_or_default();
    mask.transformed(map, reach.inflated(1.0))
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
    // The bounds of what stands at an angle are computed and may miss the border by a rounding.
    let around = image.inflated(1e-6);
    let was_inside = around.contains(bounds.min) && around.contains(bounds.max);
    let way = if was_inside {
        way_inside(after, image)?
    } else {
        Vec2::default()
    };
    let moved = |shape: Shape| {
        let shape = shape.translated(way);
        if was_inside {
            on_grid_inside(shape, image)
        } else {
            shape_on_grid(shape)
        }
    };
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
    subjects.reshaped(selection, |a| {
        let turned = turned.next().ok_or(CommandError::NoPlace)?;
        // By right angles a box stays a box.
        let upright = match (&a.shape, &turned) {
            (Shape::Box(_), Shape::RotatedBox(rotated)) => rotated.as_rect(),
            _ => None,
        };
        Ok(upright.map_or(turned, |rect| shape_on_grid(Shape::Box(rect))))
    })
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
