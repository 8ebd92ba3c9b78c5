//! Shapes as picking sees them: their edges, their inside, and the dots that stand on them.

use crate::visual::present_bones;
use visionflow_geometry::{Mask, Point, Polygon, Rect, Span};
use visionflow_model::{JointId, Shape};

/// Sides of an ellipse where it meets a lasso or a rectangle.
const SIDES: usize = 64;

/// A shape and what it takes to know its outline.
#[derive(Clone, Copy)]
pub struct Outline<'a> {
    pub shape: &'a Shape,
    pub bones: &'a [[JointId; 2]],
}

impl Outline<'_> {
    /// Calls `f` with every edge until it answers that it has seen enough.
    pub fn any_edge(self, mut f: impl FnMut(Point, Point) -> bool) -> bool {
        let line = |points: &[Point], f: &mut dyn FnMut(Point, Point) -> bool| {
            points.windows(2).any(|ends| f(ends[0], ends[1]))
        };
        let ring = |points: &[Point], f: &mut dyn FnMut(Point, Point) -> bool| {
            let next = |i: usize| points[(i + 1) % points.len()];
            (0..points.len()).any(|i| f(points[i], next(i)))
        };
        match self.shape {
            Shape::Box(rect) => ring(&rect.corners(), &mut f),
            Shape::Text(text) => ring(&text.rect.corners(), &mut f),
            Shape::RotatedBox(rotated) => ring(&rotated.corners(), &mut f),
            Shape::Ellipse(ellipse) => {
                let points: Vec<_> = ellipse.points(SIDES).collect();
                ring(&points, &mut f)
            }
            Shape::Polygon(polygon) => polygon.edges().any(|(a, b)| f(a, b)),
            Shape::Polyline(points) | Shape::Path(points) if points.len() == 1 => {
                f(points[0], points[0])
            }
            Shape::Polyline(points) | Shape::Path(points) => line(points, &mut f),
            Shape::Point(p) => f(*p, *p),
            Shape::Arrow(arrow) => f(arrow.from, arrow.to),
            Shape::Cuboid(cuboid) => cuboid.edges().any(|(a, b)| f(a, b)),
            Shape::Skeleton(skeleton) => {
                present_bones(skeleton, self.bones).any(|(a, b)| f(a, b))
                    || skeleton.present().any(|p| f(p, p))
            }
            Shape::Mask(_) | Shape::Tag => false,
        }
    }

    /// The distance to the nearest edge, bone or joint; infinite where there is none.
    pub fn distance(self, p: Point) -> f64 {
        if let Shape::Ellipse(ellipse) = self.shape {
            return distance_to_ellipse(ellipse, p);
        }
        let mut nearest = f64::INFINITY;
        self.any_edge(|a, b| {
            nearest = nearest.min(p.distance_to_segment(a, b));
            false
        });
        nearest
    }

    /// Whether `p` lies inside; what has no inside contains nothing.
    pub fn contains(self, p: Point) -> bool {
        match self.shape {
            Shape::Box(rect) => rect.contains(p),
            Shape::Text(text) => text.rect.contains(p),
            Shape::RotatedBox(rotated) => rotated.contains(p),
            Shape::Ellipse(ellipse) => ellipse.contains(p),
            Shape::Polygon(polygon) => polygon.contains(p),
            Shape::Mask(mask) => mask.contains(p),
            Shape::Cuboid(cuboid) => {
                let faces = [cuboid.front(), cuboid.back()];
                faces
                    .iter()
                    .any(|face| Polygon::from_ring(face.to_vec()).contains(p))
            }
            _ => false,
        }
    }

    /// Whether any part of the shape lies in `rect`.
    pub fn touches_rect(self, rect: Rect) -> bool {
        if let Shape::Mask(mask) = self.shape {
            return mask_touches(mask, rect, |row| rect_touches_row(rect, row));
        }
        self.contains(rect.min) || self.any_edge(|a, b| crosses(rect, a, b))
    }

    /// Whether any part of the shape lies in the area that `lasso` encloses by the even-odd rule.
    pub fn touches_polygon(self, lasso: &Polygon, lasso_bounds: Rect) -> bool {
        if let Shape::Mask(mask) = self.shape {
            return mask_touches(mask, lasso_bounds, |row| {
                let y = f64::from(row.y) + 0.5;
                let (a, b) = (
                    Point::new(f64::from(row.start), y),
                    Point::new(f64::from(row.end), y),
                );
                lasso.contains(a) || lasso.edges().any(|(c, d)| segments_cross(a, b, c, d))
            });
        }
        let meets = |a: Point, b: Point| {
            lasso.contains(a) || lasso.edges().any(|(c, d)| segments_cross(a, b, c, d))
        };
        let corner = lasso.points().next();
        self.any_edge(meets) || corner.is_some_and(|p| self.contains(p))
    }
}

/// Whether a run of a mask within `bounds` answers to `test`.
fn mask_touches(mask: &Mask, bounds: Rect, test: impl Fn(Span) -> bool) -> bool {
    let side = visionflow_geometry::TILE_SIZE;
    mask.tiles().any(|(key, tile)| {
        let (left, top) = key.origin();
        let corner = Point::new(f64::from(left), f64::from(top));
        let far = Point::new(f64::from(left + side), f64::from(top + side));
        Rect::from_corners(corner, far).intersects(bounds)
            && tile.spans().any(|(y, columns)| {
                test(Span {
                    y: top + i32::from(y),
                    start: left + i32::from(columns.start),
                    end: left + i32::from(columns.end),
                })
            })
    })
}

fn rect_touches_row(rect: Rect, row: Span) -> bool {
    let y = f64::from(row.y);
    y + 1.0 > rect.min.y
        && y < rect.max.y
        && f64::from(row.end) > rect.min.x
        && f64::from(row.start) < rect.max.x
}

/// The distance to the outline, by halving the angle at which the nearest point can lie.
fn distance_to_ellipse(ellipse: &visionflow_geometry::Ellipse, p: Point) -> f64 {
    let step = std::f64::consts::TAU / SIDES as f64;
    let at = |t: f64| ellipse.at(t).distance(p);
    let nearest = (0..SIDES)
        .map(|i| i as f64 * step)
        .min_by(|a, b| at(*a).total_cmp(&at(*b)))
        .unwrap_or(0.0);
    let (mut low, mut high) = (nearest - step, nearest + step);
    for _ in 0..40 {
        let third = (high - low) / 3.0;
        if at(low + third) < at(high - third) {
            high -= third;
        } else {
            low += third;
        }
    }
    at(f64::midpoint(low, high))
}

/// Whether the segment from `a` to `b` has a point in `rect` (Liang and Barsky, 1984).
pub fn crosses(rect: Rect, a: Point, b: Point) -> bool {
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

/// Whether two segments cross, by the sides on which their ends lie.
fn segments_cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    let side = |p: Point, q: Point, r: Point| (q - p).cross(r - p);
    let apart = |one: f64, other: f64| one * other <= 0.0;
    let lines = apart(side(a, b, c), side(a, b, d)) && apart(side(c, d, a), side(c, d, b));
    // On one line they cross where their bounds do.
    lines && Rect::from_corners(a, b).intersects(Rect::from_corners(c, d))
}

#[cfg(test)]
mod tests {
    use super::*;
    use visionflow_geometry::{Ellipse, Vec2};

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

    #[test]
    fn the_distance_to_an_ellipse_is_that_of_its_nearest_point() {
        let ellipse = Ellipse {
            center: Point::new(5.0, 5.0),
            radii: Vec2::new(40.0, 10.0),
            angle: 0.0,
        };
        let check = |x: f64, y: f64, expected: f64| {
            let distance = distance_to_ellipse(&ellipse, Point::new(x, y));
            assert!((distance - expected).abs() < 1e-6, "{distance}");
        };
        check(5.0, 5.0, 10.0);
        check(50.0, 5.0, 5.0);
        check(5.0, 25.0, 10.0);
    }
}
