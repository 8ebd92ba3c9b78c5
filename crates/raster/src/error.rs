//! What can keep a picture from being made, in words for who asked for it.

use crate::picture::{MAX_PIXELS, MAX_SCALE, MAX_SIDE, MIN_SCALE};

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum RasterError {
    #[error("The scale must be between {MIN_SCALE} and {MAX_SCALE}.")]
    Scale,
    #[error(
        "The picture would have {width} × {height} pixels; at most {MAX_SIDE} a side and {} megapixels are drawn.",
        MAX_PIXELS / 1_000_000
    )]
    TooLarge { width: u64, height: u64 },
    #[error("There is too much to draw at this scale; choose a smaller one.")]
    TooMuch,
    #[error("JPEG has no transparency: choose another background or PNG.")]
    NoTransparency,
    #[error("the picture cannot be written: {0}")]
    Write(#[from] std::io::Error),
}
