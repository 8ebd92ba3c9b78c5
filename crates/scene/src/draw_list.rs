//! What the renderer is given: primitives as plain numbers, and which of them changed.
//!
//! A *primitive* is a box, a triangle, a line segment or a marker; it takes two texels and refers
//! to a *style* (one texel), which many primitives may share, so that hovering over a polygon of
//! ten thousand triangles rewrites sixteen bytes.
//! An *order* list names the primitives in drawing order; leaving some out is how culling works.
//! Every coordinate is in image space relative to [`DrawList::origin`], as `f32`.

mod guides;
mod look;
mod masks;
mod primitive;
mod sprite;
mod table;
mod view;

pub use guides::Lines;
pub use look::{Channel, ImageLook};
pub use masks::{MaskTexels, MaskTiles};
pub use primitive::{Marker, Primitive, Rgba, Style, primitive_kind, style_flag};
pub use sprite::{Sprite, SpriteId, SpriteText, TextArea};
pub use table::{Table, Texel};
pub use view::PixelView;

use crate::{Camera, Viewport};
use visionflow_geometry::Point;
use visionflow_model::Color;

/// Everything that one frame shows, in the order in which it is painted:
/// background, image, `shapes`, `overlay`, `sprites`, and above them the last of the overlay
/// ([`Layer::above`]).
#[derive(Debug)]
pub struct DrawList {
    pub camera: Camera,
    pub viewport: Viewport,
    /// What lies around the image.
    pub background: Color,
    /// The image's size in pixels; it covers `(0, 0)` to this.
    pub image_size: Option<(u32, u32)>,
    /// How its colours are shown.
    pub image_look: ImageLook,
    /// The point of image space that the primitives' coordinates are relative to.
    pub origin: Point,
    pub shapes: Layer,
    pub overlay: Layer,
    pub sprites: Vec<Sprite>,
    /// The texels of the masks in view.
    pub masks: MaskTiles,
    pub lines: Lines,
}

/// Primitives with their styles and drawing order.
#[derive(Debug, Default)]
pub struct Layer {
    pub primitives: Table<Primitive>,
    pub styles: Table<Style>,
    /// Indices into `primitives`, bottom first.
    pub order: Table<u32>,
    /// So many of the last in `order` are painted above the sprites: handles, which no word hides.
    pub above: u32,
    /// Bit k is set if a primitive of kind k may be among them.
    pub kinds: u32,
}

impl Default for DrawList {
    fn default() -> Self {
        Self {
            camera: Camera::default(),
            viewport: Viewport::new(0.0, 0.0, 1.0),
            background: Color::new(24, 24, 27),
            image_size: None,
            image_look: ImageLook::default(),
            origin: Point::default(),
            shapes: Layer::default(),
            overlay: Layer::default(),
            sprites: Vec::new(),
            masks: MaskTiles::default(),
            lines: Lines::default(),
        }
    }
}

impl DrawList {
    /// How many bytes of tables the renderer has to upload for this frame.
    pub fn upload_bytes(&self) -> usize {
        let layers = [&self.shapes, &self.overlay].map(Layer::upload_bytes);
        layers.iter().sum::<usize>() + self.masks.upload_bytes()
    }
}

impl Layer {
    fn upload_bytes(&self) -> usize {
        self.primitives.dirty_bytes() + self.styles.dirty_bytes() + self.order.dirty_bytes()
    }

    pub(crate) fn mark_all(&mut self) {
        self.primitives.mark_all();
        self.styles.mark_all();
        self.order.mark_all();
    }

    pub(crate) fn publish(&mut self) {
        self.primitives.publish();
        self.styles.publish();
        self.order.publish();
    }
}
