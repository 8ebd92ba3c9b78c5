//! The field in which a text on the photograph is typed, laid over its frame.
//!
//! What is typed goes to the tool with every key, so that the canvas shows it; the edit is made
//! once, when the typing ends: by a click elsewhere, Ctrl-Enter or Tab. Escape gives it up.

use super::bar::use_engine_tick;
use super::desk::Desk;
use crate::t;
use visionflow_engine::{Engine, EngineEvent};
use visionflow_model::Align;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

#[component]
pub fn TextEntryOverlay() -> Html {
    let desk = use_context::<Option<Desk>>().flatten();
    let engine = desk.as_ref().map(|desk| desk.engine.clone());
    use_engine_tick(engine.as_ref(), |event| {
        matches!(event, EngineEvent::Text | EngineEvent::Camera)
    });
    let entry = engine.as_ref().and_then(Engine::text_entry);
    let node = use_node_ref();
    {
        let (node, text) = (
            node.clone(),
            entry.as_ref().map(|entry| entry.text.text.clone()),
        );
        use_effect_with(entry.as_ref().map(|entry| entry.annotation), move |open| {
            let area = node
                .cast::<HtmlTextAreaElement>()
                .filter(|_| open.is_some());
            if let Some(area) = area {
                area.set_value(&text.unwrap_or_default());
                // A visible field takes focus.
                let _ = area.focus();
                area.select();
            }
        });
    }
    let (Some(engine), Some(entry)) = (engine, entry) else {
        return html! {};
    };
    let oninput = {
        let engine = engine.clone();
        Callback::from(move |event: InputEvent| {
            let area = event.target_dyn_into::<HtmlTextAreaElement>();
            engine.type_text(&area.map(|area| area.value()).unwrap_or_default());
        })
    };
    let onkeydown = {
        let engine = engine.clone();
        Callback::from(move |event: KeyboardEvent| {
            let ends = event.key() == "Tab"
                || (event.key() == "Enter" && (event.ctrl_key() || event.meta_key()));
            if ends || event.key() == "Escape" {
                event.prevent_default();
                engine.finish_typing(ends);
            }
            // Keys in the field are letters, not shortcuts.
            event.stop_propagation();
        })
    };
    let onblur = {
        let engine = engine.clone();
        Callback::from(move |_: FocusEvent| engine.finish_typing(true))
    };
    let (text, scale) = (&entry.text, engine.camera_scale());
    let visible = engine.visible();
    let align = match text.align {
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
    };
    let style = format!(
        "left:{}px;top:{}px;width:{}px;height:{}px;font-size:{}px;font-weight:{};text-align:{align}",
        (text.rect.min.x - visible.min.x) * scale,
        (text.rect.min.y - visible.min.y) * scale,
        (text.rect.width() * scale).max(40.0),
        (text.rect.height() * scale).max(20.0),
        (text.size * scale).max(1.0),
        if text.bold { 700 } else { 400 },
    );
    html! {
        <textarea ref={node} class="text-entry" aria-label={t!("text-entry")} {style} {oninput} {onkeydown} {onblur} spellcheck="false" />
    }
}
