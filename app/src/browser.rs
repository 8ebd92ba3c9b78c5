//! Small questions to the browser, each answered in one line elsewhere.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, Storage, Window};

pub fn window() -> Window {
    web_sys::window().expect("the workbench runs in a window")
}

pub fn document() -> Document {
    window().document().expect("a window has a document")
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// A value of localStorage; none also where the browser forbids storage.
pub fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Storing may fail when the quota is full; what is stored here is convenience.
pub fn store(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}

pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// A value of the page's own query string.
pub fn query(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search)
        .ok()?
        .get(name)
}

/// Whether typing there writes text, so that single keys are no shortcuts.
pub fn takes_text(element: &Element) -> bool {
    let tag = element.tag_name().to_ascii_lowercase();
    if tag == "input" {
        let kind = element.get_attribute("type").unwrap_or_default();
        return !matches!(
            kind.as_str(),
            "checkbox" | "radio" | "range" | "color" | "button" | "file"
        );
    }
    matches!(tag.as_str(), "textarea" | "select")
        || element
            .dyn_ref::<HtmlElement>()
            .is_some_and(HtmlElement::is_content_editable)
}

/// Whether keys go to the engine: its canvas, or nothing at all, has the focus.
pub fn canvas_has_keyboard() -> bool {
    let active = document()
        .active_element()
        .map(|element| element.tag_name().to_ascii_lowercase());
    matches!(active.as_deref(), None | Some("body" | "canvas"))
}

pub fn has_open_dialog() -> bool {
    document()
        .query_selector("dialog[open]")
        .ok()
        .flatten()
        .is_some()
}

pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Whether the machine's own command key is ⌘.
pub fn is_mac() -> bool {
    window()
        .navigator()
        .user_agent()
        .is_ok_and(|agent| agent.contains("Mac"))
}

/// Puts text on the clipboard; false where the browser does not allow it.
pub async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    let allowed = js_sys::Reflect::get(&navigator, &"clipboard".into());
    if !allowed.is_ok_and(|value| value.is_object()) {
        return false;
    }
    wasm_bindgen_futures::JsFuture::from(navigator.clipboard().write_text(text))
        .await
        .is_ok()
}

/// Lets the browser download what a URL on any origin answers.
pub fn download(url: &str) {
    let link = document()
        .create_element("a")
        .ok()
        .and_then(|a| a.dyn_into::<HtmlElement>().ok());
    if let Some(link) = link {
        let attached =
            link.set_attribute("href", url).is_ok() && link.set_attribute("download", "").is_ok();
        if attached {
            link.click();
        }
    }
}
