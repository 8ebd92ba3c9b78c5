//! The photograph's pixels for tools that look at them, read around what is in view.
//!
//! Decoded by the browser off the main thread, at the resolution of the screen and at most four
//! megapixels; read again when the view has left what was read.
//! Of a photograph in tiles the GPU gives back what it shows.

use super::{Inner, State};
use crate::EngineError;
use crate::image;
use std::time::Duration;
use visionflow_geometry::{PixelView, Point, Rect, Vec2};
use visionflow_render::Readback;
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
    /// What could not be read, of which photograph: not asked for again before the view is another.
    failed: Option<(u64, Rect)>,
}

impl Pixels {
    pub fn view(&self) -> Option<&PixelView> {
        self.view.as_ref()
    }

    /// The photograph is another one.
    pub fn forget(&mut self) {
        self.view = None;
    }

    /// What could not be read is asked for again: the GPU is another one, or the tool.
    pub fn try_again(&mut self) {
        self.failed = None;
    }
}

/// A part of the photograph to be read.
pub struct Reading {
    from: From,
    region: image::Region,
    /// Which photograph it is.
    ticket: u64,
    /// What was in view, in image space.
    view: Rect,
}

enum From {
    Photo(Blob),
    Gpu(Box<dyn Readback>),
}

/// How often, and how many times, the GPU is asked whether its pixels have come.
const ASK_EVERY: Duration = Duration::from_millis(8);
const ASK_AT_MOST: usize = 500;

impl Inner {
    /// Reads what the active tool should see and does not.
    pub(super) fn read_pixels(&self, reading: Reading) {
        let Some(inner) = self.weak.upgrade() else {
            return;
        };
        wasm_bindgen_futures::spawn_local(async move {
            let read = match &reading.from {
                From::Photo(photo) => image::read_region(photo, reading.region).await,
                From::Gpu(pending) => inner.gpu_pixels(&**pending).await,
            };
            inner.with(|state| state.took_pixels(&reading, read));
        });
    }

    /// Waits for pixels that the GPU was asked for.
    pub(super) async fn gpu_pixels(&self, pending: &dyn Readback) -> Result<Vec<u8>, EngineError> {
        let lost = || EngineError::Decode("the GPU gave no pixels back".to_owned());
        for _ in 0..ASK_AT_MOST {
            // At once WebGL2 would stand still until all is drawn.
            gloo::timers::future::sleep(ASK_EVERY).await;
            match pending.take() {
                Some(rgba) => return Ok(rgba),
                None if pending.has_failed() => break,
                None => {}
            }
        }
        Err(lost())
    }
}

impl State {
    /// What is to be read now, if anything; asked after every change.
    pub(super) fn pixels_to_read(&mut self) -> Option<Reading> {
        if self.pixels_read.is_reading || !self.toolbox.active().needs_pixels() {
            return None;
        }
        let photo = self.photo.clone();
        if photo.is_none() && !self.tiles_are_complete() {
            return None;
        }
        let image = super::state::image_rect(Some(self.image?));
        let view = self.camera.visible(self.viewport).clamped_to(image);
        let scale = self.pixels_scale(view);
        let is_seen = self.pixels_read.view.as_ref().is_some_and(|seen| {
            let bounds = seen.bounds();
            bounds.contains(view.min) && bounds.contains(view.max) && seen.scale <= scale * 1.5
        });
        let has_failed = self.pixels_read.failed == Some((self.tickets, view));
        if is_seen || has_failed || view.area() < 1.0 {
            return None;
        }
        // Tiles lie on the GPU for what is in view, not around it.
        let around = if photo.is_some() { AROUND } else { 0.0 };
        let margin = Vec2::new(view.width() * around, view.height() * around);
        let around = Rect {
            min: view.min + margin * -1.0,
            max: view.max + margin,
        };
        let region = image::Region::of(around.clamped_to(image), self.pixels_scale(around));
        let from = if let Some(photo) = photo {
            From::Photo(photo)
        } else {
            let corner = Point::new(f64::from(region.x), f64::from(region.y));
            let renderer = self.renderer()?;
            From::Gpu(renderer.read_image(corner, region.scale, region.size())?)
        };
        self.pixels_read.is_reading = true;
        let ticket = self.tickets;
        Some(Reading {
            from,
            region,
            ticket,
            view,
        })
    }

    fn took_pixels(&mut self, reading: &Reading, read: Result<Vec<u8>, EngineError>) {
        self.pixels_read.is_reading = false;
        if self.tickets != reading.ticket {
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
            Err(error) => {
                self.pixels_read.failed = Some((reading.ticket, reading.view));
                self.notice(&error.to_string());
            }
        }
    }

    /// Image pixels for a pixel that is read: as on the screen, and no more than there may be.
    fn pixels_scale(&self, view: Rect) -> f64 {
        let screen = 1.0 / (self.camera.scale() * self.viewport.pixel_ratio);
        let least = (view.area() / MAX_PIXELS).sqrt();
        screen.max(least).max(1.0)
    }
}
