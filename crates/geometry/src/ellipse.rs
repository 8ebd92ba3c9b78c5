//! Ellipses.

use crate::{Point, Rect, Vec2};
use std::f64::consts::TAU;

/// An ellipse turned about its centre.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ellipse {
    pub center: Point,
    /// Half the width and half the height before turning, in pixels.
    pub radii: Vec2,
    /// In radians, clockwise on screen.
    pub angle: f64,
}

impl Ellipse {
    /// The point of the outline at the parameter `t` (radians).
    pub fn at(self, t: f64) -> Point {
        let local = Vec2::new(self.radii.x * t.cos(), self.radii.y * t.sin());
        self.center + local.rotated(self.angle)
    }

    /// `count` points of the outline, clockwise on screen.
    pub fn points(self, count: usize) -> impl Iterator<Item = Point> {
        (0..count).map(move |i| self.at(TAU * i as f64 / count as f64))
    }

    /// The smallest upright rectangle around it.
    pub fn bounds(self) -> Rect {
        let (sin, cos) = self.angle.sin_cos();
        let half = Vec2::new(
            (self.radii.x * cos).hypot(self.radii.y * sin),
            (self.radii.x * sin).hypot(self.radii.y * cos),
        );
        Rect {
            min: self.center + half * -1.0,
            max: self.center + half,
        }
    }

    /// Whether `p` lies inside or on the outline.
    pub fn contains(self, p: Point) -> bool {
        let local = (p - self.center).rotated(-self.angle);
        let (x, y) = (local.x / self.radii.x, local.y / self.radii.y);
        x * x + y * y <= 1.0
    }

    pub fn area(self) -> f64 {
        std::f64::consts::PI * self.radii.x * self.radii.y
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_touch_the_outline() {
        let ellipse = Ellipse {
            center: Point::new(10.0, 20.0),
            radii: Vec2::new(8.0, 3.0),
            angle: 0.7,
        };
        let around = Rect::around(ellipse.points(20_000)).unwrap();
        let bounds = ellipse.bounds();
        assert!(around.min.distance(bounds.min) < 1e-5 && around.max.distance(bounds.max) < 1e-5);
        assert!(ellipse.contains(ellipse.center) && !ellipse.contains(bounds.min));
    }
}
