//! What can be set and done with the smart polygon, and how far its model is.

mod choice;
mod encoding;

pub use choice::{SmartChoice, use_smart_choice};
pub use encoding::{EncodeChoice, use_encode_choice};

use super::bar::use_engine_tick;
use super::desk::Desk;
use super::options::{panoptic, result, set, simplify};
use crate::components::icon::{self, Icon};
use crate::components::{Button, Checkbox, IconButton, Tone};
use crate::t;
use crate::time_words::size;
use visionflow_engine::{AssistPhase, EngineEvent, SmartInput, SmartState, WandResult};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct SmartOptionsProps {
    pub desk: Desk,
}

#[component]
pub fn SmartOptions(props: &SmartOptionsProps) -> Html {
    let desk = &props.desk;
    use_engine_tick(Some(&desk.engine), |event| {
        matches!(event, EngineEvent::Assist)
    });
    let smart = desk.engine.smart();
    let act = |input: SmartInput| {
        let engine = desk.engine.clone();
        Callback::from(move |_: MouseEvent| engine.smart_input(input.clone()))
    };
    let body = if let Some(found) = smart.proposals {
        html! {
            <>
                <span>{ t!("smart-found", n = found as i64) }</span>
                <Button label={t!("smart-accept-all")} icon={icon::CHECK} small=true tone={Tone::Primary} disabled={found == 0} onclick={act(SmartInput::Accept)} />
                <Button label={t!("smart-drop-rest")} small=true onclick={act(SmartInput::Drop)} />
            </>
        }
    } else if smart.prompts > 0 {
        html! {
            <>
                { alternatives(smart, &act) }
                { points(smart, &act) }
                { simplify(desk) }
                <Button label={t!("smart-accept")} icon={icon::CHECK} small=true tone={Tone::Primary} onclick={act(SmartInput::Accept)} />
                <Button label={t!("action-cancel")} small=true onclick={act(SmartInput::Drop)} />
            </>
        }
    } else {
        idle(desk)
    };
    html! { <>{ status(desk, smart) }{ body }</> }
}

/// What is set before anything is clicked.
fn idle(desk: &Desk) -> Html {
    let tools = &desk.settings.tools;
    let set_result = set(desk, |tools, result| tools.smart_result = result);
    let prepares = set(desk, |tools, on| tools.smart_prepares = on);
    let everything = {
        let engine = desk.engine.clone();
        Callback::from(move |_: MouseEvent| engine.smart_everything())
    };
    html! {
        <>
            { choice::choice(&desk.smart) }
            { result(t!("option-smart-result"), tools.smart_result, &set_result) }
            if tools.smart_result == WandResult::Mask { { panoptic(desk) } } else { { simplify(desk) } }
            <Button label={t!("smart-everything")} icon={icon::SPARKLES} small=true onclick={everything} />
            if desk.smart.chosen.is_none() {
                { encoding::choice(&desk.settings.encoding) }
            }
            <span class="option-check" title={t!("option-prepare-why")}><Checkbox label={t!("option-prepare")} checked={tools.smart_prepares} onchange={prepares} /></span>
            { encoding::measured(&desk.engine, desk.settings.encoding.at) }
        </>
    }
}

/// Which of the things that the prompts may mean is shown.
fn alternatives(smart: SmartState, act: &impl Fn(SmartInput) -> Callback<MouseEvent>) -> Html {
    if smart.alternatives < 2 {
        return html! {};
    }
    let turn = |label: String, shown: Icon, next: bool| {
        html! { <IconButton {label} icon={shown} onclick={act(SmartInput::Alternative { next })} /> }
    };
    let shown = t!(
        "smart-alternative",
        n = smart.alternative as i64 + 1,
        of = smart.alternatives as i64
    );
    html! {
        <span class="group" role="group" aria-label={t!("smart-alternatives")}>
            { turn(t!("smart-previous"), icon::CHEVRON_LEFT, false) }
            <span role="status">{ shown }</span>
            { turn(t!("smart-next"), icon::CHEVRON_RIGHT, true) }
        </span>
    }
}

/// Whether clicks add or take away: the same as Alt, for fingers.
fn points(smart: SmartState, act: &impl Fn(SmartInput) -> Callback<MouseEvent>) -> Html {
    let choice = |label: String, shown: Icon, removes: bool| {
        let pressed = Some(smart.removes == removes);
        html! { <IconButton {label} icon={shown} {pressed} onclick={act(SmartInput::Removes(removes))} /> }
    };
    html! {
        <span class="group" role="group" aria-label={t!("smart-points")}>
            { choice(t!("smart-add"), icon::PLUS, false) }
            { choice(t!("smart-remove"), icon::MINUS, true) }
        </span>
    }
}

/// What a person waits for.
fn status(desk: &Desk, smart: SmartState) -> Html {
    let words = match desk.engine.assist() {
        AssistPhase::Loading { received, total } if total > 0.0 => t!(
            "smart-loading-of",
            received = size(received),
            total = size(total)
        ),
        AssistPhase::Loading { .. } => t!("smart-loading"),
        AssistPhase::Encoding => t!("smart-encoding"),
        AssistPhase::EncodingElsewhere => t!("smart-encoding-elsewhere"),
        AssistPhase::ZoomOut => t!("smart-zoom-out"),
        AssistPhase::Ready if smart.is_waiting && smart.proposals.is_some() => {
            t!("smart-searching")
        }
        AssistPhase::Ready if smart.is_waiting => t!("smart-asking"),
        AssistPhase::Ready => t!("smart-ready"),
        AssistPhase::Off | AssistPhase::Idle => return html! {},
        AssistPhase::Failed(reason) => {
            let engine = desk.engine.clone();
            let retry = Callback::from(move |_: MouseEvent| engine.retry_assist());
            return html! {
                <>
                    <span class="smart-failed" role="alert" title={reason.clone()}>{ icon::TRIANGLE_ALERT.html() }{ t!("smart-failed", why = reason) }</span>
                    <Button label={t!("action-retry")} icon={icon::REFRESH_CW} small=true onclick={retry} />
                </>
            };
        }
    };
    let is_busy = !matches!(
        desk.engine.assist(),
        AssistPhase::Ready | AssistPhase::ZoomOut
    ) || smart.is_waiting;
    html! {
        <span class="smart-status" role="status" aria-label={t!("smart-model")}>
            if is_busy { <span class="spinner" /> }
            <span>{ words }</span>
        </span>
    }
}
