//! The worker's module for pictures that are too large or too rare for the browser's decoders.
//!
//! The engine starts one worker for each such picture and ends it with the picture, so that all of
//! its memory goes at once. Messages are arrays whose first value says what they are:
//!
//! | to the worker | meaning |
//! |---|---|
//! | `open`, source (`Blob` or URL), MIME type | the picture |
//! | `tile`, level, column, row | a tile that is wanted |
//! | `cancel`, level, column, row | a tile that is not wanted any more |
//!
//! | from the worker | meaning |
//! |---|---|
//! | `opened`, JSON | the pyramid, and what is to be known of the picture |
//! | `tile`, level, column, row, width, height, format, bytes | a tile |
//! | `part`, rows, width, height, format, bytes | the first rows of the coarsest level, so far |
//! | `missing`, level, column, row, sentence | a tile that cannot be had |
//! | `progress`, 0 to 1 | how far the pass over the file has come |
//! | `window`, low, high | the range that the samples of a 16-bit picture lie in |
//! | `error`, sentence | the picture cannot be shown, or not all of it |
#![cfg(target_arch = "wasm32")]

mod blocks;
mod plain;
mod source;
mod tiff;
mod worker;

use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Starts answering; the function takes each message's data.
#[wasm_bindgen]
pub fn start() -> js_sys::Function {
    let worker = Rc::new(worker::Worker::default());
    let answer = Closure::<dyn FnMut(JsValue)>::new(move |message: JsValue| {
        worker.take(&js_sys::Array::from(&message));
    });
    // The worker lives as long as its picture.
    answer.into_js_value().unchecked_into()
}
