//! Polygons of one or more rings.

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
        self.rings
            .iter()
            .flat_map(|ring| (0..ring.len()).map(move |i| (ring[i], ring[(i + 1) % ring.len()])))
    }

    pub fn bounds(&self) -> Option<Rect> {
        Rect::around(self.points())
    }

    /// The area in square pixels: the first ring's less that of the others (shoelace formula).
    ///
    /// Exact for an outline with holes inside it.
    pub fn area(&self) -> f64 {
        let mut rings = self.rings.iter();
        let outer = rings.next().map_or(0.0, |ring| ring_area(ring));
        (outer - rings.map(|ring| ring_area(ring)).sum::<f64>()).abs()
    }

    /// Whether `p` is inside by the even-odd rule (ray casting, W. R. Franklin's PNPOLY).
    pub fn contains(&self, p: Point) -> bool {
        let crossings = self
            .edges()
            .filter(|(a, b)| {
                (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x
            })
            .count();
        crossings % 2 == 1
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

fn ring_area(ring: &[Point]) -> f64 {
    let n = ring.len();
    let twice: f64 = (0..n)
        .map(|i| {
            let (a, b) = (ring[i], ring[(i + 1) % n]);
            a.x * b.y - b.x * a.y
        })
        .sum();
    (twice / 2.0).abs()
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
    fn nothing_encloses_nothing() {
        let empty = Polygon::default();
        assert_eq!(empty.area(), 0.0);
        assert_eq!(empty.bounds(), None);
        assert!(!empty.contains(Point::default()));
    }
}
