//! Small questions to the browser, asked in several places.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlElement, Window};

/// The window; the engine never runs without one.
pub fn window() -> Window {
    web_sys::window().expect("the engine runs in a window")
}

pub fn document() -> Document {
    window().document().expect("a window has a document")
}

/// Milliseconds since the epoch.
pub fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}

/// Milliseconds of a clock that never jumps, for durations.
pub fn monotonic_ms() -> f64 {
    window()
        .performance()
        .map_or_else(js_sys::Date::now, |performance| performance.now())
}

/// A random number below 2⁵³: what a Yjs client id may be.
pub fn random_client_id() -> u64 {
    let bits = uuid::Uuid::new_v4().as_u64_pair().0;
    // The version bits of a v4 uuid are constant: keep those above and below them.
    ((bits >> 16) ^ (bits << 37)) & ((1 << 53) - 1)
}

/// Between 0 and 1, for jitter.
pub fn random_unit() -> f64 {
    js_sys::Math::random()
}

/// A property that web-sys does not know, or that some browsers lack.
pub fn property(of: &JsValue, name: &str) -> Option<JsValue> {
    js_sys::Reflect::get(of, &JsValue::from_str(name))
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}

/// Whether a person is typing into something: then keys are not the canvas's.
pub fn is_typing(target: Option<&web_sys::EventTarget>) -> bool {
    let Some(element) = target.and_then(|t| t.dyn_ref::<HtmlElement>()) else {
        return false;
    };
    let tag = element.tag_name();
    element.is_content_editable()
        || ["INPUT", "TEXTAREA", "SELECT"]
            .iter()
            .any(|name| tag.eq_ignore_ascii_case(name))
}

/// A URL as others than this page understand it.
pub fn absolute(url: &str) -> String {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new_with_base(url, &base).map_or_else(|_| url.to_owned(), |url| url.href())
}

/// `console.warn`, for what a developer should see and a person need not.
pub fn warn(message: &str) {
    gloo::console::warn!(message);
}
