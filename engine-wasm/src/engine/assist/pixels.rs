//! Photographs as small as the model sees them.

use super::super::{Inner, State};
use crate::EngineError;
use crate::image::{self, Fetched, PhotoPixels, Region, Way};
use visionflow_geometry::Point;
use visionflow_render::Readback;
use web_sys::{AbortController, Blob};

/// The smart tool's model sees at most so many pixels along the longer side.
pub const LONG_SIDE: f64 = 1024.0;

/// A photograph that is to be read.
pub struct Reading {
    pub key: String,
    from: From,
    region: Region,
}

enum From {
    Photo(Blob),
    Gpu(Box<dyn Readback>),
    Address(String),
}

/// A photograph that is not open yet.
pub struct Ahead {
    url: String,
    size: (u32, u32),
}

impl Ahead {
    pub fn new(url: &str, width: u32, height: u32) -> Self {
        Self {
            url: url.to_owned(),
            size: (width.max(1), height.max(1)),
        }
    }
}

/// Under which name the model keeps a photograph: its address, without a signature that is
/// another one each time.
pub fn key_of(url: &str) -> String {
    match url.split_once('?') {
        Some((path, query)) if query.contains("X-Amz-Signature=") => path.to_owned(),
        _ => url.to_owned(),
    }
}

impl Inner {
    /// Reads a photograph for the model.
    pub(in super::super) fn read_for_assist(&self, reading: Reading) {
        let Some(inner) = self.weak.upgrade() else {
            return;
        };
        wasm_bindgen_futures::spawn_local(async move {
            let source = inner.source_of(&reading).await;
            inner.with(|state| state.assist_read(&reading.key, source));
        });
    }

    /// The pixels of a photograph as a model sees them.
    pub(in super::super) async fn source_of(
        &self,
        reading: &Reading,
    ) -> Result<PhotoPixels, EngineError> {
        let region = reading.region;
        let read = match &reading.from {
            From::Photo(photo) => image::read_region(photo, region).await,
            From::Gpu(pending) => self.gpu_pixels(&**pending).await,
            From::Address(url) => fetched(url, region).await,
        };
        read.map(|rgba| PhotoPixels {
            size: region.size(),
            rgba,
        })
    }
}

async fn fetched(url: &str, region: Region) -> Result<Vec<u8>, EngineError> {
    let abort = AbortController::new()?;
    let other = || EngineError::Decode("it is read in parts".to_owned());
    let Fetched::File(blob) = image::fetch(url, &abort.signal()).await? else {
        return Err(other());
    };
    match image::way_of(&blob).await? {
        Way::Whole(_) => image::read_region(&blob, region).await,
        Way::Tiles => Err(other()),
    }
}

impl State {
    /// The photograph on the canvas, once it is there, with so many pixels along its longer side, or as
    /// many as the device can read back.
    pub(in super::super) fn shown_pixels(
        &mut self,
        key: String,
        long_side: f64,
    ) -> Option<Reading> {
        let size = self.image?;
        let (from, region) = if let Some(photo) = &self.photo {
            (From::Photo(photo.clone()), Region::whole(size, long_side))
        } else {
            // Tiles lie on the GPU for what is in view.
            if !self.tiles_are_complete() || !self.is_whole_in_view() {
                return None;
            }
            let renderer = self.renderer()?;
            let most = f64::from(renderer.max_texture_size());
            let region = Region::whole(size, long_side.min(most));
            let pixels = renderer.read_image(Point::default(), region.scale, region.size())?;
            (From::Gpu(pixels), region)
        };
        Some(Reading { key, from, region })
    }

    /// The next photograph, where it is not known yet.
    pub(super) fn ahead_pixels(&mut self) -> Option<Reading> {
        let Ahead { url, size } = self.assist.ahead.take()?;
        let key = key_of(&url);
        if self.assist.knows(&key) {
            return None;
        }
        Some(Reading {
            key,
            from: From::Address(url),
            region: Region::whole(size, LONG_SIDE),
        })
    }

    pub(super) fn is_whole_in_view(&self) -> bool {
        let view = self.camera.visible(self.viewport).inflated(1.0);
        let image = self.image_rect();
        self.image.is_some() && view.contains(image.min) && view.contains(image.max)
    }
}
