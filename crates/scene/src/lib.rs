//! From annotations and a camera to a picture as plain data.
//!
//! [`Scene`] keeps what is on the image: an R-tree answers what lies under the pointer, and a
//! [`DrawList`] holds the same annotations as primitives, which the renderer executes without
//! knowing what an annotation is.
//! A change costs what it touches: one annotation moved among a hundred thousand rewrites the few
//! texels that show it, and a moved camera rewrites nothing.
//!
//! No I/O, no clock, no GPU.

mod camera;
mod draw_list;
mod index;
mod ink;
mod mark;
mod masks;
mod order;
mod outline;
mod overlay;
mod pick;
mod runs;
mod scene;
mod shapes;
mod style;
mod texts;
mod visual;

pub use camera::{Camera, SCALE_RANGE, Viewport};
pub use draw_list::{
    Channel, DrawList, ImageLook, Layer, Lines, Marker, MaskTexels, MaskTiles, PixelView,
    Primitive, Rgba, Sprite, SpriteId, SpriteText, Style, Table, Texel, TextArea, primitive_kind,
    style_flag,
};
pub use mark::{Guide, Handle, HandleKind, PeerMark};
pub use scene::Scene;
pub use style::Standing;
