//! What encloses points most tightly: the convex hull, and the rectangle of least area.

use crate::sort_by;
use crate::{Point, Polygon, RotatedBox, Vec2};

/// The convex hull, clockwise on screen, without vertices on its edges (monotone chain,
/// A. M. Andrew 1979). Points that are no numbers are left out; fewer than three points in general
/// position give what there is of them.
pub fn convex_hull(points: impl IntoIterator<Item = Point>) -> Vec<Point> {
    let mut points: Vec<Point> = points.into_iter().filter(|p| p.is_finite()).collect();
    sort_by(&mut points, |a, b| {
        a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y))
    });
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let mut hull = chain(points.iter().copied());
    hull.pop();
    let mut back = chain(points.iter().rev().copied());
    back.pop();
    hull.extend(back);
    hull
}

fn chain(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut hull: Vec<Point> = Vec::new();
    for p in points {
        while let [.., a, b] = hull[..]
            && (b - a).cross(p - b) <= 0.0
        {
            hull.pop();
        }
        hull.push(p);
    }
    hull
}

/// The rectangle of least area around the points: one side lies along an edge of the hull
/// (H. Freeman and R. Shapira 1975), found with rotating calipers (G. Toussaint 1983).
///
/// Its angle is within (-π/4, π/4]; `None` for no points.
pub fn min_area_box(points: impl IntoIterator<Item = Point>) -> Option<RotatedBox> {
    let hull = convex_hull(points);
    let n = hull.len();
    if n < 2 {
        let center = *hull.first()?;
        return Some(RotatedBox {
            center,
            ..RotatedBox::default()
        });
    }
    let mut best: Option<(f64, RotatedBox)> = None;
    // The hull's vertices farthest along the edge, across it, and back.
    let (mut along, mut across, mut back) = (1, 1, 0);
    for i in 0..n {
        let edge = hull[(i + 1) % n] - hull[i];
        let axis = edge * (1.0 / edge.length());
        let side = Vec2::new(-axis.y, axis.x);
        let advance = |from: usize, direction: Vec2| {
            let reach = |k: usize| (hull[k % n] - hull[i]).dot(direction);
            let ahead = (from..from + n).find(|k| reach(k + 1) <= reach(*k));
            ahead.unwrap_or(from)
        };
        along = advance(along.max(i + 1), axis);
        across = advance(across.max(along), side);
        back = advance(back.max(across), axis * -1.0);
        let reach = |k: usize, direction: Vec2| (hull[k % n] - hull[i]).dot(direction);
        let (low, high) = (reach(back, axis), reach(along, axis));
        let size = Vec2::new(high - low, reach(across, side));
        let area = size.x * size.y;
        if best.is_none_or(|(least, _)| area < least) {
            let center = hull[i] + axis * f64::midpoint(low, high) + side * (size.y / 2.0);
            let angle = axis.y.atan2(axis.x);
            best = Some((
                area,
                RotatedBox {
                    center,
                    size,
                    angle,
                }
                .upright(),
            ));
        }
    }
    best.map(|(_, around)| around)
}

impl RotatedBox {
    /// The same rectangle with its angle in (-π/4, π/4]: sides swap their names as needed.
    pub fn upright(self) -> Self {
        use std::f64::consts::{FRAC_PI_2, FRAC_PI_4};
        let quarters = ((self.angle - FRAC_PI_4) / FRAC_PI_2).ceil();
        let swapped = quarters.rem_euclid(2.0) == 1.0;
        let Vec2 { x, y } = self.size;
        Self {
            center: self.center,
            size: if swapped { Vec2::new(y, x) } else { self.size },
            angle: self.angle - quarters * FRAC_PI_2,
        }
    }
}

impl Polygon {
    /// The convex hull of all rings.
    pub fn hull(&self) -> Self {
        Self::from_ring(convex_hull(self.points()))
    }

    /// The rectangle of least area around it; `None` without vertices.
    pub fn min_area_box(&self) -> Option<RotatedBox> {
        min_area_box(self.points())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, ConvexHull};
    use proptest::prelude::*;

    fn p(x: f64, y: f64) -> Point {
        Point::new(x, y)
    }

    #[test]
    fn the_hull_of_a_star_is_its_tips() {
        let star = [
            p(0.0, 0.0),
            p(5.0, 4.0),
            p(10.0, 0.0),
            p(6.0, 5.0),
            p(5.0, 9.0),
            p(4.0, 5.0),
        ];
        assert_eq!(convex_hull(star), [p(0.0, 0.0), p(10.0, 0.0), p(5.0, 9.0)]);
        assert_eq!(convex_hull([p(1.0, 1.0); 5]), [p(1.0, 1.0)]);
        let line = [p(0.0, 0.0), p(2.0, 2.0), p(1.0, 1.0)];
        assert_eq!(convex_hull(line), [p(0.0, 0.0), p(2.0, 2.0)]);
        assert!(min_area_box([]).is_none());
        assert_eq!(min_area_box(line).map(RotatedBox::area), Some(0.0));
    }

    #[test]
    fn a_turned_box_is_found_again() {
        for angle in [-0.7, -0.3, 0.0, 0.2, 0.6] {
            let turned = RotatedBox {
                center: p(30.0, 40.0),
                size: Vec2::new(12.0, 5.0),
                angle,
            };
            let found = min_area_box(turned.corners()).unwrap();
            assert!(found.center.distance(turned.center) < 1e-9);
            assert!((found.size - turned.size).length() < 1e-9, "{found:?}");
            assert!((found.angle - angle).abs() < 1e-9);
        }
    }

    proptest! {
        #[test]
        fn hulls_and_boxes_hold_all_points_tightly(
            points in proptest::collection::vec((-100..100_i32, -100..100_i32), 3..40),
        ) {
            let points: Vec<_> = points.iter().map(|(x, y)| p(f64::from(*x), f64::from(*y))).collect();
            let hull = convex_hull(points.clone());
            let area = Polygon::from_ring(hull.clone()).area();
            let around = min_area_box(points.clone()).unwrap();
            for q in &points {
                let local = around.to_local(*q);
                prop_assert!(local.x.abs() <= around.size.x / 2.0 + 1e-9);
                prop_assert!(local.y.abs() <= around.size.y / 2.0 + 1e-9);
                let edges = hull.iter().zip(hull.iter().cycle().skip(1));
                for (a, b) in edges {
                    prop_assert!((*b - *a).cross(*q - *a) >= 0.0);
                }
            }
            prop_assert!(around.area() >= area - 1e-9 && around.area() <= area * 2.0 + 1e-9);
            // No direction of an edge does better.
            for (a, b) in hull.iter().zip(hull.iter().cycle().skip(1)) {
                let turn = (*b - *a).y.atan2((*b - *a).x);
                let turned = points.iter().map(|q| {
                    let v = (*q - Point::default()).rotated(-turn);
                    p(v.x, v.y)
                });
                let bounds = crate::Rect::around(turned).unwrap();
                prop_assert!(around.area() <= bounds.area() + 1e-6);
            }
            let theirs = geo::MultiPoint::from(points.iter().map(|q| (q.x, q.y)).collect::<Vec<_>>());
            prop_assert!((theirs.convex_hull().unsigned_area() - area).abs() < 1e-9);
        }
    }
}
