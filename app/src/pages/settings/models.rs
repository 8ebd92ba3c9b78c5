//! The models of the project: what proposes annotations here, and how good people find it.

mod acceptance;
mod add;
mod classes;
mod fields;
mod reading;
mod report;
mod row;

use crate::api_client;
use crate::assist;
use crate::components::{Button, EmptyState, ErrorState, Skeleton, Tone, icon};
use crate::resource::{Load, use_resource};
use crate::t;
use add::AddModel;
use gloo::timers::callback::Interval;
use row::ModelRow;
use visionflow_api::{Model, ModelStatus, Project, ProjectRole};
use visionflow_model::Ontology;
use yew::prelude::*;

/// How often models that are on their way or being checked are asked after.
const POLL_MS: u32 = 1_500;

#[derive(Properties, PartialEq)]
pub struct ModelsProps {
    pub project: Project,
}

#[component]
pub fn Models(props: &ModelsProps) -> Html {
    let project = &props.project;
    let adding = use_state_eq(|| false);
    let models = use_resource(project.id, |id| async move {
        api_client::get_all::<Model>(&format!("/api/v1/projects/{id}/models")).await
    });
    let ontology = use_resource(project.id, |id| async move {
        api_client::get::<Ontology>(&format!("/api/v1/projects/{id}/ontology")).await
    });
    let can_edit = project.role == Some(ProjectRole::Admin);
    let waits = models.ready().is_some_and(|list| {
        let waits = |m: &Model| matches!(m.status, ModelStatus::Uploading | ModelStatus::Checking);
        list.iter().any(waits)
    });
    {
        let reload = models.reload.clone();
        use_effect_with(waits, move |waits| {
            let poll = waits.then(|| Interval::new(POLL_MS, move || reload.emit(())));
            move || drop(poll)
        });
    }
    let set_adding = |on: bool| {
        let adding = adding.setter();
        move || adding.set(on)
    };
    let changed = {
        let (models, ontology) = (models.reload.clone(), ontology.reload.clone());
        Callback::from(move |()| {
            models.emit(());
            ontology.emit(());
        })
    };
    let open = Callback::from({
        let open = set_adding(true);
        move |_: MouseEvent| open()
    });
    let close = Callback::from({
        let close = set_adding(false);
        move |()| close()
    });
    let list = match (&*models.load, &*ontology.load) {
        (Load::Failed(error), _) => {
            html! { <ErrorState error={error.clone()} retry={models.reload.clone()} /> }
        }
        (_, Load::Failed(error)) => {
            html! { <ErrorState error={error.clone()} retry={ontology.reload.clone()} /> }
        }
        (Load::Ready(models), Load::Ready(ontology)) => html! {
            <>
                <ul class="label-rows label-rows-full" aria-label={t!("models-title")}>
                    if assist::is_available() { { built_in() } }
                    { for models.iter().map(|model| html! {
                        <ModelRow key={model.id.to_string()} model={model.clone()} ontology={ontology.clone()} {can_edit} changed={changed.clone()} />
                    }) }
                </ul>
                if models.is_empty() { <EmptyState icon={icon::SPARKLES} title={t!("models-empty")} text={t!("models-empty-text")} /> }
                if *adding { <AddModel project_id={project.id} ontology={ontology.clone()} {changed} onclose={close} /> }
            </>
        },
        _ => html! { <Skeleton class="rows" count={3} /> },
    };
    html! {
        <>
            <header class="section-head">
                <div><h1>{ t!("models-title") }</h1><p>{ t!("models-text") }</p></div>
                if can_edit {
                    <div class="section-actions"><Button label={t!("model-add")} icon={icon::PLUS} tone={Tone::Primary} onclick={open} /></div>
                }
            </header>
            if !can_edit { <p class="form-note">{ t!("models-admins-only") }</p> }
            { list }
        </>
    }
}

/// The model that every project has.
fn built_in() -> Html {
    html! {
        <li class="label-item">
            <div class="model-row">
                { icon::SPARKLES.html() }
                <div class="grow">
                    <div class="model-name"><strong>{ "MobileSAM" }</strong><span class="chip">{ t!("model-built-in") }</span><span class="chip">{ t!("model-task-promptable") }</span></div>
                    <div class="field-note">{ t!("model-built-in-text") }</div>
                </div>
            </div>
        </li>
    }
}
