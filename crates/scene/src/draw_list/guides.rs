//! Lines over the whole view, which the renderer draws by one shader, however many there are.

use visionflow_geometry::Point;

/// Which lines are drawn over the image.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lines {
    /// Between the image's pixels, once they are large enough.
    pub pixel_grid: bool,
    /// Every so many image pixels, from the image's corner.
    pub grid: Option<f64>,
    /// Through this point (image space), across the view.
    pub crosshair: Option<Point>,
}

impl Lines {
    /// From this many CSS pixels for a pixel on, the pixel grid shows.
    pub const PIXEL_GRID_FROM: f64 = 8.0;
    /// A grid whose lines would stand nearer than this (CSS pixels) is left out.
    pub const GRID_FROM: f64 = 4.0;

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
