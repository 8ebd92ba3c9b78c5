//! Whether edges cross, and which.
//!
//! Edges are swept from left to right by their extents; only those whose extents meet are compared.

use super::{Polygon, ring_edges};
use crate::Point;
use crate::sort_by;

/// An edge of a polygon: from vertex `edge` of a ring to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EdgeIndex {
    pub ring: usize,
    pub edge: usize,
}

impl Polygon {
    /// Whether two edges meet anywhere but at a vertex of both, or a ring turns back on itself.
    pub fn self_intersects(&self) -> bool {
        !self.crossings(1).is_empty()
    }

    /// Pairs of edges that meet anywhere but at a vertex of both; at most `limit` of them.
    ///
    /// O(n log n) for outlines as people draw them.
    pub fn crossings(&self, limit: usize) -> Vec<(EdgeIndex, EdgeIndex)> {
        let rings = self.rings.iter().enumerate();
        let mut edges: Vec<(EdgeIndex, Point, Point)> = rings
            .flat_map(|(ring, points)| {
                let edges = ring_edges(points).enumerate();
                edges.map(move |(edge, (a, b))| (EdgeIndex { ring, edge }, a, b))
            })
            .filter(|(_, a, b)| a != b)
            .collect();
        let left = |a: Point, b: Point| a.x.min(b.x);
        sort_by(&mut edges, |p, q| left(p.1, p.2).total_cmp(&left(q.1, q.2)));
        let mut active: Vec<usize> = Vec::new();
        let mut found = Vec::new();
        for (index, (name, a, b)) in edges.iter().enumerate() {
            let from = left(*a, *b);
            active.retain(|other| edges[*other].1.x.max(edges[*other].2.x) >= from);
            for (other, c, d) in active.iter().map(|other| &edges[*other]) {
                if segments_meet((*a, *b), (*c, *d)) {
                    found.push((*other.min(name), *other.max(name)));
                    if found.len() >= limit {
                        return found;
                    }
                }
            }
            active.push(index);
        }
        found
    }
}

/// Whether two segments of some length share a point that is not an end of both, or overlap.
pub(crate) fn segments_meet((a, b): (Point, Point), (c, d): (Point, Point)) -> bool {
    let apart = |p: f64, q: f64, r: f64, s: f64| p.max(q) < r.min(s) || r.max(s) < p.min(q);
    if apart(a.y, b.y, c.y, d.y) || apart(a.x, b.x, c.x, d.x) {
        return false;
    }
    let side = |a: Point, b: Point, p: Point| (b - a).cross(p - a);
    let (of_c, of_d) = (side(a, b, c), side(a, b, d));
    let (of_a, of_b) = (side(c, d, a), side(c, d, b));
    if (of_c > 0.0) != (of_d > 0.0)
        && (of_a > 0.0) != (of_b > 0.0)
        && [of_a, of_b, of_c, of_d].iter().all(|side| *side != 0.0)
    {
        return true;
    }
    let within = |a: Point, b: Point, p: Point| p != a && p != b && (p - a).dot(p - b) < 0.0;
    let on = |side: f64, a: Point, b: Point, p: Point| side == 0.0 && within(a, b, p);
    let touches = on(of_c, a, b, c) || on(of_d, a, b, d) || on(of_a, c, d, a) || on(of_b, c, d, b);
    touches || (a == c && b == d) || (a == d && b == c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ring: &[(f64, f64)], crosses: bool) {
        let ring = ring.iter().map(|(x, y)| Point::new(*x, *y)).collect();
        let polygon = Polygon::from_ring(ring);
        assert_eq!(polygon.self_intersects(), crosses, "{polygon:?}");
    }

    #[test]
    fn crossings_are_found_and_shared_vertices_are_none() {
        check(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)], false);
        check(&[(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)], true);
        // A vertex on an edge.
        check(
            &[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 0.0), (0.0, 4.0)],
            true,
        );
        // A spike that goes back where it came from.
        check(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (4.0, -4.0)], true);
        // Two triangles that share a vertex.
        let twins = [
            (0.0, 0.0),
            (2.0, 2.0),
            (4.0, 0.0),
            (4.0, 4.0),
            (2.0, 2.0),
            (0.0, 4.0),
        ];
        check(&twins, false);
        check(&[(0.0, 0.0), (0.0, 0.0), (4.0, 0.0), (4.0, 4.0)], false);
        check(&[], false);
    }

    #[test]
    fn many_vertices_are_looked_at_in_time() {
        let ring: Vec<Point> = (0..100_000)
            .map(|i| {
                let angle = f64::from(i) / 100_000.0 * std::f64::consts::TAU;
                Point::new(5000.0 * angle.cos(), 5000.0 * angle.sin())
            })
            .collect();
        assert!(!Polygon::from_ring(ring).self_intersects());
    }
}
