//! Polygons of one or more rings.

mod boolean;
mod crossing;
mod hull;
mod simplify;
mod snap;

use crate::sort_by;
pub use crossing::EdgeIndex;
pub use hull::{convex_hull, min_area_box};
pub use simplify::{Simplify, simplify_path};
pub use snap::Contact;

use crate::{Point, Rect, Vec2};
use serde::{Deserialize, Serialize};

/// Closed rings, each without a repeated last point; the interior follows the even-odd rule.
///
/// A simple polygon has one ring; further rings are holes or separate parts.
/// A ring of fewer than three points encloses nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Polygon {
    pub rings: Vec<Vec<Point>>,
}

impl Polygon {
    pub fn from_ring(ring: Vec<Point>) -> Self {
        Self { rings: vec![ring] }
    }

    pub fn points(&self) -> impl Iterator<Item = Point> + '_ {
        self.rings.iter().flatten().copied()
    }

    /// The number of vertices over all rings.
    pub fn vertex_count(&self) -> usize {
        self.rings.iter().map(Vec::len).sum()
    }

    /// The edges of every ring, the closing one included.
    pub fn edges(&self) -> impl Iterator<Item = (Point, Point)> + '_ {
        self.rings.iter().flat_map(|ring| ring_edges(ring))
    }

    pub fn bounds(&self) -> Option<Rect> {
        Rect::around(self.points())
    }

    /// The area in square pixels (shoelace formula): of outlines less that of the holes in them,
    /// whatever the order and direction of the rings.
    ///
    /// Exact where no edges cross; see [`Polygon::repaired`].
    pub fn area(&self) -> f64 {
        if let [ring] = &self.rings[..] {
            return ring_area(ring);
        }
        let rings = self.rings.iter().zip(self.depths());
        rings
            .map(|(ring, depth)| match depth % 2 {
                0 => ring_area(ring),
                _ => -ring_area(ring),
            })
            .sum()
    }

    /// How many of the other rings each ring lies in; rings may touch but not cross.
    ///
    /// Quadratic in the number of rings, by extents; only rings within another's are looked at.
    pub(crate) fn depths(&self) -> Vec<usize> {
        let reach = |ring: &Vec<Point>| Rect::around(ring.iter().copied());
        let reaches: Vec<Option<Rect>> = self.rings.iter().map(reach).collect();
        // From left to right: what lies around a ring does not begin after it.
        let mut order: Vec<(usize, Rect)> = reaches
            .into_iter()
            .enumerate()
            .filter_map(|(index, reach)| Some((index, reach?)))
            .collect();
        sort_by(&mut order, |a, b| a.1.min.x.total_cmp(&b.1.min.x));
        let mut depths = vec![0; self.rings.len()];
        for (index, own) in &order {
            let before = order.partition_point(|(_, other)| other.min.x <= own.min.x);
            let around = order[..before].iter().filter(|(other, reach)| {
                let within = reach.max.x >= own.max.x
                    && reach.min.y <= own.min.y
                    && reach.max.y >= own.max.y;
                // Of two rings that coincide the later lies in the earlier.
                other != index
                    && within
                    && lies_in(&self.rings[*index], &self.rings[*other]).unwrap_or(other < index)
            });
            depths[*index] = around.count();
        }
        depths
    }

    /// Whether `p` is inside by the even-odd rule (ray casting, W. R. Franklin's PNPOLY).
    pub fn contains(&self, p: Point) -> bool {
        let around = self.rings.iter().filter(|ring| ring_contains(ring, p));
        around.count() % 2 == 1
    }

    /// The distance to the nearest edge; infinite without edges.
    pub fn distance_to_outline(&self, p: Point) -> f64 {
        self.edges()
            .map(|(a, b)| p.distance_to_segment(a, b))
            .fold(f64::INFINITY, f64::min)
    }

    #[must_use]
    pub fn translated(&self, by: Vec2) -> Self {
        self.mapped(|p| p + by)
    }

    /// Every vertex sent through `f`.
    #[must_use]
    pub fn mapped(&self, f: impl Fn(Point) -> Point) -> Self {
        let ring = |ring: &Vec<Point>| ring.iter().copied().map(&f).collect();
        Self {
            rings: self.rings.iter().map(ring).collect(),
        }
    }

    pub fn is_finite(&self) -> bool {
        self.points().all(Point::is_finite)
    }
}

/// Twice a ring's area with the sign of its direction: positive when clockwise on screen.
pub(crate) fn twice_signed_area(ring: &[Point]) -> f64 {
    let Some(origin) = ring.first() else {
        return 0.0;
    };
    // About a vertex of its own, so that a small ring far out keeps its digits.
    ring.windows(2)
        .map(|edge| (edge[0] - *origin).cross(edge[1] - *origin))
        .sum()
}

fn ring_area(ring: &[Point]) -> f64 {
    (twice_signed_area(ring) / 2.0).abs()
}

pub(crate) fn ring_edges(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    (0..ring.len()).map(move |i| (ring[i], ring[(i + 1) % ring.len()]))
}

/// Whether a ring lies in another, judged by the first middle of an edge that is not on the other's
/// outline; `None` where all are.
fn lies_in(ring: &[Point], outer: &[Point]) -> Option<bool> {
    let middles = ring_edges(ring).map(|(a, b)| a + (b - a) * 0.5);
    let mut free = middles.filter(|p| {
        let mut edges = ring_edges(outer);
        edges.all(|(a, b)| p.distance_to_segment(a, b) > 1e-9)
    });
    free.next().map(|p| ring_contains(outer, p))
}

fn ring_contains(ring: &[Point], p: Point) -> bool {
    let crossings = ring_edges(ring).filter(|(a, b)| {
        (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x
    });
    crossings.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(at: f64, side: f64) -> Vec<Point> {
        let min = Point::new(at, at);
        Rect::from_corners(min, min + Vec2::new(side, side))
            .corners()
            .to_vec()
    }

    #[test]
    fn a_hole_is_outside_and_not_counted() {
        let ring = Polygon {
            rings: vec![square(0.0, 10.0), square(4.0, 2.0)],
        };
        assert_eq!(ring.area(), 96.0);
        assert!(ring.contains(Point::new(1.0, 1.0)));
        assert!(!ring.contains(Point::new(5.0, 5.0)));
        assert!(!ring.contains(Point::new(11.0, 5.0)));
        assert_eq!(ring.distance_to_outline(Point::new(5.0, 5.0)), 1.0);
    }

    #[test]
    fn parts_add_up_and_islands_count() {
        let rings = [(0.0, 10.0), (20.0, 5.0), (1.0, 8.0), (2.0, 3.0), (6.0, 3.0)];
        let polygon = Polygon {
            rings: rings.map(|(at, side)| square(at, side)).to_vec(),
        };
        assert_eq!(polygon.area(), 100.0 + 25.0 - 64.0 + 9.0 + 9.0);
        let twice = Polygon {
            rings: vec![square(0.0, 10.0), square(0.0, 10.0)],
        };
        assert_eq!(twice.area(), 0.0);
    }

    #[test]
    fn nothing_encloses_nothing() {
        let empty = Polygon::default();
        assert_eq!(empty.area(), 0.0);
        assert_eq!(empty.bounds(), None);
        assert!(!empty.contains(Point::default()));
    }
}
