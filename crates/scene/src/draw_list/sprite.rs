//! Text on the canvas: the scene says which texts it needs, its host paints them, the renderer
//! places them.

use visionflow_geometry::Point;
use visionflow_model::Color;

/// Names one painted text; the same text in the same colour keeps its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpriteId(pub u64);

/// A text that has to be painted before its [`Sprite`]s can show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpriteText {
    pub id: SpriteId,
    pub text: String,
    /// The colour of the tag behind the text; the text itself is black or white, whichever reads.
    pub color: Color,
}

/// A painted text at its place. One that was not painted yet is left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sprite {
    pub id: SpriteId,
    /// In image space, absolute.
    pub anchor: Point,
    /// Which part of the sprite lies at the anchor: `(0, 0)` its top left, `(0, 1)` its bottom left.
    pub align: (f32, f32),
    /// Moved by this many CSS pixels.
    pub offset_css: (f32, f32),
}
