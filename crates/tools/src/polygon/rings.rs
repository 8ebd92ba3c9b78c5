//! A new ring and the polygon it belongs to.
//!
//! Where a ring crosses nothing it is added as it was drawn, so that no corner of the polygon is
//! lost; only otherwise the areas are computed anew.

use crate::Context;
use crate::step::snapped;
use visionflow_geometry::{Point, Polygon, Rect};
use visionflow_model::{AnnotationId, Shape};

/// How near to a neighbour's outline a corner follows it, in CSS pixels.
const BORDER_REACH: f64 = 10.0;

/// `ring` along the outlines of its neighbours, `except` one.
pub(super) fn with_shared_borders(
    ring: &[Point],
    except: Option<AnnotationId>,
    context: &Context<'_>,
) -> Vec<Point> {
    let radius = context.image_length(BORDER_REACH);
    let mut ring = ring.to_vec();
    let Some(bounds) = Rect::around(ring.iter().copied()) else {
        return ring;
    };
    for id in context.scene.in_rect(bounds.inflated(radius)) {
        let neighbour = context.document.get(id).filter(|a| except != Some(a.id));
        let outline = neighbour.and_then(|annotation| outline(&annotation.shape));
        let shared = outline.and_then(|outline| outline.share_border(&ring, radius));
        // A border that leaves nothing to enclose is none.
        if let Some(shared) = shared.filter(|shared| shared.len() >= 3) {
            ring = shared;
        }
    }
    ring.into_iter().map(snapped).collect()
}

fn outline(shape: &Shape) -> Option<Polygon> {
    match shape {
        Shape::Polygon(polygon) => Some(polygon.clone()),
        Shape::Box(rect) => Some(Polygon::from_ring(rect.corners().to_vec())),
        Shape::RotatedBox(rotated) => Some(Polygon::from_ring(rotated.corners().to_vec())),
        _ => None,
    }
}

/// `polygon` without what `ring` encloses; `None` where nothing of it is left.
pub(super) fn cut_out(polygon: &Polygon, ring: Vec<Point>) -> Option<Polygon> {
    let cut = Polygon::from_ring(ring);
    let parts = polygon.difference(&cut);
    let is_inside = nearly(area(&parts) + cut.area(), polygon.area());
    if is_inside && is_simple(&cut) {
        return Some(with_ring(polygon, cut));
    }
    merged(parts)
}

/// `polygon` and what `ring` encloses.
pub(super) fn joined(polygon: &Polygon, ring: Vec<Point>) -> Polygon {
    let part = Polygon::from_ring(ring);
    let parts = polygon.union(&part);
    let is_apart = nearly(area(&parts), polygon.area() + part.area());
    if is_apart && is_simple(&part) {
        return with_ring(polygon, part);
    }
    merged(parts).unwrap_or_else(|| polygon.clone())
}

fn with_ring(polygon: &Polygon, ring: Polygon) -> Polygon {
    let mut rings = polygon.rings.clone();
    rings.extend(ring.rings);
    Polygon { rings }
}

fn merged(parts: Vec<Polygon>) -> Option<Polygon> {
    let rings: Vec<_> = parts.into_iter().flat_map(|part| part.rings).collect();
    let polygon = Polygon { rings }.mapped(snapped);
    Shape::Polygon(polygon.clone()).check().ok()?;
    Some(polygon)
}

/// Whether no two of the ring's edges cross.
fn is_simple(ring: &Polygon) -> bool {
    nearly(area(&ring.repaired()), ring.area())
}

fn area(parts: &[Polygon]) -> f64 {
    parts.iter().map(Polygon::area).sum()
}

fn nearly(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1.0)
}
