//! Points and the vectors between them.

use serde::{Deserialize, Serialize};
use std::ops::{Add, Mul, Sub};

/// A place; in image space unless a name says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// A displacement between two [`Point`]s of one space.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Vec2 {
    pub x: f64,
    pub y: f64,
}

impl Point {
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub fn distance(self, other: Self) -> f64 {
        (self - other).length()
    }

    /// The distance to the segment from `a` to `b`, its ends included.
    pub fn distance_to_segment(self, a: Self, b: Self) -> f64 {
        self.distance(self.nearest_on_segment(a, b))
    }

    /// The point of the segment from `a` to `b` that lies nearest.
    pub fn nearest_on_segment(self, a: Self, b: Self) -> Self {
        let along = b - a;
        let squared = along.dot(along);
        if squared == 0.0 {
            return a;
        }
        let t = ((self - a).dot(along) / squared).clamp(0.0, 1.0);
        a + along * t
    }

    pub fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

impl Vec2 {
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    /// The z component of the cross product: positive when `other` lies clockwise on screen.
    pub fn cross(self, other: Self) -> f64 {
        self.x * other.y - self.y * other.x
    }

    pub fn length(self) -> f64 {
        self.x.hypot(self.y)
    }

    /// Turned by an angle in radians, clockwise on screen.
    #[must_use]
    pub fn rotated(self, angle: f64) -> Self {
        let (sin, cos) = angle.sin_cos();
        Self::new(self.x * cos - self.y * sin, self.x * sin + self.y * cos)
    }
}

impl Sub for Point {
    type Output = Vec2;
    fn sub(self, other: Self) -> Vec2 {
        Vec2::new(self.x - other.x, self.y - other.y)
    }
}

impl Add<Vec2> for Point {
    type Output = Point;
    fn add(self, by: Vec2) -> Point {
        Point::new(self.x + by.x, self.y + by.y)
    }
}

impl Add for Vec2 {
    type Output = Vec2;
    fn add(self, other: Self) -> Vec2 {
        Vec2::new(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Vec2 {
    type Output = Vec2;
    fn sub(self, other: Self) -> Vec2 {
        Vec2::new(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f64> for Vec2 {
    type Output = Vec2;
    fn mul(self, factor: f64) -> Vec2 {
        Vec2::new(self.x * factor, self.y * factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_to_a_segment_ends_at_its_ends() {
        let (a, b) = (Point::new(0.0, 0.0), Point::new(10.0, 0.0));
        assert_eq!(Point::new(5.0, 3.0).distance_to_segment(a, b), 3.0);
        assert_eq!(Point::new(13.0, 4.0).distance_to_segment(a, b), 5.0);
        assert_eq!(Point::new(3.0, 4.0).distance_to_segment(a, a), 5.0);
    }
}
