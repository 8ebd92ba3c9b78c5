//! Errors: `application/problem+json` (RFC 9457).

use serde::{Deserialize, Serialize};

/// What went wrong, in words for a person and a `code` for a program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// The HTTP status again.
    pub status: u16,
    /// A stable word for programs, such as `not_found`, `invalid_input`, `conflict`.
    pub code: String,
    /// The status's name.
    pub title: String,
    /// One sentence that says what and where.
    pub detail: String,
    /// Also in the `x-request-id` header and in the server's log.
    pub request_id: String,
}
