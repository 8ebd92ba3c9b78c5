//! What the provider offers, that it is up, and its public keys.

use super::error::{AuthError, AuthErrorBody};
use crate::App;
use axum::extract::State;
use axum::response::IntoResponse;
use http::header;
use serde_json::{Value, json};

/// What the provider offers, as `@supabase/auth-js` reads it.
#[utoipa::path(get, path = "/auth/v1/settings", tag = "auth",
    responses((status = 200, body = Object), (status = 404, body = AuthErrorBody)))]
pub async fn settings(State(app): State<App>) -> Result<axum::Json<Value>, AuthError> {
    app.tokens().provider()?;
    Ok(axum::Json(json!({
        "external": { "email": true, "phone": false, "anonymous_users": false },
        "disable_signup": false,
        "mailer_autoconfirm": true,
        "phone_autoconfirm": false,
        "saml_enabled": false,
    })))
}

/// Whether the provider is up.
#[utoipa::path(get, path = "/auth/v1/health", tag = "auth",
    responses((status = 200, body = Object), (status = 404, body = AuthErrorBody)))]
pub async fn health(State(app): State<App>) -> Result<axum::Json<Value>, AuthError> {
    app.tokens().provider()?;
    Ok(axum::Json(json!({
        "name": "VisionFlow",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "The embedded identity provider",
    })))
}

/// The public keys with which others can validate access tokens.
#[utoipa::path(get, path = "/auth/v1/.well-known/jwks.json", tag = "auth",
    responses((status = 200, body = Object), (status = 404, body = AuthErrorBody)))]
pub async fn jwks(State(app): State<App>) -> Result<impl IntoResponse, AuthError> {
    let keys = app.tokens().provider()?.jwks.clone();
    Ok((
        [(header::CACHE_CONTROL, "public, max-age=600")],
        axum::Json(keys),
    ))
}
