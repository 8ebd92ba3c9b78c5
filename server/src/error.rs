//! The one mapping from errors to responses: `application/problem+json` (RFC 9457).
//!
//! What the caller did wrong is said in a sentence; what the server did wrong is logged with the
//! request's id and never sent.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use std::borrow::Cow;
use visionflow_api::Problem;

pub type Result<T, E = Error> = std::result::Result<T, E>;

tokio::task_local! {
    /// The id of the request that the current task answers.
    pub static REQUEST_ID: String;
}

/// The id of the request being answered; empty outside of one.
pub fn request_id() -> String {
    REQUEST_ID.try_with(Clone::clone).unwrap_or_default()
}

/// Why a request is not answered with what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller can do something about it.
    #[error("{detail}")]
    Refused {
        status: StatusCode,
        /// A stable word for programs.
        code: &'static str,
        detail: Cow<'static, str>,
        /// For the `Retry-After` header.
        retry_after_secs: Option<u64>,
    },
    /// Ours; the text goes to the log only.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl Error {
    pub fn refused(
        status: StatusCode,
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::Refused {
            status,
            code,
            detail: detail.into(),
            retry_after_secs: None,
        }
    }

    /// 404: absent, or another tenant's; the two are never told apart.
    pub fn not_found() -> Self {
        Self::refused(StatusCode::NOT_FOUND, "not_found", "There is nothing here.")
    }

    /// 422: well-formed, but wrong; `detail` says what and where.
    pub fn invalid(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid_input", detail)
    }

    /// 400: not even well-formed.
    pub fn malformed(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::refused(StatusCode::BAD_REQUEST, "malformed", detail)
    }

    /// 409: someone else was there first.
    pub fn conflict(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::refused(StatusCode::CONFLICT, "conflict", detail)
    }

    /// 403: visible to the caller, but not theirs to do.
    pub fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::refused(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// 401: no valid token.
    pub fn unauthenticated(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::refused(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
    }

    /// 413.
    pub fn too_large(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::refused(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
    }

    /// 503: try again soon.
    pub fn unavailable(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::refused(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
    }

    fn busy() -> Self {
        Self::unavailable("The server is busy; try again in a moment.")
    }

    /// 429, to be tried again after so many seconds.
    pub fn too_many(detail: impl Into<Cow<'static, str>>, retry_after_secs: u64) -> Self {
        Self::Refused {
            status: StatusCode::TOO_MANY_REQUESTS,
            code: "too_many_requests",
            detail: detail.into(),
            retry_after_secs: Some(retry_after_secs),
        }
    }

    /// 500; the source is logged when the response is made.
    pub fn internal(source: impl Into<anyhow::Error>) -> Self {
        Self::Internal(source.into())
    }

    /// 503 in place of 500 where the database was away for a moment: whoever asked may ask again.
    fn unless_outage(self, request_id: &str) -> Self {
        match self {
            Self::Internal(source) if source.downcast_ref().is_some_and(is_outage) => {
                let error = format!("{source:#}");
                tracing::warn!(%request_id, error, "the database did not do what was asked");
                Self::busy()
            }
            other => other,
        }
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused { status, .. } => *status,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused { code, .. } => code,
            Self::Internal(_) => "internal",
        }
    }
}

/// What a violated constraint means to a person; the rest are our own mistakes.
const CONSTRAINTS: &[(&str, StatusCode, &str)] = &[
    (
        "users_email_key",
        StatusCode::CONFLICT,
        "This email address already has an account.",
    ),
    (
        "labels_name_key",
        StatusCode::UNPROCESSABLE_ENTITY,
        "Two labels have the same name.",
    ),
    (
        "labels_pkey",
        StatusCode::CONFLICT,
        "A label's id is already taken.",
    ),
    (
        "labels_name_check",
        StatusCode::UNPROCESSABLE_ENTITY,
        "A label's name has 1 to 200 characters.",
    ),
    (
        "models_name_key",
        StatusCode::CONFLICT,
        "The project has a model of this name already.",
    ),
    (
        "models_name_check",
        StatusCode::UNPROCESSABLE_ENTITY,
        "A model's name has 1 to 200 characters.",
    ),
    (
        "room_versions_pkey",
        StatusCode::CONFLICT,
        "There is a version of this name already.",
    ),
    (
        "workspaces_name_check",
        StatusCode::UNPROCESSABLE_ENTITY,
        "A workspace's name has 1 to 200 characters.",
    ),
    (
        "projects_name_check",
        StatusCode::UNPROCESSABLE_ENTITY,
        "A project's name has 1 to 200 characters.",
    ),
    (
        "rooms_name_check",
        StatusCode::UNPROCESSABLE_ENTITY,
        "A room's name has 1 to 200 characters.",
    ),
    (
        "images_room_id_key",
        StatusCode::CONFLICT,
        "The room has an image already; it does not change under what is drawn on it.",
    ),
    (
        "images_filename_check",
        StatusCode::UNPROCESSABLE_ENTITY,
        "A file name has 1 to 1024 characters.",
    ),
    (
        "project_members_pkey",
        StatusCode::CONFLICT,
        "This person is already a member of the project.",
    ),
    (
        "workspace_members_pkey",
        StatusCode::CONFLICT,
        "This person is already a member of the workspace.",
    ),
];

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::RowNotFound = error {
            return Self::not_found();
        }
        if let Some(database) = error.as_database_error() {
            let known = database
                .constraint()
                .and_then(|name| CONSTRAINTS.iter().find(|known| known.0 == name));
            if let Some((_, status, sentence)) = known {
                let code = if *status == StatusCode::CONFLICT {
                    "conflict"
                } else {
                    "invalid_input"
                };
                return Self::refused(*status, code, *sentence);
            }
            // Text with a NUL, which Postgres cannot store (22021, 22P05).
            if matches!(database.code().as_deref(), Some("22021" | "22P05")) {
                return Self::invalid("Text must not contain the character U+0000.");
            }
            // Serialization failure and deadlock: repeating the request is safe and works.
            if matches!(database.code().as_deref(), Some("40001" | "40P01")) {
                return Self::conflict("Someone else changed this at the same moment; try again.");
            }
        }
        Self::Internal(error.into())
    }
}

/// Whether the same may well work in a moment: the connection was lost, or the database was
/// stopped, short of something (of connections, for one), or slower than a statement may be.
fn is_outage(error: &sqlx::Error) -> bool {
    let Some(database) = error.as_database_error() else {
        use sqlx::Error::{Io, PoolTimedOut, WorkerCrashed};
        return matches!(error, Io(_) | PoolTimedOut | WorkerCrashed);
    };
    let code = database.code();
    let code = code.as_deref().unwrap_or_default();
    // Connection exceptions, `PgBouncer`'s among them, and insufficient resources.
    code.starts_with("08")
        || code.starts_with("53")
        || matches!(code, "57014" | "57P01" | "57P02" | "57P03")
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let request_id = request_id();
        let told = self.unless_outage(&request_id);
        let (status, code) = (told.status(), told.code());
        let (detail, retry_after_secs) = match told {
            Self::Refused {
                detail,
                retry_after_secs,
                ..
            } => (detail.into_owned(), retry_after_secs),
            Self::Internal(source) => {
                tracing::error!(%request_id, error = format!("{source:#}"), "request failed");
                (
                    format!(
                        "Something went wrong on the server. Its log says what, under {request_id}."
                    ),
                    None,
                )
            }
        };
        let problem = Problem {
            status: status.as_u16(),
            code: code.to_owned(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            detail,
            request_id,
        };
        let mut response = (status, axum::Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(secs) = retry_after_secs {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(secs));
        }
        response
    }
}
