//! The past of the photograph: a timeline of versions and sessions, a slider through time, what
//! differs from now, and ways back. While the past is shown the canvas only shows.

mod differences;
mod keeper;
mod timeline;
mod touches;

pub use keeper::{History, use_history};
pub use touches::Touches;

use super::bar::use_engine_tick;
use super::desk::Desk;
use super::section::Section;
use crate::api_client;
use crate::commands::keymap::use_keymap;
use crate::commands::{Command, spec};
use crate::components::{
    Button, Checkbox, IconButton, Keys, SelectField, Slider, TextInput, Toast, Toasts, Tone, icon,
};
use crate::session::use_toasts;
use crate::t;
use crate::time_words;
use differences::Differences;
use gloo::events::EventListener;
use timeline::Timeline;
use uuid::Uuid;
use visionflow_api::{MAX_TAG_CHARS, NewVersion, RevertTo, Reverted, Version};
use visionflow_engine::EngineEvent;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Going back touches more annotations than one update of a browser may hold: the server does it.
const LARGE: usize = 5_000;

#[component]
pub fn HistoryPanel() -> Html {
    use_keymap();
    let desk = use_context::<Option<Desk>>().flatten();
    use_engine_tick(desk.as_ref().map(|desk| &desk.engine), |event| {
        matches!(event, EngineEvent::Past)
    });
    let Some(desk) = desk.filter(|desk| desk.history.is_open) else {
        return html! {};
    };
    let history = &desk.history;
    let close = history.toggle.reform(|_: MouseEvent| ());
    let extra = html! { <IconButton label={t!("history-close")} icon={icon::X} tip="left" class="small-icon" keys={spec::HISTORY.key()} onclick={close} /> };
    html! {
        <Section id="history" title={t!("history-title")} {extra}>
            <div class="history">
                { through_time(&desk) }
                if history.at.is_some() { <Differences desk={desk.clone()} /> }
                if history.at.is_some() && desk.engine.may_revert() { <div class="history-row"><Revert desk={desk.clone()} /></div> }
                if desk.engine.may_revert() { <NameVersion desk={desk.clone()} /> }
                <Timeline history={history.clone()} may_change={desk.engine.may_revert()} />
            </div>
        </Section>
    }
}

/// The slider, and with what the past is compared.
fn through_time(desk: &Desk) -> Html {
    let history = &desk.history;
    let (head, first) = (history.listed.head, history.listed.kept_from);
    let shown = history.at.unwrap_or(head);
    let slide = {
        let go = history.go.clone();
        Callback::from(move |value: f64| {
            let seq = value.round() as i64;
            go.emit((seq < head).then_some(seq));
        })
    };
    let text = match history.at {
        None => t!("history-now"),
        Some(seq) => t!("history-edit-of", n = seq, of = head),
    };
    let later = history.listed.versions.iter();
    let later = later.filter(|version| history.at.is_some_and(|at| version.seq > at));
    let options: Vec<(AttrValue, AttrValue)> =
        std::iter::once(("".into(), t!("history-now").into()))
            .chain(
                later.map(|version| (version.seq.to_string().into(), version.tag.clone().into())),
            )
            .collect();
    let value = history
        .against
        .filter(|seq| history.at.is_some_and(|at| *seq > at));
    html! {
        <>
            <Slider label={t!("history-slider")} min={first as f64} max={head.max(first + 1) as f64} step=1.0 value={shown as f64} text={text} disabled={head == first} onchange={slide} />
            if history.at.is_some() {
                <div class="history-row">
                    <Checkbox label={t!("history-compare")} checked={history.compares} onchange={history.set_compares.clone()} />
                    <SelectField label={t!("history-compare-with")} value={value.map(|seq| seq.to_string()).unwrap_or_default()} {options} disabled={!history.compares}
                        onchange={history.set_against.reform(|value: String| value.parse().ok())} />
                </div>
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct DeskProps {
    desk: Desk,
}

/// Goes back by an edit of the server, and offers to go back again.
fn revert_by_server(image_id: Uuid, seq: i64, toasts: Toasts) {
    let to = RevertTo {
        seq: Some(seq),
        ..RevertTo::default()
    };
    yew::platform::spawn_local(async move {
        let path = format!("/api/v1/images/{image_id}/history/revert");
        match api_client::post::<_, Reverted>(&path, &to).await {
            Ok(reverted) => {
                let toast = Toast::good(t!("history-reverted"));
                let again = toasts.clone();
                toasts.show(match reverted.undo_seq {
                    Some(undo) => {
                        toast.with_undo(move || revert_by_server(image_id, undo, again.clone()))
                    }
                    None => toast,
                });
            }
            Err(error) => toasts.error(&error),
        }
    });
}

#[component]
fn Revert(props: &DeskProps) -> Html {
    let toasts = use_toasts();
    let desk = &props.desk;
    let revert = {
        let (engine, history) = (desk.engine.clone(), desk.history.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(seq) = history.at.filter(|_| engine.revert_size() > LARGE) {
                history.go.emit(None);
                revert_by_server(history.image_id, seq, toasts.clone());
                return;
            }
            match engine.revert_to_past() {
                Ok(true) => {
                    let engine = engine.clone();
                    toasts
                        .show(Toast::good(t!("history-reverted")).with_undo(move || engine.undo()));
                }
                Ok(false) => {}
                Err(error) => toasts.show(Toast::bad(error.to_string())),
            }
        })
    };
    html! { <Button label={t!("history-revert")} icon={icon::HISTORY} tone={Tone::Primary} small=true disabled={desk.history.is_loading} onclick={revert} /> }
}

/// A name for the point that is shown.
#[component]
fn NameVersion(props: &DeskProps) -> Html {
    let toasts = use_toasts();
    let tag = use_state_eq(String::new);
    let history = &props.desk.history;
    let name = {
        let (tag, history) = (tag.clone(), history.clone());
        Callback::from(move |()| {
            let new = NewVersion {
                tag: tag.trim().to_owned(),
                seq: history.at,
            };
            if new.tag.is_empty() {
                return;
            }
            let (tag, history, toasts) = (tag.clone(), history.clone(), toasts.clone());
            let path = format!("/api/v1/images/{}/history/versions", history.image_id);
            yew::platform::spawn_local(async move {
                match api_client::post::<_, Version>(&path, &new).await {
                    Ok(_) => {
                        tag.set(String::new());
                        history.refresh.emit(());
                    }
                    Err(error) => toasts.error(&error),
                }
            });
        })
    };
    let oninput = {
        let tag = tag.setter();
        Callback::from(move |text| tag.set(text))
    };
    let onenter = name.reform(|_: String| ());
    html! {
        <div class="history-row">
            <TextInput label={t!("history-name-label")} value={(*tag).clone()} placeholder={t!("history-name-hint")} maxlength={MAX_TAG_CHARS.to_string()} {oninput} {onenter} />
            <Button label={t!("history-name")} icon={icon::BOOKMARK} small=true disabled={tag.trim().is_empty()} onclick={name.reform(|_: MouseEvent| ())} />
        </div>
    }
}

/// Over the canvas while it shows the past; Escape returns to now.
#[component]
pub fn PastBanner() -> Html {
    let desk = use_context::<Option<Desk>>().flatten();
    let shown = desk.filter(|desk| desk.history.at.is_some());
    {
        let go = shown.as_ref().map(|desk| desk.history.go.clone());
        use_effect_with(shown.is_some(), move |_| {
            let listener = go.map(|go| {
                EventListener::new(&gloo::utils::document(), "keydown", move |event| {
                    let event = event.dyn_ref::<web_sys::KeyboardEvent>();
                    if event
                        .is_some_and(|event| event.key() == "Escape" && !event.default_prevented())
                    {
                        go.emit(None);
                    }
                })
            });
            move || drop(listener)
        });
    }
    let Some(desk) = shown else {
        return html! {};
    };
    let history = &desk.history;
    let at = history.at.unwrap_or_default();
    let version = history
        .listed
        .versions
        .iter()
        .find(|version| version.seq == at);
    let session = history
        .listed
        .sessions
        .iter()
        .find(|session| (session.from_seq..=session.to_seq).contains(&at));
    let words = match (version, session) {
        (Some(version), _) => t!("history-banner-version", name = version.tag.clone()),
        (None, Some(session)) => t!(
            "history-banner-when",
            when = time_words::ago(session.ended_at)
        ),
        (None, None) => t!("history-banner"),
    };
    html! {
        <div class="banner banner-past" role="status" aria-label={t!("history-banner-label")}>
            { icon::HISTORY.html() }<span class="grow">{ words }</span>
            <span class="banner-keys"><Keys keys="Escape" /></span>
            <Button label={t!("history-to-now")} small=true onclick={history.go.reform(|_: MouseEvent| None)} />
        </div>
    }
}

/// What keys, menus and the palette can do with the past.
pub fn commands(desk: &Desk, show_panel: &Callback<()>) -> Vec<Command> {
    let open = {
        let (history, show) = (desk.history.clone(), show_panel.clone());
        move || {
            if !history.is_open {
                show.emit(());
            }
            history.toggle.emit(());
        }
    };
    let now = {
        let go = desk.history.go.clone();
        move || go.emit(None)
    };
    vec![
        spec::HISTORY.bind(true, open).checked(desk.history.is_open),
        spec::HISTORY_NOW.bind(desk.history.at.is_some(), now),
    ]
}
