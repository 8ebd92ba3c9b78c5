//! The project itself: its name, and its end.

use crate::api_client;
use crate::components::{Button, Field, Toast, Tone, icon};
use crate::router::Route;
use crate::session::use_toasts;
use crate::t;
use visionflow_api::{Project, ProjectChange, ProjectRole};
use yew::prelude::*;
use yew_router::prelude::*;

#[derive(Properties, PartialEq)]
pub struct GeneralProps {
    pub project: Project,
    pub changed: Callback<()>,
}

#[component]
pub fn General(props: &GeneralProps) -> Html {
    let project = &props.project;
    let changed = &props.changed;
    let toasts = use_toasts();
    let navigator = use_navigator();
    let name = use_state_eq(|| project.name.clone());
    let typed = use_state_eq(String::new);
    let busy = use_state_eq(|| false);
    let is_admin = project.role == Some(ProjectRole::Admin);
    let rename = {
        let (id, name, busy, changed, toasts) = (
            project.id,
            name.clone(),
            busy.setter(),
            changed.clone(),
            toasts.clone(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let body = ProjectChange {
                name: Some(name.trim().to_owned()),
            };
            let (busy, changed, toasts) = (busy.clone(), changed.clone(), toasts.clone());
            busy.set(true);
            yew::platform::spawn_local(async move {
                match api_client::patch::<_, Project>(&format!("/api/v1/projects/{id}"), &body)
                    .await
                {
                    Ok(project) => {
                        changed.emit(());
                        toasts.show(Toast::good(t!("project-renamed", name = project.name)));
                    }
                    Err(error) => toasts.error(&error),
                }
                busy.set(false);
            });
        })
    };
    let remove = {
        let (id, deleted_name) = (project.id, project.name.clone());
        Callback::from(move |_: MouseEvent| {
            let (toasts, navigator, name) =
                (toasts.clone(), navigator.clone(), deleted_name.clone());
            yew::platform::spawn_local(async move {
                match api_client::delete(&format!("/api/v1/projects/{id}")).await {
                    Ok(()) => {
                        toasts.show(Toast::good(t!("project-deleted", name = name)));
                        if let Some(navigator) = navigator {
                            navigator.replace(&Route::Projects);
                        }
                    }
                    Err(error) => toasts.error(&error),
                }
            });
        })
    };
    let set_name = {
        let name = name.setter();
        Callback::from(move |text| name.set(text))
    };
    let set_typed = {
        let typed = typed.setter();
        Callback::from(move |text| typed.set(text))
    };
    let unchanged = name.trim().is_empty() || name.trim() == project.name;
    html! {
        <>
            <header class="section-head"><div><h1>{ t!("project-title") }</h1><p>{ t!("project-text") }</p></div></header>
            <form class="form form-narrow" onsubmit={rename}>
                <Field label={t!("project-name")} value={(*name).clone()} oninput={set_name} disabled={!is_admin} />
                <div><Button label={t!("action-rename")} submit=true busy={*busy} disabled={!is_admin || unchanged} /></div>
            </form>
            if is_admin {
                <section class="danger-zone">
                    <h2>{ t!("project-delete-title") }</h2>
                    <p>{ t!("project-delete-text") }</p>
                    <Field label={t!("project-delete-type", name = project.name.clone())} value={(*typed).clone()} oninput={set_typed} autocomplete="off" />
                    <div><Button label={t!("project-delete")} icon={icon::TRASH_2} tone={Tone::Danger} disabled={typed.trim() != project.name.trim()} onclick={remove} /></div>
                </section>
            } else {
                <p class="form-note">{ t!("project-admins-only") }</p>
            }
        </>
    }
}
