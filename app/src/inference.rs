//! The worker that runs the models of a project in this browser, for pages.
//!
//! It is started with the first question and answers one after the other. What a model is and how
//! it is read stands in the worker; here are only questions and answers.

pub mod photo;
mod worker;

pub use worker::Progress;

use crate::t;
use js_sys::{Array, JSON};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use worker::ModelWorker;

/// Why the worker could not do it.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    pub code: String,
    pub message: String,
}

impl Failure {
    /// One sentence for the person in front of the screen.
    pub fn words(&self) -> String {
        t!("model-cannot-run", why = self.message.clone())
    }
}

/// A worker; dropping it ends it with whatever it does.
pub struct Client {
    worker: ModelWorker,
    /// The model that it holds, and how it is to be read.
    loaded: RefCell<Option<(String, Value)>>,
    done: RefCell<HashSet<String>>,
}

thread_local! {
    /// The worker that keeps a model from one photograph to the next.
    static SHARED: RefCell<Option<Rc<Client>>> = const { RefCell::new(None) };
}

impl Client {
    /// A worker of one's own.
    pub fn start() -> Result<Rc<Self>, Failure> {
        Ok(Rc::new(Self {
            worker: worker::start()?,
            loaded: RefCell::default(),
            done: RefCell::default(),
        }))
    }

    /// The worker that keeps its model, started where there is none.
    pub fn shared() -> Result<Rc<Self>, Failure> {
        let known = SHARED.with_borrow(Clone::clone);
        if let Some(client) = known.filter(|client| client.worker.is_alive()) {
            return Ok(client);
        }
        let client = Self::start()?;
        SHARED.set(Some(client.clone()));
        Ok(client)
    }

    /// Runs a model once and says what it is: addresses or buffers in, the report out. Of several
    /// ways to read it, `spec` names the one that is tried.
    pub async fn inspect(
        &self,
        files: &Array,
        spec: Option<&Value>,
        progress: Progress,
    ) -> Result<Value, Failure> {
        let buffers = files.iter().filter(|file| !file.is_string()).collect();
        let spec = spec.map_or(JsValue::UNDEFINED, plain);
        let fields = [("files", files.into()), ("spec", spec)];
        let answer = self
            .ask("inspect", &fields, &buffers, Some(progress))
            .await?;
        value(&answer, "report")
    }

    /// Makes sure that the worker holds the model.
    pub async fn load(
        &self,
        key: &str,
        files: &Value,
        spec: &Value,
        progress: Progress,
    ) -> Result<(), Failure> {
        let wanted = (key.to_owned(), spec.clone());
        if self.loaded.borrow().as_ref() == Some(&wanted) {
            return Ok(());
        }
        let fields = [
            ("model", key.into()),
            ("files", plain(files)),
            ("spec", plain(spec)),
        ];
        self.ask("load_model", &fields, &Array::new(), Some(progress))
            .await?;
        *self.loaded.borrow_mut() = Some(wanted);
        Ok(())
    }

    /// What the model sees in a photograph.
    pub async fn run(&self, key: &str, photo: photo::Pixels) -> Result<Vec<Value>, Failure> {
        let transfer = Array::of1(&photo.rgba);
        let fields = [
            ("model", key.into()),
            ("width", photo.width.into()),
            ("height", photo.height.into()),
            ("scaled_width", photo.scaled_width.into()),
            ("scaled_height", photo.scaled_height.into()),
            ("rgba", photo.rgba.into()),
        ];
        let answer = self.ask("run", &fields, &transfer, None).await?;
        match value(&answer, "detections")? {
            Value::Array(found) => Ok(found),
            _ => Ok(Vec::new()),
        }
    }

    /// The answer to a question; see the head of `infer_worker.js` for those that there are.
    pub async fn ask(
        &self,
        kind: &str,
        fields: &[(&str, JsValue)],
        transfer: &Array,
        progress: Option<Progress>,
    ) -> Result<JsValue, Failure> {
        let answer = self.worker.ask(kind, fields, transfer, progress).await;
        answer.map_err(|error| {
            let failure = worker::failure(error);
            // A model that came to harm, or was put away for another, is loaded again.
            if matches!(failure.code.as_str(), "not_loaded" | "stopped") {
                self.loaded.borrow_mut().take();
            }
            failure
        })
    }

    /// What holds for as long as the worker lives, and need not be asked again.
    pub async fn ask_once(
        &self,
        kind: &str,
        fields: &[(&str, JsValue)],
        transfer: &Array,
    ) -> Result<(), Failure> {
        if !self.done.borrow().contains(kind) {
            self.ask(kind, fields, transfer, None).await?;
            self.done.borrow_mut().insert(kind.to_owned());
        }
        Ok(())
    }
}

/// A part of an answer as plain JSON.
fn value(of: &JsValue, name: &str) -> Result<Value, Failure> {
    let part = js_sys::Reflect::get(of, &name.into()).unwrap_or_default();
    let json = JSON::stringify(&part).map(String::from);
    let read = json.ok().and_then(|json| serde_json::from_str(&json).ok());
    read.ok_or_else(|| Failure {
        code: "model".to_owned(),
        message: t!("model-worker-ended"),
    })
}

/// JSON as an object of the browser.
pub fn plain(value: &Value) -> JsValue {
    JSON::parse(&value.to_string()).unwrap_or_default()
}

/// The content of a file, for the worker.
pub async fn bytes(file: &web_sys::Blob) -> Result<JsValue, Failure> {
    JsFuture::from(file.array_buffer())
        .await
        .map_err(|_| Failure {
            code: "fetch".to_owned(),
            message: t!("model-file-gone"),
        })
}
