//! What can go wrong in the engine, in words for the person in front of it.

use crate::browser::property;
use js_sys::{Function, Object, Reflect};
use thiserror::Error;
use wasm_bindgen::JsValue;

/// Why the engine could not start, show a photograph or run a model on it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EngineError {
    #[error("the browser's graphics could not be started: {0}")]
    NoGraphics(String),
    #[error("the photograph could not be loaded: {0}")]
    Fetch(String),
    #[error("the photograph could not be decoded: {0}")]
    Decode(String),
    /// Another photograph was opened, or the item was closed, before this one was ready.
    #[error("another photograph was opened meanwhile")]
    Superseded,
    #[error("the engine was destroyed")]
    Destroyed,
    /// A registered model, or the worker that runs it; `code` as the worker says it, or `died`, `off`.
    #[error("{message}")]
    Model { code: String, message: String },
    #[error("{0}")]
    Browser(String),
}

/// The message of a thrown JavaScript value.
pub fn js_message(value: &JsValue) -> String {
    js_sys::Reflect::get(value, &JsValue::from_str("message"))
        .ok()
        .and_then(|message| message.as_string())
        .filter(|message| !message.is_empty())
        .or_else(|| value.as_string())
        .unwrap_or_else(|| format!("{value:?}"))
}

impl EngineError {
    /// Rejects a promise with a [`EngineError::Model`], as [`EngineError::rejected`] reads it.
    pub(crate) fn reject(reject: &Function, code: &str, message: &str) {
        let error = Object::new();
        // A plain object takes any property, and a promise's own functions never throw.
        let _ = Reflect::set(&error, &"code".into(), &code.into());
        let _ = Reflect::set(&error, &"message".into(), &message.into());
        let _ = reject.call1(&JsValue::UNDEFINED, &error);
    }

    /// What a promise was rejected with by [`EngineError::reject`].
    pub(crate) fn rejected(error: &JsValue) -> Self {
        let text = |name| property(error, name).and_then(|value| value.as_string());
        Self::Model {
            code: text("code").unwrap_or_default(),
            message: text("message").unwrap_or_default(),
        }
    }
}

impl From<JsValue> for EngineError {
    fn from(value: JsValue) -> Self {
        Self::Browser(js_message(&value))
    }
}
