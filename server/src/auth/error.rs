//! Errors of `/auth/v1` in the shape of Supabase Auth: `{code, error_code, msg}`.

use crate::error::Error;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use std::borrow::Cow;

/// Why a call of the provider failed. `error_code` is one of Supabase's words.
#[derive(Debug)]
pub struct AuthError {
    pub status: StatusCode,
    pub error_code: &'static str,
    pub msg: Cow<'static, str>,
    pub retry_after_secs: Option<u64>,
}

/// The body, for the OpenAPI document too.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AuthError)]
pub struct AuthErrorBody {
    /// The HTTP status again.
    pub code: u16,
    /// A stable word for programs, such as `invalid_credentials`.
    pub error_code: String,
    /// A sentence.
    pub msg: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weak_password: Option<WeakPassword>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct WeakPassword {
    pub reasons: Vec<String>,
}

impl AuthError {
    pub fn new(
        status: StatusCode,
        error_code: &'static str,
        msg: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            error_code,
            msg: msg.into(),
            retry_after_secs: None,
        }
    }

    pub fn invalid(msg: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed", msg)
    }

    /// The same for an unknown address and for a wrong password.
    pub fn invalid_credentials() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "invalid_credentials",
            "Invalid login credentials",
        )
    }

    pub fn session_not_found() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "session_not_found",
            "The session has ended: sign in again.",
        )
    }
}

impl From<Error> for AuthError {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused {
                status,
                code,
                detail,
                retry_after_secs,
            } => Self {
                status,
                error_code: match status {
                    StatusCode::UNAUTHORIZED => "bad_jwt",
                    StatusCode::TOO_MANY_REQUESTS => "over_request_rate_limit",
                    StatusCode::BAD_REQUEST => "bad_json",
                    StatusCode::UNPROCESSABLE_ENTITY => "validation_failed",
                    _ => code,
                },
                msg: detail,
                retry_after_secs,
            },
            Error::Internal(source) => {
                let request_id = crate::error::request_id();
                tracing::error!(%request_id, error = format!("{source:#}"), "request failed");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "unexpected_failure",
                    "Something went wrong on the server.",
                )
            }
        }
    }
}

impl From<sqlx::Error> for AuthError {
    fn from(error: sqlx::Error) -> Self {
        Error::from(error).into()
    }
}

impl IntoResponse for AuthError {
    fn into_response(self) -> Response {
        let weak_password = (self.error_code == "weak_password").then(|| WeakPassword {
            reasons: vec!["length".to_owned()],
        });
        let body = AuthErrorBody {
            code: self.status.as_u16(),
            error_code: self.error_code.to_owned(),
            msg: self.msg.into_owned(),
            weak_password,
        };
        let mut response = (self.status, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(secs) = self.retry_after_secs {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(secs));
        }
        response
    }
}
