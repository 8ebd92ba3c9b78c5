//! Text on the canvas: the scene says which texts it needs, its host paints them, the renderer
//! places them.

use visionflow_geometry::Point;
use visionflow_model::{Align, Color};

/// Names one painted text; the same text in the same look keeps its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpriteId(pub u64);

/// A text that has to be painted before its [`Sprite`]s can show.
#[derive(Clone, Debug, PartialEq)]
pub struct SpriteText {
    pub id: SpriteId,
    pub text: String,
    /// The colour of the tag behind the text, which itself is black or white, whichever reads;
    /// of a text on the image, its own colour.
    pub color: Color,
    /// `None` for a tag, as large as its text.
    pub area: Option<TextArea>,
}

/// How a text on the image is painted: words wrapped into an area that is otherwise transparent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextArea {
    /// The sprite's size in pixels, whatever the device's ratio.
    pub width: u32,
    pub height: u32,
    /// The font's size in the sprite's pixels.
    pub font_size: f64,
    pub bold: bool,
    pub align: Align,
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
    /// Stretched over this many image pixels each way; `None` for one pixel a texel.
    pub size_in_image: Option<(f64, f64)>,
    /// Shown until this one is painted: the same text in another resolution.
    pub stand_in: Option<SpriteId>,
}
