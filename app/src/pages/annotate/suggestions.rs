//! What models propose for the photograph: running one, and deciding about what it found: one by
//! one, by class, by how sure it is, or all at once. Each is one undo step.

mod counted;
mod runner;
mod tally;

pub use counted::use_counted;
pub use runner::{Runner, use_runner};

use super::bar::use_engine_tick;
use super::desk::Desk;
use super::section::Section;
use crate::assist;
use crate::commands::keymap::use_keymap;
use crate::commands::{Command, spec};
use crate::components::{Button, IconButton, Keys, ProgressBar, SelectField, Slider, Tone, icon};
use crate::t;
use tally::Count;
use visionflow_engine::EngineEvent;
use visionflow_model::{AnnotationId, LabelId, Suggestion, Verdict};
use yew::prelude::*;

#[component]
pub fn SuggestionsPanel() -> Html {
    use_keymap();
    let desk = use_context::<Option<Desk>>().flatten();
    use_engine_tick(desk.as_ref().map(|desk| &desk.engine), |event| {
        matches!(event, EngineEvent::Suggestions)
    });
    let Some(desk) = desk else {
        return html! {};
    };
    let runner = &desk.runner;
    let counts = tally::by_class(&desk.engine, runner.threshold);
    let all: usize = counts.values().map(|count| count.all).sum();
    let above: usize = counts.values().map(|count| count.above).sum();
    if all == 0 && (runner.models.is_empty() || !desk.can_edit) {
        return html! {};
    }
    html! {
        <Section id="suggestions" title={t!("suggestions-title")} count={(all > 0).then_some(all)}>
            <div class="suggestions">
                if desk.can_edit && !runner.models.is_empty() { { run_row(runner) } }
                if all > 0 {
                    <Slider label={t!("suggestions-threshold")} min=0.0 max=1.0 step=0.01 value={runner.threshold} usual={Some(0.0)}
                        onchange={runner.set_threshold.clone()} text={t!("percent", n = (runner.threshold * 100.0).round() as i64)} />
                    <ul class="class-counts" aria-label={t!("suggestions-by-class")}>
                        { for tally::in_order(&desk.ontology, &counts).map(|(label, count)| class_row(&desk, label, count)) }
                    </ul>
                    { actions(&desk, above, all) }
                }
            </div>
        </Section>
    }
}

fn run_row(runner: &Runner) -> Html {
    let options = runner.models.iter();
    let options = options.map(|model| (model.id.to_string().into(), model.name.clone().into()));
    let options: Vec<(AttrValue, AttrValue)> = options.collect();
    let value = runner.model.as_ref().map(|model| model.id.to_string());
    let onchange = {
        let choose = runner.choose.clone();
        Callback::from(move |id: String| {
            if let Ok(id) = id.parse() {
                choose.emit(id);
            }
        })
    };
    html! {
        <>
            <div class="run-row">
                <SelectField label={t!("run-choose")} value={value.unwrap_or_default()} {options} {onchange} disabled={runner.running.is_some()} />
                if runner.running.is_some() {
                    <Button label={t!("action-cancel")} small=true onclick={runner.cancel.reform(|_| ())} />
                } else {
                    <Button label={t!("run-model")} icon={icon::SPARKLES} small=true onclick={runner.run.reform(|_| ())} />
                }
            </div>
            if let Some(words) = &runner.running {
                <div class="run-words" role="status" aria-label={t!("run-panel")}><span>{ words }</span><ProgressBar label={t!("run-panel")} /></div>
            }
        </>
    }
}

/// How many of a class are open, with what can be done about all that are sure enough.
fn class_row(desk: &Desk, label: LabelId, count: Count) -> Html {
    let found = desk.ontology.label(label);
    let name = found.map_or_else(|| t!("label-unknown"), |label| label.name.clone());
    let color = found.map_or_else(|| "#8b8d98".to_owned(), |label| label.color.to_string());
    let decide = |verdict: Verdict| {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| desk.decide_class(label, verdict))
    };
    let numbers = if count.above == count.all {
        count.all.to_string()
    } else {
        t!(
            "smart-alternative",
            n = count.above as i64,
            of = count.all as i64
        )
    };
    html! {
        <li key={label.to_string()} class="class-count">
            <span class="dot" style={format!("background:{color}")} />
            <span class="ellipsis grow">{ &name }</span>
            <span class="count">{ numbers }</span>
            if desk.can_edit {
                <IconButton label={t!("suggestions-accept-class", name = name.clone())} icon={icon::CHECK} tip="left" class="object-action" disabled={count.above == 0} onclick={decide(Verdict::Accepted)} />
                <IconButton label={t!("suggestions-reject-class", name = name)} icon={icon::X} tip="left" class="object-action" disabled={count.above == 0} onclick={decide(Verdict::Rejected)} />
            }
        </li>
    }
}

fn actions(desk: &Desk, above: usize, all: usize) -> Html {
    let on = |act: fn(&Desk)| {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| act(&desk))
    };
    let accept = if desk.runner.threshold > 0.0 {
        t!("suggestions-accept-above", n = above as i64)
    } else {
        t!("suggestions-accept-all", n = above as i64)
    };
    let hint = [
        (spec::SUGGESTION_NEXT, "suggestions-hint-next"),
        (spec::SUGGESTION_ACCEPT, "suggestions-hint-accept"),
        (spec::SUGGESTION_REJECT, "suggestions-hint-reject"),
    ];
    html! {
        <>
            if desk.can_edit {
                <div class="suggestion-actions">
                    <Button label={accept} icon={icon::CHECK} tone={Tone::Primary} small=true disabled={above == 0} onclick={on(Desk::accept_above)} />
                    <Button label={t!("suggestions-reject-all", n = all as i64)} small=true onclick={on(Desk::reject_all)} />
                </div>
                <div class="suggestion-actions">
                    <p class="suggestions-hint">
                        { for hint.into_iter().filter_map(|(spec, words)| spec.key().map(|keys| html! { <span><Keys {keys} />{ t!(words) }</span> })) }
                    </p>
                    <span class="push" />
                    <IconButton label={t!("command-suggestion-previous")} icon={icon::CHEVRON_LEFT} keys={spec::SUGGESTION_PREVIOUS.key()} tip="left" class="small-icon" onclick={on(|desk| desk.engine.pick_next_suggestion(true))} />
                    <IconButton label={t!("command-suggestion-next")} icon={icon::CHEVRON_RIGHT} keys={spec::SUGGESTION_NEXT.key()} tip="left" class="small-icon" onclick={on(|desk| desk.engine.pick_next_suggestion(false))} />
                </div>
            }
        </>
    }
}

impl Desk {
    fn decide(&self, wanted: impl Fn(&Suggestion) -> bool, verdict: Verdict) {
        let ids = tally::pending(&self.engine, wanted);
        if !ids.is_empty() {
            self.decide_these(&ids, verdict);
        }
    }

    fn decide_these(&self, ids: &[AnnotationId], verdict: Verdict) {
        // A refused edit changes nothing, and the engine tells why by itself.
        let _ = self.engine.decide(ids, verdict);
    }

    /// All of a class that are sure enough.
    fn decide_class(&self, label: LabelId, verdict: Verdict) {
        let threshold = self.runner.threshold;
        self.decide(
            |one| one.annotation.label == label && one.score >= threshold,
            verdict,
        );
    }

    fn accept_above(&self) {
        let threshold = self.runner.threshold;
        self.decide(|one| one.score >= threshold, Verdict::Accepted);
    }

    /// Also those that are not drawn: what is left after accepting is what nobody wants.
    fn reject_all(&self) {
        self.decide(|_| true, Verdict::Rejected);
    }

    /// Decides about the picked one and goes on to the next.
    fn decide_picked(&self, verdict: Verdict) {
        let Some(id) = self.engine.picked_suggestion() else {
            return self.engine.pick_next_suggestion(false);
        };
        self.decide_these(&[id], verdict);
        self.engine.pick_next_suggestion(false);
    }

    /// All of the class of the picked one.
    fn decide_picked_class(&self, verdict: Verdict) {
        let picked = self.engine.picked_suggestion();
        if let Some(picked) = picked.and_then(|id| self.engine.suggestion(id)) {
            self.decide_class(picked.annotation.label, verdict);
        }
    }
}

/// What keys and the palette can do with suggestions.
pub fn commands(desk: &Desk) -> Vec<Command> {
    let on = |act: fn(&Desk)| {
        let desk = desk.clone();
        move || act(&desk)
    };
    let may = desk.can_edit;
    let runs = may && desk.runner.model.is_some() && desk.runner.running.is_none();
    let finds = may && assist::is_available();
    // Whether there is any is asked of the engine with the press: the page may be behind.
    vec![
        spec::FIND_SIMILAR.bind(
            finds && !desk.selection.is_empty(),
            on(|desk| desk.runner.similar.emit(false)),
        ),
        spec::FIND_SIMILAR_NEXT
            .bind(
                finds && (desk.runner.follows || !desk.selection.is_empty()),
                on(|desk| desk.runner.similar.emit(true)),
            )
            .checked(desk.runner.follows),
        spec::RUN_MODEL.bind(runs, on(|desk| desk.runner.run.emit(()))),
        spec::SUGGESTION_NEXT.bind(true, on(|desk| desk.engine.pick_next_suggestion(false))),
        spec::SUGGESTION_PREVIOUS.bind(true, on(|desk| desk.engine.pick_next_suggestion(true))),
        spec::SUGGESTION_ACCEPT.bind(may, on(|desk| desk.decide_picked(Verdict::Accepted))),
        spec::SUGGESTION_REJECT.bind(may, on(|desk| desk.decide_picked(Verdict::Rejected))),
        spec::SUGGESTION_ACCEPT_CLASS
            .bind(may, on(|desk| desk.decide_picked_class(Verdict::Accepted))),
        spec::SUGGESTION_REJECT_CLASS
            .bind(may, on(|desk| desk.decide_picked_class(Verdict::Rejected))),
        spec::SUGGESTION_ACCEPT_ALL.bind(may, on(Desk::accept_above)),
        spec::SUGGESTION_REJECT_ALL.bind(may, on(Desk::reject_all)),
    ]
}
