//! Doubles dropped: non-maximum suppression, class by class, of boxes that may stand at an angle.

use visionflow_geometry::{Point, RotatedBox};

/// Of more candidates than this only the best are looked at.
const MAX_CANDIDATES: usize = 30_000;

/// A box that a model proposes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    pub class: usize,
    pub score: f32,
    pub area: RotatedBox,
}

/// The indices of those to keep, the best first and at most `limit`: greedily, each that overlaps no
/// kept one of its class by more than `iou`. Of equal scores the earlier comes first.
pub fn suppress(found: &[Scored], iou: f32, limit: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|a, b| found[*b].score.total_cmp(&found[*a].score));
    order.truncate(MAX_CANDIDATES);
    let mut kept: Vec<usize> = Vec::new();
    for index in order {
        if kept.len() == limit {
            break;
        }
        let own = &found[index];
        let double = |other: &usize| {
            let other = &found[*other];
            other.class == own.class && overlap(other.area, own.area) > f64::from(iou)
        };
        if !kept.iter().any(double) {
            kept.push(index);
        }
    }
    kept
}

/// Intersection over union; 0 for boxes without an area.
pub fn overlap(a: RotatedBox, b: RotatedBox) -> f64 {
    let both = intersection(a, b);
    let either = a.area() + b.area() - both;
    if either > 0.0 {
        (both / either).clamp(0.0, 1.0)
    } else {
        0.0
    }
}

fn intersection(a: RotatedBox, b: RotatedBox) -> f64 {
    if a.angle == 0.0 && b.angle == 0.0 {
        let along = |at: f64, size: f64, other: f64, length: f64| {
            (at + size / 2.0).min(other + length / 2.0)
                - (at - size / 2.0).max(other - length / 2.0)
        };
        let wide = along(a.center.x, a.size.x, b.center.x, b.size.x);
        let high = along(a.center.y, a.size.y, b.center.y, b.size.y);
        return wide.max(0.0) * high.max(0.0);
    }
    let apart = (a.center - b.center).length();
    if apart > f64::midpoint(a.size.length(), b.size.length()) {
        return 0.0;
    }
    // Sutherland and Hodgman 1974: one cut by each side of the other.
    let cutter = b.corners();
    let mut rest = a.corners().to_vec();
    for i in 0..4 {
        rest = cut(&rest, cutter[i], cutter[(i + 1) % 4]);
    }
    area(&rest)
}

/// What lies to the right of the line, seen on a screen.
fn cut(ring: &[Point], from: Point, to: Point) -> Vec<Point> {
    let side = |p: Point| (to - from).cross(p - from);
    let mut rest = Vec::with_capacity(ring.len() + 1);
    for i in 0..ring.len() {
        let (p, next) = (ring[i], ring[(i + 1) % ring.len()]);
        let (here, there) = (side(p), side(next));
        if here >= 0.0 {
            rest.push(p);
        }
        if (here >= 0.0) != (there >= 0.0) {
            rest.push(p + (next - p) * (here / (here - there)));
        }
    }
    rest
}

fn area(ring: &[Point]) -> f64 {
    let Some(origin) = ring.first() else {
        return 0.0;
    };
    let pairs = ring
        .windows(2)
        .map(|pair| (pair[0] - *origin).cross(pair[1] - *origin));
    pairs.sum::<f64>().abs() / 2.0
}

#[cfg(test)]
mod tests;
