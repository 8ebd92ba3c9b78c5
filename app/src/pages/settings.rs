//! A project's settings: labels, models, members, the project itself.

mod general;
mod labels;
mod members;
mod models;
mod workspace;

use crate::components::shell::{Crumb, Shell};
use crate::components::{ErrorState, Spinner, icon};
use crate::resource::{Load, use_get};
use crate::router::Route;
use crate::session::use_session;
use crate::t;
use uuid::Uuid;
use visionflow_api::{Project, ProjectRole, WorkspaceRole};
use yew::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Labels,
    Models,
    Members,
    Workspace,
    General,
}

impl Section {
    fn title(self) -> String {
        match self {
            Self::Labels => t!("labels-title"),
            Self::Models => t!("models-title"),
            Self::Members => t!("members-title"),
            Self::Workspace => t!("workspace-members-title"),
            Self::General => t!("project-title"),
        }
    }

    fn icon(self) -> icon::Icon {
        match self {
            Self::Labels => icon::TAGS,
            Self::Models => icon::SPARKLES,
            Self::Members => icon::USERS,
            Self::Workspace => icon::BRIEFCASE,
            Self::General => icon::SETTINGS,
        }
    }
}

pub fn role_name(role: Option<ProjectRole>) -> String {
    match role {
        Some(ProjectRole::Admin) => t!("role-admin"),
        Some(ProjectRole::Reviewer) => t!("role-reviewer"),
        Some(ProjectRole::Labeler) => t!("role-labeler"),
        None => t!("role-none"),
    }
}

/// The roles as options of a select.
pub fn role_options() -> Vec<(AttrValue, AttrValue)> {
    [
        ProjectRole::Admin,
        ProjectRole::Reviewer,
        ProjectRole::Labeler,
    ]
    .into_iter()
    .map(|role| (format!("{role:?}").into(), role_name(Some(role)).into()))
    .collect()
}

pub fn role_from(value: &str) -> Option<ProjectRole> {
    [
        ProjectRole::Admin,
        ProjectRole::Reviewer,
        ProjectRole::Labeler,
    ]
    .into_iter()
    .find(|role| format!("{role:?}") == value)
}

#[derive(Properties, PartialEq)]
pub struct SettingsProps {
    pub project_id: Uuid,
    /// Opens at the models.
    #[prop_or_default]
    pub models: bool,
}

#[component]
pub fn Settings(props: &SettingsProps) -> Html {
    let project_id = &props.project_id;
    let session = use_session();
    let models = props.models;
    let section = use_state_eq(|| {
        if models {
            Section::Models
        } else {
            Section::Labels
        }
    });
    let project = use_get::<Project>(format!("/api/v1/projects/{project_id}"));
    let found = match &*project.load {
        Load::Loading => {
            return html! { <Shell title={t!("settings")}><Spinner label={t!("loading")} /></Shell> };
        }
        Load::Failed(error) => {
            return html! {
                <Shell title={t!("settings")}><main class="page-centred">
                    <ErrorState error={error.clone()} retry={project.reload.clone()} />
                </main></Shell>
            };
        }
        Load::Ready(found) => found.clone(),
    };
    let workspaces = session
        .me()
        .map(|me| me.workspaces.clone())
        .unwrap_or_default();
    let workspace = workspaces
        .into_iter()
        .find(|workspace| workspace.id == found.workspace_id);
    let mut sections = vec![Section::Labels, Section::Models, Section::Members];
    if workspace
        .as_ref()
        .is_some_and(|workspace| workspace.role == WorkspaceRole::Admin)
    {
        sections.push(Section::Workspace);
    }
    sections.push(Section::General);
    let tab = |this: Section| {
        let chosen = *section == this;
        let section = section.setter();
        html! {
            <button type="button" role="tab" class={classes!("side-tab", chosen.then_some("side-tab-on"))}
                aria-selected={if chosen { "true" } else { "false" }} onclick={move |_| section.set(this)}>
                { this.icon().html() }<span>{ this.title() }</span>
            </button>
        }
    };
    let crumbs = html! {
        <><Crumb text={found.name.clone()} to={Route::Gallery { project_id: found.id }} /><Crumb text={t!("settings")} /></>
    };
    let body = match *section {
        Section::Labels => html! { <labels::Labels project={found.clone()} /> },
        Section::Models => html! { <models::Models project={found.clone()} /> },
        Section::Members => html! { <members::Members project={found.clone()} /> },
        Section::Workspace => match workspace {
            Some(workspace) => html! { <workspace::WorkspaceMembers {workspace} /> },
            None => html! {},
        },
        Section::General => {
            html! { <general::General project={found.clone()} changed={project.reload.clone()} /> }
        }
    };
    html! {
        <Shell title={t!("settings-of", project = found.name.clone())} {crumbs}>
            <main class="settings">
                <div class="side-tabs" role="tablist" aria-label={t!("settings")} aria-orientation="vertical">{ for sections.into_iter().map(tab) }</div>
                <div class="settings-body" role="tabpanel" aria-label={section.title()}>{ body }</div>
            </main>
        </Shell>
    }
}
