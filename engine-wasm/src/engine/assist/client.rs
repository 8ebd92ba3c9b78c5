//! The worker that runs the model: what is said to it.

use super::said::{self, Said};
use crate::EngineError;
use crate::browser::absolute;
use crate::image::PhotoPixels;
use crate::inference::{AssistOptions, InferWorker, file};
use js_sys::{Array, JSON};
use visionflow_geometry::Point;
use visionflow_tools::Ask;
use wasm_bindgen::prelude::*;

/// How far the outline of what is found may lie from its pixels.
const SEARCH_TOLERANCE: f64 = 1.0;

/// A worker with its model; dropping it ends both.
pub struct Client {
    worker: InferWorker,
    last: u32,
}

impl Client {
    /// Starts the worker and has it load the model; what it says comes to `told`.
    pub fn start(
        options: &AssistOptions,
        told: impl Fn((u32, Said)) + Clone + 'static,
    ) -> Result<Self, EngineError> {
        let died = told.clone();
        let worker = InferWorker::start(
            options,
            move |message| said::read(message).into_iter().for_each(&told),
            move |why| {
                let message = format!("its worker stopped: {why}");
                died((0, Said::Died { message }));
            },
        )?;
        let mut client = Self { worker, last: 0 };
        client.load(options);
        Ok(client)
    }

    fn load(&mut self, options: &AssistOptions) {
        let wasm = options.wasm.as_deref().map(absolute);
        let wasm = wasm.map_or(JsValue::UNDEFINED, JsValue::from);
        let parts = [&options.encoder, &options.decoder].map(|url| absolute(url));
        let Some(model) = &options.model else {
            let [encoder, decoder] = parts.map(JsValue::from);
            let fields = [("encoder", encoder), ("decoder", decoder), ("wasm", wasm)];
            self.say("load", &fields, None);
            return;
        };
        let file = |(url, sha256): (&String, &Option<String>)| file(url, sha256.as_deref());
        let files: Array = parts.iter().zip(&model.sha256).map(file).collect();
        // What was JSON is JSON.
        let spec = JSON::parse(&model.spec.to_string()).unwrap_or_default();
        let fields = [
            ("model", JsValue::from(&model.key)),
            ("files", files.into()),
            ("spec", spec),
            ("wasm", wasm),
        ];
        self.say("load_model", &fields, None);
    }

    /// Has the model look at a photograph; the request's number.
    pub fn encode(&mut self, key: &str, source: &PhotoPixels) -> u32 {
        let rgba = js_sys::Uint8Array::from(&source.rgba[..]).buffer();
        let fields = [
            ("key", key.into()),
            ("width", source.size.0.into()),
            ("height", source.size.1.into()),
            ("rgba", rgba.clone().into()),
        ];
        self.say("encode", &fields, Some(&rgba.into()))
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

    /// What was asked need not be answered any more.
    pub fn cancel(&mut self, request: u32) {
        self.say("cancel", &[("of", request.into())], None);
    }

    fn say(&mut self, kind: &str, fields: &[(&str, JsValue)], transfer: Option<&JsValue>) -> u32 {
        self.last += 1;
        let transfer: Array = transfer.into_iter().collect();
        self.worker.say(self.last, kind, fields, &transfer);
        self.last
    }
}
