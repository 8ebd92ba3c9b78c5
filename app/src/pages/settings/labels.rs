//! The labels editor: a draft of the ontology that is saved as one new version.

mod attributes;
mod row;
mod skeleton;

use crate::api_client;
use crate::components::{
    Button, Checkbox, EmptyState, ErrorState, Skeleton, TextInput, Toast, Tone, icon,
};
use crate::pages::projects::create::reserved_key;
use crate::pages::projects::label_list::with_names;
use crate::resource::{Load, use_resource};
use crate::session::use_toasts;
use crate::t;
use row::LabelRow;
use visionflow_api::{Project, ProjectRole};
use visionflow_model::{Label, LabelId, Ontology};
use yew::prelude::*;

/// What a person does to one row.
#[derive(Clone, PartialEq)]
pub enum RowEdit {
    Set(Label),
    Move(i32),
}

#[derive(Properties, PartialEq)]
pub struct LabelsProps {
    pub project: Project,
}

#[component]
pub fn Labels(props: &LabelsProps) -> Html {
    let project = &props.project;
    let ontology = use_resource(project.id, |id| async move {
        api_client::get::<Ontology>(&format!("/api/v1/projects/{id}/ontology")).await
    });
    let can_edit = matches!(
        project.role,
        Some(ProjectRole::Admin | ProjectRole::Reviewer)
    );
    html! {
        <>
            { match &*ontology.load {
                Load::Loading => html! { <Skeleton class="rows" count={6} /> },
                Load::Failed(error) => html! { <ErrorState error={error.clone()} retry={ontology.reload.clone()} /> },
                Load::Ready(found) => html! {
                    <Editor key={found.version} project={project.clone()} stored={found.clone()} {can_edit} reload={ontology.reload.clone()} />
                },
            } }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct EditorProps {
    pub project: Project,
    pub stored: Ontology,
    pub can_edit: bool,
    pub reload: Callback<()>,
}

#[component]
fn Editor(props: &EditorProps) -> Html {
    let project = &props.project;
    let stored = &props.stored;
    let can_edit = props.can_edit;
    let reload = &props.reload;
    let toasts = use_toasts();
    let draft = use_state_eq(|| stored.labels.clone());
    let single_tag = use_state_eq(|| stored.single_tag);
    let text = use_state_eq(String::new);
    let busy = use_state_eq(|| false);
    let error = use_state_eq(|| None::<AttrValue>);
    let conflict = use_state_eq(|| false);
    let changed = *draft != stored.labels || *single_tag != stored.single_tag;
    let edit = {
        let draft = draft.clone();
        Callback::from(move |(id, edit): (LabelId, RowEdit)| {
            let mut labels = (*draft).clone();
            let Some(at) = labels.iter().position(|label| label.id == id) else {
                return;
            };
            match edit {
                RowEdit::Set(label) => labels[at] = label,
                RowEdit::Move(by) => {
                    let to = (at as i32 + by).clamp(0, labels.len() as i32 - 1) as usize;
                    let label = labels.remove(at);
                    labels.insert(to, label);
                }
            }
            draft.set(labels);
        })
    };
    let add = {
        let (draft, text) = (draft.clone(), text.clone());
        Callback::from(move |typed: String| {
            draft.set(with_names(&draft, &typed));
            text.set(String::new());
        })
    };
    let add_typed = {
        let (add, text) = (add.clone(), text.clone());
        Callback::from(move |_: MouseEvent| add.emit((*text).clone()))
    };
    let save = {
        let (draft, busy, error, conflict) = (
            draft.clone(),
            busy.setter(),
            error.setter(),
            conflict.setter(),
        );
        let (project_id, version, reload) = (project.id, stored.version, reload.clone());
        let (stored_labels, single_tag) = (stored.labels.clone(), single_tag.clone());
        Callback::from(move |_: MouseEvent| {
            let body = Ontology {
                version,
                labels: (*draft).clone(),
                single_tag: *single_tag,
            };
            let fault = body
                .check()
                .err()
                .map(|fault| t!("labels-faulty", fault = fault.to_string()));
            if let Some(words) = fault.or_else(|| reserved_key(&body.labels, &stored_labels)) {
                error.set(Some(words.into()));
                return;
            }
            let (busy, error, conflict) = (busy.clone(), error.clone(), conflict.clone());
            let (reload, toasts) = (reload.clone(), toasts.clone());
            busy.set(true);
            error.set(None);
            yew::platform::spawn_local(async move {
                match api_client::put::<_, Ontology>(
                    &format!("/api/v1/projects/{project_id}/ontology"),
                    &body,
                )
                .await
                {
                    Ok(_) => {
                        toasts.show(Toast::good(t!("labels-saved")));
                        reload.emit(());
                    }
                    Err(e) if e.status() == Some(409) => {
                        conflict.set(true);
                        error.set(Some(t!("labels-conflict").into()));
                    }
                    Err(e) => error.set(Some(e.words().into())),
                }
                busy.set(false);
            });
        })
    };
    let discard = {
        let (draft, stored, error) = (draft.setter(), stored.clone(), error.setter());
        let single_tag = single_tag.setter();
        Callback::from(move |_: MouseEvent| {
            draft.set(stored.labels.clone());
            single_tag.set(stored.single_tag);
            error.set(None);
        })
    };
    let set_text = {
        let text = text.setter();
        Callback::from(move |value| text.set(value))
    };
    let rows = |archived: bool| {
        let edit = edit.clone();
        draft
            .iter()
            .filter(move |label| label.archived == archived)
            .cloned()
            .map(move |label| {
                let onedit = {
                    let (edit, id) = (edit.clone(), label.id);
                    Callback::from(move |change| edit.emit((id, change)))
                };
                let key = label.id.to_string();
                html! { <LabelRow {key} {label} {can_edit} {onedit} /> }
            })
    };
    let archived = draft.iter().filter(|label| label.archived).count();
    html! {
        <>
            <header class="section-head">
                <div><h1>{ t!("labels-title") }</h1><p>{ t!("labels-text") }</p></div>
                if can_edit {
                    <div class="section-actions">
                        <Button label={t!("action-discard")} disabled={!changed} onclick={discard} />
                        <Button label={t!("labels-save")} tone={Tone::Primary} busy={*busy} disabled={!changed} onclick={save} />
                    </div>
                }
            </header>
            if let Some(words) = &*error {
                <div class="banner banner-bad" role="alert">
                    { icon::CIRCLE_ALERT.html() }<span class="grow">{ words }</span>
                    if *conflict { <Button label={t!("labels-reload")} small=true onclick={reload.reform(|_| ())} /> }
                </div>
            }
            if !can_edit { <p class="form-note">{ t!("labels-read-only") }</p> }
            if can_edit {
                <div class="inline-add">
                    <TextInput label={t!("labels-add")} class="grow" placeholder={t!("labels-add-placeholder")} value={(*text).clone()} oninput={set_text} onenter={add.clone()} />
                    <Button label={t!("action-add")} icon={icon::PLUS} disabled={text.trim().is_empty()} onclick={add_typed} />
                </div>
            }
            <div class="ontology-options">
                <Checkbox label={t!("ontology-single-tag")} hint={Some(AttrValue::from(t!("ontology-single-tag-why")))} checked={*single_tag} disabled={!can_edit}
                    onchange={ let single_tag = single_tag.setter(); Callback::from(move |on| single_tag.set(on)) } />
            </div>
            if draft.is_empty() {
                <EmptyState icon={icon::TAGS} title={t!("labels-empty")} text={t!("labels-empty-text")} />
            } else {
                <ul class="label-rows label-rows-full" aria-label={t!("labels-title")}>{ for rows(false) }</ul>
            }
            if archived > 0 {
                <section class="subsection">
                    <h2>{ t!("labels-archived") }</h2>
                    <p class="form-note">{ t!("labels-archived-text") }</p>
                    <ul class="label-rows label-rows-full" aria-label={t!("labels-archived")}>{ for rows(true) }</ul>
                </section>
            }
        </>
    }
}
