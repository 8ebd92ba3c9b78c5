//! Affine maps: move, turn, flip, scale; of points and of every kind of shape.

use crate::{Cuboid, Ellipse, Point, Polygon, Rect, RotatedBox, Vec2};
use std::f64::consts::{FRAC_PI_2, PI};

/// A map of the plane that keeps straight lines straight and parallels parallel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    /// Where a step of one to the right leads.
    pub x: Vec2,
    /// Where a step of one down leads.
    pub y: Vec2,
    /// Where the origin goes.
    pub origin: Point,
}

impl Affine {
    pub const IDENTITY: Self = Self {
        x: Vec2::new(1.0, 0.0),
        y: Vec2::new(0.0, 1.0),
        origin: Point::new(0.0, 0.0),
    };

    pub fn translation(by: Vec2) -> Self {
        Self {
            origin: Point::default() + by,
            ..Self::IDENTITY
        }
    }

    /// A turn by `angle` radians, clockwise on screen. Quarter turns are exact.
    pub fn rotation(angle: f64, about: Point) -> Self {
        let quarters = angle / FRAC_PI_2;
        let (sin, cos) = if (quarters - quarters.round()).abs() < 1e-12 {
            [(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0)]
                [quarters.round().rem_euclid(4.0) as usize]
        } else {
            angle.sin_cos()
        };
        Self::about(about, Vec2::new(cos, sin), Vec2::new(-sin, cos))
    }

    /// Stretched by `x` sideways and by `y` up and down.
    pub fn scaling(x: f64, y: f64, about: Point) -> Self {
        Self::about(about, Vec2::new(x, 0.0), Vec2::new(0.0, y))
    }

    /// Left and right change places.
    pub fn flip_horizontal(about: Point) -> Self {
        Self::scaling(-1.0, 1.0, about)
    }

    /// Top and bottom change places.
    pub fn flip_vertical(about: Point) -> Self {
        Self::scaling(1.0, -1.0, about)
    }

    /// The map with the given axes that leaves a point where it is.
    fn about(fixed: Point, x: Vec2, y: Vec2) -> Self {
        let linear = Self {
            x,
            y,
            origin: Point::default(),
        };
        let away = linear.vector(fixed - Point::default());
        Self {
            origin: fixed + away * -1.0,
            ..linear
        }
    }

    pub fn point(self, p: Point) -> Point {
        self.origin + self.vector(p - Point::default())
    }

    /// Where a displacement goes.
    pub fn vector(self, v: Vec2) -> Vec2 {
        self.x * v.x + self.y * v.y
    }

    /// By how much areas grow; negative where the map flips.
    pub fn determinant(self) -> f64 {
        self.x.cross(self.y)
    }

    /// This map, and then `next`.
    pub fn then(self, next: Self) -> Self {
        Self {
            x: next.vector(self.x),
            y: next.vector(self.y),
            origin: next.point(self.origin),
        }
    }

    /// The way back; `None` for a map that flattens the plane.
    pub fn inverse(self) -> Option<Self> {
        let scale = 1.0 / self.determinant();
        let linear = Self {
            x: Vec2::new(self.y.y, -self.x.y) * scale,
            y: Vec2::new(-self.y.x, self.x.x) * scale,
            origin: Point::default(),
        };
        let away = linear.vector(self.origin - Point::default());
        let inverse = Self {
            origin: Point::default() + away * -1.0,
            ..linear
        };
        (scale.is_finite() && inverse.origin.is_finite()).then_some(inverse)
    }
}

impl Rect {
    /// Exact where the map keeps right angles.
    pub fn transformed(self, by: &Affine) -> RotatedBox {
        RotatedBox::from(self).transformed(by)
    }
}

impl RotatedBox {
    /// Exact where the map keeps right angles (moves, turns, flips, even scaling, scaling along the
    /// box's sides); else the box keeps its centre, its width's direction and length, and its area.
    #[must_use]
    pub fn transformed(self, by: &Affine) -> Self {
        let (sin, cos) = self.angle.sin_cos();
        let side = by.vector(Vec2::new(cos, sin));
        let growth = side.length();
        let height = if growth > 0.0 {
            by.determinant().abs() / growth
        } else {
            0.0
        };
        let mut angle = side.y.atan2(side.x);
        if by.determinant() < 0.0 && angle.abs() > FRAC_PI_2 {
            // A mirrored box leans the other way; it does not stand on its head.
            angle -= PI.copysign(angle);
        }
        Self {
            center: by.point(self.center),
            size: Vec2::new(self.size.x * growth, self.size.y * height),
            angle,
        }
    }

    /// The rectangle that it is when it stands upright, or lies by quarter turns.
    pub fn as_rect(self) -> Option<Rect> {
        let quarters = self.angle / FRAC_PI_2;
        let upright = (quarters - quarters.round()).abs() < 1e-9;
        let swapped = quarters.round().rem_euclid(2.0) == 1.0;
        let Vec2 { x, y } = self.size;
        let half = if swapped { Vec2::new(y, x) } else { self.size } * 0.5;
        upright.then(|| Rect::from_corners(self.center + half * -1.0, self.center + half))
    }
}

impl Ellipse {
    /// Exact for every affine map: an ellipse stays one (by the singular values of its axes).
    #[must_use]
    pub fn transformed(self, by: &Affine) -> Self {
        let (sin, cos) = self.angle.sin_cos();
        let a = by.vector(Vec2::new(cos, sin)) * self.radii.x;
        let b = by.vector(Vec2::new(-sin, cos)) * self.radii.y;
        // Axes that are square to each other still are the axes, under the names they had.
        let square = a.dot(b).abs() <= 1e-12 * a.length() * b.length();
        let (radii, mut angle) = if square {
            (Vec2::new(a.length(), b.length()), a.y.atan2(a.x))
        } else {
            let (xx, xy) = (a.x * a.x + b.x * b.x, a.x * a.y + b.x * b.y);
            let yy = a.y * a.y + b.y * b.y;
            let (middle, spread) = (f64::midpoint(xx, yy), ((xx - yy) / 2.0).hypot(xy));
            let radii = Vec2::new((middle + spread).sqrt(), (middle - spread).max(0.0).sqrt());
            (radii, (2.0 * xy).atan2(xx - yy) / 2.0)
        };
        if by.determinant() < 0.0 && angle.abs() > FRAC_PI_2 {
            angle -= PI.copysign(angle);
        }
        Self {
            center: by.point(self.center),
            radii,
            angle,
        }
    }
}

impl Polygon {
    #[must_use]
    pub fn transformed(&self, by: &Affine) -> Self {
        self.mapped(|p| by.point(p))
    }
}

impl Cuboid {
    /// A flip changes left and right of each face (or top and bottom), so that its corners still run
    /// clockwise from the top left.
    #[must_use]
    pub fn transformed(&self, by: &Affine) -> Self {
        let points = self.points.map(|p| by.point(p));
        let order = match (by.determinant() < 0.0, by.x.x < 0.0) {
            (false, _) => [0, 1, 2, 3, 4, 5, 6, 7],
            (true, true) => [1, 0, 3, 2, 5, 4, 7, 6],
            (true, false) => [3, 2, 1, 0, 7, 6, 5, 4],
        };
        Self {
            points: order.map(|index| points[index]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(a: Point, b: Point) -> bool {
        a.distance(b) < 1e-9
    }

    const CENTER: Point = Point::new(20.0, 30.0);

    fn turned_box() -> RotatedBox {
        RotatedBox {
            center: Point::new(10.0, 12.0),
            size: Vec2::new(8.0, 4.0),
            angle: 0.3,
        }
    }

    #[test]
    fn turns_and_flips_are_what_they_say() {
        let p = Point::new(23.0, 34.0);
        let quarter = Affine::rotation(FRAC_PI_2, CENTER);
        assert_eq!(quarter.point(p), Point::new(16.0, 33.0));
        assert_eq!(
            Affine::flip_horizontal(CENTER).point(p),
            Point::new(17.0, 34.0)
        );
        assert_eq!(
            Affine::flip_vertical(CENTER).point(p),
            Point::new(23.0, 26.0)
        );
        assert_eq!(Affine::scaling(0.0, 1.0, CENTER).inverse(), None);
        let rect = Rect::from_corners(p, CENTER);
        let turned = rect.transformed(&quarter).as_rect();
        let expected = Rect::from_corners(quarter.point(p), CENTER);
        assert_eq!(turned, Some(expected));
        assert_eq!(turned_box().as_rect(), None);
    }

    /// Compares the box's corners with its corners' images, in whatever order.
    fn check(by: Affine, angle: f64) {
        let image = turned_box().transformed(&by);
        let expected = turned_box().corners().map(|p| by.point(p));
        for p in image.corners() {
            assert!(expected.iter().any(|q| near(p, *q)), "{image:?}");
        }
        assert!((image.angle - angle).abs() < 1e-9, "{image:?}");
    }

    #[test]
    fn boxes_stay_boxes() {
        check(Affine::rotation(0.5, CENTER), 0.8);
        check(Affine::flip_horizontal(CENTER), -0.3);
        check(Affine::flip_vertical(CENTER), -0.3);
        check(Affine::scaling(2.0, 2.0, CENTER), 0.3);
        check(Affine::rotation(PI, CENTER), 0.3 - PI);
        let sheared = Affine {
            x: Vec2::new(1.0, 0.4),
            ..Affine::IDENTITY
        };
        let area = turned_box().transformed(&sheared).area();
        assert!((area - 32.0).abs() < 1e-9);
    }

    #[test]
    fn a_mirrored_cuboid_begins_at_its_top_left() {
        let front = Rect::from_size(10.0, 8.0);
        let cuboid = Cuboid::from_faces(front, front.translated(Vec2::new(3.0, -2.0)));
        for flip in [
            Affine::flip_horizontal(CENTER),
            Affine::flip_vertical(CENTER),
        ] {
            let [a, _, c, ..] = cuboid.transformed(&flip).points;
            assert!(a.x < c.x && a.y < c.y);
        }
    }

    fn maps() -> impl Strategy<Value = Affine> {
        proptest::array::uniform6(-3.0..3.0).prop_map(|[a, b, c, d, e, f]| Affine {
            x: Vec2::new(a, b),
            y: Vec2::new(c, d),
            origin: Point::new(e * 10.0, f * 10.0),
        })
    }

    proptest! {
        #[test]
        fn every_map_has_a_way_back(map in maps(), next in maps(), x in -50.0..50.0, y in -50.0..50.0) {
            prop_assume!(map.determinant().abs() > 0.01 && next.determinant().abs() > 0.01);
            let p = Point::new(x, y);
            let way = map.then(next);
            prop_assert!(near(way.point(p), next.point(map.point(p))));
            let back = way.inverse().unwrap().point(way.point(p));
            prop_assert!(back.distance(p) < 1e-6);
        }

        #[test]
        fn ellipses_stay_ellipses(map in maps(), angle in -3.0..3.0, t in 0.0..6.3) {
            prop_assume!(map.determinant().abs() > 0.05);
            let ellipse = Ellipse {
                center: Point::new(5.0, -3.0),
                radii: Vec2::new(7.0, 2.0),
                angle,
            };
            let image = ellipse.transformed(&map);
            let p = map.point(ellipse.at(t));
            let local = (p - image.center).rotated(-image.angle);
            let on = (local.x / image.radii.x).powi(2) + (local.y / image.radii.y).powi(2);
            prop_assert!((on - 1.0).abs() < 1e-6, "{}", on);
            prop_assert!((image.area() / ellipse.area() - map.determinant().abs()).abs() < 1e-6);
        }

        #[test]
        fn polygons_keep_their_area(map in maps()) {
            let polygon = Polygon::from_ring(Rect::from_size(4.0, 5.0).corners().to_vec());
            let area = polygon.transformed(&map).area();
            prop_assert!((area - 20.0 * map.determinant().abs()).abs() < 1e-9);
        }
    }
}
