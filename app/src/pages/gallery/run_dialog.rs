//! Which model runs over the selected photographs, and where; then how far it is.

use crate::api_client;
use crate::components::{
    Button, Dialog, ErrorState, IconButton, ProgressBar, SelectField, Spinner, Tone, icon,
};
use crate::models::{self, jobs};
use crate::resource::{Load, use_resource};
use crate::router::Route;
use crate::t;
use uuid::Uuid;
use visionflow_api::{Image, Model, ModelSource};
use yew::prelude::*;
use yew_router::prelude::*;

#[derive(Properties, PartialEq)]
pub struct RunDialogProps {
    pub project_id: Uuid,
    pub images: Vec<Image>,
    pub onclose: Callback<()>,
}

#[component]
pub fn RunDialog(props: &RunDialogProps) -> Html {
    let chosen = use_state_eq(|| None::<Uuid>);
    let on_server = use_state_eq(|| false);
    let job = jobs::use_job();
    let models = use_resource(props.project_id, |id| async move {
        let all = api_client::get_all::<Model>(&format!("/api/v1/projects/{id}/models")).await;
        all.map(models::runnable)
    });
    let found = models.ready();
    let model = found.and_then(|list| {
        let chosen = list.iter().find(|model| Some(model.id) == *chosen);
        chosen.or_else(|| list.first()).cloned()
    });
    let is_busy = job.is_some_and(|job| !job.is_over);
    let start = {
        let (model, images) = (model.clone(), props.images.clone());
        let is_kept = model
            .as_ref()
            .is_some_and(|m| m.source == ModelSource::Upload);
        let (onclose, on_server) = (props.onclose.clone(), *on_server && is_kept);
        Callback::from(move |_: MouseEvent| {
            if let Some(model) = &model {
                jobs::start(model.clone(), images.clone(), on_server);
            }
            onclose.emit(());
        })
    };
    let place = |there: bool, name: &str, text: &str| {
        let checked = *on_server == there;
        let on_server = on_server.setter();
        html! {
            <label class={classes!("choice", checked.then_some("choice-on"))}>
                <input type="radio" name="run-where" {checked} onchange={move |_| on_server.set(there)} aria-label={t!(name)} />
                <span><strong>{ t!(name) }</strong><span>{ t!(text) }</span></span>
            </label>
        }
    };
    let body = match &*models.load {
        Load::Loading => html! { <Spinner label={t!("loading")} /> },
        Load::Failed(error) => {
            html! { <ErrorState error={error.clone()} retry={models.reload.clone()} /> }
        }
        Load::Ready(list) => match &model {
            None => html! {
                <>
                    <p>{ t!("run-none") }</p>
                    <div><Link<Route> to={Route::Models { project_id: props.project_id }} classes="button button-plain">{ t!("run-none-add") }</Link<Route>></div>
                </>
            },
            Some(model) => {
                let options = list
                    .iter()
                    .map(|m| (m.id.to_string().into(), m.name.clone().into()));
                let options: Vec<(AttrValue, AttrValue)> = options.collect();
                // The server fetches nothing by address.
                let may_remote = model.source == ModelSource::Upload;
                let onchange = {
                    let chosen = chosen.setter();
                    Callback::from(move |id: String| chosen.set(id.parse().ok()))
                };
                html! {
                    <>
                        <SelectField label={t!("run-choose")} value={model.id.to_string()} {options} {onchange} labelled=true />
                        <fieldset class="choices">
                            <legend class="field-label">{ t!("run-where") }</legend>
                            { place(false, "run-here", "run-here-text") }
                            if may_remote { { place(true, "run-there", "run-there-text") } }
                        </fieldset>
                        if !may_remote { <p class="form-note">{ t!("run-not-there") }</p> }
                        if is_busy { <p class="form-note">{ t!("run-busy") }</p> }
                    </>
                }
            }
        },
    };
    let footer = html! {
        <>
            <Button label={t!("action-cancel")} onclick={props.onclose.reform(|_| ())} />
            <Button label={t!("run-start")} icon={icon::SPARKLES} tone={Tone::Primary} disabled={model.is_none() || is_busy} onclick={start} />
        </>
    };
    html! {
        <Dialog title={t!("run-title", n = props.images.len() as i64)} onclose={props.onclose.clone()} {footer} class="dialog-wide">
            <div class="dialog-body form">{ body }</div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
pub struct JobPanelProps {
    pub project_id: Uuid,
}

/// How far the run over many photographs is.
#[component]
pub fn JobPanel(props: &JobPanelProps) -> Html {
    let Some(job) = jobs::use_job().filter(|job| job.project_id == props.project_id) else {
        return html! {};
    };
    let (model, found) = (job.model.clone(), job.found as i64);
    let (done, total) = (job.done as i64, job.total as i64);
    let words = if !job.is_over {
        t!(
            "run-progress",
            model = model,
            done = done,
            total = total,
            found = found
        )
    } else if job.is_cancelled {
        t!(
            "run-cancelled",
            model = model,
            done = done,
            total = total,
            found = found
        )
    } else {
        t!("run-done", model = model, done = done, found = found)
    };
    html! {
        <section class="uploads job" aria-label={t!("run-panel")}>
            <header class="uploads-head">
                <h2 role="status">{ words }</h2>
                if job.is_over {
                    <IconButton label={t!("run-close")} icon={icon::X} tip="above" onclick={|_| jobs::clear()} />
                } else {
                    <Button label={t!("action-cancel")} tone={Tone::Quiet} small=true onclick={|_| jobs::cancel()} />
                }
            </header>
            if !job.is_over {
                <ProgressBar label={t!("run-panel")} value={Some(done as f64 / total.max(1) as f64)} />
                <div class="upload-text">{ &job.note }</div>
            }
            if !job.errors.is_empty() {
                <ul class="job-errors" aria-label={t!("run-errors", n = job.errors.len() as i64)}>
                    { for job.errors.iter().map(|(name, why)| html! { <li><strong>{ name }</strong>{ ": " }<span>{ why }</span></li> }) }
                </ul>
            }
        </section>
    }
}
