//! Paths drawn by hand: even steps, less tremor, few vertices.

use crate::{Point, Simplify, simplify_path};

/// A path with a point every `spacing` pixels or so, its ends included.
///
/// Points that are no numbers or repeat the one before are left out.
/// At most 20,001 points come back, however long the path.
pub fn resampled(path: &[Point], spacing: f64) -> Vec<Point> {
    let mut points: Vec<Point> = path.iter().copied().filter(|p| p.is_finite()).collect();
    points.dedup();
    let length: f64 = points
        .windows(2)
        .map(|edge| edge[0].distance(edge[1]))
        .sum();
    let count = (length / spacing).round().clamp(1.0, 20_000.0) as usize;
    let [first, .., last] = points[..] else {
        return points;
    };
    let step = length / count as f64;
    let mut result = vec![first];
    let (mut walked, mut due) = (0.0, step);
    for edge in points.windows(2) {
        let own = edge[0].distance(edge[1]);
        while due <= walked + own && result.len() < count {
            result.push(edge[0] + (edge[1] - edge[0]) * ((due - walked) / own));
            due += step;
        }
        walked += own;
    }
    result.push(last);
    result
}

/// A path without the tremor of the hand: resampled every `tolerance` pixels, each point drawn
/// towards its neighbours (a binomial filter of seven), then simplified to `tolerance`.
/// Its ends stay where they are.
pub fn smoothed(path: &[Point], tolerance: f64) -> Vec<Point> {
    if !tolerance.is_finite() || tolerance <= 0.0 {
        return path.to_vec();
    }
    let mut points = resampled(path, tolerance);
    for _ in 0..3 {
        let inner: Vec<Point> = points
            .windows(3)
            .map(|p| binomial(p[0], p[1], p[2]))
            .collect();
        for (point, smooth) in points.iter_mut().skip(1).zip(inner) {
            *point = smooth;
        }
    }
    simplify_path(&points, Simplify::Distance(tolerance / 2.0))
}

fn binomial(before: Point, point: Point, after: Point) -> Point {
    point + ((before - point) * 0.25 + (after - point) * 0.25)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_even_and_the_ends_stay() {
        let p = Point::new;
        let path = [
            p(0.0, 0.0),
            p(0.0, 0.0),
            p(3.0, 0.0),
            p(f64::NAN, 0.0),
            p(3.0, 7.0),
        ];
        let even = resampled(&path, 2.0);
        let expected = [
            p(0.0, 0.0),
            p(2.0, 0.0),
            p(3.0, 1.0),
            p(3.0, 3.0),
            p(3.0, 5.0),
            p(3.0, 7.0),
        ];
        assert_eq!(even, expected);
        assert_eq!(resampled(&path[..2], 2.0), &path[..1]);
        assert_eq!(resampled(&[], 2.0), []);
        assert_eq!(resampled(&[p(0.0, 0.0), p(1e9, 0.0)], 1e-9).len(), 20_001);
    }

    #[test]
    fn tremor_goes_and_the_line_stays() {
        let wobble = [0.4, -0.3, 0.1, -0.5, 0.3];
        let path: Vec<Point> = (0..200)
            .map(|i| Point::new(f64::from(i), 50.0 + wobble[i as usize % 5]))
            .collect();
        let smooth = smoothed(&path, 1.5);
        assert!(smooth.len() < 6, "{}", smooth.len());
        assert_eq!((smooth.first(), smooth.last()), (path.first(), path.last()));
        for p in &path {
            let off = |edge: &[Point]| p.distance_to_segment(edge[0], edge[1]);
            assert!(smooth.windows(2).map(off).fold(9.0, f64::min) < 1.5);
        }
        assert_eq!(smoothed(&path, 0.0), path);
    }
}
