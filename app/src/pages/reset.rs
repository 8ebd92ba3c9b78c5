//! A new password by the link that an admin has handed over.

use super::auth_card::{AuthCard, FormError};
use super::sign_up::MIN_PASSWORD;
use crate::api_client;
use crate::components::{Button, Field, Toast, Tone, form_value};
use crate::router::Route;
use crate::session::use_toasts;
use crate::t;
use visionflow_api::ResetPassword;
use yew::prelude::*;
use yew_router::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ResetProps {
    pub token: AttrValue,
}

#[component]
pub fn Reset(props: &ResetProps) -> Html {
    let token = &props.token;
    let toasts = use_toasts();
    let navigator = use_navigator();
    let password = use_state_eq(String::new);
    let busy = use_state_eq(|| false);
    let error = use_state_eq(|| None::<AttrValue>);
    let onsubmit = {
        let (token, busy, error) = (token.clone(), busy.clone(), error.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let password = form_value(&event, "password");
            if password.chars().count() < MIN_PASSWORD {
                error.set(Some(
                    t!("password-too-short", n = MIN_PASSWORD as i64).into(),
                ));
                return;
            }
            let body = ResetPassword {
                token: token.to_string(),
                password,
            };
            let (busy, error) = (busy.setter(), error.setter());
            let (toasts, navigator) = (toasts.clone(), navigator.clone());
            busy.set(true);
            error.set(None);
            yew::platform::spawn_local(async move {
                match api_client::post_public("/auth/v1/reset_password", &body).await {
                    Ok(()) => {
                        toasts.show(Toast::good(t!("reset-done")));
                        if let Some(navigator) = navigator {
                            navigator.replace(&Route::SignIn);
                        }
                    }
                    Err(e) => error.set(Some(e.words().into())),
                }
                busy.set(false);
            });
        })
    };
    let oninput = {
        let password = password.setter();
        Callback::from(move |text| password.set(text))
    };
    html! {
        <AuthCard title={t!("reset-title")} text={t!("reset-text")}>
            <form class="form" {onsubmit}>
                <Field name="password" label={t!("field-new-password")} kind="password" value={(*password).clone()} {oninput}
                    autocomplete="new-password" autofocus=true required=true hint={t!("password-hint", n = MIN_PASSWORD as i64)} />
                <FormError error={(*error).clone()} />
                <Button label={t!("reset-submit")} tone={Tone::Primary} submit=true wide=true busy={*busy} />
            </form>
        </AuthCard>
    }
}
