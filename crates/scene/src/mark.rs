//! What lies over the annotations for a moment: handles of the selection, marks of other people.

use visionflow_geometry::Point;
use visionflow_model::{AnnotationId, Color, Preview};

/// A grip at a place of the image with a fixed size on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Handle {
    /// In image space.
    pub position: Point,
    pub kind: HandleKind,
    /// Drawn filled: the pointer is over it or drags it.
    pub active: bool,
}

/// The look of a [`Handle`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandleKind {
    /// A corner or side of a rectangle: a square of 9 CSS pixels.
    Square,
    /// A vertex of a polygon: a circle of 9 CSS pixels.
    Circle,
    /// A place where a vertex can be added: a circle of 6 CSS pixels.
    Dot,
    /// A point that bends or shears a shape, or a corner of a cuboid: a diamond of 11 CSS pixels.
    Diamond,
    /// Turns the shape: a ring of 13 CSS pixels.
    Rotate,
}

/// What another person has and does right now.
#[derive(Clone, Debug, PartialEq)]
pub struct PeerMark {
    pub color: Color,
    pub name: String,
    /// In image space; `None` when the pointer is elsewhere.
    pub cursor: Option<Point>,
    pub selection: Vec<AnnotationId>,
    /// Their gesture in progress, drawn as a dashed ghost.
    pub preview: Vec<Preview>,
}

/// A line over the image for a moment, in image space.
#[derive(Clone, Debug, PartialEq)]
pub enum Guide {
    /// What moves has come to the x of something else.
    Vertical(f64),
    /// What moves has come to the y of something else.
    Horizontal(f64),
    Line {
        from: Point,
        to: Point,
    },
    /// A point has jumped here.
    Snap(Point),
    /// Words above a place.
    Figure {
        at: Point,
        text: String,
    },
    /// A line with marks at its ends and its length, or whatever the words say, beside it.
    Measure {
        from: Point,
        to: Point,
        text: String,
    },
}
