//! Masks as sums of prototypes (Bolya et al. 2019), cut to their boxes and traced.

use super::{Output, Proposal};
use crate::Error;
use crate::contour::Field;
use crate::fit::Fit;
use crate::outline::Outline;
use visionflow_geometry::{Point, Polygon, Rect};
use visionflow_model::Shape;

/// How far an outline may lie from its mask, in the prototypes' pixels, and the least part.
const TOLERANCE: f64 = 0.125;
const MIN_AREA: f64 = 0.25;
/// Samples to a prototype's pixel, along each side.
const FINE: f64 = 4.0;

/// A polygon for each proposal; `None` where its mask is empty.
pub(super) fn shapes(
    proposals: &[Proposal],
    protos: &Output,
    sides: (f64, f64),
    fit: &Fit,
) -> Result<Vec<Option<Shape>>, Error> {
    let &[1, factors, rows, columns] = &protos.shape[..] else {
        return Err(Error::Shape(protos.shape.clone()));
    };
    if rows == 0 || columns == 0 {
        return Err(Error::Shape(protos.shape.clone()));
    }
    let unit = (sides.0 / columns as f64, sides.1 / rows as f64);
    let pixel = fit.pixel();
    let (wide, high) = (unit.0 * pixel.0, unit.1 * pixel.1);
    let outline = Outline {
        tolerance: TOLERANCE * wide.min(high),
        min_area: MIN_AREA * wide * high,
    };
    let mut values = vec![0.0; rows * columns];
    let shape = |proposal: &Proposal| {
        let area = within(proposal, fit, unit)?;
        mix(
            &protos.values,
            &proposal.extra[proposal.extra.len() - factors..],
            (rows, columns),
            area,
            &mut values,
        );
        let field = Field {
            values: &values,
            columns,
            rows,
            spacing: (FINE, FINE),
            x: area.min.x * FINE..area.max.x * FINE,
            y: area.min.y * FINE..area.max.y * FINE,
        };
        let to_input = |p: Point| Point::new(p.x * unit.0 / FINE, p.y * unit.1 / FINE);
        let to_image = |p: Point| fit.clamped(fit.to_image(to_input(p)));
        let parts = outline.polygons_of(&field, to_image);
        let rings: Vec<Vec<Point>> = parts.into_iter().flat_map(|part| part.rings).collect();
        (!rings.is_empty()).then_some(Shape::Polygon(Polygon { rings }))
    };
    Ok(proposals.iter().map(shape).collect())
}

/// The part of a proposal's box that lies in the photograph, in the prototypes' pixels.
fn within(proposal: &Proposal, fit: &Fit, unit: (f64, f64)) -> Option<Rect> {
    let area = proposal.scored.area.bounds();
    let inside = fit.inside();
    let low = |a: f64, b: f64, unit: f64| a.max(b) / unit;
    let high = |a: f64, b: f64, unit: f64| a.min(b) / unit;
    let min = Point::new(
        low(area.min.x, inside.min.x, unit.0),
        low(area.min.y, inside.min.y, unit.1),
    );
    let max = Point::new(
        high(area.max.x, inside.max.x, unit.0),
        high(area.max.y, inside.max.y, unit.1),
    );
    (min.x < max.x && min.y < max.y).then_some(Rect { min, max })
}

/// Sums the prototypes in and around an area.
fn mix(
    protos: &[f32],
    factors: &[f32],
    (rows, columns): (usize, usize),
    area: Rect,
    values: &mut [f32],
) {
    let reach = |from: f64, to: f64, most: usize| {
        let first = (from - 2.0).max(0.0) as usize;
        first.min(most - 1)..((to + 2.0) as usize).clamp(1, most)
    };
    let across = reach(area.min.x, area.max.x, columns);
    for y in reach(area.min.y, area.max.y, rows) {
        let at = y * columns;
        let row = at + across.start..at + across.end;
        values[row.clone()].fill(0.0);
        for (plane, factor) in protos.chunks_exact(rows * columns).zip(factors) {
            for (value, proto) in values[row.clone()].iter_mut().zip(&plane[row.clone()]) {
                *value += factor * proto;
            }
        }
    }
}
