//! The worker as a function that is asked and answers.

use super::{AssistOptions, InferWorker};
use crate::EngineError;
use crate::browser::property;
use js_sys::{Array, Function, Promise, Reflect};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Bytes of a model that have come, and all of them.
pub type Progress = Rc<dyn Fn(f64, f64)>;

/// The worker; dropping it ends it, and whoever waits for an answer hears of that.
pub struct ModelWorker {
    worker: Rc<InferWorker>,
    shared: Rc<RefCell<Shared>>,
    /// Its WebAssembly, where that does not lie beside the script.
    wasm: Option<String>,
}

#[derive(Default)]
struct Shared {
    last: u32,
    waiting: HashMap<u32, Waiting>,
    /// Models that it has loaded, as far as is known: it keeps some only.
    loaded: HashSet<String>,
    /// Why it is no use any more.
    died: Option<String>,
}

struct Waiting {
    resolve: Function,
    reject: Function,
    progress: Option<Progress>,
    /// What came before the end, of answers in parts.
    found: Array,
}

/// Takes a question back when nobody waits for its answer any more.
struct Question {
    id: u32,
    shared: Rc<RefCell<Shared>>,
    worker: std::rc::Weak<InferWorker>,
}

impl Drop for Question {
    fn drop(&mut self) {
        let is_waiting = self.shared.borrow_mut().waiting.remove(&self.id).is_some();
        if let Some(worker) = self.worker.upgrade().filter(|_| is_waiting) {
            worker.say(0, "cancel", &[("of", self.id.into())], &Array::new());
        }
    }
}

impl ModelWorker {
    pub fn start(options: &AssistOptions) -> Result<Self, EngineError> {
        let shared: Rc<RefCell<Shared>> = Rc::default();
        let (said, dead) = (Rc::clone(&shared), Rc::clone(&shared));
        let worker = InferWorker::start(
            options,
            move |message| hear(&said, message),
            move |why| {
                let message = format!("the worker that runs models stopped: {why}");
                let waiting = {
                    let mut shared = dead.borrow_mut();
                    shared.died = Some(message.clone());
                    std::mem::take(&mut shared.waiting)
                };
                for waiting in waiting.into_values() {
                    EngineError::reject(&waiting.reject, "died", &message);
                }
            },
        )?;
        Ok(Self {
            worker: Rc::new(worker),
            shared,
            wasm: options.wasm.as_deref().map(crate::browser::absolute),
        })
    }

    pub fn is_alive(&self) -> bool {
        self.shared.borrow().died.is_none()
    }

    pub fn has_loaded(&self, model: &str) -> bool {
        self.shared.borrow().loaded.contains(model)
    }

    pub fn set_loaded(&self, model: &str, is_loaded: bool) {
        let loaded = &mut self.shared.borrow_mut().loaded;
        if is_loaded {
            loaded.insert(model.to_owned());
        } else {
            loaded.remove(model);
        }
    }

    /// Asks, and answers with the message that answers; the buffers in `transfer` are gone then.
    /// Of an answer in parts all `candidates` stand in the last message.
    /// An answer that is waited for no more is cancelled.
    pub fn ask(
        &self,
        kind: &str,
        fields: &[(&str, JsValue)],
        transfer: &Array,
        progress: Option<Progress>,
    ) -> impl Future<Output = Result<JsValue, EngineError>> + use<> {
        let id = {
            let mut shared = self.shared.borrow_mut();
            shared.last += 1;
            shared.last
        };
        let mut progress = progress;
        let answer = Promise::new(&mut |resolve, reject| {
            let waiting = Waiting {
                resolve,
                reject,
                progress: progress.take(),
                found: Array::new(),
            };
            let died = self.shared.borrow().died.clone();
            match died {
                Some(died) => EngineError::reject(&waiting.reject, "died", &died),
                None => drop(self.shared.borrow_mut().waiting.insert(id, waiting)),
            }
        });
        let question = Question {
            id,
            shared: Rc::clone(&self.shared),
            worker: Rc::downgrade(&self.worker),
        };
        let wasm = self.wasm.as_deref().map_or(JsValue::UNDEFINED, Into::into);
        let mut fields = fields.to_vec();
        fields.push(("wasm", wasm));
        self.worker.say(id, kind, &fields, transfer);
        async move {
            let answer = JsFuture::from(answer).await;
            drop(question);
            answer.map_err(|error| EngineError::rejected(&error))
        }
    }
}

impl Drop for ModelWorker {
    fn drop(&mut self) {
        let waiting = std::mem::take(&mut self.shared.borrow_mut().waiting);
        for waiting in waiting.into_values() {
            let message = "the worker that runs models was ended";
            EngineError::reject(&waiting.reject, "cancelled", message);
        }
    }
}

fn hear(shared: &RefCell<Shared>, message: &JsValue) {
    let text = |name| property(message, name).and_then(|value| value.as_string());
    let number = |name| property(message, name).and_then(|value| value.as_f64());
    let Some(id) = number("id").map(|id| id as u32) else {
        return;
    };
    let kind = text("kind").unwrap_or_default();
    if kind == "progress" {
        let told = shared.borrow().waiting.get(&id).map(|w| w.progress.clone());
        if let Some(told) = told.flatten() {
            let bytes = |name| number(name).unwrap_or(0.0);
            told(bytes("received"), bytes("total"));
        }
        return;
    }
    let candidates = || property(message, "candidates").map(|list| Array::from(&list));
    if kind == "found" {
        if let Some(waiting) = shared.borrow().waiting.get(&id) {
            for candidate in candidates().unwrap_or_default().iter() {
                waiting.found.push(&candidate);
            }
        }
        return;
    }
    let Some(waiting) = shared.borrow_mut().waiting.remove(&id) else {
        return;
    };
    if kind == "done" {
        // A plain object takes any property.
        let _ = Reflect::set(message, &"candidates".into(), &waiting.found);
    }
    if kind != "error" {
        let _ = waiting.resolve.call1(&JsValue::UNDEFINED, message);
        return;
    }
    let code = text("code").unwrap_or_default();
    if code == "stopped" {
        // One model has taken the others with it.
        shared.borrow_mut().loaded.clear();
    }
    let message = text("message").unwrap_or_default();
    EngineError::reject(&waiting.reject, &code, &message);
}
