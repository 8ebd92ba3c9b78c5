//! `POST /auth/v1/signup`: an account, with a workspace of its own.

use super::address::{ClientAddress, normalise_email};
use super::error::{AuthError, AuthErrorBody};
use super::extract::Json;
use super::throttle::Attempt;
use super::token::open_session;
use crate::App;
use axum::extract::State;
use http::StatusCode;
use uuid::Uuid;
use visionflow_api::{PasswordCredentials, Session};

/// Creates an account and signs it in. No mail is sent: the address is believed.
#[utoipa::path(post, path = "/auth/v1/signup", tag = "auth", request_body = PasswordCredentials,
    responses((status = 200, body = Session), (status = 422, body = AuthErrorBody), (status = 429, body = AuthErrorBody)))]
pub async fn sign_up(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    Json(credentials): Json<PasswordCredentials>,
) -> Result<axum::Json<Session>, AuthError> {
    app.tokens().provider()?;
    let email = normalise_email(&credentials.email)?;
    let name = chosen_name(credentials.data.as_ref(), &email)?;
    Attempt::sign_up(&address).begin(app.store()).await?;
    let hash = app.tokens().passwords.hash(&credentials.password).await?;
    let workspace = workspace_name(&name);
    let account = app
        .store()
        .create_account(Uuid::now_v7(), &email, &name, Some(&hash), &workspace)
        .await?;
    let Some(account) = account else {
        return Err(AuthError::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "user_already_exists",
            "User already registered",
        ));
    };
    Ok(axum::Json(open_session(&app, &account).await?))
}

/// `data.name`; without one, what stands before the @.
fn chosen_name(data: Option<&serde_json::Value>, email: &str) -> Result<String, AuthError> {
    let given = data.and_then(|data| data["name"].as_str().or(data["full_name"].as_str()));
    match given.map(checked_name).transpose()? {
        Some(name) if !name.is_empty() => Ok(name),
        _ => Ok(email.split('@').next().unwrap_or(email).to_owned()),
    }
}

/// A person's name: at most 100 characters, none of them a control character.
pub fn checked_name(name: &str) -> Result<String, AuthError> {
    let name = name.trim();
    if name.chars().count() > 100 || name.contains(char::is_control) {
        return Err(AuthError::invalid(
            "A name has at most 100 characters and no control characters.",
        ));
    }
    Ok(name.to_owned())
}

/// What a person's own workspace is called.
pub fn workspace_name(name: &str) -> String {
    format!("{name}’s workspace")
}
