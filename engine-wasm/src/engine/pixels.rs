//! The photograph's pixels for tools that look at them, read around what is in view.
//!
//! Decoded by the browser off the main thread, at the resolution of the screen and at most four
//! megapixels; read again when the view has left what was read.

use super::{Inner, State};
use crate::EngineError;
use crate::image;
use visionflow_geometry::{PixelView, Point, Rect, Vec2};
use web_sys::Blob;

/// The most pixels that are read.
const MAX_PIXELS: f64 = 4_000_000.0;
/// How much of the view is read beyond each of its sides, so that a short pan reads nothing.
const AROUND: f64 = 0.25;

/// What the tools see of the photograph.
#[derive(Default)]
pub struct Pixels {
    view: Option<PixelView>,
    is_reading: bool,
}

impl Pixels {
    pub fn view(&self) -> Option<&PixelView> {
        self.view.as_ref()
    }

    /// The photograph is another one.
    pub fn forget(&mut self) {
        self.view = None;
    }
}

/// A part of the photograph to be read.
pub struct Reading {
    photo: Blob,
    region: image::Region,
}

impl Inner {
    /// Reads what the active tool should see and does not.
    pub(super) fn read_pixels(&self, reading: Reading) {
        let Some(inner) = self.weak.upgrade() else {
            return;
        };
        wasm_bindgen_futures::spawn_local(async move {
            let read = image::read_region(&reading.photo, reading.region).await;
            inner.with(|state| state.took_pixels(&reading, read));
        });
    }
}

impl State {
    /// What is to be read now, if anything; asked after every change.
    pub(super) fn pixels_to_read(&mut self) -> Option<Reading> {
        if self.pixels_read.is_reading || !self.toolbox.active().needs_pixels() {
            return None;
        }
        let photo = self.photo.clone()?;
        let image = super::state::image_rect(Some(self.image?));
        let view = self.camera.visible(self.viewport).clamped_to(image);
        let scale = self.pixels_scale(view);
        let is_seen = self.pixels_read.view.as_ref().is_some_and(|seen| {
            let bounds = seen.bounds();
            bounds.contains(view.min) && bounds.contains(view.max) && seen.scale <= scale * 1.5
        });
        if is_seen || view.area() < 1.0 {
            return None;
        }
        let margin = Vec2::new(view.width() * AROUND, view.height() * AROUND);
        let around = Rect {
            min: view.min + margin * -1.0,
            max: view.max + margin,
        };
        self.pixels_read.is_reading = true;
        let region = image::Region::of(around.clamped_to(image), self.pixels_scale(around));
        Some(Reading { photo, region })
    }

    fn took_pixels(&mut self, reading: &Reading, read: Result<Vec<u8>, EngineError>) {
        self.pixels_read.is_reading = false;
        if self.photo.as_ref() != Some(&reading.photo) {
            return;
        }
        match read {
            Ok(rgba) => {
                let image::Region { x, y, scale, .. } = reading.region;
                let (width, height) = reading.region.size();
                let origin = Point::new(f64::from(x), f64::from(y));
                self.pixels_read.view = PixelView::new(origin, scale, width, height, rgba);
                self.refresh_tools();
            }
            Err(error) => self.notice(&error.to_string()),
        }
    }

    /// Image pixels for a pixel that is read: as on the screen, and no more than there may be.
    fn pixels_scale(&self, view: Rect) -> f64 {
        let screen = 1.0 / (self.camera.scale() * self.viewport.pixel_ratio);
        let least = (view.area() / MAX_PIXELS).sqrt();
        screen.max(least).max(1.0)
    }
}
