//! A new project: name, kind, first labels.

use super::card::type_name;
use super::label_list::{LabelList, with_names};
use crate::api_client;
use crate::commands::ALL;
use crate::components::{Button, Dialog, Field, SelectField, Tone};
use crate::pages::auth_card::FormError;
use crate::router::Route;
use crate::t;
use visionflow_api::{NewProject, Project, ProjectType, Workspace};
use visionflow_model::{Label, Ontology};
use yew::prelude::*;
use yew_router::prelude::*;

const TYPES: [ProjectType; 3] = [
    ProjectType::ObjectDetection,
    ProjectType::Segmentation,
    ProjectType::Classification,
];

#[derive(Properties, PartialEq)]
pub struct CreateProjectProps {
    pub workspace: Workspace,
    pub onclose: Callback<()>,
}

#[component]
pub fn CreateProject(props: &CreateProjectProps) -> Html {
    let workspace = &props.workspace;
    let onclose = &props.onclose;
    let name = use_state_eq(String::new);
    let kind = use_state_eq(|| ProjectType::ObjectDetection);
    let labels = use_state_eq(Vec::<Label>::new);
    let busy = use_state_eq(|| false);
    let error = use_state_eq(|| None::<AttrValue>);
    let navigator = use_navigator();
    let create = {
        let (name, kind, labels) = (name.clone(), kind.clone(), labels.clone());
        let (busy, error, workspace_id) = (busy.setter(), error.setter(), workspace.id);
        Callback::from(move |()| {
            if let Some(words) = fault(&name, &labels) {
                error.set(Some(words.into()));
                return;
            }
            let body = NewProject {
                workspace_id,
                name: name.trim().to_owned(),
                project_type: *kind,
                labels: (*labels).clone(),
            };
            let (busy, error, navigator) = (busy.clone(), error.clone(), navigator.clone());
            busy.set(true);
            error.set(None);
            yew::platform::spawn_local(async move {
                match api_client::post::<_, Project>("/api/v1/projects", &body).await {
                    Ok(project) => {
                        if let Some(navigator) = navigator {
                            navigator.push(&Route::Gallery {
                                project_id: project.id,
                            });
                        }
                    }
                    Err(e) => {
                        error.set(Some(e.words().into()));
                        busy.set(false);
                    }
                }
            });
        })
    };
    let onsubmit = create.reform(|event: SubmitEvent| event.prevent_default());
    let set_name = {
        let name = name.setter();
        Callback::from(move |text| name.set(text))
    };
    let set_kind = {
        let kind = kind.setter();
        Callback::from(move |value: String| {
            if let Some(chosen) = TYPES.into_iter().find(|kind| format!("{kind:?}") == value) {
                kind.set(chosen);
            }
        })
    };
    let set_labels = {
        let labels = labels.setter();
        Callback::from(move |list| labels.set(list))
    };
    let options = TYPES
        .iter()
        .map(|kind| (format!("{kind:?}").into(), type_name(*kind).into()))
        .collect::<Vec<_>>();
    let footer = html! {
        <>
            <Button label={t!("action-cancel")} onclick={onclose.reform(|_| ())} />
            <Button label={t!("project-create")} tone={Tone::Primary} busy={*busy} disabled={name.trim().is_empty()} onclick={create.reform(|_| ())} />
        </>
    };
    html! {
        <Dialog title={t!("project-new")} onclose={onclose.clone()} {footer} class="dialog-wide">
            <div class="dialog-body form">
                <form {onsubmit}>
                    <Field label={t!("project-name")} value={(*name).clone()} oninput={set_name} autofocus=true placeholder={t!("project-name-placeholder")} />
                </form>
                <SelectField label={t!("project-type")} value={format!("{:?}", *kind)} {options} onchange={set_kind} labelled=true />
                <div class="field">
                    <span class="field-label">{ t!("labels-title") }</span>
                    <LabelList labels={(*labels).clone()} onchange={set_labels} />
                </div>
                <FormError error={(*error).clone()} />
            </div>
        </Dialog>
    }
}

/// What is wrong with the form, in words.
fn fault(name: &str, labels: &[Label]) -> Option<String> {
    if name.trim().is_empty() {
        return Some(t!("project-name-missing"));
    }
    if let Err(error) = (Ontology {
        labels: with_names(labels, ""),
        ..Ontology::default()
    })
    .check()
    {
        return Some(t!("labels-faulty", fault = error.to_string()));
    }
    reserved_key(labels, &[])
}

/// Words about the first label whose key already belongs to a command. A label that has had its
/// key before the command came, as `stored` says, may keep it, and then wins.
pub fn reserved_key(labels: &[Label], stored: &[Label]) -> Option<String> {
    let had = |label: &Label| {
        stored
            .iter()
            .any(|old| old.id == label.id && old.hotkey == label.hotkey)
    };
    labels
        .iter()
        .filter(|label| !label.archived && !had(label))
        .find_map(|label| {
            let key = label.hotkey.as_deref()?;
            let taken = ALL.iter().find(|spec| {
                spec.keys
                    .iter()
                    .any(|taken| taken.eq_ignore_ascii_case(key))
            })?;
            Some(t!(
                "label-key-taken",
                key = key.to_uppercase(),
                label = label.name.clone(),
                command = t!(taken.id)
            ))
        })
}
