//! `POST /auth/v1/token` and `/logout`: sessions begin, go on and end.

use super::address::{ClientAddress, normalise_email};
use super::error::{AuthError, AuthErrorBody};
use super::extract::{Bearer, Json, Query};
use super::throttle::Attempt;
use super::user::auth_user;
use super::{ACCESS_TOKEN_SECS, REFRESH_TOKEN_DAYS};
use crate::App;
use crate::crypto;
use crate::store::{Account, EndSessions, Rotation};
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;
use visionflow_api::{PasswordCredentials, Session};

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TokenQuery {
    /// `password` or `refresh_token`.
    grant_type: String,
}

/// Signs in with a password, or renews a session with its refresh token, which is good once.
#[utoipa::path(post, path = "/auth/v1/token", tag = "auth", params(TokenQuery), request_body = TokenRequest,
    responses((status = 200, body = Session), (status = 400, body = AuthErrorBody), (status = 429, body = AuthErrorBody)))]
pub async fn token(
    State(app): State<App>,
    address: ClientAddress,
    Query(query): Query<TokenQuery>,
    Json(body): Json<TokenRequest>,
) -> Result<axum::Json<Session>, AuthError> {
    app.tokens().provider()?;
    let session = match (query.grant_type.as_str(), body) {
        ("password", TokenRequest::Password(credentials)) => {
            sign_in(&app, &address.0, &credentials).await?
        }
        ("refresh_token", TokenRequest::Refresh(request)) => {
            refresh(&app, &request.refresh_token).await?
        }
        ("password" | "refresh_token", _) => {
            return Err(AuthError::new(
                StatusCode::BAD_REQUEST,
                "validation_failed",
                "The body does not fit the grant_type.",
            ));
        }
        _ => {
            return Err(AuthError::new(
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "grant_type has to be password or refresh_token.",
            ));
        }
    };
    Ok(axum::Json(session))
}

/// The body, by `grant_type`.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum TokenRequest {
    Refresh(visionflow_api::RefreshRequest),
    Password(PasswordCredentials),
}

async fn sign_in(
    app: &App,
    address: &str,
    credentials: &PasswordCredentials,
) -> Result<Session, AuthError> {
    let email =
        normalise_email(&credentials.email).map_err(|_| AuthError::invalid_credentials())?;
    let attempt = Attempt::sign_in(&email, address);
    attempt.begin(app.store()).await?;
    let known = app.store().account_with_password(&email).await?;
    let hash = known.as_ref().map(|(_, hash)| hash.as_str());
    let right = app
        .tokens()
        .passwords
        .verify(&credentials.password, hash)
        .await?;
    let Some((account, _)) = known.filter(|_| right) else {
        return Err(AuthError::invalid_credentials());
    };
    attempt.forgive(app.store()).await?;
    open_session(app, &account).await
}

async fn refresh(app: &App, refresh_token: &str) -> Result<Session, AuthError> {
    let next = crypto::random_token();
    let rotation = app
        .store()
        .rotate_refresh_token(
            &crypto::token_hash(refresh_token),
            &crypto::token_hash(&next),
            REFRESH_TOKEN_DAYS,
        )
        .await?;
    let refused = |code, msg| Err(AuthError::new(StatusCode::BAD_REQUEST, code, msg));
    match rotation {
        Rotation::Renewed {
            session_id,
            account,
        } => respond(app, &account, session_id, next),
        Rotation::Unknown => refused(
            "refresh_token_not_found",
            "Invalid Refresh Token: Refresh Token Not Found",
        ),
        Rotation::Reused { session_id } => {
            tracing::warn!(%session_id, "a refresh token was used twice; its session is ended");
            refused(
                "refresh_token_already_used",
                "Invalid Refresh Token: Already Used",
            )
        }
        Rotation::Ended => refused("session_expired", "Invalid Refresh Token: Session Expired"),
    }
}

/// A new session of the account.
pub async fn open_session(app: &App, account: &Account) -> Result<Session, AuthError> {
    let refresh_token = crypto::random_token();
    let session_id = Uuid::now_v7();
    app.store()
        .create_session(session_id, account.id, &crypto::token_hash(&refresh_token))
        .await?;
    respond(app, account, session_id, refresh_token)
}

fn respond(
    app: &App,
    account: &Account,
    session_id: Uuid,
    refresh_token: String,
) -> Result<Session, AuthError> {
    let issuer = format!("{}/auth/v1", app.config().public_url());
    let (access_token, expires_at) = app.tokens().issue(account, session_id, &issuer)?;
    Ok(Session {
        access_token,
        token_type: "bearer".to_owned(),
        expires_in: ACCESS_TOKEN_SECS,
        expires_at,
        refresh_token,
        user: auth_user(account),
    })
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LogOutQuery {
    /// `global` (the default): every session of the account; `local`: this one; `others`: all but this.
    scope: Option<String>,
}

/// Ends sessions: their refresh tokens are good no more. Access tokens end within the hour.
#[utoipa::path(post, path = "/auth/v1/logout", tag = "auth", params(LogOutQuery),
    responses((status = 204), (status = 401, body = AuthErrorBody)), security(("bearer" = [])))]
pub async fn log_out(
    State(app): State<App>,
    Bearer(claims): Bearer,
    Query(query): Query<LogOutQuery>,
) -> Result<StatusCode, AuthError> {
    app.tokens().provider()?;
    let session_id = claims.session_id.ok_or_else(AuthError::session_not_found)?;
    let which = match query.scope.as_deref() {
        None | Some("global") => EndSessions::All,
        Some("local") => EndSessions::Only(session_id),
        Some("others") => EndSessions::AllBut(session_id),
        Some(_) => {
            return Err(AuthError::invalid(
                "scope has to be global, local or others.",
            ));
        }
    };
    app.store().end_sessions(claims.sub, which).await?;
    Ok(StatusCode::NO_CONTENT)
}
