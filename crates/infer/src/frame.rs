//! Where a photograph lies in the square that the model sees.

use visionflow_geometry::Point;

/// The side of the model's square, in its pixels.
pub const SIDE: usize = 1024;

/// A photograph scaled so that its long side fills the square, at the top left; the rest is padding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// The photograph's size in its own pixels.
    width: u32,
    height: u32,
    /// Its size in the square's pixels.
    scaled_width: usize,
    scaled_height: usize,
}

impl Frame {
    /// Of a photograph of so many pixels; a side of 0 counts as 1.
    pub fn new(width: u32, height: u32) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        let scale = SIDE as f64 / f64::from(width.max(height));
        let scaled = |side: u32| ((f64::from(side) * scale).round() as usize).clamp(1, SIDE);
        Self {
            width,
            height,
            scaled_width: scaled(width),
            scaled_height: scaled(height),
        }
    }

    #[cfg(feature = "models")]
    /// The same photograph stretched over the whole square, as some models were trained.
    pub(crate) fn stretched(self) -> Self {
        Self {
            scaled_width: SIDE,
            scaled_height: SIDE,
            ..self
        }
    }

    pub fn width(&self) -> u32 {
        self.width
    }

    pub fn height(&self) -> u32 {
        self.height
    }

    pub fn scaled_width(&self) -> usize {
        self.scaled_width
    }

    pub fn scaled_height(&self) -> usize {
        self.scaled_height
    }

    /// A point of the photograph in the square's pixels.
    pub fn to_model(&self, p: Point) -> Point {
        let (x, y) = self.pixel();
        Point::new(p.x / x, p.y / y)
    }

    /// A point of the square in the photograph's pixels.
    pub fn to_image(&self, p: Point) -> Point {
        // In this order the square's border comes out as the photograph's to the last digit.
        Point::new(
            p.x * f64::from(self.width) / self.scaled_width as f64,
            p.y * f64::from(self.height) / self.scaled_height as f64,
        )
    }

    /// The area that a square pixel of the model covers in the photograph.
    pub fn pixel_area(&self) -> f64 {
        let (x, y) = self.pixel();
        x * y
    }

    /// The photograph's pixels to one of the model's, along each axis.
    fn pixel(&self) -> (f64, f64) {
        (
            f64::from(self.width) / self.scaled_width as f64,
            f64::from(self.height) / self.scaled_height as f64,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_long_side_fills_the_square() {
        let frame = Frame::new(4000, 3000);
        assert_eq!((frame.scaled_width(), frame.scaled_height()), (1024, 768));
        let centre = frame.to_model(Point::new(2000.0, 1500.0));
        assert_eq!(centre, Point::new(512.0, 384.0));
        assert_eq!(frame.to_image(centre), Point::new(2000.0, 1500.0));
        let thin = Frame::new(1, 100_000);
        assert_eq!((thin.scaled_width(), thin.scaled_height()), (1, 1024));
        let none = Frame::new(0, 0);
        assert_eq!((none.scaled_width(), none.scaled_height()), (1024, 1024));
    }
}
