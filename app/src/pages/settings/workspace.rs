//! Who belongs to the workspace, and a new password for whoever forgot theirs.

use super::members::LinkBox;
use crate::api_client;
use crate::components::{Avatar, Button, ErrorState, Skeleton, icon};
use crate::resource::{Load, use_resource};
use crate::session::use_toasts;
use crate::t;
use visionflow_api::{IssuedLink, Workspace, WorkspaceMember, WorkspaceRole};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct WorkspaceMembersProps {
    pub workspace: Workspace,
}

#[component]
pub fn WorkspaceMembers(props: &WorkspaceMembersProps) -> Html {
    let workspace = &props.workspace;
    let toasts = use_toasts();
    let link = use_state(|| None::<(String, IssuedLink)>);
    let members = use_resource(workspace.id, |id| async move {
        api_client::get_all::<WorkspaceMember>(&format!("/api/v1/workspaces/{id}/members")).await
    });
    let issue = {
        let (link, workspace_id) = (link.setter(), workspace.id);
        Callback::from(move |member: WorkspaceMember| {
            let (link, toasts) = (link.clone(), toasts.clone());
            yew::platform::spawn_local(async move {
                let path = format!(
                    "/api/v1/workspaces/{workspace_id}/members/{}/password_reset",
                    member.user_id
                );
                match api_client::post::<_, IssuedLink>(&path, &serde_json::json!({})).await {
                    Ok(issued) => link.set(Some((member.name, issued))),
                    Err(error) => toasts.error(&error),
                }
            });
        })
    };
    let row = |member: &WorkspaceMember| {
        let onclick = {
            let (issue, member) = (issue.clone(), member.clone());
            Callback::from(move |_: MouseEvent| issue.emit(member.clone()))
        };
        let role = if member.role == WorkspaceRole::Admin {
            t!("workspace-role-admin")
        } else {
            t!("workspace-role-member")
        };
        html! {
            <li key={member.user_id.to_string()} class="member-row">
                <Avatar name={member.name.clone()} id={member.user_id.to_string()} large=true />
                <div class="grow"><div>{ &member.name }</div><div class="field-note">{ &member.email }</div></div>
                <span class="chip">{ role }</span>
                <Button label={t!("reset-issue")} icon={icon::KEY_ROUND} small=true {onclick} />
            </li>
        }
    };
    html! {
        <>
            <header class="section-head"><div>
                <h1>{ t!("workspace-members-of", name = workspace.name.clone()) }</h1><p>{ t!("workspace-members-text") }</p>
            </div></header>
            if let Some((name, issued)) = &*link {
                <LinkBox title={t!("reset-link-for", name = name.clone())} link={issued.clone()} />
            }
            { match &*members.load {
                Load::Loading => html! { <Skeleton class="rows" count={4} /> },
                Load::Failed(error) => html! { <ErrorState error={error.clone()} retry={members.reload.clone()} /> },
                Load::Ready(list) => html! { <ul class="member-rows" aria-label={t!("workspace-members-title")}>{ for list.iter().map(row) }</ul> },
            } }
        </>
    }
}
