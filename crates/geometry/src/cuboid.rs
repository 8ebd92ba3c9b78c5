//! Cuboids as they appear in a picture.

use crate::{Point, Rect};

/// The eight corners of a box in space, projected onto the image.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cuboid {
    /// The front face clockwise on screen from the top left, then the back face in the same order.
    pub points: [Point; 8],
}

impl Cuboid {
    /// The edges as pairs of indices into `points`: front, back, then what joins them.
    pub const EDGES: [(usize, usize); 12] = [
        (0, 1),
        (1, 2),
        (2, 3),
        (3, 0),
        (4, 5),
        (5, 6),
        (6, 7),
        (7, 4),
        (0, 4),
        (1, 5),
        (2, 6),
        (3, 7),
    ];

    /// A cuboid with upright faces.
    pub fn from_faces(front: Rect, back: Rect) -> Self {
        let (f, b) = (front.corners(), back.corners());
        Self {
            points: [f[0], f[1], f[2], f[3], b[0], b[1], b[2], b[3]],
        }
    }

    pub fn front(&self) -> &[Point] {
        &self.points[..4]
    }

    pub fn back(&self) -> &[Point] {
        &self.points[4..]
    }

    pub fn edges(&self) -> impl Iterator<Item = (Point, Point)> + '_ {
        Self::EDGES
            .iter()
            .map(|&(a, b)| (self.points[a], self.points[b]))
    }

    /// The smallest rectangle around all corners.
    pub fn bounds(&self) -> Rect {
        Rect::around(self.points).expect("there are eight points")
    }
}
