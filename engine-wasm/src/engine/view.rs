//! Where the person looks: camera, sizes, theme.

use super::State;
use crate::Theme;
use visionflow_geometry::{Point, Rect, Vec2};
use visionflow_model::{AnnotationId, Color};
use visionflow_scene::{Camera, Viewport};

/// CSS pixels around the photograph when all of it is shown.
const FIT_MARGIN: f64 = 24.0;
/// CSS pixels around annotations that are zoomed to.
const FOCUS_MARGIN: f64 = 80.0;
/// CSS pixels around what another person sees.
const SHOWN_MARGIN: f64 = 8.0;
/// CSS pixels of the photograph that stay in view however far it is moved.
const KEPT_IN_VIEW: f64 = 64.0;

impl State {
    pub fn set_theme(&mut self, theme: Theme) {
        self.scene.set_background(match theme {
            Theme::Dark => Color::new(0x11, 0x11, 0x13),
            Theme::Light => Color::new(0xe8, 0xe8, 0xec),
        });
        self.dirty = true;
    }

    /// The canvas has another size: CSS pixels, device pixels, device pixels per CSS pixel.
    pub fn resize(&mut self, css: (f64, f64), pixels: (u32, u32), pixel_ratio: f64) {
        // While a picture is made this is about what is shown after it.
        let covered = self.covered.take().map(|shown| self.exchange(shown));
        self.resize_view(css, pixels, pixel_ratio);
        self.covered = covered.map(|picture| self.exchange(picture));
    }

    fn resize_view(&mut self, css: (f64, f64), pixels: (u32, u32), pixel_ratio: f64) {
        if self.viewport.pixel_ratio.total_cmp(&pixel_ratio).is_ne() {
            self.forget_sprites();
        }
        let center = self.camera.image_from_screen(self.view_center());
        self.viewport = Viewport::new(css.0.max(1.0), css.1.max(1.0), pixel_ratio);
        self.pixels = (pixels.0.max(1), pixels.1.max(1));
        if self.is_fitted {
            self.zoom_to_fit();
        } else {
            self.camera = self.camera.centered_on(center, self.viewport.css());
        }
        self.dirty = true;
    }

    pub fn zoom_to_fit(&mut self) {
        self.is_fitted = true;
        if self.image.is_some() {
            self.camera = Camera::fit(self.image_rect(), self.viewport.css(), FIT_MARGIN);
        }
    }

    pub fn zoom_to_actual(&mut self) {
        let scale = 1.0 / self.viewport.pixel_ratio;
        self.zoom_by(scale / self.camera.scale());
    }

    pub fn zoom_by(&mut self, factor: f64) {
        self.zoom_at(self.view_center(), factor);
    }

    /// Zooms while the image point under `screen_point` stays where it is.
    pub fn zoom_at(&mut self, screen_point: Point, factor: f64) {
        self.camera.zoom_at(screen_point, factor);
        self.moved();
    }

    pub fn pan_by(&mut self, x: f64, y: f64) {
        self.camera.pan(Vec2::new(x, y));
        self.moved();
    }

    pub fn zoom_to(&mut self, ids: &[AnnotationId]) {
        let bounds = ids
            .iter()
            .filter_map(|id| self.document.get(*id)?.shape.bounds())
            .reduce(Rect::union);
        let Some(bounds) = bounds else {
            return;
        };
        // A tiny shape is shown large, but with its surroundings.
        let least = 64.0;
        let bounds =
            bounds.inflated(((least - bounds.width().max(bounds.height())) / 2.0).max(0.0));
        let (width, height) = self.viewport.css();
        let margin = FOCUS_MARGIN.min(width / 4.0).min(height / 4.0);
        self.camera = Camera::fit(bounds, self.viewport.css(), margin);
        self.moved();
    }

    /// Shows a part of the image, with little around it.
    pub(super) fn show_area(&mut self, area: Rect) {
        let (width, height) = self.viewport.css();
        let margin = SHOWN_MARGIN.min(width / 4.0).min(height / 4.0);
        self.camera = Camera::fit(area, self.viewport.css(), margin);
        self.moved();
    }

    fn moved(&mut self) {
        self.is_fitted = false;
        if self.image.is_some() {
            let image = self.image_rect();
            self.camera
                .keep_in_view(image, self.viewport.css(), KEPT_IN_VIEW);
        }
    }

    fn view_center(&self) -> Point {
        let (width, height) = self.viewport.css();
        Point::new(width / 2.0, height / 2.0)
    }
}
