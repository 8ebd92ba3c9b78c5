//! The view of the image: how image pixels map to the screen.
//!
//! Screen space is CSS pixels from the top-left corner of the canvas; the device pixel ratio is
//! part of [`Viewport`] and concerns only the renderer.

use visionflow_geometry::{Point, Rect, Vec2};

/// The smallest and largest zoom, in CSS pixels per image pixel.
pub const SCALE_RANGE: (f64, f64) = (1.0 / 512.0, 128.0);

/// Maps image space to screen space: `screen = image * scale + offset`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    scale: f64,
    offset: Vec2,
}

/// The size of the canvas in CSS pixels and its device pixel ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    pub width: f64,
    pub height: f64,
    /// Device pixels per CSS pixel.
    pub pixel_ratio: f64,
}

impl Default for Camera {
    /// One CSS pixel per image pixel, the image's corner in the canvas's corner.
    fn default() -> Self {
        Self::new(1.0, Vec2::default())
    }
}

impl Camera {
    /// `scale` in CSS pixels per image pixel, clamped to [`SCALE_RANGE`];
    /// `offset` is where the image's corner lies on the screen.
    pub fn new(scale: f64, offset: Vec2) -> Self {
        let scale = if scale.is_finite() { scale } else { 1.0 };
        Self {
            scale: scale.clamp(SCALE_RANGE.0, SCALE_RANGE.1),
            offset,
        }
    }

    /// Shows all of `image` (image space) centred, with at least `margin` CSS pixels around it.
    pub fn fit(image: Rect, viewport_css: (f64, f64), margin: f64) -> Self {
        let room = |size: f64| (size - 2.0 * margin).max(1.0);
        let scale = (room(viewport_css.0) / image.width().max(f64::MIN_POSITIVE))
            .min(room(viewport_css.1) / image.height().max(f64::MIN_POSITIVE));
        Self::new(scale, Vec2::default()).centered_on(image.center(), viewport_css)
    }

    /// The same scale with `point` (image space) in the middle of the viewport.
    #[must_use]
    pub fn centered_on(self, point: Point, viewport_css: (f64, f64)) -> Self {
        Self {
            scale: self.scale,
            offset: Vec2::new(
                viewport_css.0 / 2.0 - point.x * self.scale,
                viewport_css.1 / 2.0 - point.y * self.scale,
            ),
        }
    }

    /// Scales by `factor` while the image point under `screen_point` stays where it is.
    pub fn zoom_at(&mut self, screen_point: Point, factor: f64) {
        let anchor = self.image_from_screen(screen_point);
        let scaled = Self::new(self.scale * factor, Vec2::default());
        self.scale = scaled.scale;
        self.offset = Vec2::new(
            screen_point.x - anchor.x * self.scale,
            screen_point.y - anchor.y * self.scale,
        );
    }

    /// Moves the image by `by` CSS pixels.
    pub fn pan(&mut self, by: Vec2) {
        self.offset = Vec2::new(self.offset.x + by.x, self.offset.y + by.y);
    }

    pub fn image_from_screen(&self, p: Point) -> Point {
        Point::new(
            (p.x - self.offset.x) / self.scale,
            (p.y - self.offset.y) / self.scale,
        )
    }

    pub fn screen_from_image(&self, p: Point) -> Point {
        Point::new(
            p.x * self.scale + self.offset.x,
            p.y * self.scale + self.offset.y,
        )
    }

    /// CSS pixels per image pixel.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// Where the image's top-left corner lies on the screen.
    pub fn offset(&self) -> Vec2 {
        self.offset
    }

    /// The part of image space that `viewport` shows.
    pub fn visible(&self, viewport: Viewport) -> Rect {
        Rect::from_corners(
            self.image_from_screen(Point::default()),
            self.image_from_screen(Point::new(viewport.width, viewport.height)),
        )
    }

    /// Keeps at least `margin` CSS pixels of `image` inside the viewport, so that it cannot be lost.
    pub fn keep_in_view(&mut self, image: Rect, viewport_css: (f64, f64), margin: f64) {
        let (min, max) = (
            self.screen_from_image(image.min),
            self.screen_from_image(image.max),
        );
        let shift = |min: f64, max: f64, size: f64| {
            let margin = margin.min(size / 2.0);
            (margin - max).max(0.0) + (size - margin - min).min(0.0)
        };
        self.pan(Vec2::new(
            shift(min.x, max.x, viewport_css.0),
            shift(min.y, max.y, viewport_css.1),
        ));
    }
}

impl Viewport {
    pub fn new(width: f64, height: f64, pixel_ratio: f64) -> Self {
        Self {
            width,
            height,
            pixel_ratio,
        }
    }

    /// Width and height in CSS pixels.
    pub fn css(self) -> (f64, f64) {
        (self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_close(a: Point, b: Point) {
        assert!(a.distance(b) < 1e-6, "{a:?} is not {b:?}");
    }

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let mut camera = Camera::fit(Rect::from_size(60_000.0, 40_000.0), (800.0, 600.0), 20.0);
        let pointer = Point::new(123.0, 456.0);
        let before = camera.image_from_screen(pointer);
        for factor in [1.1, 3.0, 40.0, 0.2] {
            camera.zoom_at(pointer, factor);
            check_close(camera.image_from_screen(pointer), before);
        }
    }

    #[test]
    fn fitting_centres_and_leaves_the_margin() {
        let image = Rect::from_size(200.0, 100.0);
        let camera = Camera::fit(image, (440.0, 440.0), 20.0);
        assert_eq!(camera.scale(), 2.0);
        check_close(camera.screen_from_image(image.min), Point::new(20.0, 120.0));
    }

    #[test]
    fn zoom_ends_at_its_range() {
        let mut camera = Camera::default();
        camera.zoom_at(Point::default(), 1e9);
        assert_eq!(camera.scale(), SCALE_RANGE.1);
        camera.zoom_at(Point::default(), f64::NAN);
        assert!(camera.scale().is_finite());
    }

    #[test]
    fn the_image_cannot_leave_the_view() {
        let image = Rect::from_size(100.0, 100.0);
        let mut camera = Camera::default();
        camera.pan(Vec2::new(9000.0, -9000.0));
        camera.keep_in_view(image, (400.0, 300.0), 50.0);
        check_close(
            camera.screen_from_image(image.min),
            Point::new(350.0, -50.0),
        );
    }
}
