//! A new account.

use super::auth_card::{AuthCard, FormError};
use super::sign_in::GoOn;
use crate::api_client;
use crate::components::{Button, Field, Tone, form_value};
use crate::router::Route;
use crate::session::{SessionState, use_session};
use crate::t;
use yew::prelude::*;
use yew_router::prelude::*;

/// The server's own least, said before it is asked.
pub const MIN_PASSWORD: usize = 8;

#[component]
pub fn SignUp() -> Html {
    let session = use_session();
    if matches!(session.state, SessionState::Ready(_)) {
        return html! { <GoOn /> };
    }
    let foot = html! {
        <p>{ t!("sign-up-have-account") }{ " " }<Link<Route> to={Route::SignIn}>{ t!("sign-in") }</Link<Route>></p>
    };
    html! {
        <AuthCard title={t!("sign-up-title")} text={t!("sign-up-text")} {foot}>
            <SignUpForm />
        </AuthCard>
    }
}

/// Name, email, password; the invitation page shows it too.
#[component]
pub fn SignUpForm() -> Html {
    let name = use_state_eq(String::new);
    let email = use_state_eq(String::new);
    let password = use_state_eq(String::new);
    let busy = use_state_eq(|| false);
    let error = use_state_eq(|| None::<AttrValue>);
    let onsubmit = {
        let (busy, error) = (busy.clone(), error.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let value = |name| form_value(&event, name);
            let (name, email, password) = (value("name"), value("email"), value("password"));
            if password.chars().count() < MIN_PASSWORD {
                error.set(Some(
                    t!("password-too-short", n = MIN_PASSWORD as i64).into(),
                ));
                return;
            }
            let (busy, error) = (busy.setter(), error.setter());
            busy.set(true);
            error.set(None);
            yew::platform::spawn_local(async move {
                if let Err(e) = api_client::sign_up(name.trim(), email.trim(), &password).await {
                    error.set(Some(e.words().into()));
                }
                busy.set(false);
            });
        })
    };
    let set = |state: &UseStateHandle<String>| {
        let state = state.setter();
        Callback::from(move |text| state.set(text))
    };
    html! {
        <form class="form" {onsubmit}>
            <Field name="name" label={t!("field-name")} value={(*name).clone()} oninput={set(&name)} autocomplete="name" autofocus=true required=true />
            <Field name="email" label={t!("field-email")} kind="email" value={(*email).clone()} oninput={set(&email)} autocomplete="username" required=true />
            <Field name="password" label={t!("field-password")} kind="password" value={(*password).clone()} oninput={set(&password)}
                autocomplete="new-password" required=true hint={t!("password-hint", n = MIN_PASSWORD as i64)} />
            <FormError error={(*error).clone()} />
            <Button label={t!("sign-up")} tone={Tone::Primary} submit=true wide=true busy={*busy} />
        </form>
    }
}
