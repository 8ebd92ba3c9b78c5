//! The worker in which models run: started, spoken with, and known to be gone when it is.
//!
//! What is said to it stands at the head of `infer-wasm/infer_worker.js`.

mod models;

pub use models::{ModelWorker, Progress};

use crate::EngineError;
use crate::browser::{absolute, property};
use crate::error::js_message;
use crate::locks;
use js_sys::{Array, Object, Reflect};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, MessageEvent, Url, Worker, WorkerOptions, WorkerType};

/// Where the files of the segmentation model are.
#[derive(Clone, Debug, PartialEq)]
pub struct AssistOptions {
    /// The worker's script, a module.
    pub worker: String,
    /// Starts the worker instead: bundlers know a worker by where it is made.
    pub start: Option<js_sys::Function>,
    /// Its WebAssembly, where that does not lie beside the script.
    pub wasm: Option<String>,
    /// The model's two parts, as ONNX.
    pub encoder: String,
    pub decoder: String,
    /// What the parts are, where they are not the built-in model's.
    pub model: Option<PromptModel>,
}

/// A registered model that answers prompts.
#[derive(Clone, Debug, PartialEq)]
pub struct PromptModel {
    /// Its name for the worker.
    pub key: String,
    /// As it stands in the source of what is accepted.
    pub name: Box<str>,
    /// The sums of its encoder and its decoder, where they are known.
    pub sha256: [Option<String>; 2],
    /// As the inspection gave it.
    pub spec: serde_json::Value,
}

/// A worker in which nothing is loaded yet; dropping it ends it with whatever it does.
pub struct InferWorker {
    worker: Worker,
    /// Nobody wants to hear of its end any more: it has ended, or was let go.
    is_over: Rc<Cell<bool>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
}

impl InferWorker {
    /// Starts it. What it says comes to `hear`; that it ended by itself, and why, once to `died`.
    pub fn start(
        options: &AssistOptions,
        hear: impl Fn(&JsValue) + 'static,
        died: impl Fn(&str) + 'static,
    ) -> Result<Self, EngineError> {
        let worker = match &options.start {
            Some(start) => start.call0(&JsValue::UNDEFINED)?.dyn_into()?,
            None => start(&absolute(&options.worker))?,
        };
        let is_over = Rc::new(Cell::new(false));
        let ended = is_over.clone();
        let died = Rc::new(move |why: &str| {
            if !ended.replace(true) {
                died(why);
            }
        });
        let ends = died.clone();
        let on_message = Closure::new(move |event: MessageEvent| {
            let message = event.data();
            let lock = property(&message, "lock").and_then(|lock| lock.as_string());
            if let Some(lock) = lock {
                // No event tells of a worker that closed itself or was killed.
                let ends = ends.clone();
                locks::when_free(&lock, move || ends("it was ended"));
            } else {
                hear(&message);
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let on_error = Closure::new(move |error: JsValue| {
            // A script that cannot be loaded tells no reason.
            let message = property(&error, "message").and_then(|message| message.as_string());
            let message = message.filter(|message| !message.is_empty());
            died(message.as_deref().unwrap_or("it could not be started"));
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            worker,
            is_over,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// The buffers in `transfer` are gone then.
    pub fn say(&self, id: u32, kind: &str, fields: &[(&str, JsValue)], transfer: &Array) {
        let message = Object::new();
        let own = [("id", id.into()), ("kind", kind.into())];
        for (name, value) in own.iter().chain(fields) {
            // A plain object takes any property.
            let _ = Reflect::set(&message, &(*name).into(), value);
        }
        // Plain values and buffers can always be sent.
        let _ = self
            .worker
            .post_message_with_transfer(&message, transfer.as_ref());
    }
}

impl Drop for InferWorker {
    fn drop(&mut self) {
        self.is_over.set(true);
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// A part of a model, for the worker.
pub(crate) fn file(url: &str, sha256: Option<&str>) -> Object {
    let file = Object::new();
    // A plain object takes any property.
    let _ = Reflect::set(&file, &"url".into(), &absolute(url).into());
    let _ = Reflect::set(&file, &"sha256".into(), &sha256.into());
    file
}

fn start(url: &str) -> Result<Worker, EngineError> {
    let failed = |error: JsValue| EngineError::Browser(js_message(&error));
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    if let Ok(worker) = Worker::new_with_options(url, &options) {
        return Ok(worker);
    }
    // A worker's own file must be of the page's origin; what it imports need not.
    let code = Array::of1(&format!("import {}", js_sys::JSON::stringify(&url.into())?).into());
    let properties = BlobPropertyBag::new();
    properties.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&code, &properties).map_err(failed)?;
    let own = Url::create_object_url_with_blob(&blob).map_err(failed)?;
    Worker::new_with_options(&own, &options).map_err(failed)
}
