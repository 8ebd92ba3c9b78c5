//! Copy, cut and paste: between shapes, photographs, windows and people.
//!
//! The system's clipboard is used through the browser's own events, which need no permission, and
//! through its asynchronous interface from menus. A copy in memory serves where neither may.

use super::desk::Desk;
use crate::browser;
use crate::components::{Toast, Toasts};
use crate::session::use_toasts;
use crate::t;
use std::cell::RefCell;
use visionflow_engine::{Clipboard, Placement};
use wasm_bindgen::JsCast;
use web_sys::ClipboardEvent;
use yew::prelude::*;

thread_local! {
    /// What was copied last in this window.
    static KEPT: RefCell<Option<Clipboard>> = const { RefCell::new(None) };
}

/// Whether paste has something of this window to paste.
pub fn has_copy() -> bool {
    KEPT.with_borrow(Option::is_some)
}

/// The selection as text, and what the annotator is told of it.
fn take_copy(desk: &Desk) -> Option<(String, Toast)> {
    let copied = desk.engine.copy()?;
    let text = serde_json::to_string(&copied).ok()?;
    // The engine's selection may be newer than the desk that was drawn last.
    let told = Toast::good(t!("clipboard-copied", n = copied.len() as i64));
    KEPT.set(Some(copied));
    Some((text, told))
}

/// Copies the selection, from a menu.
pub fn copy(desk: &Desk, toasts: &Toasts) {
    if let Some((text, told)) = take_copy(desk) {
        toasts.show(told);
        yew::platform::spawn_local(async move {
            // Where the browser forbids it, the copy in memory serves this window.
            let _ = browser::copy(&text).await;
        });
    }
}

pub fn cut(desk: &Desk, toasts: &Toasts) {
    copy(desk, toasts);
    desk.engine.delete_selection();
}

/// Pastes what was copied in this window, from a menu.
pub fn paste(desk: &Desk, toasts: &Toasts) {
    let kept = KEPT.with_borrow(Clone::clone);
    match kept {
        Some(copied) => desk.engine.paste(&copied, Placement::default()),
        None => toasts.show(Toast::bad(t!("clipboard-empty"))),
    }
}

/// Answers the browser's clipboard events while nobody types text.
#[hook]
pub fn use_clipboard(desk: Option<&Desk>) {
    let toasts = use_toasts();
    use_effect_with(desk.cloned(), move |desk| {
        let listeners = desk.clone().map(|desk| {
            ["copy", "cut", "paste"].map(|name| {
                let (desk, toasts) = (desk.clone(), toasts.clone());
                let options = gloo::events::EventListenerOptions::enable_prevent_default();
                gloo::events::EventListener::new_with_options(
                    &browser::document(),
                    name,
                    options,
                    move |event| answer(&desk, &toasts, name, event.unchecked_ref()),
                )
            })
        });
        move || drop(listeners)
    });
}

fn answer(desk: &Desk, toasts: &Toasts, name: &str, event: &ClipboardEvent) {
    let typing = browser::document().active_element();
    if typing.as_ref().is_some_and(browser::takes_text) || browser::has_open_dialog() {
        return;
    }
    let Some(data) = event.clipboard_data() else {
        return;
    };
    if name == "paste" {
        let text = data.get_data("text/plain").unwrap_or_default();
        match serde_json::from_str::<Clipboard>(&text) {
            Ok(copied) => {
                event.prevent_default();
                desk.engine.paste(&copied, Placement::default());
            }
            // Something else was copied since; that is not ours to paste.
            Err(_) if !text.is_empty() => toasts.show(Toast::bad(t!("clipboard-foreign"))),
            Err(_) => paste(desk, toasts),
        }
        return;
    }
    let marked = browser::window().get_selection().ok().flatten();
    if marked.is_some_and(|marked| !marked.is_collapsed()) {
        return;
    }
    if let Some((text, told)) = take_copy(desk)
        && data.set_data("text/plain", &text).is_ok()
    {
        event.prevent_default();
        if name == "cut" {
            desk.engine.delete_selection();
        }
        toasts.show(told);
    }
}
