//! Pictures in tiles: a pyramid of levels, which of its tiles a view needs, and what is kept.
//!
//! Whoever shows a large picture asks a [`Pyramid`] where its tiles lie, lets [`TileCache`] say at
//! each frame what to draw, load, cancel and forget, and gets the pixels from a reader of
//! [`crate::tiff`], [`crate::deep_zoom`], [`crate::iiif`] or [`crate::plain`].
//! Nothing here reads, decodes or draws.

mod cache;
mod orientation;
mod pyramid;

pub use cache::{Frame, TileCache};
pub use orientation::Orientation;
pub use pyramid::{Level, Pyramid, TileId};
