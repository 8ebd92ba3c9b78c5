//! The eight sides and corners of a rectangle, and where dragging one leads.

use crate::Cursor;
use std::f64::consts::FRAC_PI_4;
use visionflow_geometry::{Point, Rect, RotatedBox, Vec2};

/// A side or corner of a rectangle; -1 is left or top, 1 right or bottom, 0 in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Side {
    pub x: i8,
    pub y: i8,
}

impl Side {
    /// The corners first: they win where handles overlap.
    pub(super) const ALL: [Self; 8] = [
        Self { x: -1, y: -1 },
        Self { x: 1, y: -1 },
        Self { x: 1, y: 1 },
        Self { x: -1, y: 1 },
        Self { x: 0, y: -1 },
        Self { x: 1, y: 0 },
        Self { x: 0, y: 1 },
        Self { x: -1, y: 0 },
    ];

    pub(super) fn is_corner(self) -> bool {
        self.x != 0 && self.y != 0
    }

    /// From the middle of a frame of `size` to this side, in the frame's own axes.
    pub(super) fn local(self, size: Vec2) -> Vec2 {
        Vec2::new(
            f64::from(self.x) * size.x / 2.0,
            f64::from(self.y) * size.y / 2.0,
        )
    }

    pub(super) fn position(self, frame: RotatedBox) -> Point {
        frame.center + self.local(frame.size).rotated(frame.angle)
    }

    /// The side's place on an upright rectangle, exact in every corner.
    pub(super) fn of(self, rect: Rect) -> Point {
        let at = |side: i8, min: f64, max: f64| match side {
            -1 => min,
            1 => max,
            _ => f64::midpoint(min, max),
        };
        Point::new(
            at(self.x, rect.min.x, rect.max.x),
            at(self.y, rect.min.y, rect.max.y),
        )
    }

    /// The cursor of the direction that the side moves in when its frame stands at `angle`.
    pub(super) fn cursor(self, angle: f64) -> Cursor {
        let direction = f64::from(self.y).atan2(f64::from(self.x)) + angle;
        match ((direction / FRAC_PI_4).round() as i64).rem_euclid(4) {
            0 => Cursor::ResizeEw,
            1 => Cursor::ResizeNwse,
            2 => Cursor::ResizeNs,
            _ => Cursor::ResizeNesw,
        }
    }

    /// `from` with this side at `to`. Dragged past the opposite side it comes out mirrored: `min`
    /// beyond `max`, so that shapes inside are mirrored too.
    pub(super) fn dragged(self, from: Rect, to: Point) -> Rect {
        let mut rect = from;
        match self.x {
            -1 => rect.min.x = to.x,
            1 => rect.max.x = to.x,
            _ => {}
        }
        match self.y {
            -1 => rect.min.y = to.y,
            1 => rect.max.y = to.y,
            _ => {}
        }
        rect
    }

    /// The same for a corner, with the proportions of `from`, as large as `image` allows.
    pub(super) fn dragged_in_proportion(self, from: Rect, to: Point, image: Rect) -> Rect {
        let free = self.dragged(from, to);
        let anchor = Self {
            x: -self.x,
            y: -self.y,
        }
        .of(from);
        let (width, height) = (from.width(), from.height());
        if !self.is_corner() || width == 0.0 || height == 0.0 {
            return free;
        }
        let (dx, dy) = (to.x - anchor.x, to.y - anchor.y);
        let room = |d: f64, at: f64, min: f64, max: f64| if d < 0.0 { at - min } else { max - at };
        let scale = (dx.abs() / width)
            .max(dy.abs() / height)
            .min(room(dx, anchor.x, image.min.x, image.max.x) / width)
            .min(room(dy, anchor.y, image.min.y, image.max.y) / height)
            .max(0.0);
        let corner = Point::new(
            anchor.x + (width * scale).copysign(dx),
            anchor.y + (height * scale).copysign(dy),
        );
        self.dragged(from, corner)
    }
}
