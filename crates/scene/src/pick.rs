//! What lies under a point, and what a rectangle touches.

use crate::order::Place;
use crate::shapes::{Entry, Shapes};
use std::cmp::Ordering;
use visionflow_geometry::{Point, Rect};
use visionflow_model::{AnnotationId, Shape};

/// How a point meets a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hit {
    Fill,
    Outline,
}

/// The annotation that a click at `point` means; see `Scene::pick`.
pub fn pick(shapes: &Shapes, point: Point, tolerance: f64) -> Option<AnnotationId> {
    let around = Rect {
        min: point,
        max: point,
    };
    shapes
        .index
        .touching(around.inflated(tolerance))
        .filter_map(|slot| {
            let entry = shapes.by_slot(slot)?;
            let hit = hit(entry, point, tolerance)?;
            Some((hit, slot, entry))
        })
        .max_by(|a, b| a.0.cmp(&b.0).then_with(|| preferred(a, b)))
        .map(|(_, _, entry)| entry.id)
}

/// Which of two equal hits is meant: the upper outline, or the smaller area of two fills.
fn preferred(a: &(Hit, u32, &Entry), b: &(Hit, u32, &Entry)) -> Ordering {
    let above = Place::of(a.1, a.2).compare(&Place::of(b.1, b.2));
    match a.0 {
        Hit::Outline => above,
        Hit::Fill => area(b.2).total_cmp(&area(a.2)).then(above),
    }
}

fn hit(entry: &Entry, point: Point, tolerance: f64) -> Option<Hit> {
    if entry.state.is_hidden() {
        return None;
    }
    let (distance, inside) = match &entry.shape {
        Shape::Box(rect) => (distance_to_border(*rect, point), rect.contains(point)),
        Shape::Polygon(polygon) => (polygon.distance_to_outline(point), polygon.contains(point)),
        _ => return None,
    };
    if distance <= tolerance {
        Some(Hit::Outline)
    } else {
        inside.then_some(Hit::Fill)
    }
}

fn area(entry: &Entry) -> f64 {
    match &entry.shape {
        Shape::Box(rect) => rect.area(),
        Shape::Polygon(polygon) => polygon.area(),
        _ => 0.0,
    }
}

fn distance_to_border(rect: Rect, p: Point) -> f64 {
    if rect.contains(p) {
        let x = (p.x - rect.min.x).min(rect.max.x - p.x);
        let y = (p.y - rect.min.y).min(rect.max.y - p.y);
        x.min(y)
    } else {
        let x = (rect.min.x - p.x).max(p.x - rect.max.x).max(0.0);
        let y = (rect.min.y - p.y).max(p.y - rect.max.y).max(0.0);
        x.hypot(y)
    }
}

/// The visible annotations that touch `rect`, bottom first.
pub fn in_rect(shapes: &Shapes, rect: Rect) -> Vec<AnnotationId> {
    let touches = |slot: u32| {
        let entry = shapes.by_slot(slot)?;
        (!entry.state.is_hidden() && touches(&entry.shape, rect))
            .then(|| (Place::of(slot, entry), entry))
    };
    let mut found: Vec<_> = shapes.index.touching(rect).filter_map(touches).collect();
    found.sort_unstable_by(|a, b| a.0.compare(&b.0));
    found.into_iter().map(|(_, entry)| entry.id).collect()
}

fn touches(shape: &Shape, rect: Rect) -> bool {
    match shape {
        Shape::Box(bounds) => bounds.intersects(rect),
        Shape::Polygon(polygon) => {
            polygon.contains(rect.min) || polygon.edges().any(|(a, b)| crosses(rect, a, b))
        }
        _ => false,
    }
}

/// Whether the segment from `a` to `b` has a point in `rect`.
fn crosses(rect: Rect, a: Point, b: Point) -> bool {
    let along = b - a;
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (start, step, low, high) in [
        (a.x, along.x, rect.min.x, rect.max.x),
        (a.y, along.y, rect.min.y, rect.max.y),
    ] {
        if step == 0.0 {
            if start < low || start > high {
                return false;
            }
            continue;
        }
        let (t0, t1) = ((low - start) / step, (high - start) / step);
        enter = enter.max(t0.min(t1));
        leave = leave.min(t0.max(t1));
    }
    enter <= leave
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_to_a_border_counts_from_both_sides() {
        let rect = Rect::from_size(10.0, 4.0);
        let check = |x, y, expected| {
            assert_eq!(distance_to_border(rect, Point::new(x, y)), expected);
        };
        check(5.0, 1.0, 1.0);
        check(9.5, 2.0, 0.5);
        check(13.0, 8.0, 5.0);
        check(-2.0, 2.0, 2.0);
    }

    #[test]
    fn a_segment_may_cross_without_an_end_inside() {
        let rect = Rect::from_size(10.0, 10.0);
        let check = |a: (f64, f64), b: (f64, f64), expected| {
            let (a, b) = (Point::new(a.0, a.1), Point::new(b.0, b.1));
            assert_eq!(crosses(rect, a, b), expected);
        };
        check((-5.0, 5.0), (15.0, 5.0), true);
        check((-5.0, 5.0), (5.0, -5.0), true);
        check((-5.0, 4.0), (4.0, -5.0), false);
        check((3.0, 3.0), (4.0, 4.0), true);
        check((11.0, -5.0), (11.0, 20.0), false);
    }
}
