//! Who works on the project: added by email, invited by a link, with a role.

use super::{role_from, role_name, role_options};
use crate::api_client;
use crate::browser;
use crate::components::{
    Avatar, Button, ErrorState, IconButton, SelectField, Skeleton, TextInput, Toast, Tone, icon,
};
use crate::resource::{Load, use_resource};
use crate::session::{use_session, use_toasts};
use crate::{t, time_words};
use std::future::Future;
use visionflow_api::{
    Invite, IssuedLink, NewInvite, NewProjectMember, Project, ProjectMember, ProjectRole,
    RoleChange,
};
use yew::prelude::*;

/// Runs a change and reads the list again; a failure becomes a toast.
fn change<F>(toasts: &crate::components::Toasts, reload: &Callback<()>, work: F)
where
    F: Future<Output = Result<Option<Toast>, api_client::ApiError>> + 'static,
{
    let (toasts, reload) = (toasts.clone(), reload.clone());
    yew::platform::spawn_local(async move {
        match work.await {
            Ok(Some(toast)) => toasts.show(toast),
            Ok(None) => {}
            Err(error) => toasts.error(&error),
        }
        reload.emit(());
    });
}

#[derive(Properties, PartialEq)]
pub struct MembersProps {
    pub project: Project,
}

#[component]
pub fn Members(props: &MembersProps) -> Html {
    let project = &props.project;
    let is_admin = project.role == Some(ProjectRole::Admin);
    let members = use_resource(project.id, |id| async move {
        api_client::get_all::<ProjectMember>(&format!("/api/v1/projects/{id}/members")).await
    });
    html! {
        <>
            <header class="section-head"><div><h1>{ t!("members-title") }</h1><p>{ t!("members-text") }</p></div></header>
            if is_admin { <AddMember project={project.clone()} added={members.reload.clone()} /> }
            { match &*members.load {
                Load::Loading => html! { <Skeleton class="rows" count={4} /> },
                Load::Failed(error) => html! { <ErrorState error={error.clone()} retry={members.reload.clone()} /> },
                Load::Ready(list) => html! {
                    <ul class="member-rows" aria-label={t!("members-title")}>
                        { for list.iter().map(|member| html! {
                            <MemberRow key={member.user_id.to_string()} project={project.clone()} member={member.clone()} {is_admin} changed={members.reload.clone()} />
                        }) }
                    </ul>
                },
            } }
            if is_admin { <Invites project={project.clone()} /> } else { <p class="form-note">{ t!("members-admins-only") }</p> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct AddMemberProps {
    pub project: Project,
    pub added: Callback<()>,
}

#[component]
fn AddMember(props: &AddMemberProps) -> Html {
    let project = &props.project;
    let added = &props.added;
    let toasts = use_toasts();
    let email = use_state_eq(String::new);
    let role = use_state_eq(|| ProjectRole::Labeler);
    let onsubmit = {
        let (id, email, role, added) = (project.id, email.clone(), *role, added.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let body = NewProjectMember {
                email: email.trim().to_owned(),
                role,
            };
            let clear = email.setter();
            change(&toasts, &added, async move {
                let member: ProjectMember =
                    api_client::post(&format!("/api/v1/projects/{id}/members"), &body).await?;
                clear.set(String::new());
                Ok(Some(Toast::good(t!("member-added", name = member.name))))
            });
        })
    };
    let set_email = {
        let email = email.setter();
        Callback::from(move |text| email.set(text))
    };
    html! {
        <form class="inline-add" {onsubmit}>
            <TextInput label={t!("member-email")} kind="email" class="grow" placeholder={t!("member-email-placeholder")} value={(*email).clone()} oninput={set_email} />
            <RoleSelect value={*role} onchange={ let role = role.setter(); Callback::from(move |r| role.set(r)) } />
            <Button label={t!("member-add")} icon={icon::USER_PLUS} tone={Tone::Primary} submit=true disabled={!email.contains('@')} />
        </form>
    }
}

#[derive(Properties, PartialEq)]
struct RoleSelectProps {
    pub value: ProjectRole,
    pub onchange: Callback<ProjectRole>,
    #[prop_or_default]
    pub disabled: bool,
    #[prop_or_default]
    pub of: Option<AttrValue>,
}

#[component]
fn RoleSelect(props: &RoleSelectProps) -> Html {
    let value = props.value;
    let onchange = &props.onchange;
    let disabled = props.disabled;
    let of = &props.of;
    let onchange = {
        let onchange = onchange.clone();
        Callback::from(move |text: String| {
            if let Some(role) = role_from(&text) {
                onchange.emit(role);
            }
        })
    };
    let label = of.as_ref().map_or_else(
        || t!("member-role"),
        |name| t!("member-role-of", name = name.to_string()),
    );
    html! { <SelectField {label} value={format!("{value:?}")} options={role_options()} {onchange} {disabled} /> }
}

#[derive(Properties, PartialEq)]
struct MemberRowProps {
    pub project: Project,
    pub member: ProjectMember,
    pub is_admin: bool,
    pub changed: Callback<()>,
}

#[component]
fn MemberRow(props: &MemberRowProps) -> Html {
    let project = &props.project;
    let member = &props.member;
    let is_admin = props.is_admin;
    let changed = &props.changed;
    let toasts = use_toasts();
    let session = use_session();
    let path = format!("/api/v1/projects/{}/members/{}", project.id, member.user_id);
    let is_me = session.me().is_some_and(|me| me.id == member.user_id);
    let set_role = {
        let (path, toasts, changed) = (path.clone(), toasts.clone(), changed.clone());
        Callback::from(move |role: ProjectRole| {
            let path = path.clone();
            change(&toasts, &changed, async move {
                let member: ProjectMember = api_client::patch(&path, &RoleChange { role }).await?;
                Ok(Some(Toast::good(t!(
                    "member-role-changed",
                    name = member.name,
                    role = role_name(Some(member.role))
                ))))
            });
        })
    };
    let remove = {
        let (path, changed, member, project_id) =
            (path, changed.clone(), member.clone(), project.id);
        Callback::from(move |_: MouseEvent| {
            let (path, member, again, toasts_in) = (
                path.clone(),
                member.clone(),
                changed.clone(),
                toasts.clone(),
            );
            change(&toasts, &changed, async move {
                api_client::delete(&path).await?;
                let toast = Toast::good(t!("member-removed", name = member.name.clone()));
                Ok(Some(toast.with_undo(move || {
                    let body = NewProjectMember {
                        email: member.email.clone(),
                        role: member.role,
                    };
                    change(&toasts_in, &again, async move {
                        let _: ProjectMember = api_client::post(
                            &format!("/api/v1/projects/{project_id}/members"),
                            &body,
                        )
                        .await?;
                        Ok(None)
                    });
                })))
            });
        })
    };
    html! {
        <li class="member-row">
            <Avatar name={member.name.clone()} id={member.user_id.to_string()} large=true />
            <div class="grow">
                <div>{ &member.name }if is_me { <span class="field-note">{ " " }{ t!("member-you") }</span> }</div>
                <div class="field-note">{ &member.email }</div>
            </div>
            if is_admin {
                <RoleSelect value={member.role} onchange={set_role} of={member.name.clone()} />
                <IconButton label={t!("member-remove", name = member.name.clone())} icon={icon::X} tip="left" onclick={remove} />
            } else {
                <span class="chip">{ role_name(Some(member.role)) }</span>
            }
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct InvitesProps {
    pub project: Project,
}

/// Links that let in whoever holds them, with or without an account.
#[component]
fn Invites(props: &InvitesProps) -> Html {
    let project = &props.project;
    let toasts = use_toasts();
    let role = use_state_eq(|| ProjectRole::Labeler);
    let link = use_state(|| None::<IssuedLink>);
    let project_id = project.id;
    let invites = use_resource(project_id, |id| async move {
        api_client::get_all::<Invite>(&format!("/api/v1/projects/{id}/invites")).await
    });
    let issue = {
        let (link, role, reload, toasts) =
            (link.setter(), *role, invites.reload.clone(), toasts.clone());
        Callback::from(move |_: MouseEvent| {
            let link = link.clone();
            change(&toasts, &reload, async move {
                let issued = api_client::post(
                    &format!("/api/v1/projects/{project_id}/invites"),
                    &NewInvite { role },
                )
                .await?;
                link.set(Some(issued));
                Ok(None)
            });
        })
    };
    let row = |invite: &Invite| {
        let withdraw = {
            let (id, toasts, reload) = (invite.id, toasts.clone(), invites.reload.clone());
            Callback::from(move |_: MouseEvent| {
                change(&toasts, &reload, async move {
                    api_client::delete(&format!("/api/v1/projects/{project_id}/invites/{id}"))
                        .await?;
                    Ok(Some(Toast::good(t!("invite-withdrawn"))))
                });
            })
        };
        html! {
            <li key={invite.id.to_string()} class="member-row">
                <span class="avatar avatar-large avatar-empty">{ icon::LINK.html() }</span>
                <div class="grow">
                    <div>{ t!("invite-for", role = role_name(Some(invite.role))) }</div>
                    <div class="field-note">{ t!("invite-ends", when = time_words::until(invite.expires_at)) }</div>
                </div>
                <Button label={t!("invite-withdraw")} small=true onclick={withdraw} />
            </li>
        }
    };
    html! {
        <section class="subsection">
            <h2>{ t!("invites-title") }</h2>
            <p class="form-note">{ t!("invites-text") }</p>
            <div class="inline-add">
                <RoleSelect value={*role} onchange={ let role = role.setter(); Callback::from(move |r| role.set(r)) } />
                <Button label={t!("invite-create")} icon={icon::LINK} onclick={issue} />
            </div>
            if let Some(link) = &*link { <LinkBox title={t!("invite-link")} link={link.clone()} /> }
            if let Some(list) = invites.ready().filter(|list| !list.is_empty()) {
                <ul class="member-rows" aria-label={t!("invites-title")}>{ for list.iter().map(row) }</ul>
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
pub struct LinkBoxProps {
    pub title: AttrValue,
    pub link: IssuedLink,
}

/// A link that is shown once, to be copied and handed over.
#[component]
pub fn LinkBox(props: &LinkBoxProps) -> Html {
    let title = &props.title;
    let link = &props.link;
    let toasts = use_toasts();
    let copy = {
        let url = link.url.clone();
        Callback::from(move |_: MouseEvent| {
            let (url, toasts) = (url.clone(), toasts.clone());
            yew::platform::spawn_local(async move {
                let toast = if browser::copy(&url).await {
                    Toast::good(t!("link-copied"))
                } else {
                    Toast::bad(t!("link-not-copied"))
                };
                toasts.show(toast);
            });
        })
    };
    html! {
        <div class="link-box">
            <span class="field-label">{ title }</span>
            <div class="inline-add">
                <input class="input grow" readonly=true value={link.url.clone()} aria-label={title.clone()} />
                <Button label={t!("action-copy")} icon={icon::COPY} onclick={copy} />
            </div>
            <span class="field-note">{ t!("link-once", when = time_words::until(link.expires_at)) }</span>
        </div>
    }
}
