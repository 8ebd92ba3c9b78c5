//! Shapes that become shapes of another kind. Id, label, attributes and everything else stay.

use crate::area::{pixels, region, sound};
use crate::plan::{Losses, Plan, Subjects, Workplace};
use crate::transform::shape_on_grid;
use crate::{CommandError, Loss};
use visionflow_document::Edit;
use visionflow_geometry::{Ellipse, Point, Polygon, Rect, RotatedBox};
use visionflow_model::{AnnotationId, Arrow, Shape, ShapeKind};

/// An ellipse that differs from what it was made of by more than this part of the area is only a
/// rough likeness.
const LIKENESS: f64 = 0.02;

pub(crate) fn convert(
    selection: &[AnnotationId],
    kind: ShapeKind,
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    let subjects = Subjects::unlocked(selection, workplace.document)?;
    let (mut losses, mut edits, mut refused) = (Losses::default(), Vec::new(), Vec::new());
    for annotation in &subjects.all {
        if annotation.shape.kind() == kind {
            continue;
        }
        match converted(&annotation.shape, kind, workplace.image) {
            Ok((shape, loss)) => {
                edits.push(Edit::SetShape(annotation.id, shape));
                losses.add(loss);
            }
            Err(error) => refused.push(error),
        }
    }
    let mut notes = subjects.notes;
    if !refused.is_empty() {
        let count = refused.len();
        if count == subjects.all.len() {
            return Err(refused.swap_remove(0));
        }
        notes.push(crate::Note::Unsuited(count));
    }
    notes.extend(losses.notes());
    Ok(Plan {
        edits,
        selection: selection.to_vec(),
        notes,
    })
}

/// `shape` as a shape of `kind`, and what that lost.
///
/// Areas are kept: exactly between outlines, by pixels where a mask takes part. Only boxes stand
/// around what they are made of, and an ellipse made of a box lies inside it.
pub fn converted(
    shape: &Shape,
    kind: ShapeKind,
    image: Rect,
) -> Result<(Shape, Option<Loss>), CommandError> {
    let from = shape.kind();
    let refused = CommandError::Conversion { from, to: kind };
    let (converted, loss) = match kind {
        ShapeKind::Box => boxed(shape),
        ShapeKind::RotatedBox => boxed_at_an_angle(shape),
        ShapeKind::Ellipse => rounded(shape),
        ShapeKind::Polygon => outlined(shape, image),
        ShapeKind::Mask => return masked(shape, image, refused),
        ShapeKind::Polyline => lined(shape, image).map(|(l, loss)| (Shape::Polyline(l), loss)),
        ShapeKind::Path => lined(shape, image).map(|(line, loss)| (Shape::Path(line), loss)),
        ShapeKind::Arrow => arrow(shape),
        ShapeKind::Point => middle(shape),
        ShapeKind::Text | ShapeKind::Cuboid | ShapeKind::Skeleton | ShapeKind::Tag => None,
    }
    .ok_or_else(|| refused.clone())?;
    let converted = shape_on_grid(converted);
    converted.check().map_err(|_| refused)?;
    Ok((converted, loss))
}

type Converted = Option<(Shape, Option<Loss>)>;

/// What every area loses that comes from more than an area.
fn loss_of(shape: &Shape) -> Option<Loss> {
    match shape {
        Shape::Text(_) => Some(Loss::Text),
        Shape::Cuboid(_) => Some(Loss::Depth),
        _ => None,
    }
}

/// Whether two areas are not the same: the grid's rounding of corners makes no difference.
fn differs(a: f64, b: f64) -> bool {
    (a - b).abs() > 1e-3 * a.abs().max(b.abs())
}

fn boxed(shape: &Shape) -> Converted {
    if let Shape::RotatedBox(rotated) = shape
        && let Some(rect) = rotated.as_rect()
    {
        return Some((Shape::Box(rect), None));
    }
    let region = region(shape)?;
    let rect = region.bounds()?;
    let bounds = shape.bounds().unwrap_or(rect);
    let area = differs(region.area(), bounds.area()).then_some(Loss::Area);
    Some((Shape::Box(bounds), loss_of(shape).or(area)))
}

fn boxed_at_an_angle(shape: &Shape) -> Converted {
    let rotated = match shape {
        Shape::Box(rect) => RotatedBox::from(*rect),
        Shape::Text(text) => RotatedBox::from(text.rect),
        Shape::Ellipse(ellipse) => RotatedBox {
            center: ellipse.center,
            size: ellipse.radii * 2.0,
            angle: ellipse.angle,
        },
        other => region(other)?.min_area_box()?,
    };
    let area = region(shape)?.area();
    let area = differs(area, rotated.area()).then_some(Loss::Area);
    Some((Shape::RotatedBox(rotated), loss_of(shape).or(area)))
}

fn rounded(shape: &Shape) -> Converted {
    let inside = |rotated: RotatedBox| Ellipse {
        center: rotated.center,
        radii: rotated.size * 0.5,
        angle: rotated.angle,
    };
    match shape {
        Shape::Box(rect) => Some((Shape::Ellipse(inside((*rect).into())), Some(Loss::Area))),
        Shape::RotatedBox(rotated) => Some((Shape::Ellipse(inside(*rotated)), Some(Loss::Area))),
        other => {
            let region = region(other)?;
            let ellipse = Ellipse::fitted(&region)?;
            let outside = region.xor(&ellipse.to_polygon(0.25));
            let outside: f64 = outside.iter().map(Polygon::area).sum();
            let rough = outside > LIKENESS * region.area();
            let loss = loss_of(other).or(rough.then_some(Loss::Outline));
            Some((Shape::Ellipse(ellipse), loss))
        }
    }
}

fn outlined(shape: &Shape, image: Rect) -> Converted {
    let mut polygon = region(shape)?;
    if let Some(bounds) = shape.bounds()
        && image.contains(bounds.min)
        && image.contains(bounds.max)
    {
        // The corners of an ellipse's polygon lie a little outside of it.
        polygon = polygon.mapped(|p| {
            Point::new(
                p.x.clamp(image.min.x, image.max.x),
                p.y.clamp(image.min.y, image.max.y),
            )
        });
    }
    Some((Shape::Polygon(sound(&polygon)), loss_of(shape)))
}

fn masked(
    shape: &Shape,
    image: Rect,
    refused: CommandError,
) -> Result<(Shape, Option<Loss>), CommandError> {
    let mask = pixels(shape, image).ok_or(refused)?;
    if mask.is_empty() {
        return Err(CommandError::NothingLeft);
    }
    let mask = Shape::Mask(mask);
    mask.check()?;
    let inside = |b: Rect| image.contains(b.min) && image.contains(b.max);
    let cut = !shape.bounds().is_some_and(inside);
    Ok((mask, loss_of(shape).or(cut.then_some(Loss::Area))))
}

/// A line along the largest outline and back to where it begins.
fn lined(shape: &Shape, image: Rect) -> Option<(Vec<Point>, Option<Loss>)> {
    match shape {
        Shape::Polyline(points) | Shape::Path(points) => Some((points.clone(), None)),
        Shape::Arrow(arrow) => Some((vec![arrow.from, arrow.to], None)),
        other => {
            let (Shape::Polygon(polygon), loss) = outlined(other, image)? else {
                return None;
            };
            let several = polygon.rings.len() > 1;
            let area = |ring: &Vec<Point>| Polygon::from_ring(ring.clone()).area();
            let largest = polygon
                .rings
                .into_iter()
                .max_by(|a, b| area(a).total_cmp(&area(b)));
            let mut line = largest?;
            line.push(*line.first()?);
            Some((line, loss.or(several.then_some(Loss::Rings))))
        }
    }
}

fn arrow(shape: &Shape) -> Converted {
    let (Shape::Polyline(points) | Shape::Path(points)) = shape else {
        return None;
    };
    let arrow = Arrow {
        from: *points.first()?,
        to: *points.last()?,
    };
    let bends = (points.len() > 2).then_some(Loss::Bends);
    Some((Shape::Arrow(arrow), bends))
}

fn middle(shape: &Shape) -> Converted {
    Some((Shape::Point(shape.bounds()?.center()), Some(Loss::Extent)))
}
