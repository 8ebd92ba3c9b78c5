//! `POST /auth/v1/reset_password`: redeems a link that an admin issued.

use super::error::{AuthError, AuthErrorBody};
use super::extract::Json;
use crate::App;
use crate::crypto;
use crate::store::EndSessions;
use axum::extract::State;
use http::StatusCode;
use visionflow_api::ResetPassword;

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
