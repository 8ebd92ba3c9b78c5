//! A new model: chosen, run once in this browser, looked at, and only then sent.

use super::fields::{ModelSettings, Settings};
use super::reading::ReadingField;
use super::report::report_html;
use crate::components::{Button, Dialog, Field, ProgressBar, TextInput, Tone, icon};
use crate::inference::Failure;
use crate::models::register::{self, Draft, Origin};
use crate::models::{self, classes};
use crate::t;
use crate::time_words::size;
use futures_util::future::{AbortHandle, abortable};
use serde_json::Value;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_model::Ontology;
use web_sys::{File, HtmlInputElement};
use yew::platform::spawn_local;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct AddModelProps {
    pub project_id: Uuid,
    pub ontology: Ontology,
    pub changed: Callback<()>,
    pub onclose: Callback<()>,
}

/// How far it is.
#[derive(Clone, PartialEq)]
enum Step {
    /// With why the last choice did not do.
    Choose(Option<String>),
    /// Bytes so far and in all.
    Inspecting(f64, f64),
    Inspected(Origin, Rc<Value>, Option<String>),
    /// From 0 to 1.
    Sending(f64),
}

/// Ends what is on its way when the dialog goes.
#[derive(Default)]
struct Work(std::cell::RefCell<Option<AbortHandle>>);

impl Work {
    fn start(&self, work: impl Future<Output = ()> + 'static) {
        let (work, abort) = abortable(work);
        self.stop();
        *self.0.borrow_mut() = Some(abort);
        spawn_local(async move {
            // Whoever stopped it knows.
            let _ = work.await;
        });
    }

    fn stop(&self) {
        if let Some(abort) = self.0.take() {
            abort.abort();
        }
    }
}

#[component]
pub fn AddModel(props: &AddModelProps) -> Html {
    let step = use_state_eq(|| Step::Choose(None));
    let name = use_state_eq(String::new);
    let settings = use_state_eq(|| None::<Settings>);
    let work = use_memo((), |()| Work::default());
    {
        let work = work.clone();
        use_effect_with((), move |()| move || work.stop());
    }
    let look = {
        let (step, settings) = (step.setter(), settings.setter());
        let (work, ontology) = (work.clone(), props.ontology.clone());
        Callback::from(move |(origin, spec): (Origin, Option<Value>)| {
            step.set(Step::Inspecting(0.0, 0.0));
            let progress = {
                let step = step.clone();
                Rc::new(move |got, all| step.set(Step::Inspecting(got, all)))
            };
            let (step, settings, ontology) = (step.clone(), settings.clone(), ontology.clone());
            work.start(async move {
                match origin.clone().inspect(spec, progress).await {
                    Ok(report) => {
                        settings.set(Some(proposed(&report, &ontology)));
                        step.set(Step::Inspected(origin, Rc::new(report), None));
                    }
                    Err(failure) => step.set(Step::Choose(Some(words_of(&failure, &origin)))),
                }
            });
        })
    };
    let inspect = {
        let (step, name, look) = (step.setter(), name.setter(), look.clone());
        Callback::from(move |origin: Result<Origin, String>| match origin {
            Ok(origin) => {
                name.set(origin.name());
                look.emit((origin, None));
            }
            Err(words) => step.set(Step::Choose(Some(words))),
        })
    };
    let send = {
        let (step, name, settings) = (step.clone(), name.clone(), settings.clone());
        let (props_id, ontology) = (props.project_id, props.ontology.clone());
        let (work, changed, onclose) = (work.clone(), props.changed.clone(), props.onclose.clone());
        Callback::from(move |_: MouseEvent| {
            let (Step::Inspected(origin, report, _), Some(settings)) =
                ((*step).clone(), (*settings).clone())
            else {
                return;
            };
            let names = models::texts(&settings.spec, "classes");
            let (class_map, labels) = classes::to_map(&names, &settings.targets, &ontology);
            let draft = Draft {
                name: name.trim().to_owned(),
                class_map,
                spec: settings.spec,
                run_on_open: settings.run_on_open,
            };
            let (step, changed, onclose) = (step.setter(), changed.clone(), onclose.clone());
            step.set(Step::Sending(0.0));
            let sent = {
                let step = step.clone();
                Rc::new(move |part| step.set(Step::Sending(part)))
            };
            work.start(async move {
                let (from, body) = (origin.clone(), (*report).clone());
                let done = match register::create_labels(props_id, labels).await {
                    Ok(()) => register::register(props_id, from, draft, body, sent).await,
                    Err(error) => Err(error),
                };
                changed.emit(());
                match done {
                    Ok(()) => onclose.emit(()),
                    Err(error) => step.set(Step::Inspected(origin, report, Some(error.words()))),
                }
            });
        })
    };
    let again = {
        let (step, work) = (step.setter(), work.clone());
        Callback::from(move |_: MouseEvent| {
            work.stop();
            step.set(Step::Choose(None));
        })
    };
    let is_good = matches!(&*step, Step::Inspected(_, report, _) if report["ok"] == true);
    let footer = html! {
        <>
            if !matches!(*step, Step::Choose(_)) { <Button label={t!("model-choose-again")} onclick={again} /> }
            <Button label={t!("action-cancel")} onclick={props.onclose.reform(|_| ())} />
            if !matches!(*step, Step::Choose(_)) {
                <Button label={t!("model-register")} tone={Tone::Primary} disabled={!is_good || name.trim().is_empty()}
                    busy={matches!(*step, Step::Sending(_))} onclick={send} />
            }
        </>
    };
    let body = match &*step {
        Step::Choose(why) => html! { <Choose why={why.clone()} onchoose={inspect} /> },
        Step::Inspecting(got, all) => {
            let words = if *all > 0.0 && got < all {
                t!("model-fetching", received = size(*got), total = size(*all))
            } else {
                t!("model-inspecting")
            };
            let value = (*all > 0.0 && got < all).then(|| got / all);
            html! { <div class="field" role="status"><span>{ words }</span><ProgressBar label={t!("model-inspecting")} {value} /></div> }
        }
        Step::Sending(part) => html! {
            <div class="field" role="status">
                <span>{ t!("model-sending", percent = (part * 100.0).round() as i64) }</span>
                <ProgressBar label={t!("model-sending-label")} value={Some(*part)} />
            </div>
        },
        Step::Inspected(origin, report, refused) => {
            let read_as = {
                let origin = origin.clone();
                look.reform(move |spec| (origin.clone(), Some(spec)))
            };
            let set_name = {
                let name = name.setter();
                Callback::from(move |value| name.set(value))
            };
            let onchange = {
                let settings = settings.setter();
                Callback::from(move |value| settings.set(Some(value)))
            };
            html! {
                <>
                    if let Some(words) = refused { <div class="form-error" role="alert">{ icon::CIRCLE_ALERT.html() }{ words }</div> }
                    { report_html(report) }
                    <ReadingField report={(**report).clone()} onchange={read_as} />
                    if is_good {
                        <Field label={t!("model-name")} value={(*name).clone()} oninput={set_name} hint={Some(AttrValue::from(t!("model-name-why")))} />
                        if let Some(settings) = (*settings).clone() {
                            <ModelSettings {settings} ontology={props.ontology.clone()} can_edit=true {onchange} />
                        }
                    }
                </>
            }
        }
    };
    html! {
        <Dialog title={t!("model-add")} onclose={props.onclose.clone()} {footer} class="dialog-wide">
            <div class="dialog-body form">{ body }</div>
        </Dialog>
    }
}

/// What is set for a new model unless somebody says otherwise.
fn proposed(report: &Value, ontology: &Ontology) -> Settings {
    let spec = report["spec"].clone();
    let names = models::texts(&spec, "classes");
    Settings {
        targets: classes::by_name(&names, ontology),
        spec,
        run_on_open: false,
    }
}

/// Where it failed, and why.
fn words_of(failure: &Failure, origin: &Origin) -> String {
    let (name, why) = (origin.name(), failure.message.clone());
    if failure.code == "fetch" && matches!(origin, Origin::Urls(_)) {
        t!("model-not-fetched", name = name, why = why)
    } else {
        t!("model-not-inspected", name = name, why = why)
    }
}

#[derive(Properties, PartialEq)]
struct ChooseProps {
    why: Option<String>,
    onchoose: Callback<Result<Origin, String>>,
}

/// Files from this machine, or addresses.
#[component]
fn Choose(props: &ChooseProps) -> Html {
    let url = use_state_eq(String::new);
    let node = use_node_ref();
    let pick = {
        let node = node.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = node.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let onchange = props.onchoose.reform(|event: Event| {
        let input = event.target_dyn_into::<HtmlInputElement>();
        let files = input.and_then(|input| input.files());
        let files = files
            .into_iter()
            .flat_map(|files| (0..files.length()).filter_map(move |at| files.get(at)));
        Origin::of_files(files.collect::<Vec<File>>())
    });
    let look = {
        let (url, onchoose) = (url.clone(), props.onchoose.clone());
        Callback::from(move |_: MouseEvent| onchoose.emit(Origin::of_urls(&url)))
    };
    let enter = props
        .onchoose
        .reform(|typed: String| Origin::of_urls(&typed));
    let set_url = {
        let url = url.setter();
        Callback::from(move |value| url.set(value))
    };
    html! {
        <>
            if let Some(why) = &props.why { <div class="form-error" role="alert">{ icon::CIRCLE_ALERT.html() }{ why }</div> }
            <p class="form-note">{ t!("model-choose-text") }</p>
            <div><Button label={t!("model-files")} icon={icon::UPLOAD} tone={Tone::Primary} onclick={pick} /></div>
            <input ref={node} type="file" multiple=true hidden=true accept=".onnx" {onchange} aria-label={t!("model-files")} />
            <p class="or">{ t!("demo-or") }</p>
            <div class="inline-add">
                <TextInput label={t!("model-url")} class="grow" placeholder="https://example.org/model.onnx" value={(*url).clone()} oninput={set_url} onenter={enter} />
                <Button label={t!("model-look")} disabled={url.trim().is_empty()} onclick={look} />
            </div>
            <p class="field-note">{ t!("model-url-why") }</p>
        </>
    }
}
