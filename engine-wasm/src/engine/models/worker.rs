//! A worker for registered models, as a function that is asked and answers: what is said to it stands
//! at the head of `infer-wasm/infer_worker.js`.

use crate::EngineError;
use crate::browser::property;
use crate::engine::assist::{AssistOptions, start_worker};
use js_sys::{Array, Function, Object, Promise, Reflect};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker};

/// Bytes of a model that have come, and all of them.
pub type Progress = Rc<dyn Fn(f64, f64)>;

/// The worker; dropping it ends it, and whoever waits for an answer hears of that.
pub struct ModelWorker {
    worker: Worker,
    shared: Rc<RefCell<Shared>>,
    /// Its WebAssembly, where that does not lie beside the script.
    wasm: Option<String>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
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
}

impl ModelWorker {
    pub fn start(options: &AssistOptions) -> Result<Self, EngineError> {
        let worker = start_worker(options)?;
        let shared: Rc<RefCell<Shared>> = Rc::default();
        let said = Rc::clone(&shared);
        let on_message = Closure::new(move |event: MessageEvent| hear(&said, &event.data()));
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let dead = Rc::clone(&shared);
        let on_error = Closure::new(move |error: JsValue| {
            // A script that cannot be loaded tells no reason.
            let message = property(&error, "message").and_then(|message| message.as_string());
            let message = message.filter(|message| !message.is_empty());
            let message = message.unwrap_or_else(|| "it could not be started".to_owned());
            let message = format!("the worker that runs models stopped: {message}");
            let waiting = {
                let mut shared = dead.borrow_mut();
                shared.died = Some(message.clone());
                std::mem::take(&mut shared.waiting)
            };
            for waiting in waiting.into_values() {
                EngineError::reject(&waiting.reject, "died", &message);
            }
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            worker,
            shared,
            wasm: options.wasm.as_deref().map(crate::browser::absolute),
            _on_message: on_message,
            _on_error: on_error,
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
    pub fn ask(
        &self,
        kind: &str,
        fields: &[(&str, JsValue)],
        transfer: &Array,
        progress: Option<Progress>,
    ) -> impl Future<Output = Result<JsValue, EngineError>> + use<> {
        let message = Object::new();
        let id = {
            let mut shared = self.shared.borrow_mut();
            shared.last += 1;
            shared.last
        };
        let wasm = self.wasm.as_deref().map_or(JsValue::UNDEFINED, Into::into);
        let own = [("id", id.into()), ("kind", kind.into()), ("wasm", wasm)];
        for (name, value) in own.iter().chain(fields) {
            // A plain object takes any property.
            let _ = Reflect::set(&message, &(*name).into(), value);
        }
        let mut progress = progress;
        let answer = Promise::new(&mut |resolve, reject| {
            let waiting = Waiting {
                resolve,
                reject,
                progress: progress.take(),
            };
            let died = self.shared.borrow().died.clone();
            match died {
                Some(died) => EngineError::reject(&waiting.reject, "died", &died),
                None => drop(self.shared.borrow_mut().waiting.insert(id, waiting)),
            }
        });
        // Plain values and buffers can always be sent.
        let _ = self
            .worker
            .post_message_with_transfer(&message, transfer.as_ref());
        async move {
            let answer = JsFuture::from(answer).await;
            answer.map_err(|error| EngineError::rejected(&error))
        }
    }
}

impl Drop for ModelWorker {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
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
        let shared = shared.borrow();
        let told = shared.waiting.get(&id).and_then(|w| w.progress.clone());
        drop(shared);
        if let Some(told) = told {
            let bytes = |name| number(name).unwrap_or(0.0);
            told(bytes("received"), bytes("total"));
        }
        return;
    }
    let Some(waiting) = shared.borrow_mut().waiting.remove(&id) else {
        return;
    };
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
