//! Reset links: issued by an admin or the operator, redeemed at `POST /auth/v1/reset_password`.

use super::error::{AuthError, AuthErrorBody};
use super::extract::Json;
use crate::App;
use crate::crypto;
use crate::error::Result;
use crate::store::{EndSessions, Store};
use axum::extract::State;
use http::StatusCode;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use visionflow_api::{IssuedLink, ResetPassword};

/// A reset link opens an account, so it does not live long.
const RESET_LINK_HOURS: i64 = 24;

/// A link with which the account's owner sets a new password; earlier links end. `issued_by` is
/// `None` for the operator.
pub async fn issue_reset_link(
    store: &Store,
    public_url: &str,
    user_id: Uuid,
    issued_by: Option<Uuid>,
) -> Result<IssuedLink> {
    let token = crypto::random_token();
    let expires_at = OffsetDateTime::now_utc() + Duration::hours(RESET_LINK_HOURS);
    let issued_by = issued_by.unwrap_or(Uuid::nil());
    store
        .issue_reset(&crypto::token_hash(&token), user_id, issued_by, expires_at)
        .await?;
    let url = format!("{public_url}/reset/{token}");
    Ok(IssuedLink {
        url,
        token,
        expires_at,
    })
}

/// Sets a new password with a reset link's token, which is good once, and ends every session.
#[utoipa::path(post, path = "/auth/v1/reset_password", tag = "auth", request_body = ResetPassword,
    responses((status = 204), (status = 403, body = AuthErrorBody), (status = 422, body = AuthErrorBody)))]
pub async fn reset_password(
    State(app): State<App>,
    Json(request): Json<ResetPassword>,
) -> Result<StatusCode, AuthError> {
    app.tokens().provider()?;
    let token_hash = crypto::token_hash(&request.token);
    let expired = || {
        AuthError::new(
            StatusCode::FORBIDDEN,
            "otp_expired",
            "This link has been used or has expired; ask for a new one.",
        )
    };
    // Looked at first, so that a password that is too short does not use the link up, and a made-up
    // link does not make us hash.
    if !app.store().reset_is_open(&token_hash).await? {
        return Err(expired());
    }
    let hash = app.tokens().passwords.hash(&request.password).await?;
    let user_id = app
        .store()
        .redeem_reset(&token_hash, &hash)
        .await?
        .ok_or_else(expired)?;
    app.store().end_sessions(user_id, EndSessions::All).await?;
    Ok(StatusCode::NO_CONTENT)
}
