//! Signing in, and the first page: with the demo, its accounts are one press away.

use super::auth_card::{AuthCard, FormError};
use crate::api_client::{self, ApiError};
use crate::components::avatar::Avatar;
use crate::components::{Button, Field, Tone, form_value};
use crate::resource::use_resource;
use crate::router::Route;
use crate::session::{SessionState, use_session};
use crate::{browser, t};
use serde::Deserialize;
use yew::prelude::*;
use yew_router::prelude::*;

/// `GET /api/v1/demo`; 404 where the server runs without the demo.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Demo {
    accounts: Vec<DemoAccount>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct DemoAccount {
    email: String,
    password: String,
    name: String,
}

/// `/`: the projects for whoever is signed in, signing in for others.
#[component]
pub fn Landing() -> Html {
    html! { <SignIn /> }
}

#[component]
pub fn SignIn() -> Html {
    let session = use_session();
    let email = use_state_eq(String::new);
    let password = use_state_eq(String::new);
    let busy = use_state_eq(|| false);
    let error = use_state_eq(|| None::<AttrValue>);
    let demo = use_resource((), |()| async {
        api_client::get_public::<Demo>("/api/v1/demo").await
    });

    if matches!(session.state, SessionState::Ready(_)) {
        return html! { <GoOn /> };
    }
    let enter = {
        let (busy, error) = (busy.setter(), error.setter());
        Callback::from(move |(email, password): (String, String)| {
            let (busy, error) = (busy.clone(), error.clone());
            busy.set(true);
            error.set(None);
            yew::platform::spawn_local(async move {
                if let Err(e) = api_client::sign_in(email.trim(), &password).await {
                    error.set(Some(sign_in_words(&e).into()));
                }
                busy.set(false);
            });
        })
    };
    let onsubmit = {
        let enter = enter.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            enter.emit((form_value(&event, "email"), form_value(&event, "password")));
        })
    };
    let set = |state: &UseStateHandle<String>| {
        let state = state.setter();
        Callback::from(move |text| state.set(text))
    };
    let accounts = demo
        .ready()
        .map(|demo| demo.accounts.clone())
        .unwrap_or_default();
    let foot = html! {
        <p>{ t!("sign-in-no-account") }{ " " }<Link<Route> to={Route::SignUp}>{ t!("sign-up-link") }</Link<Route>></p>
    };
    html! {
        <AuthCard title={t!("sign-in-title")} {foot}>
            if !accounts.is_empty() {
                <div class="demo-accounts">
                    <p class="auth-text">{ t!("demo-text") }</p>
                    { for accounts.iter().map(|account| demo_button(account, &enter, *busy)) }
                    <div class="or"><span>{ t!("demo-or") }</span></div>
                </div>
            }
            <form class="form" {onsubmit}>
                <Field name="email" label={t!("field-email")} kind="email" value={(*email).clone()} oninput={set(&email)}
                    autocomplete="username" autofocus=true required=true />
                <Field name="password" label={t!("field-password")} kind="password" value={(*password).clone()} oninput={set(&password)}
                    autocomplete="current-password" required=true />
                <FormError error={(*error).clone()} />
                <Button label={t!("sign-in")} tone={Tone::Primary} submit=true wide=true busy={*busy} />
                <p class="form-note">{ t!("sign-in-forgotten") }</p>
            </form>
        </AuthCard>
    }
}

fn demo_button(account: &DemoAccount, enter: &Callback<(String, String)>, busy: bool) -> Html {
    let first = account
        .name
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned();
    let label = t!("demo-sign-in-as", name = first);
    let onclick = {
        let (enter, account) = (enter.clone(), account.clone());
        move |_| enter.emit((account.email.clone(), account.password.clone()))
    };
    html! {
        <button type="button" class="demo-account" disabled={busy} {onclick} aria-label={label.clone()}>
            <Avatar name={account.name.clone()} id={account.email.clone()} />
            <span class="grow"><strong>{ label }</strong><span aria-hidden="true">{ account.email.clone() }{ " · " }<code>{ account.password.clone() }</code></span></span>
        </button>
    }
}

fn sign_in_words(error: &ApiError) -> String {
    match error {
        ApiError::Problem(problem) if matches!(problem.status, 400 | 401) => t!("sign-in-wrong"),
        other => other.words(),
    }
}

/// Leads to where the person wanted to go before they had to sign in.
#[component]
pub fn GoOn() -> Html {
    let navigator = use_navigator();
    use_effect_with((), move |()| {
        let next =
            browser::query("next").filter(|path| path.starts_with('/') && !path.starts_with("//"));
        let route = next
            .and_then(|path| Route::recognize(&path))
            .filter(|route| *route != Route::NotFound);
        if let Some(navigator) = navigator {
            navigator.replace(&route.unwrap_or(Route::Projects));
        }
    });
    html! {}
}
