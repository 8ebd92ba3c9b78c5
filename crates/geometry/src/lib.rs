//! Plane geometry in image space: points, rectangles, polygons and what is computed from them.
//!
//! Everything here is a plain value.
//! Coordinates are `f64` pixels of the oriented image, x to the right and y down,
//! origin at the top-left corner of the top-left pixel.

mod affine;
mod cuboid;
mod ellipse;
mod ellipse_fit;
mod freehand;
mod mask;
mod pixel_view;
mod point;
mod polygon;
mod rect;
mod rotated_box;
mod scissors;
mod sort;
mod wand;

pub use affine::Affine;
pub use cuboid::Cuboid;
pub use ellipse::Ellipse;
pub use freehand::{resampled, smoothed};
pub use mask::{
    BadRle, BadTile, Brush, Connectivity, Mask, MaskDelta, Span, TILE_SIZE, Tile, TileDelta,
    TileKey,
};
pub use pixel_view::PixelView;
pub use point::{Point, Vec2};
pub use polygon::{
    Contact, EdgeIndex, Polygon, Simplify, convex_hull, min_area_box, simplify_path,
};
pub use rect::Rect;
pub use rotated_box::RotatedBox;
pub use scissors::Scissors;
pub use sort::{sort_by, sort_by_key};
pub use wand::{ColorDistance, Wand};
