//! Axis-aligned rectangles.

use crate::{Point, Vec2};
use serde::{Deserialize, Serialize};

/// An axis-aligned rectangle; `min` is never greater than `max` when made by [`Rect::from_corners`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Rect {
    pub min: Point,
    pub max: Point,
}

impl Rect {
    /// The rectangle that two opposite corners span, in whatever order they come.
    pub fn from_corners(a: Point, b: Point) -> Self {
        Self {
            min: Point::new(a.x.min(b.x), a.y.min(b.y)),
            max: Point::new(a.x.max(b.x), a.y.max(b.y)),
        }
    }

    pub fn from_size(width: f64, height: f64) -> Self {
        Self {
            min: Point::default(),
            max: Point::new(width, height),
        }
    }

    /// The smallest rectangle around all points; `None` for none.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        let mut points = points.into_iter();
        let first = points.next()?;
        Some(points.fold(
            Self {
                min: first,
                max: first,
            },
            |rect, p| Self {
                min: Point::new(rect.min.x.min(p.x), rect.min.y.min(p.y)),
                max: Point::new(rect.max.x.max(p.x), rect.max.y.max(p.y)),
            },
        ))
    }

    pub fn width(self) -> f64 {
        self.max.x - self.min.x
    }

    pub fn height(self) -> f64 {
        self.max.y - self.min.y
    }

    pub fn area(self) -> f64 {
        self.width() * self.height()
    }

    pub fn center(self) -> Point {
        Point::new(
            f64::midpoint(self.min.x, self.max.x),
            f64::midpoint(self.min.y, self.max.y),
        )
    }

    /// The corners clockwise on screen, from the top left.
    pub fn corners(self) -> [Point; 4] {
        [
            self.min,
            Point::new(self.max.x, self.min.y),
            self.max,
            Point::new(self.min.x, self.max.y),
        ]
    }

    /// Whether `p` lies inside or on the border.
    pub fn contains(self, p: Point) -> bool {
        p.x >= self.min.x && p.x <= self.max.x && p.y >= self.min.y && p.y <= self.max.y
    }

    pub fn intersects(self, other: Self) -> bool {
        self.min.x <= other.max.x
            && self.max.x >= other.min.x
            && self.min.y <= other.max.y
            && self.max.y >= other.min.y
    }

    pub fn union(self, other: Self) -> Self {
        Self {
            min: Point::new(self.min.x.min(other.min.x), self.min.y.min(other.min.y)),
            max: Point::new(self.max.x.max(other.max.x), self.max.y.max(other.max.y)),
        }
    }

    /// The area that both cover, as a share of what they cover together (intersection over union):
    /// from 0 to 1, and 0 where neither has an area.
    pub fn overlap(self, other: Self) -> f64 {
        let wide = self.max.x.min(other.max.x) - self.min.x.max(other.min.x);
        let high = self.max.y.min(other.max.y) - self.min.y.max(other.min.y);
        let both = wide.max(0.0) * high.max(0.0);
        both / (self.area() + other.area() - both).max(f64::MIN_POSITIVE)
    }

    /// The part inside `bounds`; a rectangle wholly outside collapses onto the nearest border.
    pub fn clamped_to(self, bounds: Self) -> Self {
        let clamp = |p: Point| {
            Point::new(
                p.x.clamp(bounds.min.x, bounds.max.x),
                p.y.clamp(bounds.min.y, bounds.max.y),
            )
        };
        Self {
            min: clamp(self.min),
            max: clamp(self.max),
        }
    }

    pub fn translated(self, by: Vec2) -> Self {
        Self {
            min: self.min + by,
            max: self.max + by,
        }
    }

    /// Grown by `margin` on every side.
    pub fn inflated(self, margin: f64) -> Self {
        Self {
            min: self.min + Vec2::new(-margin, -margin),
            max: self.max + Vec2::new(margin, margin),
        }
    }

    pub fn is_finite(self) -> bool {
        self.min.is_finite() && self.max.is_finite()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_in_any_order_span_the_same_rectangle() {
        let rect = Rect::from_corners(Point::new(5.0, 1.0), Point::new(2.0, 9.0));
        assert_eq!(rect.min, Point::new(2.0, 1.0));
        assert_eq!((rect.width(), rect.height(), rect.area()), (3.0, 8.0, 24.0));
    }

    #[test]
    fn touching_rectangles_intersect() {
        let a = Rect::from_size(2.0, 2.0);
        assert!(a.intersects(a.translated(Vec2::new(2.0, 0.0))));
        assert!(!a.intersects(a.translated(Vec2::new(2.1, 0.0))));
    }

    #[test]
    fn overlap_is_of_areas() {
        let a = Rect::from_size(2.0, 2.0);
        let overlap = |x: f64| a.overlap(a.translated(Vec2::new(x, 0.0)));
        assert!((overlap(1.0) - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!((overlap(0.0), overlap(2.0), overlap(5.0)), (1.0, 0.0, 0.0));
        let flat = Rect::from_size(2.0, 0.0);
        assert_eq!(flat.overlap(flat), 0.0);
    }
}
