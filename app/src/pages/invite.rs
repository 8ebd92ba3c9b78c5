//! An invitation by link, for people with and without an account.

use super::auth_card::{AuthCard, FormError};
use super::sign_up::SignUpForm;
use crate::api_client;
use crate::components::{Button, ErrorState, Spinner, Toast, Tone};
use crate::resource::{Load, use_resource};
use crate::router::Route;
use crate::session::{SessionState, use_session, use_toasts};
use crate::{browser, t};
use visionflow_api::InviteInfo;
use yew::prelude::*;
use yew_router::prelude::*;

#[derive(Properties, PartialEq)]
pub struct AcceptInviteProps {
    pub token: AttrValue,
}

#[component]
pub fn AcceptInvite(props: &AcceptInviteProps) -> Html {
    let token = &props.token;
    let session = use_session();
    let info = use_resource(token.to_string(), |token| async move {
        api_client::get_public::<InviteInfo>(&format!(
            "/api/v1/invites/{}",
            api_client::encode(&token)
        ))
        .await
    });
    match &*info.load {
        Load::Loading => {
            html! { <AuthCard title={t!("invite-title")}><Spinner label={t!("loading")} /></AuthCard> }
        }
        Load::Failed(error) if error.is_not_found() => {
            html! { <AuthCard title={t!("invite-gone")} text={t!("invite-gone-text")}><></></AuthCard> }
        }
        Load::Failed(error) => html! {
            <AuthCard title={t!("invite-title")}><ErrorState error={error.clone()} retry={info.reload.clone()} /></AuthCard>
        },
        Load::Ready(info) => {
            let text = t!(
                "invite-text",
                by = info.invited_by.clone(),
                project = info.project_name.clone(),
                workspace = info.workspace_name.clone(),
                role = super::settings::role_name(Some(info.role))
            );
            html! {
                <AuthCard title={t!("invite-join", project = info.project_name.clone())} {text}>
                    if matches!(session.state, SessionState::Ready(_)) {
                        <Accept token={token.clone()} info={info.clone()} />
                    } else {
                        <NewcomerForms />
                    }
                </AuthCard>
            }
        }
    }
}

#[derive(Properties, PartialEq)]
struct AcceptProps {
    pub token: AttrValue,
    pub info: InviteInfo,
}

#[component]
fn Accept(props: &AcceptProps) -> Html {
    let token = &props.token;
    let info = &props.info;
    let session = use_session();
    let toasts = use_toasts();
    let navigator = use_navigator();
    let busy = use_state_eq(|| false);
    let error = use_state_eq(|| None::<AttrValue>);
    let accept = {
        let (token, info, busy, error) =
            (token.clone(), info.clone(), busy.setter(), error.setter());
        let reload = session.reload.clone();
        Callback::from(move |_: MouseEvent| {
            let path = format!("/api/v1/invites/{}/accept", api_client::encode(&token));
            let (info, busy, error, reload) =
                (info.clone(), busy.clone(), error.clone(), reload.clone());
            let (toasts, navigator) = (toasts.clone(), navigator.clone());
            busy.set(true);
            yew::platform::spawn_local(async move {
                match api_client::post_empty(&path).await {
                    Ok(()) => {
                        reload.emit(());
                        toasts.show(Toast::good(t!(
                            "invite-joined",
                            project = info.project_name
                        )));
                        if let Some(navigator) = navigator {
                            navigator.replace(&Route::Gallery {
                                project_id: info.project_id,
                            });
                        }
                    }
                    Err(e) => error.set(Some(e.words().into())),
                }
                busy.set(false);
            });
        })
    };
    let email = session.me().map(|me| me.email.clone()).unwrap_or_default();
    html! {
        <div class="form">
            <p class="form-note">{ t!("invite-signed-in-as", email = email) }</p>
            <FormError error={(*error).clone()} />
            <Button label={t!("invite-accept")} tone={Tone::Primary} wide=true busy={*busy} onclick={accept} />
        </div>
    }
}

/// Signing up here, or signing in and coming back.
#[component]
fn NewcomerForms() -> Html {
    let path = browser::window().location().pathname().unwrap_or_default();
    html! {
        <>
            <SignUpForm />
            <p class="form-note">
                { t!("sign-up-have-account") }{ " " }
                <Link<Route, [(&'static str, String); 1]> to={Route::SignIn} query={Some([("next", path)])}>{ t!("sign-in") }</Link<Route, [(&'static str, String); 1]>>
            </p>
        </>
    }
}
