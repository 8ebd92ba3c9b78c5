//! Rectangles that stand at an angle.

use crate::{Point, Rect, Vec2};

/// A rectangle turned about its centre.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RotatedBox {
    pub center: Point,
    /// Width and height before turning, in pixels.
    pub size: Vec2,
    /// In radians, clockwise on screen.
    pub angle: f64,
}

impl RotatedBox {
    /// The corners clockwise on screen, from what was the top left before turning.
    pub fn corners(self) -> [Point; 4] {
        let half = self.size * 0.5;
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
            .map(|(x, y)| self.center + Vec2::new(half.x * x, half.y * y).rotated(self.angle))
    }

    pub fn bounds(self) -> Rect {
        let [a, b, c, d] = self.corners();
        Rect::from_corners(a, c).union(Rect::from_corners(b, d))
    }

    /// The point in the box's own frame: origin at the centre, axes along its sides.
    pub fn to_local(self, p: Point) -> Vec2 {
        (p - self.center).rotated(-self.angle)
    }

    /// Whether `p` lies inside or on the border.
    pub fn contains(self, p: Point) -> bool {
        let local = self.to_local(p);
        local.x.abs() <= self.size.x / 2.0 && local.y.abs() <= self.size.y / 2.0
    }

    pub fn area(self) -> f64 {
        self.size.x * self.size.y
    }
}

impl From<Rect> for RotatedBox {
    fn from(rect: Rect) -> Self {
        Self {
            center: rect.center(),
            size: Vec2::new(rect.width(), rect.height()),
            angle: 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::FRAC_PI_2;

    #[test]
    fn a_quarter_turn_swaps_the_sides() {
        let turned = RotatedBox {
            angle: FRAC_PI_2,
            ..RotatedBox::from(Rect::from_size(4.0, 2.0))
        };
        let bounds = turned.bounds();
        assert!((bounds.width() - 2.0).abs() < 1e-12 && (bounds.height() - 4.0).abs() < 1e-12);
        assert!(turned.contains(Point::new(2.0, 2.9)) && !turned.contains(Point::new(3.5, 1.0)));
    }
}
