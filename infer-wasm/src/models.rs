//! Models that somebody registered: detectors, classifiers, embedders, each under a key.

use js_sys::{Array, Float32Array, Uint8Array};
use serde_json::{Value, json};
use visionflow_infer::{ModelSpec, Network, Outcome, Photo, Work};
use wasm_bindgen::prelude::*;

/// So many are kept; the one that nobody has asked for longest goes first.
const KEPT: usize = 3;

/// The models used last, and the work on photographs that was begun.
#[wasm_bindgen]
#[derive(Default)]
pub struct Models {
    list: Vec<(String, Network)>,
    works: Vec<(u32, String, Work)>,
}

#[wasm_bindgen]
impl Models {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Loads a model from its file's bytes and its specification's JSON.
    pub fn load(&mut self, key: String, file: &[u8], spec: &str) -> Result<(), JsError> {
        let spec = parsed(spec)?;
        self.list.retain(|(own, _)| *own != key);
        if self.list.len() >= KEPT {
            self.list.remove(0);
        }
        let network = Network::load(file, &spec)?;
        self.list.push((key, network));
        Ok(())
    }

    /// Begins to look at a photograph under a number; `false` where the model is not here. The pixels
    /// may be those of the photograph at another size.
    #[expect(clippy::too_many_arguments, reason = "a call from JavaScript is flat")]
    pub fn begin(
        &mut self,
        id: u32,
        key: &str,
        width: u32,
        height: u32,
        scaled_width: usize,
        scaled_height: usize,
        rgba: &[u8],
    ) -> Result<bool, JsError> {
        let Some(at) = self.list.iter().position(|(own, _)| own == key) else {
            return Ok(false);
        };
        self.list[at..].rotate_left(1);
        let photo = Photo {
            width,
            height,
            scaled_width,
            scaled_height,
            rgba,
        };
        let (_, network) = self.list.last().expect("the one just found");
        let work = network.begin(&photo)?;
        self.works.push((id, key.to_owned(), work));
        Ok(true)
    }

    /// Does a piece of the work; `false` at the end, or where the model has gone since.
    pub fn step(&mut self, id: u32) -> Result<bool, JsError> {
        let Some((_, key, work)) = self.works.iter_mut().find(|(own, ..)| *own == id) else {
            return Ok(false);
        };
        match self.list.iter().find(|(own, _)| own == key) {
            Some((_, network)) => Ok(network.step(work)?),
            None => Ok(false),
        }
    }

    /// What was found, as JSON, or the vector of an embedder; `undefined` where the model has gone.
    pub fn finish(&mut self, id: u32) -> Result<JsValue, JsError> {
        let Some(at) = self.works.iter().position(|(own, ..)| *own == id) else {
            return Ok(JsValue::UNDEFINED);
        };
        let (_, key, work) = self.works.remove(at);
        let Some((_, network)) = self.list.iter().find(|(own, _)| *own == key) else {
            return Ok(JsValue::UNDEFINED);
        };
        Ok(match network.outcome(&work)? {
            Outcome::Detections(found) => json!(found).to_string().into(),
            Outcome::Embedding(vector) => Float32Array::from(&vector[..]).into(),
        })
    }

    /// Drops the work under a number.
    pub fn cancel(&mut self, id: u32) {
        self.works.retain(|(own, ..)| *own != id);
    }
}

/// Looks at a model's files, an array of `Uint8Array`, and runs it once: the report as JSON. Of several
/// ways to read it, the specification's JSON names the one that is tried.
#[wasm_bindgen]
pub fn inspect(files: &Array, wanted: Option<String>) -> Result<String, JsError> {
    let wanted = wanted.map(|spec| parsed(&spec)).transpose()?;
    let files: Vec<Vec<u8>> = files
        .iter()
        .map(|file| Uint8Array::new(&file).to_vec())
        .collect();
    let parts: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
    let report =
        visionflow_infer::inspect(&parts, wanted.as_ref(), &|| js_sys::Date::now() / 1000.0);
    let value: Value = json!(report);
    Ok(value.to_string())
}

fn parsed(spec: &str) -> Result<ModelSpec, JsError> {
    serde_json::from_str(spec)
        .map_err(|error| JsError::new(&format!("this is no description of a model: {error}")))
}

/// Refuses a model by its stated size, before it is read.
#[wasm_bindgen]
pub fn check_size(bytes: f64) -> Result<(), JsError> {
    // A size beyond what a number holds is too large as well.
    Ok(visionflow_infer::check_size(bytes.max(0.0) as u64)?)
}
