//! The projects of a workspace.

mod card;
pub mod create;
pub mod label_list;

use crate::api_client;
use crate::commands::{spec, use_commands};
use crate::components::shell::Shell;
use crate::components::{
    Button, EmptyState, ErrorState, IconButton, Menu, MenuItem, Skeleton, Toast, Tone, icon,
};
use crate::resource::{Load, use_resource};
use crate::session::{use_session, use_toasts};
use crate::t;
use card::ProjectCard;
use create::CreateProject;
use uuid::Uuid;
use visionflow_api::{NewWorkspace, Project, Workspace};
use yew::prelude::*;

pub use label_list::parse_names;

#[component]
pub fn Projects() -> Html {
    let session = use_session();
    let workspace = session.workspace().cloned();
    let workspace_id = workspace.as_ref().map(|workspace| workspace.id);
    let projects = use_resource(workspace_id, |id: Option<Uuid>| async move {
        match id {
            Some(id) => {
                api_client::get_all::<Project>(&format!("/api/v1/projects?workspace_id={id}")).await
            }
            None => Ok(Vec::new()),
        }
    });
    let creating = use_state_eq(|| false);
    let open = {
        let creating = creating.setter();
        Callback::from(move |_: MouseEvent| creating.set(true))
    };
    use_commands(vec![spec::NEW_PROJECT.bind(true, {
        let creating = creating.setter();
        move || creating.set(true)
    })]);
    let close = {
        let creating = creating.setter();
        Callback::from(move |()| creating.set(false))
    };
    let actions = html! {
        <Button label={t!("project-new")} icon={icon::PLUS} tone={Tone::Primary} small=true onclick={open.clone()} />
    };
    let body = match &*projects.load {
        Load::Loading => html! { <Skeleton class="project-grid" count={6} /> },
        Load::Failed(error) => {
            html! { <ErrorState error={error.clone()} retry={projects.reload.clone()} /> }
        }
        Load::Ready(list) if list.is_empty() => html! {
            <EmptyState icon={icon::SHAPES} title={t!("projects-empty")} text={t!("projects-empty-text")}>
                <Button label={t!("project-create")} icon={icon::PLUS} tone={Tone::Primary} onclick={open} />
            </EmptyState>
        },
        Load::Ready(list) => html! {
            <ul class="project-grid" aria-label={t!("projects-title")}>
                { for list.iter().map(|project| html! { <ProjectCard key={project.id.to_string()} project={project.clone()} /> }) }
            </ul>
        },
    };
    html! {
        <Shell title={t!("projects-title")} crumbs={html! { <WorkspaceSwitcher /> }} {actions}>
            <main class="page-scroll">
                <div class="page-head"><h1>{ t!("projects-title") }</h1></div>
                { body }
            </main>
            if let (true, Some(workspace)) = (*creating, workspace) {
                <CreateProject {workspace} onclose={close} />
            }
        </Shell>
    }
}

/// The workspace that is worked in, and the others; a new one takes only a name.
#[component]
fn WorkspaceSwitcher() -> Html {
    let session = use_session();
    let toasts = use_toasts();
    let naming = use_state_eq(|| None::<String>);
    let Some((me, here)) = session.me().cloned().zip(session.workspace().cloned()) else {
        return html! {};
    };
    let mut items: Vec<MenuItem> = me
        .workspaces
        .iter()
        .map(|workspace| {
            let (choose, id) = (session.choose_workspace.clone(), workspace.id);
            MenuItem::new(workspace.name.clone(), icon::BRIEFCASE, move || {
                choose.emit(id);
            })
            .checked(id == here.id)
        })
        .collect();
    items.push(MenuItem::new(t!("workspace-new"), icon::PLUS, {
        let naming = naming.setter();
        move || naming.set(Some(String::new()))
    }));
    let onsubmit = {
        let (naming, reload, choose) = (
            naming.clone(),
            session.reload.clone(),
            session.choose_workspace.clone(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let name = (*naming).clone().unwrap_or_default().trim().to_owned();
            if name.is_empty() {
                return;
            }
            let (naming, reload, choose, toasts) = (
                naming.setter(),
                reload.clone(),
                choose.clone(),
                toasts.clone(),
            );
            yew::platform::spawn_local(async move {
                match api_client::post::<_, Workspace>("/api/v1/workspaces", &NewWorkspace { name })
                    .await
                {
                    Ok(workspace) => {
                        naming.set(None);
                        choose.emit(workspace.id);
                        reload.emit(());
                        toasts.show(Toast::good(t!("workspace-created", name = workspace.name)));
                    }
                    Err(error) => toasts.error(&error),
                }
            });
        })
    };
    if let Some(name) = &*naming {
        let oninput = {
            let naming = naming.setter();
            Callback::from(move |text| naming.set(Some(text)))
        };
        let cancel = {
            let naming = naming.setter();
            Callback::from(move |_: MouseEvent| naming.set(None))
        };
        return html! {
            <form class="inline-form" {onsubmit}>
                <crate::components::TextInput label={t!("workspace-name")} placeholder={t!("workspace-name")} value={name.clone()} {oninput} />
                <Button label={t!("action-create")} tone={Tone::Primary} small=true submit=true />
                <IconButton label={t!("action-cancel")} icon={icon::X} onclick={cancel} />
            </form>
        };
    }
    html! {
        <>
            <span class="crumb-mark" aria-hidden="true">{ "/" }</span>
            <Menu label={t!("workspace-switch", name = here.name.clone())} {items} class="workspace-menu">
                <span class="crumb crumb-here" aria-hidden="true">{ here.name.clone() }</span>{ icon::CHEVRON_DOWN.html() }
            </Menu>
        </>
    }
}
