//! Outlines and lines made simpler, rounder, whole or separate.

use crate::CommandError;
use crate::area::{filled, merged, sound};
use crate::plan::{Plan, Subjects, Workplace};
use crate::transform::on_grid;
use visionflow_document::Edit;
use visionflow_geometry::sort_by;
use visionflow_geometry::{Connectivity, Point, Polygon, Simplify, simplify_path};
use visionflow_model::{Annotation, AnnotationId, MAX_VERTICES, Shape};

/// Rounds of cutting corners; each doubles the vertices.
const ROUNDS: usize = 3;
/// Vertices that say less than this many pixels are left out again.
const FINE: f64 = 0.1;

pub(crate) fn simplify(
    selection: &[AnnotationId],
    tolerance: f64,
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    if !(tolerance.is_finite() && tolerance >= 0.0) {
        return Err(CommandError::NotFinite);
    }
    let method = Simplify::Distance(tolerance);
    lines(selection, workplace)?.reshaped(selection, |a| {
        Ok(match &a.shape {
            Shape::Polygon(polygon) => Shape::Polygon(polygon.simplified(method)),
            Shape::Polyline(points) => Shape::Polyline(simplify_path(points, method)),
            Shape::Path(points) => Shape::Path(simplify_path(points, method)),
            other => other.clone(),
        })
    })
}

/// Cuts the corners (G. Chaikin, "An algorithm for high-speed curve generation", 1974); the ends of
/// lines stay.
pub(crate) fn smooth(
    selection: &[AnnotationId],
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    lines(selection, workplace)?.reshaped(selection, |a| {
        Ok(match &a.shape {
            Shape::Polygon(polygon) => {
                let mut rings = polygon.rings.clone();
                for ring in &mut rings {
                    *ring = rounded(std::mem::take(ring), true);
                }
                let smooth = Polygon { rings }.simplified(Simplify::Distance(FINE));
                Shape::Polygon(sound(&smooth))
            }
            Shape::Polyline(points) => Shape::Polyline(rounded_line(points)),
            Shape::Path(points) => Shape::Path(rounded_line(points)),
            other => other.clone(),
        })
    })
}

fn rounded_line(points: &[Point]) -> Vec<Point> {
    let rounded = rounded(points.to_vec(), false);
    let mut line = simplify_path(&rounded, Simplify::Distance(FINE));
    for p in &mut line {
        *p = on_grid(*p);
    }
    line
}

fn rounded(mut points: Vec<Point>, closed: bool) -> Vec<Point> {
    for _ in 0..ROUNDS {
        if points.len() < 3 || points.len() * 4 > MAX_VERTICES {
            break;
        }
        let last = points[points.len() - 1];
        let back = closed.then(|| (last, points[0]));
        let edges = points.windows(2).map(|pair| (pair[0], pair[1])).chain(back);
        let cut = edges.flat_map(|(a, b)| [a + (b - a) * 0.25, a + (b - a) * 0.75]);
        let mut cut: Vec<_> = cut.collect();
        if !closed {
            let end = cut.len() - 1;
            (cut[0], cut[end]) = (points[0], last);
        }
        points = cut;
    }
    points
}

pub(crate) fn fill_holes(
    selection: &[AnnotationId],
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    let has_area = |a: &Annotation| matches!(a.shape, Shape::Polygon(_) | Shape::Mask(_));
    Subjects::unlocked(selection, workplace.document)?
        .suited(has_area, CommandError::NoArea)?
        .reshaped(selection, |a| match &a.shape {
            Shape::Polygon(polygon) if polygon.rings.len() > 1 => {
                let parts = polygon.repaired().into_iter();
                let outlines: Vec<_> = parts
                    .filter_map(|part| part.rings.into_iter().next())
                    .map(Polygon::from_ring)
                    .collect();
                merged(Polygon::union_all(&outlines))
            }
            Shape::Mask(mask) => filled(mask.filled()),
            other => Ok(other.clone()),
        })
}

/// The largest part keeps the id; the others are new and take over everything else.
pub(crate) fn split_parts(
    selection: &[AnnotationId],
    workplace: &mut Workplace<'_>,
) -> Result<Plan, CommandError> {
    let has_area = |a: &Annotation| matches!(a.shape, Shape::Polygon(_) | Shape::Mask(_));
    let subjects = Subjects::unlocked(selection, workplace.document)?
        .suited(has_area, CommandError::NoArea)?;
    let mut plan = Plan {
        notes: subjects.notes,
        ..Plan::default()
    };
    for annotation in subjects.all {
        plan.selection.push(annotation.id);
        let mut parts = parts(&annotation.shape).into_iter();
        let largest = parts.next();
        if parts.len() == 0 {
            continue;
        }
        if let Some(largest) = largest {
            largest.check()?;
            plan.edits.push(Edit::SetShape(annotation.id, largest));
        }
        for shape in parts {
            shape.check()?;
            let id = (workplace.new_id)();
            plan.selection.push(id);
            plan.edits.push(Edit::Add(Annotation {
                id,
                shape,
                ..annotation.clone()
            }));
        }
    }
    if plan.edits.is_empty() {
        return Err(CommandError::OnePiece);
    }
    Ok(plan)
}

/// The separate parts of a polygon or a mask, the largest first.
fn parts(shape: &Shape) -> Vec<Shape> {
    let mut parts: Vec<_> = match shape {
        Shape::Polygon(polygon) => {
            let parts = polygon.repaired().into_iter().map(|part| sound(&part));
            let parts = parts.filter(|part| !part.rings.is_empty());
            parts.map(Shape::Polygon).collect()
        }
        Shape::Mask(mask) => {
            let parts = mask.components(Connectivity::Eight).into_iter();
            parts.map(Shape::Mask).collect()
        }
        other => vec![other.clone()],
    };
    sort_by(&mut parts, |a, b| b.area().total_cmp(&a.area()));
    parts
}

pub(crate) fn repair(
    selection: &[AnnotationId],
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    let is_polygon = |a: &Annotation| matches!(a.shape, Shape::Polygon(_));
    Subjects::unlocked(selection, workplace.document)?
        .suited(is_polygon, CommandError::NoOutline)?
        .reshaped(selection, |a| match &a.shape {
            Shape::Polygon(polygon) if polygon.self_intersects() => merged(polygon.repaired()),
            other => Ok(other.clone()),
        })
}

fn lines<'a>(
    selection: &[AnnotationId],
    workplace: &Workplace<'a>,
) -> Result<Subjects<'a>, CommandError> {
    let has_line = |a: &Annotation| {
        matches!(
            a.shape,
            Shape::Polygon(_) | Shape::Polyline(_) | Shape::Path(_)
        )
    };
    Subjects::unlocked(selection, workplace.document)?.suited(has_line, CommandError::NoOutline)
}
