//! The worker that runs the models of a project in this browser, for pages.
//!
//! It is started with the first question and answers one after the other. What a model is and how
//! it is read stands in the worker; here are only questions and answers.

pub mod photo;

use crate::{assist, t};
use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

/// Bytes so far and in all.
pub type Progress = Rc<dyn Fn(f64, f64)>;

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

struct Waiting {
    resolve: Function,
    reject: Function,
    progress: Option<Progress>,
    /// What came before the end, of answers in parts.
    found: Array,
}

/// A worker; dropping it ends it with whatever it does.
pub struct Client {
    worker: Worker,
    waiting: RefCell<HashMap<u32, Waiting>>,
    last: Cell<u32>,
    is_dead: Cell<bool>,
    /// The model that it holds, and how it is to be read.
    loaded: RefCell<Option<(String, Value)>>,
    done: RefCell<HashSet<String>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
}

/// Takes a question back when nobody waits for its answer any more.
struct Question<'a> {
    client: &'a Client,
    id: u32,
}

impl Drop for Question<'_> {
    fn drop(&mut self) {
        if self.client.waiting.borrow_mut().remove(&self.id).is_some() {
            self.client
                .post("cancel", &[("of", self.id.into())], &Array::new());
        }
    }
}

thread_local! {
    /// The worker that keeps a model from one photograph to the next.
    static SHARED: RefCell<Option<Rc<Client>>> = const { RefCell::new(None) };
}

impl Client {
    /// A worker of one's own.
    pub fn start() -> Result<Rc<Self>, Failure> {
        let url = assist::worker().ok_or_else(|| Failure {
            code: "absent".to_owned(),
            message: t!("model-no-worker"),
        })?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&url, &options).map_err(|e| failure(&e))?;
        Ok(Rc::new_cyclic(|this: &Weak<Self>| {
            let (hears, dies) = (this.clone(), this.clone());
            let on_message = Closure::new(move |event: MessageEvent| {
                if let Some(client) = hears.upgrade() {
                    client.hear(&event.data());
                }
            });
            worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
            let on_error = Closure::new(move |error: JsValue| {
                if let Some(client) = dies.upgrade() {
                    client.die(&error);
                }
            });
            worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
            Self {
                worker,
                waiting: RefCell::default(),
                last: Cell::new(0),
                is_dead: Cell::new(false),
                loaded: RefCell::default(),
                done: RefCell::default(),
                _on_message: on_message,
                _on_error: on_error,
            }
        }))
    }

    /// The worker that keeps its model, started where there is none.
    pub fn shared() -> Result<Rc<Self>, Failure> {
        let known = SHARED.with_borrow(Clone::clone);
        if let Some(client) = known.filter(|client| !client.is_dead.get()) {
            return Ok(client);
        }
        let client = Self::start()?;
        SHARED.set(Some(client.clone()));
        Ok(client)
    }

    /// Runs a model once and says what it is: addresses or buffers in, the report out.
    pub async fn inspect(&self, files: &Array, progress: Progress) -> Result<Value, Failure> {
        let buffers = files.iter().filter(|file| !file.is_string()).collect();
        let answer = self
            .ask(
                "inspect",
                &[("files", files.into())],
                &buffers,
                Some(progress),
            )
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
        let mut progress = progress;
        let id = self.last.get() + 1;
        let promise = Promise::new(&mut |resolve, reject| {
            let progress = progress.take();
            let waiting = Waiting {
                resolve,
                reject,
                progress,
                found: Array::new(),
            };
            self.waiting.borrow_mut().insert(id, waiting);
        });
        let _question = Question { client: self, id };
        self.post(kind, fields, transfer);
        JsFuture::from(promise).await.map_err(|e| failure(&e))
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

    fn post(&self, kind: &str, fields: &[(&str, JsValue)], transfer: &Array) {
        let id = self.last.get() + 1;
        self.last.set(id);
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

    fn hear(&self, message: &JsValue) {
        let id = number(message, "id") as u32;
        let kind = text(message, "kind");
        if kind == "progress" {
            let progress = self.waiting.borrow().get(&id).map(|w| w.progress.clone());
            if let Some(tell) = progress.flatten() {
                tell(number(message, "received"), number(message, "total"));
            }
            return;
        }
        if kind == "found" {
            if let Some(waiting) = self.waiting.borrow().get(&id) {
                for one in Array::from(&property(message, "candidates")).iter() {
                    waiting.found.push(&one);
                }
            }
            return;
        }
        let waiting = self.waiting.borrow_mut().remove(&id);
        if let Some(waiting) = waiting {
            if kind == "error" {
                // A model that came to harm, or was put away for another, is loaded again.
                if matches!(text(message, "code").as_str(), "not_loaded" | "stopped") {
                    self.loaded.borrow_mut().take();
                }
                answer(&waiting.reject, message);
            } else {
                if kind == "done" {
                    // A plain object takes any property.
                    let _ = Reflect::set(message, &"candidates".into(), &waiting.found);
                }
                answer(&waiting.resolve, message);
            }
        }
    }

    /// The worker ended by itself: nobody is left waiting.
    fn die(&self, error: &JsValue) {
        self.is_dead.set(true);
        let waiting: Vec<Waiting> = self.waiting.borrow_mut().drain().map(|w| w.1).collect();
        for one in waiting {
            answer(&one.reject, error);
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// Tells whoever waits; a promise's own functions never throw.
fn answer(to: &Function, value: &JsValue) {
    let _ = to.call1(&JsValue::UNDEFINED, value);
}

fn property(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}

fn text(of: &JsValue, name: &str) -> String {
    property(of, name).as_string().unwrap_or_default()
}

fn number(of: &JsValue, name: &str) -> f64 {
    property(of, name).as_f64().unwrap_or_default()
}

fn failure(error: &JsValue) -> Failure {
    let message = text(error, "message");
    Failure {
        code: text(error, "code"),
        message: if message.is_empty() {
            t!("model-worker-ended")
        } else {
            message
        },
    }
}

/// A part of an answer as plain JSON.
fn value(of: &JsValue, name: &str) -> Result<Value, Failure> {
    let json = JSON::stringify(&property(of, name)).map(String::from);
    let read = json.ok().and_then(|json| serde_json::from_str(&json).ok());
    read.ok_or_else(|| failure(&JsValue::UNDEFINED))
}

/// JSON as an object of the browser.
pub fn plain(value: &Value) -> JsValue {
    JSON::parse(&value.to_string()).unwrap_or_default()
}

/// The content of a file, for the worker.
pub async fn bytes(file: &web_sys::Blob) -> Result<JsValue, Failure> {
    JsFuture::from(file.array_buffer())
        .await
        .map_err(|e| failure(&e))
}
