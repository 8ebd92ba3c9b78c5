//! `/auth/v1/user`: one's own account.

use super::error::{AuthError, AuthErrorBody};
use super::extract::{Bearer, Json};
use super::signup::checked_name;
use super::tokens::Claims;
use crate::App;
use crate::store::{Account, EndSessions};
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use visionflow_api::AuthUser;

/// The account of the token's session.
#[utoipa::path(get, path = "/auth/v1/user", tag = "auth",
    responses((status = 200, body = AuthUser), (status = 401, body = AuthErrorBody), (status = 403, body = AuthErrorBody)),
    security(("bearer" = [])))]
pub async fn get_user(
    State(app): State<App>,
    Bearer(claims): Bearer,
) -> Result<axum::Json<AuthUser>, AuthError> {
    app.tokens().provider()?;
    Ok(axum::Json(auth_user(&own_account(&app, &claims).await?)))
}

/// What to change; what is absent stays.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct UserChange {
    /// A new password: every other session ends.
    pub password: Option<String>,
    /// `{"name": "…"}`.
    pub data: Option<serde_json::Value>,
    pub email: Option<String>,
}

/// Changes the name or the password.
#[utoipa::path(put, path = "/auth/v1/user", tag = "auth", request_body = UserChange,
    responses((status = 200, body = AuthUser), (status = 401, body = AuthErrorBody), (status = 422, body = AuthErrorBody)),
    security(("bearer" = [])))]
pub async fn update_user(
    State(app): State<App>,
    Bearer(claims): Bearer,
    Json(change): Json<UserChange>,
) -> Result<axum::Json<AuthUser>, AuthError> {
    app.tokens().provider()?;
    let account = own_account(&app, &claims).await?;
    if change
        .email
        .as_ref()
        .is_some_and(|email| !email.eq_ignore_ascii_case(&account.email))
    {
        return Err(AuthError::invalid(
            "An account's email address cannot be changed yet.",
        ));
    }
    let name = change.data.as_ref().and_then(|data| data["name"].as_str());
    let name = name
        .map(checked_name)
        .transpose()?
        .filter(|name| !name.is_empty());
    if let Some(name) = &name {
        app.store().rename_account(account.id, name).await?;
    }
    if let Some(password) = &change.password {
        change_password(&app, &claims, &account, password).await?;
    }
    Ok(axum::Json(auth_user(&own_account(&app, &claims).await?)))
}

async fn change_password(
    app: &App,
    claims: &Claims,
    account: &Account,
    password: &str,
) -> Result<(), AuthError> {
    let passwords = &app.tokens().passwords;
    let known = app.store().account_with_password(&account.email).await?;
    let hash = known.as_ref().map(|(_, hash)| hash.as_str());
    if passwords.verify(password, hash).await? {
        return Err(AuthError::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "same_password",
            "New password should be different from the old password.",
        ));
    }
    let hash = passwords.hash(password).await?;
    app.store().set_password(account.id, &hash).await?;
    let others = claims
        .session_id
        .map_or(EndSessions::All, EndSessions::AllBut);
    app.store().end_sessions(account.id, others).await?;
    Ok(())
}

/// The account, while its session goes on: a token may outlive its session by an hour.
async fn own_account(app: &App, claims: &Claims) -> Result<Account, AuthError> {
    let session_id = claims.session_id.ok_or_else(AuthError::session_not_found)?;
    app.store()
        .account_of_session(claims.sub, session_id)
        .await?
        .ok_or_else(AuthError::session_not_found)
}

pub fn auth_user(account: &Account) -> AuthUser {
    AuthUser {
        id: account.id,
        aud: "authenticated".to_owned(),
        role: "authenticated".to_owned(),
        email: account.email.clone(),
        app_metadata: json!({ "provider": "email", "providers": ["email"] }),
        user_metadata: json!({ "name": account.name }),
        created_at: account.created_at,
        updated_at: account.updated_at,
    }
}
