//! Fewer vertices: Ramer, Douglas and Peucker's method by distance (1972, 1973) and Visvalingam and
//! Whyatt's by area (1993), for open paths and for polygons, whose rings stay as simple as they were.

use super::{EdgeIndex, Polygon};
use crate::Point;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// Which vertices may go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Simplify {
    /// Those whose loss moves the outline by at most so many pixels (Ramer-Douglas-Peucker).
    Distance(f64),
    /// Those that span a triangle of less than so many square pixels with their neighbours
    /// (Visvalingam-Whyatt).
    Area(f64),
}

/// Crossings looked at in one round; a scribble that crosses itself everywhere has far more.
const MANY: usize = 10_000;
/// How often a vertex is looked at on average, at most; a path as drawn takes ten to twenty.
const MOST_LOOKS: usize = 64;

impl Polygon {
    /// The polygon with fewer vertices, none of them new.
    ///
    /// Every ring that encloses something keeps at least three vertices, and where the result would
    /// cross itself and the original did not, vertices are put back.
    pub fn simplified(&self, method: Simplify) -> Self {
        let kept = self.rings.iter().map(|ring| keep_ring(ring, method));
        let mut kept: Vec<Vec<usize>> = kept.collect();
        loop {
            let result = self.of(&kept);
            let crossings = result.crossings(MANY);
            let edges: BTreeSet<EdgeIndex> =
                crossings.into_iter().flat_map(|(a, b)| [a, b]).collect();
            let mut changed = false;
            // From the last edge on, so that the indices of those before stay true.
            for at in edges.into_iter().rev() {
                changed |= put_back(&self.rings[at.ring], &mut kept[at.ring], at.edge);
            }
            if !changed {
                return result;
            }
        }
    }

    fn of(&self, kept: &[Vec<usize>]) -> Self {
        let rings = self.rings.iter().zip(kept);
        Self {
            rings: rings
                .map(|(ring, kept)| kept.iter().map(|index| ring[*index]).collect())
                .collect(),
        }
    }
}

/// An open path with fewer vertices, none of them new; its ends stay.
pub fn simplify_path(path: &[Point], method: Simplify) -> Vec<Point> {
    let kept = keep_path(path, method);
    kept.into_iter().map(|index| path[index]).collect()
}

fn keep_path(path: &[Point], method: Simplify) -> Vec<usize> {
    match method {
        _ if path.len() < 3 => (0..path.len()).collect(),
        Simplify::Distance(tolerance) => {
            let mut keep = vec![false; path.len()];
            (keep[0], keep[path.len() - 1]) = (true, true);
            peucker(path, 0, path.len() - 1, tolerance, &mut keep);
            (0..path.len()).filter(|index| keep[*index]).collect()
        }
        Simplify::Area(area) => visvalingam(path, area, false),
    }
}

fn keep_ring(ring: &[Point], method: Simplify) -> Vec<usize> {
    match method {
        _ if ring.len() < 4 => (0..ring.len()).collect(),
        Simplify::Distance(tolerance) => keep_ring_by_distance(ring, tolerance),
        Simplify::Area(area) => visvalingam(ring, area, true),
    }
}

/// Cuts the ring at two vertices far from each other and simplifies the halves as paths.
fn keep_ring_by_distance(ring: &[Point], tolerance: f64) -> Vec<usize> {
    let n = ring.len();
    let farthest = |from: Point| {
        (0..n)
            .max_by(|a, b| from.distance(ring[*a]).total_cmp(&from.distance(ring[*b])))
            .unwrap_or(0)
    };
    let first = farthest(ring[0]);
    let second = farthest(ring[first]);
    let (first, second) = (first.min(second), first.max(second));
    if first == second {
        return vec![0, 1, 2];
    }
    // The ring opened at `first`, which stands at both ends.
    let opened: Vec<Point> = (0..=n).map(|i| ring[(first + i) % n]).collect();
    let mut keep = vec![false; n + 1];
    let middle = second - first;
    (keep[0], keep[middle]) = (true, true);
    peucker(&opened, 0, middle, tolerance, &mut keep);
    peucker(&opened, middle, n, tolerance, &mut keep);
    if keep[..n].iter().filter(|keep| **keep).count() < 3 {
        // A flat ring keeps the vertex that is farthest from its axis.
        let off = |i: &usize| opened[*i].distance_to_segment(opened[0], opened[middle]);
        let widest = (0..n).filter(|i| *i != 0 && *i != middle);
        if let Some(widest) = widest.max_by(|a, b| off(a).total_cmp(&off(b))) {
            keep[widest] = true;
        }
    }
    let mut kept: Vec<usize> = (0..n)
        .filter(|i| keep[*i])
        .map(|i| (first + i) % n)
        .collect();
    kept.sort_unstable();
    kept
}

/// Marks what is kept between two vertices that are; without recursion, for long paths.
///
/// The method is quadratic on paths made for it; past [`MOST_LOOKS`] a vertex, what is not decided
/// is kept.
fn peucker(path: &[Point], from: usize, to: usize, tolerance: f64, keep: &mut [bool]) {
    let mut budget = (to - from) * MOST_LOOKS;
    let mut pieces = vec![(from, to)];
    while let Some((from, to)) = pieces.pop() {
        if budget < to - from {
            keep[from..to].fill(true);
            continue;
        }
        budget -= to - from;
        if let Some((index, distance)) = farthest_between(path, from, to)
            && distance > tolerance
        {
            keep[index] = true;
            pieces.extend([(from, index), (index, to)]);
        }
    }
}

fn farthest_between(path: &[Point], from: usize, to: usize) -> Option<(usize, f64)> {
    let off = |index: usize| path[index].distance_to_segment(path[from], path[to]);
    let between = (from + 1..to).map(|index| (index, off(index)));
    between.max_by(|a, b| a.1.total_cmp(&b.1))
}

/// Drops the vertex of the least triangle until none is below `area`; a heap holds them.
fn visvalingam(points: &[Point], area: f64, ring: bool) -> Vec<usize> {
    let n = points.len();
    let mut before: Vec<usize> = (0..n).map(|i| (i + n - 1) % n).collect();
    let mut after: Vec<usize> = (0..n).map(|i| (i + 1) % n).collect();
    let mut left = vec![true; n];
    let triangle = |a: usize, b: usize, c: usize| {
        ((points[b] - points[a]).cross(points[c] - points[a]) / 2.0).abs()
    };
    // The bits of a positive number order as the number does.
    let entry = |a, b, c, least: f64| Reverse((triangle(a, b, c).max(least).to_bits(), b, a, c));
    let inner = if ring { 0..n } else { 1..n - 1 };
    let mut heap: BinaryHeap<_> = inner
        .clone()
        .map(|i| entry(before[i], i, after[i], 0.0))
        .collect();
    let (mut count, least) = (n, if ring { 3 } else { 2 });
    while count > least
        && let Some(Reverse((bits, index, a, c))) = heap.pop()
    {
        let own = f64::from_bits(bits);
        if own >= area {
            break;
        }
        if !left[index] || before[index] != a || after[index] != c {
            continue;
        }
        left[index] = false;
        count -= 1;
        (after[a], before[c]) = (c, a);
        for i in [a, c] {
            if inner.contains(&i) {
                heap.push(entry(before[i], i, after[i], own));
            }
        }
    }
    (0..n).filter(|i| left[*i]).collect()
}

/// Puts back the vertex farthest from an edge of the simplified ring; `false` where there is none.
fn put_back(ring: &[Point], kept: &mut Vec<usize>, edge: usize) -> bool {
    let (from, to) = (kept[edge], kept[(edge + 1) % kept.len()]);
    let n = ring.len();
    let count = (to + n - from - 1) % n;
    let off = |i: usize| ring[(from + i) % n].distance_to_segment(ring[from], ring[to]);
    let farthest = (1..=count).max_by(|a, b| off(*a).total_cmp(&off(*b)));
    let Some(step) = farthest else {
        return false;
    };
    let index = (from + step) % n;
    let at = kept.partition_point(|kept| *kept < index);
    kept.insert(at, index);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wavy(n: usize) -> Vec<Point> {
        (0..n)
            .map(|i| {
                let angle = i as f64 / n as f64 * std::f64::consts::TAU;
                let radius = 100.0 + (angle * 9.0).sin() * 20.0 + (angle * 57.0).cos();
                Point::new(200.0 + radius * angle.cos(), 200.0 + radius * angle.sin())
            })
            .collect()
    }

    #[test]
    fn what_is_dropped_was_near() {
        let polygon = Polygon::from_ring(wavy(2000));
        for tolerance in [0.1, 1.0, 5.0] {
            let simple = polygon.simplified(Simplify::Distance(tolerance));
            assert!(simple.vertex_count() < 700, "{}", simple.vertex_count());
            for p in polygon.points() {
                assert!(simple.distance_to_outline(p) <= tolerance + 1e-9);
            }
            assert!(!simple.self_intersects());
        }
    }

    #[test]
    fn areas_change_little_by_visvalingam() {
        let polygon = Polygon::from_ring(wavy(2000));
        let simple = polygon.simplified(Simplify::Area(4.0));
        assert!(simple.vertex_count() < 200 && simple.vertex_count() > 20);
        assert!((simple.area() / polygon.area() - 1.0).abs() < 0.01);
    }

    #[test]
    fn ends_and_corners_stay() {
        let p = Point::new;
        let path = [
            p(0.0, 0.0),
            p(5.0, 0.1),
            p(10.0, 0.0),
            p(10.0, 5.0),
            p(10.0, 10.0),
        ];
        let expected = [p(0.0, 0.0), p(10.0, 0.0), p(10.0, 10.0)];
        assert_eq!(simplify_path(&path, Simplify::Distance(0.5)), expected);
        assert_eq!(simplify_path(&path, Simplify::Area(1.0)), expected);
        assert_eq!(
            simplify_path(&path[..1], Simplify::Distance(0.5)),
            &path[..1]
        );
        let corners = wavy(3);
        let triangle = Polygon::from_ring(corners.clone());
        let huge = triangle.simplified(Simplify::Distance(1e9));
        assert_eq!(huge.rings, [corners]);
        let kept = Polygon::from_ring(wavy(50)).simplified(Simplify::Distance(1e9));
        assert_eq!(kept.vertex_count(), 3);
    }

    proptest! {
        #[test]
        fn simple_rings_stay_simple(
            radii in proptest::collection::vec(5.0..100.0, 3..60), tolerance in 0.0..60.0,
        ) {
            let n = radii.len() as f64;
            let points = radii.iter().enumerate().map(|(i, radius)| {
                let angle = i as f64 / n * std::f64::consts::TAU;
                Point::new(radius * angle.cos(), radius * angle.sin())
            });
            let polygon = Polygon::from_ring(points.collect());
            prop_assume!(!polygon.self_intersects());
            for method in [Simplify::Distance(tolerance), Simplify::Area(tolerance * 10.0)] {
                let simple = polygon.simplified(method);
                prop_assert!(!simple.self_intersects());
                prop_assert!(simple.vertex_count() >= 3);
                prop_assert!(simple.points().all(|p| polygon.points().any(|q| p == q)));
            }
        }
    }
}
