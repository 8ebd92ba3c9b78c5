//! The worker that runs the model: what is said to it.

use super::pixels::Source;
use super::said::{self, Said};
use crate::EngineError;
use crate::error::js_message;
use js_sys::{Array, Object, Reflect};
use visionflow_geometry::Point;
use visionflow_tools::Ask;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, MessageEvent, Url, Worker, WorkerOptions, WorkerType};

/// How far the outline of what is found may lie from its pixels.
const SEARCH_TOLERANCE: f64 = 1.0;

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
}

/// A worker with its model; dropping it ends both.
pub struct Client {
    worker: Worker,
    last: u32,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
}

impl Client {
    /// Starts the worker and has it load the model; what it says comes to `told`.
    pub fn start(
        options: &AssistOptions,
        told: impl Fn((u32, Said)) + Clone + 'static,
    ) -> Result<Self, EngineError> {
        let absolute = crate::browser::absolute;
        let worker = start_worker(options)?;
        let died = told.clone();
        let on_message = Closure::new(move |event: MessageEvent| {
            if let Some(message) = said::read(&event.data()) {
                told(message);
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let on_error = Closure::new(move |error: JsValue| {
            // A script that cannot be loaded tells no reason.
            let message = crate::browser::property(&error, "message");
            let message = message.and_then(|message| message.as_string());
            let message = message.filter(|message| !message.is_empty());
            let message = message.unwrap_or_else(|| "its worker could not be started".to_owned());
            died((0, Said::Died { message }));
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let mut client = Self {
            worker,
            last: 0,
            _on_message: on_message,
            _on_error: on_error,
        };
        let wasm = options.wasm.as_deref().map(absolute);
        client.say(
            "load",
            &[
                ("encoder", absolute(&options.encoder).into()),
                ("decoder", absolute(&options.decoder).into()),
                ("wasm", wasm.map_or(JsValue::UNDEFINED, JsValue::from)),
            ],
            None,
        );
        Ok(client)
    }

    /// Has the model look at a photograph.
    pub fn encode(&mut self, key: &str, source: &Source) {
        let rgba = js_sys::Uint8Array::from(&source.rgba[..]).buffer();
        let fields = [
            ("key", key.into()),
            ("width", source.size.0.into()),
            ("height", source.size.1.into()),
            ("rgba", rgba.clone().into()),
        ];
        self.say("encode", &fields, Some(&rgba.into()));
    }

    /// Hands over what another computer saw in a photograph.
    pub fn embedding(&mut self, key: &str, f16: &js_sys::ArrayBuffer) {
        let fields = [("key", key.into()), ("f16", f16.clone().into())];
        self.say("embedding", &fields, Some(f16.as_ref()));
    }

    /// Asks about a photograph of `size` pixels; the question's number.
    pub fn ask(&mut self, ask: &Ask, key: &str, size: (u32, u32)) -> u32 {
        let mut fields = vec![
            ("key", key.into()),
            ("width", size.0.into()),
            ("height", size.1.into()),
        ];
        let kind = match ask {
            Ask::Object(prompt) => {
                let points = prompt.points.iter().map(|(at, belongs)| {
                    Array::of3(&at.x.into(), &at.y.into(), &u8::from(*belongs).into())
                });
                let bounds = prompt.bounds.map_or(JsValue::NULL, |rect| {
                    let (min, max) = (rect.min, rect.max);
                    Array::of4(&min.x.into(), &min.y.into(), &max.x.into(), &max.y.into()).into()
                });
                fields.push(("points", points.collect::<Array>().into()));
                fields.push(("box", bounds));
                fields.push(("tolerance", prompt.tolerance.into()));
                "decode"
            }
            Ask::Everything { tolerance } => {
                fields.push(("tolerance", (*tolerance).into()));
                "everything"
            }
        };
        self.say(kind, &fields, None)
    }

    /// Asks what is like a shape of this photograph, or of another of that size; the question's number.
    pub fn search(
        &mut self,
        rings: &[Vec<Point>],
        from: Option<(String, (u32, u32))>,
        key: &str,
        size: (u32, u32),
    ) -> u32 {
        let flat = |ring: &Vec<Point>| -> JsValue {
            let numbers = ring.iter().flat_map(|p| [p.x, p.y]);
            numbers.map(JsValue::from).collect::<Array>().into()
        };
        let mut fields = vec![
            ("key", key.into()),
            ("width", size.0.into()),
            ("height", size.1.into()),
            ("shape", rings.iter().map(flat).collect::<Array>().into()),
            ("tolerance", SEARCH_TOLERANCE.into()),
        ];
        if let Some((from, (width, height))) = from {
            fields.push(("from", from.into()));
            fields.push(("from_width", width.into()));
            fields.push(("from_height", height.into()));
        }
        self.say("similar", &fields, None)
    }

    /// A question need not be answered any more.
    pub fn cancel(&mut self, question: u32) {
        self.say("cancel", &[("of", question.into())], None);
    }

    fn say(&mut self, kind: &str, fields: &[(&str, JsValue)], transfer: Option<&JsValue>) -> u32 {
        self.last += 1;
        let message = Object::new();
        let own = [("id", self.last.into()), ("kind", kind.into())];
        for (name, value) in own.iter().chain(fields) {
            // A plain object takes any property.
            let _ = Reflect::set(&message, &(*name).into(), value);
        }
        let transfer: Array = transfer.into_iter().collect();
        // Plain values and buffers can always be sent.
        let _ = self
            .worker
            .post_message_with_transfer(&message, transfer.as_ref());
        self.last
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// A worker in which nothing is loaded yet.
pub fn start_worker(options: &AssistOptions) -> Result<Worker, EngineError> {
    match &options.start {
        Some(start) => Ok(start.call0(&JsValue::UNDEFINED)?.dyn_into()?),
        None => worker(&crate::browser::absolute(&options.worker)),
    }
}

fn worker(url: &str) -> Result<Worker, EngineError> {
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
