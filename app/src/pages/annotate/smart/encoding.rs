//! Who looks at photographs for the smart tool: what was measured on this machine, and what a person
//! wants instead.

use crate::components::SelectField;
use crate::{browser, t};
use std::rc::Rc;
use visionflow_engine::{
    AssistSpeed, EncodeAt, Engine, EngineEvent, GpuTrial, Look, Speeds, Subscription,
};
use yew::prelude::*;

/// Both are a matter of the machine and not of the person: the same for everyone at this browser.
const CHOSEN: &str = "visionflow.encode-at";
const SPEEDS: &str = "visionflow.encode-speeds";

#[derive(Clone, PartialEq)]
pub struct EncodeChoice {
    pub at: EncodeAt,
    pub choose: Callback<EncodeAt>,
}

#[hook]
pub fn use_encode_choice(engine: Option<&Engine>) -> EncodeChoice {
    let at = use_state_eq(|| of_name(&browser::stored(CHOSEN).unwrap_or_default()));
    use_effect_with(engine.cloned(), |engine| {
        let kept = engine.as_ref().map(keep_speeds);
        move || drop(kept)
    });
    use_effect_with((engine.cloned(), *at), |(engine, at)| {
        if let Some(engine) = engine {
            engine.encode_at(*at);
        }
    });
    let choose = {
        let setter = at.setter();
        use_callback((), move |at: EncodeAt, ()| {
            browser::store(CHOSEN, name(at));
            setter.set(at);
        })
    };
    EncodeChoice { at: *at, choose }
}

/// Tells the engine what was measured on an earlier visit, and keeps what it measures.
fn keep_speeds(engine: &Engine) -> Subscription {
    let kept = browser::stored(SPEEDS);
    let kept = kept.and_then(|text| serde_json::from_str::<Speeds>(&text).ok());
    engine.recall_speeds(kept.unwrap_or_default());
    let handle = engine.clone();
    engine.subscribe(Rc::new(move |event| {
        if matches!(event, EngineEvent::Assist)
            && let Ok(text) = serde_json::to_string(&handle.speeds())
        {
            browser::store(SPEEDS, &text);
        }
    }))
}

fn name(at: EncodeAt) -> &'static str {
    match at {
        EncodeAt::Measured => "",
        EncodeAt::Here => "here",
        EncodeAt::Elsewhere => "elsewhere",
    }
}

fn of_name(text: &str) -> EncodeAt {
    let all = [EncodeAt::Here, EncodeAt::Elsewhere];
    let found = all.into_iter().find(|at| name(*at) == text);
    found.unwrap_or_default()
}

/// The list to choose from.
pub fn choice(encoding: &EncodeChoice) -> Html {
    let option = |at, words: String| (AttrValue::from(name(at)), AttrValue::from(words));
    let options = vec![
        option(EncodeAt::Measured, t!("encode-measured")),
        option(EncodeAt::Here, t!("encode-here")),
        option(EncodeAt::Elsewhere, t!("encode-elsewhere")),
    ];
    let onchange = encoding.choose.reform(|name: String| of_name(&name));
    html! {
        <span title={t!("encode-why")}>
            <SelectField label={t!("encode-choose")} value={name(encoding.at)} {options} {onchange} />
        </span>
    }
}

/// What was measured, and what follows from it.
pub fn measured(engine: &Engine, at: EncodeAt) -> Html {
    let state = engine.assist_speed();
    let look = state.look.and_then(|look| looked(look, &state));
    let tried = state.gpu.as_ref().map(tried);
    let refused = state.threads_refused.clone();
    let refused = refused.map(|reason| t!("encode-threads-failed", reason = reason));
    let follows = consequence(&state, at);
    let sentences = look.into_iter().chain(refused).chain(tried).chain(follows);
    let sentences: Vec<_> = sentences.collect();
    if sentences.is_empty() {
        return html! {};
    }
    html! { <span class="smart-encoding" role="note" aria-label={t!("encode-measures")}>{ sentences.join(" ") }</span> }
}

fn looked(look: Look, state: &AssistSpeed) -> Option<String> {
    let took = look.seconds.map(seconds);
    match (look.is_elsewhere, took) {
        (true, Some(seconds)) => Some(t!("encoded-elsewhere", seconds = seconds)),
        (true, None) => Some(t!("encoded-elsewhere-before")),
        (false, Some(seconds)) if look.is_by_gpu => Some(t!("encoded-here-gpu", seconds = seconds)),
        (false, Some(seconds)) if state.build == "threads" => {
            let threads = state.threads;
            Some(t!(
                "encoded-here-threads",
                seconds = seconds,
                threads = threads
            ))
        }
        (false, Some(seconds)) if state.build == "relaxed" => {
            Some(t!("encoded-here-relaxed", seconds = seconds))
        }
        (false, Some(seconds)) => Some(t!("encoded-here-plain", seconds = seconds)),
        (false, None) => None,
    }
}

/// What both of this device's processors took for the first photograph, and which goes on.
fn tried(trial: &GpuTrial) -> String {
    match trial {
        GpuTrial::Measured {
            seconds: gpu,
            cpu_seconds: cpu,
            is_used,
        } => {
            let (gpu, cpu) = (seconds(*gpu), seconds(*cpu));
            if *is_used {
                t!("encode-gpu-used", gpu = gpu, cpu = cpu)
            } else {
                t!("encode-gpu-slower", gpu = gpu, cpu = cpu)
            }
        }
        GpuTrial::Failed(reason) => t!("encode-gpu-failed", reason = reason.clone()),
    }
}

/// Why the server looks, where nobody has chosen that.
fn consequence(state: &AssistSpeed, at: EncodeAt) -> Option<String> {
    let is_measured = at == EncodeAt::Measured && state.is_left_to_server;
    match state.speed.here.filter(|_| is_measured) {
        _ if is_measured && state.speed.fails_here => Some(t!("encode-fails-here")),
        Some(secs) => Some(t!("encode-slow-here", seconds = seconds(secs))),
        None => None,
    }
}

fn seconds(secs: f64) -> String {
    format!("{secs:.1}")
}
