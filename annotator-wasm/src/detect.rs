//! Models of the page: looked at, and run on the photograph on the canvas.

use super::Annotator;
use super::types::{JsDetect, from_js, parse_id, to_js};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;
use visionflow_engine::{Detecting, EngineError, Like, ModelFile, ModelToRun};
use visionflow_surface::DetectOptions;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

#[wasm_bindgen]
impl Annotator {
    /// What ONNX files are, and whether they run: by addresses or as bytes.
    #[wasm_bindgen(js_name = inspectModel, unchecked_return_type = "Promise<Record<string, unknown>>")]
    pub fn inspect_model(
        &self,
        #[wasm_bindgen(unchecked_param_type = "(string | Uint8Array)[]")] files: Vec<JsValue>,
    ) -> js_sys::Promise {
        let engine = self.engine.clone();
        future_to_promise(async move {
            let file = |value: &JsValue| match value.as_string() {
                Some(url) => ModelFile::Url(url),
                None => ModelFile::Bytes(js_sys::Uint8Array::new(value).to_vec()),
            };
            let files: Vec<_> = files.iter().map(file).collect();
            let report = engine.inspect_model(&files).await.map_err(thrown)?;
            Ok(to_js(&report)?)
        })
    }

    /// Proposes what is like an annotation, by the smart tool's model; the ids. Experimental.
    #[wasm_bindgen(js_name = findSimilar, unchecked_return_type = "Promise<string[]>")]
    pub fn find_similar(&self, id: &str) -> Result<js_sys::Promise, JsError> {
        let id = parse_id(id, "findSimilar(): id")?;
        let like = self.engine.with_annotation(id, |annotation| Like {
            shape: annotation.shape.clone(),
            label: annotation.label,
            from: None,
        });
        let like =
            like.ok_or_else(|| JsError::new("findSimilar(): there is no such annotation"))?;
        let engine = self.engine.clone();
        Ok(future_to_promise(async move {
            let ids = engine.find_similar(like).await.map_err(thrown)?;
            Ok(to_js(&ids)?)
        }))
    }

    /// Runs a model on the photograph and proposes what it sees; the ids. `progress` hears how many
    /// of the model's bytes have come.
    #[wasm_bindgen(unchecked_return_type = "Promise<string[]>")]
    pub fn detect(
        &self,
        options: &JsDetect,
        #[wasm_bindgen(
            unchecked_optional_param_type = "(received: number, total: number) => void"
        )]
        progress: Option<js_sys::Function>,
    ) -> Result<js_sys::Promise, JsError> {
        let options: DetectOptions = from_js(options, "detect(): options")?;
        let engine = self.engine.clone();
        let progress = progress.map(|told| {
            let tell = move |received: f64, total: f64| {
                // What a callback throws is shown by the browser's console.
                if let Err(error) = told.call2(&JsValue::UNDEFINED, &received.into(), &total.into())
                {
                    gloo::console::error!(error);
                }
            };
            Rc::new(tell) as visionflow_engine::Progress
        });
        Ok(future_to_promise(async move {
            let found = engine.detect(&detecting(options), progress).await;
            let ids = found.map_err(thrown)?;
            Ok(to_js(&ids)?)
        }))
    }
}

fn detecting(options: DetectOptions) -> Detecting {
    let mut hasher = DefaultHasher::new();
    options.files.hash(&mut hasher);
    options.spec.to_string().hash(&mut hasher);
    let files = options
        .files
        .into_iter()
        .map(|file| (file.url, file.sha256));
    let known = |(class, label): (u32, Option<_>)| Some((class, label?));
    Detecting {
        model: ModelToRun {
            key: format!("{:016x}", hasher.finish()),
            files: files.collect(),
            spec: options.spec,
        },
        name: options.model.unwrap_or_else(|| "model".to_owned()).into(),
        id: options.model_id,
        labels: options.class_map.into_iter().filter_map(known).collect(),
        was_asked_for: true,
    }
}

fn thrown(error: EngineError) -> JsValue {
    JsValue::from(JsError::from(error))
}
