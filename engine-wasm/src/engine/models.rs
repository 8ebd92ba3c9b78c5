//! Models of a project's registry, or of the page: looked at, loaded and run beside the page, and
//! what a detector sees made suggestions.
//!
//! They run in a worker of their own, apart from the smart tool's: a click there does not wait for a
//! detector. No pixel leaves the page.
//! A worker that stopped is replaced with the next request; the document knows nothing of it.

use super::suggestions::Run;
use super::{Engine, Inner};
use crate::EngineError;
use crate::browser::property;
use crate::image::PhotoPixels;
use crate::inference::{ModelWorker, Progress, file};
use js_sys::{Array, Float32Array, JSON, Uint8Array};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::rc::Rc;
use visionflow_api::shown_side;
use visionflow_document::EditError;
use visionflow_model::{AnnotationId, LabelId, ModelId, Shape};
use wasm_bindgen::prelude::*;

/// A part of a model.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelFile {
    Url(String),
    Bytes(Vec<u8>),
}

/// A model that can be run.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelToRun {
    /// Its name for the worker, which keeps the models used last: another one for other files or
    /// another specification.
    pub key: String,
    /// Addresses, each with its SHA-256 where that is known.
    pub files: Vec<(String, Option<String>)>,
    /// As the inspection gave it, perhaps with other thresholds and names.
    pub spec: serde_json::Value,
}

/// What a model sees in a photograph.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// The surest first.
    Detections(Vec<Detection>),
    Embedding(Vec<f32>),
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Detection {
    /// By the model's own numbers.
    pub class: u32,
    pub score: f64,
    /// In pixels of the full photograph.
    pub shape: Shape,
}

/// A model to be run on the photograph on the canvas, and what becomes of what it sees.
#[derive(Clone, Debug)]
pub struct Detecting {
    pub model: ModelToRun,
    /// The model's name, as it stands in the source of what is accepted.
    pub name: Box<str>,
    /// Its id in the project's registry.
    pub id: Option<ModelId>,
    /// The model's classes to labels; what has no label is left out.
    pub labels: BTreeMap<u32, LabelId>,
    /// A person asked for it, and can take it back as one step.
    pub was_asked_for: bool,
}

impl Engine {
    /// Looks at the files of a model and runs it once; the worker's report, also on one that cannot
    /// run.
    pub async fn inspect_model(
        &self,
        files: &[ModelFile],
    ) -> Result<serde_json::Value, EngineError> {
        let transfer = Array::new();
        let list = files.iter().map(|file| match file {
            ModelFile::Url(url) => JsValue::from(crate::browser::absolute(url)),
            ModelFile::Bytes(bytes) => {
                let buffer: JsValue = Uint8Array::from(&bytes[..]).buffer().into();
                transfer.push(&buffer);
                buffer
            }
        });
        let files: Array = list.collect();
        let worker = self.model_worker()?;
        let answer = worker.ask("inspect", &[("files", files.into())], &transfer, None);
        let report = property(&answer.await?, "report").unwrap_or(JsValue::NULL);
        parsed(&report)
    }

    /// Has the worker load a model, unless it has it; `progress` hears how much has come.
    pub async fn load_model(
        &self,
        model: &ModelToRun,
        progress: Option<Progress>,
    ) -> Result<(), EngineError> {
        let worker = self.model_worker()?;
        if worker.has_loaded(&model.key) {
            return Ok(());
        }
        let files: Array = model
            .files
            .iter()
            .map(|(url, sha256)| file(url, sha256.as_deref()))
            .collect();
        let fields = [
            ("model", JsValue::from(&model.key)),
            ("files", files.into()),
            ("spec", JSON::parse(&model.spec.to_string())?),
        ];
        let answer = worker.ask("load_model", &fields, &Array::new(), progress);
        answer.await?;
        worker.set_loaded(&model.key, true);
        Ok(())
    }

    /// Loads a model where that is needed, and has it look at the photograph on the canvas.
    pub async fn run_model(
        &self,
        model: &ModelToRun,
        progress: Option<Progress>,
    ) -> Result<Seen, EngineError> {
        self.load_model(model, progress.clone()).await?;
        match self.run_loaded(model).await {
            // It keeps some models only.
            Err(EngineError::Model { code, .. }) if code == "not_loaded" => {
                self.model_worker()?.set_loaded(&model.key, false);
                self.load_model(model, progress).await?;
                self.run_loaded(model).await
            }
            seen => seen,
        }
    }

    /// Runs a model on the photograph on the canvas and proposes what it sees; the ids.
    pub async fn detect(
        &self,
        detecting: &Detecting,
        progress: Option<Progress>,
    ) -> Result<Vec<AnnotationId>, EngineError> {
        let photograph = self.0.read(|state| state.tickets);
        let Seen::Detections(detections) = self.run_model(&detecting.model, progress).await? else {
            return Err(EngineError::Model {
                code: "model".to_owned(),
                message: "this model finds nothing in photographs".to_owned(),
            });
        };
        self.0.with(|state| {
            // Another photograph's objects are not here.
            if state.tickets != photograph {
                return Err(EngineError::Superseded);
            }
            let labelled = detections.into_iter().filter_map(|detection| {
                let label = *detecting.labels.get(&detection.class)?;
                Some((label, detection.score, detection.shape))
            });
            let run = Run {
                model: detecting.id,
                name: detecting.name.clone(),
                was_asked_for: detecting.was_asked_for,
            };
            let failed = |error: EditError| EngineError::Browser(error.to_string());
            let read_only = || EngineError::Browser("this annotator is read-only".to_owned());
            state
                .propose(run, labelled)
                .map_err(failed)?
                .ok_or_else(read_only)
        })
    }

    async fn run_loaded(&self, model: &ModelToRun) -> Result<Seen, EngineError> {
        let inner: &Rc<Inner> = &self.0;
        let nothing = || EngineError::Fetch("there is none to look at yet".to_owned());
        let long_side = f64::from(shown_side(&model.spec));
        let (reading, size) = inner.with(|state| {
            let size = state.image.ok_or_else(nothing)?;
            let reading = state.shown_pixels(String::new(), long_side);
            Ok::<_, EngineError>((reading.ok_or_else(nothing)?, size))
        })?;
        let PhotoPixels { size: scaled, rgba } = inner.source_of(&reading).await?;
        let rgba = Uint8Array::from(&rgba[..]).buffer();
        let fields = [
            ("model", JsValue::from(&model.key)),
            ("width", size.0.into()),
            ("height", size.1.into()),
            ("scaled_width", scaled.0.into()),
            ("scaled_height", scaled.1.into()),
            ("rgba", rgba.clone().into()),
        ];
        let worker = self.model_worker()?;
        let answer = worker.ask("run", &fields, &Array::of1(&rgba), None).await?;
        seen(&answer)
    }

    /// The worker, started where there is none that lives.
    fn model_worker(&self) -> Result<Rc<ModelWorker>, EngineError> {
        if self.0.is_destroyed() {
            return Err(EngineError::Destroyed);
        }
        self.0.with(|state| {
            if let Some(worker) = state.models.as_ref().filter(|worker| worker.is_alive()) {
                return Ok(Rc::clone(worker));
            }
            let options = state.assist_options().ok_or_else(|| EngineError::Model {
                code: "off".to_owned(),
                message: "there is no worker for models: setAssist() says where it is".to_owned(),
            })?;
            let worker = Rc::new(ModelWorker::start(options)?);
            state.models = Some(Rc::clone(&worker));
            Ok(worker)
        })
    }
}

/// The place of the worker in the engine's state.
pub type Models = Option<Rc<ModelWorker>>;

fn seen(answer: &JsValue) -> Result<Seen, EngineError> {
    if let Some(embedding) = property(answer, "embedding") {
        return Ok(Seen::Embedding(Float32Array::new(&embedding).to_vec()));
    }
    let detections = property(answer, "detections").unwrap_or_else(|| Array::new().into());
    parsed(&detections).map(Seen::Detections)
}

fn parsed<T: serde::de::DeserializeOwned>(value: &JsValue) -> Result<T, EngineError> {
    let json = JSON::stringify(value)?.as_string().unwrap_or_default();
    serde_json::from_str(&json).map_err(|error| EngineError::Model {
        code: "model".to_owned(),
        message: format!("the worker's answer is not understood: {error}"),
    })
}
