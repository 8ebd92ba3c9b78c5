//! What can go wrong between a draw list and the screen.

use thiserror::Error;

/// Why nothing can be drawn.
#[derive(Debug, Error)]
pub enum RenderError {
    #[error("this browser or machine offers neither WebGPU nor WebGL2: {0}")]
    NoAdapter(String),
    #[error("the graphics device could not be opened: {0}")]
    NoDevice(String),
    #[error("the canvas cannot be drawn on: {0}")]
    NoSurface(String),
    #[error("the graphics device was lost")]
    DeviceLost,
    #[error("an image of {width} × {height} pixels cannot be shown")]
    ImageSize { width: u32, height: u32 },
    #[error("the image's pixels are {actual} bytes where {expected} belong")]
    ImageBytes { actual: usize, expected: usize },
    #[error("the browser could not copy the image: {0}")]
    ImageCopy(String),
}
