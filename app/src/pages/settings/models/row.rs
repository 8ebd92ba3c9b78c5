//! One model of the project: what it is, how far it is, and what can be opened below it.

use super::acceptance::{Acceptance, rate_words};
use super::fields::StoredSettings;
use super::report::report_html;
use crate::api_client;
use crate::components::{IconButton, Toast, icon};
use crate::models::{self, proposes};
use crate::resource::use_get;
use crate::session::use_toasts;
use crate::t;
use serde_json::Value;
use visionflow_api::{Model, ModelStatus};
use visionflow_model::Ontology;
use yew::prelude::*;

/// What can be open below a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Acceptance,
    Settings,
    Report,
}

#[derive(Properties, PartialEq)]
pub struct ModelRowProps {
    pub model: Model,
    pub ontology: Ontology,
    pub can_edit: bool,
    pub changed: Callback<()>,
}

#[component]
pub fn ModelRow(props: &ModelRowProps) -> Html {
    let (model, spec) = (&props.model, models::spec(&props.model));
    let toasts = use_toasts();
    let open = use_state_eq(|| None::<Part>);
    let acceptance = use_get::<Value>(format!("/api/v1/models/{}/acceptance", model.id));
    let name = model.name.clone();
    let archive = {
        let (id, name, changed) = (model.id, name.clone(), props.changed.clone());
        Callback::from(move |_: MouseEvent| {
            let (name, changed, toasts) = (name.clone(), changed.clone(), toasts.clone());
            yew::platform::spawn_local(async move {
                match api_client::delete(&format!("/api/v1/models/{id}")).await {
                    Ok(()) => toasts.show(Toast::good(t!("model-archived", name = name))),
                    Err(error) => toasts.error(&error),
                }
                changed.emit(());
            });
        })
    };
    let part = |this: Part, shown: icon::Icon, title: String| {
        let is_open = *open == Some(this);
        let open = open.setter();
        let onclick = Callback::from(move |_: MouseEvent| open.set((!is_open).then_some(this)));
        html! { <IconButton label={title} icon={shown} pressed={Some(is_open)} class={classes!("label-part", is_open.then_some("label-part-open"))} {onclick} /> }
    };
    let layout = models::text(spec, "layout").to_owned();
    let is_failed = model.status == ModelStatus::Failed;
    html! {
        <li class="label-item" aria-label={name.clone()}>
            <div class="model-row">
                { if is_failed { icon::TRIANGLE_ALERT } else { icon::SPARKLES }.html() }
                <div class="grow">
                    <div class="model-name">
                        <strong>{ &name }</strong>
                        if !layout.is_empty() { <span class="chip">{ models::task_name(spec) }</span><span class="chip">{ layout }</span> }
                        if model.run_on_open { <span class="chip">{ t!("model-runs-on-open") }</span> }
                    </div>
                    <div class={classes!("field-note", is_failed.then_some("bad"))} role="status" aria-label={t!("model-status-of", name = name.clone())}>
                        { status_words(model, acceptance.ready()) }
                    </div>
                </div>
                if proposes(spec) {
                    { part(Part::Acceptance, icon::CIRCLE_CHECK, t!("acceptance-of", name = name.clone())) }
                    { part(Part::Settings, icon::SLIDERS_HORIZONTAL, t!("model-settings-of", name = name.clone())) }
                }
                { part(Part::Report, icon::SCAN, t!("report-of", name = name.clone())) }
                if props.can_edit { <IconButton label={t!("model-archive", name = name)} icon={icon::ARCHIVE} tip="left" onclick={archive} /> }
            </div>
            { match *open {
                None => html! {},
                Some(Part::Report) => html! { <div class="model-part">{ report_html(model.report.as_ref().unwrap_or(&Value::Null)) }</div> },
                Some(Part::Acceptance) => html! { <Acceptance load={acceptance.load.clone()} ontology={props.ontology.clone()} /> },
                Some(Part::Settings) => html! {
                    <StoredSettings model={model.clone()} ontology={props.ontology.clone()} can_edit={props.can_edit} changed={props.changed.clone()} />
                },
            } }
        </li>
    }
}

fn status_words(model: &Model, acceptance: Option<&Value>) -> String {
    match model.status {
        ModelStatus::Uploading => t!("model-uploading"),
        ModelStatus::Checking => t!("model-checking"),
        ModelStatus::Ready if !proposes(models::spec(model)) => t!("model-ready"),
        ModelStatus::Ready => acceptance.map_or_else(|| t!("model-ready"), rate_words),
        ModelStatus::Failed => {
            let why = model
                .report
                .as_ref()
                .map(|report| models::text(report, "message"));
            match why.filter(|why| !why.is_empty()) {
                Some(why) => why.to_owned(),
                None => t!("report-bad"),
            }
        }
    }
}
