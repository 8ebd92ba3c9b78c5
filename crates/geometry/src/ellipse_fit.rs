//! Ellipses from outlines and outlines from ellipses.

use crate::polygon::{ring_edges, twice_signed_area};
use crate::{Ellipse, Point, Polygon, Vec2};
use std::f64::consts::PI;

/// Vertices of a polygon made of an ellipse.
const VERTICES: std::ops::RangeInclusive<usize> = 8..=1024;

impl Ellipse {
    /// A polygon of the very same area, whose outline is nowhere farther than about `tolerance`
    /// pixels from the ellipse's; 8 to 1,024 vertices.
    pub fn to_polygon(self, tolerance: f64) -> Polygon {
        let largest = self.radii.x.abs().max(self.radii.y.abs());
        // A chord is a sagitta of r (1 - cos(π / n)) away; rounded as the tolerance may be zero.
        let angle = (1.0 - (tolerance / largest).clamp(0.0, 1.0)).acos();
        let wanted = (PI / angle.max(1e-4)).ceil();
        let count = (wanted as usize).clamp(*VERTICES.start(), *VERTICES.end());
        let n = count as f64;
        let growth = (PI / (n / 2.0 * (2.0 * PI / n).sin())).sqrt();
        let grown = Self {
            radii: self.radii * growth,
            ..self
        };
        Polygon::from_ring(grown.points(count).collect())
    }

    /// The ellipse of the same area, centre and second moments as the polygon
    /// (C. Steger, "On the calculation of arbitrary moments of polygons", 1996).
    ///
    /// An ellipse's own polygon gives it back; `None` for what has no area.
    pub fn fitted(polygon: &Polygon) -> Option<Self> {
        let origin = polygon.bounds()?.center();
        let rings = polygon.rings.iter().zip(polygon.depths());
        let moments = rings.fold(Moments::default(), |sum, (ring, depth)| {
            let outline = depth.is_multiple_of(2);
            let clockwise = twice_signed_area(ring) > 0.0;
            sum.plus(
                Moments::of(ring, origin),
                if outline == clockwise { 1.0 } else { -1.0 },
            )
        });
        moments.ellipse(origin)
    }
}

/// Integrals of 1, x, y, x², xy and y² over an area.
#[derive(Clone, Copy, Default)]
struct Moments {
    area: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
}

impl Moments {
    /// With the sign of the ring's direction.
    fn of(ring: &[Point], origin: Point) -> Self {
        ring_edges(ring).fold(Self::default(), |sum, (a, b)| {
            let (a, b) = (a - origin, b - origin);
            let cross = a.cross(b);
            let edge = Self {
                area: cross / 2.0,
                x: cross * (a.x + b.x) / 6.0,
                y: cross * (a.y + b.y) / 6.0,
                xx: cross * (a.x * a.x + a.x * b.x + b.x * b.x) / 12.0,
                xy: cross * (2.0 * (a.x * a.y + b.x * b.y) + a.x * b.y + b.x * a.y) / 24.0,
                yy: cross * (a.y * a.y + a.y * b.y + b.y * b.y) / 12.0,
            };
            sum.plus(edge, 1.0)
        })
    }

    fn plus(self, other: Self, sign: f64) -> Self {
        Self {
            area: self.area + sign * other.area,
            x: self.x + sign * other.x,
            y: self.y + sign * other.y,
            xx: self.xx + sign * other.xx,
            xy: self.xy + sign * other.xy,
            yy: self.yy + sign * other.yy,
        }
    }

    fn ellipse(self, origin: Point) -> Option<Ellipse> {
        if !self.area.is_finite() || self.area <= 0.0 {
            return None;
        }
        let (x, y) = (self.x / self.area, self.y / self.area);
        let xx = self.xx / self.area - x * x;
        let xy = self.xy / self.area - x * y;
        let yy = self.yy / self.area - y * y;
        // Half axes are twice the roots of the covariance's eigenvalues.
        let spread = ((xx - yy) / 2.0).hypot(xy);
        let middle = f64::midpoint(xx, yy);
        let radii = Vec2::new(
            2.0 * (middle + spread).max(0.0).sqrt(),
            2.0 * (middle - spread).max(0.0).sqrt(),
        );
        // The area is kept where the moments alone would not (a square is no ellipse).
        let scale = (self.area / (PI * radii.x * radii.y)).sqrt();
        let ellipse = Ellipse {
            center: origin + Vec2::new(x, y),
            radii: if scale.is_finite() {
                radii * scale
            } else {
                radii
            },
            angle: (2.0 * xy).atan2(xx - yy) / 2.0,
        };
        Some(ellipse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rect;

    fn ellipse(angle: f64) -> Ellipse {
        Ellipse {
            center: Point::new(1000.0, 40.0),
            radii: Vec2::new(30.0, 12.0),
            angle,
        }
    }

    #[test]
    fn an_ellipse_comes_back_from_its_polygon() {
        for angle in [-1.2, 0.0, 0.4, 1.5] {
            let polygon = ellipse(angle).to_polygon(0.1);
            assert!((polygon.area() - ellipse(angle).area()).abs() < 1e-6);
            let back = Ellipse::fitted(&polygon).unwrap();
            assert!(back.center.distance(ellipse(angle).center) < 1e-6);
            assert!(
                (back.radii - ellipse(angle).radii).length() < 1e-3,
                "{back:?}"
            );
            assert!((back.angle - angle).abs() < 1e-6, "{back:?}");
        }
    }

    #[test]
    fn outlines_keep_within_their_tolerance() {
        for tolerance in [0.01, 0.1, 1.0] {
            let polygon = ellipse(0.3).to_polygon(tolerance);
            for p in ellipse(0.3).points(5000) {
                assert!(
                    polygon.distance_to_outline(p) <= tolerance * 1.05,
                    "{tolerance}"
                );
            }
        }
        assert_eq!(ellipse(0.0).to_polygon(0.0).vertex_count(), 1024);
        assert_eq!(Ellipse::default().to_polygon(0.1).vertex_count(), 8);
    }

    #[test]
    fn holes_and_directions_are_heeded() {
        let square = |half: f64| {
            let center = Point::new(5.0, 5.0);
            Rect::from_corners(center, center)
                .inflated(half)
                .corners()
                .to_vec()
        };
        let mut hole = square(2.0);
        let check = |hole: Vec<Point>| {
            let polygon = Polygon {
                rings: vec![square(4.0), hole],
            };
            let fitted = Ellipse::fitted(&polygon).unwrap();
            assert!((fitted.area() - 48.0).abs() < 1e-9);
            assert!(fitted.center.distance(Point::new(5.0, 5.0)) < 1e-9);
        };
        check(hole.clone());
        hole.reverse();
        check(hole);
        let line = Polygon::from_ring(vec![Point::new(0.0, 0.0), Point::new(9.0, 9.0)]);
        assert_eq!(Ellipse::fitted(&line), None);
        assert_eq!(Ellipse::fitted(&Polygon::default()), None);
    }
}
