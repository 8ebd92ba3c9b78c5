//! A window of the photograph as plain pixels, for the tools that look at them: wand and scissors.
//!
//! The engine reads the visible part back (at most four megapixels) when such a tool is active.

use crate::{Point, Rect};

/// Pixels of a part of the image: `width` × `height`, RGBA, rows from the top, without padding.
///
/// Pixel (0, 0) of the view has its top-left corner at `origin` in the image,
/// and each pixel of the view covers `scale` × `scale` pixels of the image.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PixelView {
    /// The view's top-left corner, in image pixels.
    pub origin: Point,
    /// Image pixels for one pixel of the view, along each side; greater than zero.
    pub scale: f64,
    /// In pixels of the view.
    pub width: u32,
    /// In pixels of the view.
    pub height: u32,
    /// `4 * width * height` bytes, sRGB with straight alpha.
    pub rgba: Vec<u8>,
}

impl PixelView {
    /// `None` when the bytes are not `4 * width * height`, or `scale` or `origin` mean nothing.
    pub fn new(origin: Point, scale: f64, width: u32, height: u32, rgba: Vec<u8>) -> Option<Self> {
        let expected = 4 * (width as usize).checked_mul(height as usize)?;
        let sound = rgba.len() == expected
            && origin.is_finite()
            && scale.is_finite()
            && scale > 0.0
            && width > 0
            && height > 0;
        sound.then_some(Self {
            origin,
            scale,
            width,
            height,
            rgba,
        })
    }

    /// The part of the image that the view covers.
    pub fn bounds(&self) -> Rect {
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        Rect::from_corners(self.origin, self.image_from_view(Point::new(width, height)))
    }

    /// The pixel of the view in which a point of the image lies; `None` outside the view.
    pub fn pixel_at(&self, point_in_image: Point) -> Option<(u32, u32)> {
        let p = self.view_from_image(point_in_image);
        let inside =
            p.x >= 0.0 && p.y >= 0.0 && p.x < f64::from(self.width) && p.y < f64::from(self.height);
        inside.then_some((p.x as u32, p.y as u32))
    }

    /// Red, green, blue, alpha of a pixel of the view; `None` outside.
    pub fn rgba(&self, x: u32, y: u32) -> Option<[u8; 4]> {
        if x >= self.width || y >= self.height {
            return None;
        }
        let at = 4 * (y as usize * self.width as usize + x as usize);
        self.rgba.get(at..at + 4)?.try_into().ok()
    }

    /// From the view's own pixels to the image's.
    pub fn image_from_view(&self, p: Point) -> Point {
        Point::new(
            self.origin.x + p.x * self.scale,
            self.origin.y + p.y * self.scale,
        )
    }

    /// From the image's pixels to the view's own.
    pub fn view_from_image(&self, p: Point) -> Point {
        Point::new(
            (p.x - self.origin.x) / self.scale,
            (p.y - self.origin.y) / self.scale,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_of_the_image_finds_its_pixel() {
        let mut rgba = vec![0; 4 * 3 * 2];
        rgba[4 * 5..].copy_from_slice(&[1, 2, 3, 4]);
        let view = PixelView::new(Point::new(10.0, 20.0), 2.0, 3, 2, rgba);
        let view = view.expect("six pixels");
        assert_eq!(view.pixel_at(Point::new(15.9, 22.0)), Some((2, 1)));
        assert_eq!(view.rgba(2, 1), Some([1, 2, 3, 4]));
        assert_eq!(view.pixel_at(Point::new(16.0, 22.0)), None);
        assert_eq!(view.pixel_at(Point::new(9.9, 22.0)), None);
        assert_eq!(view.rgba(3, 0), None);
        assert_eq!(view.bounds().max, Point::new(16.0, 24.0));
    }

    #[test]
    fn bytes_that_do_not_fit_are_refused() {
        let at = Point::default();
        assert_eq!(PixelView::new(at, 1.0, 2, 2, vec![0; 15]), None);
        assert_eq!(PixelView::new(at, 0.0, 1, 1, vec![0; 4]), None);
        assert_eq!(PixelView::new(at, f64::NAN, 1, 1, vec![0; 4]), None);
    }
}
