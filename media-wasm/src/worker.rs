//! What the worker is asked and how it answers.

use crate::blocks::BlockReader;
use crate::plain::PlainPicture;
use crate::source::{Source, scope};
use crate::tiff::RangedTiff;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use visionflow_media::plain::SoFar;
use visionflow_media::tiles::TileId;
use visionflow_media::{Format, Pixels, Raster};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortController;

/// One picture and the tiles of it that are asked for.
#[derive(Default)]
pub struct Worker {
    picture: OnceCell<Picture>,
    /// Tiles that wait for the pass over the file.
    waiting: RefCell<Vec<TileId>>,
    /// Tiles whose bytes are on their way.
    loading: RefCell<HashMap<TileId, AbortController>>,
    /// The last of those that are made one after another; ends when it is done.
    last_turn: RefCell<Option<js_sys::Promise>>,
    told_progress: Cell<f64>,
    told_window: Cell<bool>,
}

enum Picture {
    Plain(PlainPicture),
    Tiff(Box<RangedTiff>),
}

/// Lets messages in before the next step of long work.
pub async fn next_turn() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let later = scope().set_timeout_with_callback(&resolve);
        debug_assert!(later.is_ok());
    });
    // A timer does not fail.
    let _ = JsFuture::from(promise).await;
}

impl Worker {
    pub fn take(self: &Rc<Self>, message: &js_sys::Array) {
        let what = message.get(0).as_string().unwrap_or_default();
        match what.as_str() {
            "open" => {
                let (source, mime) = (message.get(1), message.get(2).as_string());
                let worker = Rc::clone(self);
                spawn_local(async move {
                    if let Err(error) = worker.open(&source, &mime.unwrap_or_default()).await {
                        worker.tell_error(&error);
                    }
                });
            }
            "tile" => self.want(tile_of(message)),
            "cancel" => {
                let tile = tile_of(message);
                self.waiting.borrow_mut().retain(|waiting| *waiting != tile);
                if let Some(abort) = self.loading.borrow_mut().remove(&tile) {
                    abort.abort();
                }
            }
            _ => {}
        }
    }

    async fn open(self: &Rc<Self>, from: &JsValue, mime: &str) -> Result<(), String> {
        let (source, head) = Source::open(from).await?;
        let format = Format::from_magic(&head)
            .or(Format::from_mime(mime))
            .ok_or("the file is not an image that can be read here")?;
        let picture = match (format, source) {
            (Format::Tiff, source) => {
                Picture::Tiff(Box::new(RangedTiff::open(source, head).await?))
            }
            (_, Source::Blob(blob)) => {
                Picture::Plain(PlainPicture::open(BlockReader::of_blob(blob)?, format)?)
            }
            (_, Source::Url { url, len }) => {
                Picture::Plain(PlainPicture::open(BlockReader::of_url(url, len), format)?)
            }
        };
        let description = match &picture {
            Picture::Plain(plain) => plain.description(),
            Picture::Tiff(tiff) => tiff.description(),
        };
        let picture = self.picture.get_or_init(|| picture);
        tell("opened", [JsValue::from(description.to_string())]);
        self.answer_waiting();
        match picture {
            Picture::Plain(plain) => plain.pass(self).await,
            Picture::Tiff(tiff) => tiff.pass(self).await,
        }
        Ok(())
    }

    fn want(self: &Rc<Self>, tile: TileId) {
        match self.picture.get() {
            Some(Picture::Plain(plain)) => match plain.tile(tile) {
                Some(Ok(pixels)) => self.tell_tile(tile, &pixels),
                Some(Err(error)) => self.tell_missing(tile, &error.to_string()),
                None => self.waiting.borrow_mut().push(tile),
            },
            Some(Picture::Tiff(tiff)) if tiff.has(tile) => self.load(tile),
            _ => self.waiting.borrow_mut().push(tile),
        }
    }

    /// Tries the tiles that wait once more.
    pub fn answer_waiting(self: &Rc<Self>) {
        for tile in self.waiting.take() {
            self.want(tile);
        }
    }

    fn load(self: &Rc<Self>, tile: TileId) {
        let Ok(abort) = AbortController::new() else {
            return;
        };
        let signal = abort.signal();
        self.loading.borrow_mut().insert(tile, abort);
        let worker = Rc::clone(self);
        spawn_local(async move {
            let Some(Picture::Tiff(tiff)) = worker.picture.get() else {
                return;
            };
            let turn = if tiff.is_serial(tile) {
                Some(worker.turn().await)
            } else {
                None
            };
            let answer = if signal.aborted() {
                return;
            } else {
                tiff.tile(tile, &signal).await
            };
            drop(turn);
            if signal.aborted() {
                return;
            }
            worker.loading.borrow_mut().remove(&tile);
            match answer {
                Ok(pixels) => {
                    worker.look_at_range(&pixels);
                    worker.tell_tile(tile, &pixels);
                }
                Err(error) => worker.tell_missing(tile, &error),
            }
        });
    }

    /// Waits until all that asked before are done.
    async fn turn(&self) -> Turn {
        let mut done = None;
        let promise = js_sys::Promise::new(&mut |resolve, _| done = Some(resolve));
        let before = self.last_turn.replace(Some(promise));
        if let Some(before) = before {
            // A turn ends, however it went.
            let _ = JsFuture::from(before).await;
        }
        Turn(done)
    }

    /// The first tile that comes, a coarse one, tells the range of a 16-bit picture.
    fn look_at_range(&self, pixels: &Pixels) {
        if pixels.format != visionflow_media::PixelFormat::Grey16 || self.told_window.get() {
            return;
        }
        let mut bytes = pixels.bytes.clone();
        for pair in bytes.chunks_exact_mut(2) {
            pair.swap(0, 1);
        }
        let raster = Raster {
            width: pixels.width,
            height: pixels.height,
            channels: 1,
            depth: 2,
            bytes,
        };
        self.tell_window(raster.usual_range());
    }

    fn tell_window(&self, (low, high): (f32, f32)) {
        self.told_window.set(true);
        tell("window", [JsValue::from(low), JsValue::from(high)]);
    }

    /// How far the pass has come, and what it has made; not more often than a person can see.
    pub fn tell_progress(&self, done: f64, so_far: impl FnOnce() -> Option<SoFar>) {
        let told = self.told_progress.get();
        if told > 0.0 && done < 1.0 && done - told < 0.01 {
            return;
        }
        let Some(part) = so_far() else {
            return;
        };
        self.told_progress.set(done);
        tell("progress", [JsValue::from(done)]);
        if part.pixels.format == visionflow_media::PixelFormat::Grey16 {
            self.tell_window(part.range);
        }
        tell_pixels("part", vec![JsValue::from(part.rows)], &part.pixels);
    }

    #[expect(clippy::unused_self, reason = "all answers are the worker's")]
    pub fn tell_error(&self, sentence: &str) {
        tell("error", [JsValue::from(sentence)]);
    }

    #[expect(clippy::unused_self, reason = "all answers are the worker's")]
    fn tell_missing(&self, tile: TileId, sentence: &str) {
        let mut values = place(tile);
        values.push(JsValue::from(sentence));
        tell("missing", values);
    }

    #[expect(clippy::unused_self, reason = "all answers are the worker's")]
    fn tell_tile(&self, tile: TileId, pixels: &Pixels) {
        tell_pixels("tile", place(tile), pixels);
    }
}

/// The right to be the one that works; given on when it is dropped.
struct Turn(Option<js_sys::Function>);

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(done) = &self.0 {
            // A promise's own function does not throw.
            let _ = done.call0(&JsValue::UNDEFINED);
        }
    }
}

fn tell_pixels(what: &str, mut values: Vec<JsValue>, pixels: &Pixels) {
    let bytes = js_sys::Uint8Array::from(pixels.bytes.as_slice());
    let buffer = bytes.buffer();
    values.extend([
        JsValue::from(pixels.width),
        JsValue::from(pixels.height),
        JsValue::from(pixels.format.number()),
        bytes.into(),
    ]);
    // Handed over, not copied.
    let transfer = js_sys::Array::of1(&buffer);
    // A page that is gone hears nothing.
    let _ = scope().post_message_with_transfer(&message(what, values), &transfer);
}

fn tell(what: &str, values: impl IntoIterator<Item = JsValue>) {
    // A page that is gone hears nothing.
    let _ = scope().post_message(&message(what, values));
}

fn message(what: &str, values: impl IntoIterator<Item = JsValue>) -> js_sys::Array {
    let message = js_sys::Array::of1(&JsValue::from(what));
    for value in values {
        message.push(&value);
    }
    message
}

fn place(tile: TileId) -> Vec<JsValue> {
    vec![
        JsValue::from(tile.level),
        JsValue::from(tile.col),
        JsValue::from(tile.row),
    ]
}

fn tile_of(message: &js_sys::Array) -> TileId {
    let number = |at: u32| message.get(at).as_f64().unwrap_or(0.0) as u32;
    TileId::new(number(1) as u8, number(2), number(3))
}
