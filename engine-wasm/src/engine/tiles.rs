//! A photograph in tiles: what each frame draws and loads of it, and what comes in.
//!
//! The pixels that are kept lie on the GPU and have one fixed budget. When the GPU is lost, what
//! the view needs is loaded again.

use super::{Inner, State};
use crate::EngineError;
use crate::image::{AddressedTiles, Decoder};
use serde::Deserialize;
use std::rc::Weak;
use visionflow_geometry::{Point, Rect};
use visionflow_media::tiles::{Pyramid, TileCache, TileId};
use visionflow_render::TileFormat;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::ImageBitmap;

/// What tiles may take on the GPU. With what the worker keeps (at most 250 MB) the pixels of a
/// picture stay within 512 MB.
const BUDGET_BYTES: usize = 224 << 20;

/// The renderer's number of the part that shows before the first tile is there.
const PREVIEW: u64 = u64::MAX;

/// A photograph in tiles.
pub struct Tiled {
    ticket: u64,
    source: Source,
    /// Known once the source has described itself.
    cache: Option<TileCache>,
    window: Option<(f32, f32)>,
    /// Whether rows of the coarsest level show while it is still being made.
    has_preview: bool,
    /// Told when the first tile shows, or that none will.
    opened: Option<Opened>,
    /// A person hears of the first tile that cannot be had, not of each.
    told_missing: bool,
}

enum Source {
    Worker(Decoder),
    Addressed(AddressedTiles),
}

/// The two ends of a promise.
struct Opened {
    resolve: js_sys::Function,
    reject: js_sys::Function,
}

/// What the worker says of a picture.
#[derive(Deserialize)]
struct Description {
    pyramid: Pyramid,
    note: Option<String>,
}

/// A tile's pixels.
pub enum TilePixels {
    Bytes {
        size: (u32, u32),
        format: TileFormat,
        bytes: Vec<u8>,
    },
    Bitmap(ImageBitmap),
}

impl Inner {
    /// Opens a picture in the worker, from a blob or a URL; the promise ends when it shows.
    pub(super) fn open_in_worker(
        &self,
        ticket: u64,
        source: &JsValue,
        mime: &str,
    ) -> Result<js_sys::Promise, EngineError> {
        let weak = self.weak.clone();
        let decoder = Decoder::open(source, mime, move |message| {
            if let Some(inner) = weak.upgrade() {
                inner.with(|state| state.worker_said(ticket, message));
            }
        })?;
        Ok(self.with(|state| state.begin_tiles(ticket, Source::Worker(decoder))))
    }

    /// Shows a picture whose tiles have addresses; the promise ends when it shows.
    pub(super) fn open_addressed(&self, ticket: u64, tiles: AddressedTiles) -> js_sys::Promise {
        let pyramid = tiles.pyramid();
        self.with(|state| {
            let promise = state.begin_tiles(ticket, Source::Addressed(tiles));
            state.described(pyramid);
            promise
        })
    }
}

impl State {
    fn begin_tiles(&mut self, ticket: u64, source: Source) -> js_sys::Promise {
        let mut opened = None;
        let promise = js_sys::Promise::new(&mut |resolve, reject| {
            opened = Some(Opened { resolve, reject });
        });
        self.tiled = Some(Tiled {
            ticket,
            source,
            cache: None,
            window: None,
            has_preview: false,
            opened,
            told_missing: false,
        });
        promise
    }

    /// Whether the photograph is one in tiles, of which some show.
    pub(super) fn has_tiles(&self) -> bool {
        self.tiled
            .as_ref()
            .is_some_and(|tiled| tiled.cache.is_some() && tiled.opened.is_none())
    }

    /// Whether every tile of the view is there in full resolution.
    pub(super) fn tiles_are_complete(&self) -> bool {
        let cache = self.tiled.as_ref().and_then(|tiled| tiled.cache.as_ref());
        cache.is_some_and(TileCache::is_complete)
    }

    /// Bytes of tiles on the GPU.
    pub(super) fn tile_bytes(&self) -> usize {
        let cache = self.tiled.as_ref().and_then(|tiled| tiled.cache.as_ref());
        cache.map_or(0, TileCache::used_bytes)
    }

    /// The source has said what there is.
    fn described(&mut self, pyramid: Pyramid) {
        let size = pyramid.size();
        if self.image.is_none() {
            self.set_image(Some(size));
        }
        let Some(tiled) = &mut self.tiled else {
            return;
        };
        tiled.cache = Some(TileCache::new(pyramid, BUDGET_BYTES));
        let window = tiled.window;
        if let Some(renderer) = self.renderer() {
            renderer.begin_image_tiles(size, window);
        }
        self.dirty = true;
    }

    /// A new GPU knows no tiles.
    pub(super) fn show_tiles_again(&mut self) {
        let Some(tiled) = &mut self.tiled else {
            return;
        };
        let Some(cache) = &mut tiled.cache else {
            return;
        };
        cache.forget_all();
        tiled.has_preview = false;
        let (size, window) = (cache.pyramid().size(), tiled.window);
        if let Some(renderer) = self.renderer() {
            renderer.begin_image_tiles(size, window);
        }
        self.dirty = true;
    }

    /// Tells the renderer which tiles to draw, and loads what is missing.
    pub(super) fn lay_tiles(&mut self) {
        let (camera, viewport) = (self.camera, self.viewport);
        let (Some(tiled), Some(image), Some(weak)) =
            (&mut self.tiled, self.image, self.handle.clone())
        else {
            return;
        };
        let Some(cache) = &mut tiled.cache else {
            return;
        };
        // The size that the server knows may differ from the file's own.
        let (width, height) = cache.pyramid().size();
        let (fx, fy) = (
            f64::from(width) / f64::from(image.0),
            f64::from(height) / f64::from(image.1),
        );
        let visible = camera.visible(viewport);
        let visible = Rect::from_corners(
            Point::new(visible.min.x * fx, visible.min.y * fy),
            Point::new(visible.max.x * fx, visible.max.y * fy),
        );
        let frame = cache.frame(visible, camera.scale() * viewport.pixel_ratio / fx);
        for tile in frame.cancel {
            match &mut tiled.source {
                Source::Worker(decoder) => decoder.cancel(tile),
                Source::Addressed(tiles) => tiles.cancel(tile),
            }
        }
        for tile in frame.load {
            tiled
                .source
                .load(cache.pyramid(), tile, tiled.ticket, &weak);
        }
        let preview = tiled.has_preview.then_some(PREVIEW);
        if let Some(renderer) = self.renderer() {
            for tile in frame.forget {
                renderer.remove_image_tile(key(tile));
            }
            renderer.show_image_tiles(preview.into_iter().chain(frame.draw.into_iter().map(key)));
        }
    }

    /// A tile has come, or cannot be had.
    fn tile_came(&mut self, ticket: u64, tile: TileId, pixels: Result<TilePixels, EngineError>) {
        let Some(tiled) = self.tiled.as_mut().filter(|tiled| tiled.ticket == ticket) else {
            return;
        };
        let Some(cache) = &mut tiled.cache else {
            return;
        };
        if let Source::Addressed(tiles) = &mut tiled.source {
            tiles.done(tile);
        }
        self.dirty = true;
        let pixels = match pixels {
            Ok(pixels) => pixels,
            Err(error) => {
                cache.failed(tile);
                if let Some(opened) = tiled
                    .opened
                    .take_if(|_| tile.level as usize + 1 == cache.pyramid().levels.len())
                {
                    opened.fail(&error);
                } else if !std::mem::replace(&mut tiled.told_missing, true) {
                    self.notice(&error.to_string());
                }
                return;
            }
        };
        if !cache.arrived(tile, pixels.bytes()) {
            return;
        }
        let rect = cache.pyramid().rect(tile);
        if let Some(opened) = tiled.opened.take() {
            opened.succeed();
        }
        let is_coarsest = tile.level as usize + 1 == cache.pyramid().levels.len();
        if is_coarsest && std::mem::take(&mut tiled.has_preview) {
            self.drop_preview();
        }
        let Some(renderer) = self.renderer() else {
            return;
        };
        let result = match &pixels {
            TilePixels::Bitmap(bitmap) => {
                renderer.set_image_tile_from_bitmap(key(tile), rect, bitmap)
            }
            TilePixels::Bytes {
                size,
                format,
                bytes,
            } => renderer.set_image_tile(key(tile), rect, *size, *format, bytes),
        };
        if let Err(error) = result {
            self.notice(&error.to_string());
        }
    }

    /// The first rows of the coarsest level have come: they show until all of it is there.
    fn part_came(&mut self, rows: u32, pixels: &TilePixels) {
        let Some(tiled) = &mut self.tiled else {
            return;
        };
        let Some(cache) = &tiled.cache else {
            return;
        };
        let coarsest = TileId::new(cache.pyramid().levels.len() as u8 - 1, 0, 0);
        let (Some(rect), false) = (cache.pyramid().rect_of_rows(rows), cache.has(coarsest)) else {
            return;
        };
        tiled.has_preview = true;
        if let Some(opened) = tiled.opened.take() {
            opened.succeed();
        }
        self.dirty = true;
        let (
            Some(renderer),
            TilePixels::Bytes {
                size,
                format,
                bytes,
            },
        ) = (self.renderer(), pixels)
        else {
            return;
        };
        if let Err(error) = renderer.set_image_tile(PREVIEW, rect, *size, *format, bytes) {
            self.notice(&error.to_string());
        }
    }

    fn drop_preview(&mut self) {
        if let Some(renderer) = self.renderer() {
            renderer.remove_image_tile(PREVIEW);
        }
    }

    fn worker_said(&mut self, ticket: u64, message: &js_sys::Array) {
        if self.tiled.as_ref().map(|tiled| tiled.ticket) != Some(ticket) {
            return;
        }
        let number = |at: u32| message.get(at).as_f64().unwrap_or(0.0);
        let text = |at: u32| message.get(at).as_string().unwrap_or_default();
        let tile = TileId::new(number(1) as u8, number(2) as u32, number(3) as u32);
        match text(0).as_str() {
            "opened" => match serde_json::from_str::<Description>(&text(1)) {
                Ok(description) => {
                    self.described(description.pyramid);
                    if let Some(note) = description.note {
                        self.notice(&note);
                    }
                }
                Err(error) => self.tiles_failed(&error.to_string()),
            },
            "tile" => self.tile_came(ticket, tile, Ok(TilePixels::of_message(message, 4))),
            "part" => self.part_came(number(1) as u32, &TilePixels::of_message(message, 2)),
            "missing" => self.tile_came(ticket, tile, Err(EngineError::Decode(text(4)))),
            "window" => {
                let window = Some((number(1) as f32, number(2) as f32));
                if let Some(tiled) = &mut self.tiled {
                    tiled.window = window;
                }
                if let Some(renderer) = self.renderer() {
                    renderer.set_usual_window(window);
                }
                self.dirty = true;
            }
            "error" => self.tiles_failed(&text(1)),
            _ => {}
        }
    }

    /// The picture cannot be shown, or not all of it.
    fn tiles_failed(&mut self, sentence: &str) {
        let error = EngineError::Decode(sentence.to_owned());
        match self.tiled.as_mut().and_then(|tiled| tiled.opened.take()) {
            Some(opened) => opened.fail(&error),
            None => self.notice(&error.to_string()),
        }
    }
}

impl Source {
    fn load(&mut self, pyramid: &Pyramid, tile: TileId, ticket: u64, engine: &Weak<Inner>) {
        let tiles = match self {
            Self::Worker(decoder) => return decoder.load(tile),
            Self::Addressed(tiles) => tiles,
        };
        let Some(request) = tiles.request(pyramid, tile) else {
            return;
        };
        let engine = engine.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let Some(answer) = request.fetch().await else {
                return;
            };
            if let Some(inner) = engine.upgrade() {
                let pixels = answer.map(TilePixels::Bitmap);
                inner.with(|state| state.tile_came(ticket, tile, pixels));
            }
        });
    }
}

impl Opened {
    fn succeed(self) {
        // The promise's own functions do not throw.
        let _ = self.resolve.call0(&JsValue::UNDEFINED);
    }

    fn fail(self, error: &EngineError) {
        let message = match error {
            EngineError::Decode(sentence) | EngineError::Fetch(sentence) => sentence.clone(),
            other => other.to_string(),
        };
        // The promise's own functions do not throw.
        let _ = self.reject.call1(&JsValue::UNDEFINED, &message.into());
    }
}

impl Drop for Opened {
    /// A picture that is dropped before it shows must not leave its opener waiting.
    fn drop(&mut self) {
        let reason = JsValue::from("superseded");
        // Without effect on a promise that is settled.
        let _ = self.reject.call1(&JsValue::UNDEFINED, &reason);
    }
}

impl TilePixels {
    /// What the worker sent: width, height, format and bytes, from place `at` on.
    fn of_message(message: &js_sys::Array, at: u32) -> Self {
        let number = |at: u32| message.get(at).as_f64().unwrap_or(0.0);
        let bytes: js_sys::Uint8Array = message.get(at + 3).unchecked_into();
        Self::Bytes {
            size: (number(at) as u32, number(at + 1) as u32),
            format: TileFormat::ALL[(number(at + 2) as usize).min(3)],
            bytes: bytes.to_vec(),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Bytes { bytes, .. } => bytes.len(),
            Self::Bitmap(bitmap) => bitmap.width() as usize * bitmap.height() as usize * 4,
        }
    }
}

impl Drop for TilePixels {
    fn drop(&mut self) {
        if let Self::Bitmap(bitmap) = self {
            bitmap.close();
        }
    }
}

/// The renderer's number of a tile.
fn key(tile: TileId) -> u64 {
    u64::from(tile.level) << 56 | u64::from(tile.col) << 28 | u64::from(tile.row)
}
