//! A scene's draw list as a picture, on the CPU: what `render`'s shaders draw, without a GPU.
//!
//! The server writes rendered exports with it. The same input gives the same bytes on every
//! machine: one thread, IEEE arithmetic of `f32` in a fixed order, the few functions beyond it
//! from `libm`, fonts that are part of the crate, encoders at fixed settings.
//!
//! - [`Painter`] executes a [`visionflow_scene::DrawList`] on a [`Canvas`].
//! - [`Picture`] goes over a whole image tile by tile, so that memory follows the tile.
//! - [`write`] makes it a PNG or a JPEG.
//!
//! No I/O but the writer that is handed in, no clock, no environment.

mod atlas;
mod blend;
mod canvas;
mod encode;
mod error;
mod painter;
mod photo;
mod picture;
mod pins;
mod shapes;
mod sprites;
mod text;

pub use canvas::Canvas;
pub use encode::{Output, write};
pub use error::RasterError;
pub use painter::Painter;
pub use photo::Photo;
pub use picture::{Backdrop, MAX_PIXELS, MAX_SCALE, MAX_SIDE, MIN_SCALE, Picture, Size, size_of};
pub use pins::Pin;
pub use sprites::Bitmap;
pub use text::paint as paint_text;
