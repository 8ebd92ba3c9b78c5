//! Extractors that refuse in the provider's own words.

use super::error::AuthError;
use super::tokens::Claims;
use crate::App;
use crate::caller::bearer_token;
use crate::error::Error;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts};
use http::StatusCode;
use http::request::Parts;

/// A JSON body.
#[derive(FromRequest)]
#[from_request(via(axum::Json), rejection(AuthError))]
pub struct Json<T>(pub T);

/// The query string.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(AuthError))]
pub struct Query<T>(pub T);

impl From<JsonRejection> for AuthError {
    fn from(rejection: JsonRejection) -> Self {
        Error::from(rejection).into()
    }
}

impl From<QueryRejection> for AuthError {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "validation_failed",
            rejection.body_text(),
        )
    }
}

/// The claims of a valid access token.
pub struct Bearer(pub Claims);

impl FromRequestParts<App> for Bearer {
    type Rejection = AuthError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AuthError> {
        if !parts.headers.contains_key(http::header::AUTHORIZATION) {
            return Err(AuthError::new(
                StatusCode::UNAUTHORIZED,
                "no_authorization",
                "This endpoint requires a Bearer token",
            ));
        }
        let token = bearer_token(parts)?;
        Ok(Self(app.tokens().verify(token).await?))
    }
}
