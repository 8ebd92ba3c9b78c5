//! A model over a selection of photographs, as a job of the server.

use crate::JobStatus;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// `POST /api/v1/projects/{id}/assist_runs`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewAssistRun {
    /// One that was uploaded to the project's registry, and needs no prompts.
    pub model: Uuid,
    /// Photographs of the project; every one that is not deleted where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub images: Option<Vec<Uuid>>,
}

/// A run and how far it is. Its id is also the `run` of what it proposes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssistRun {
    pub id: Uuid,
    pub project_id: Uuid,
    pub model: Uuid,
    pub status: JobStatus,
    /// Photographs looked at so far, and in all.
    pub done: i64,
    pub total: i64,
    /// What was proposed so far.
    pub suggested: i64,
    /// Photographs that could not be looked at.
    pub failed: i64,
    /// Of these the first hundred.
    pub errors: Vec<AssistRunError>,
    /// Why all of it failed, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    pub created_by: Uuid,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub finished_at: Option<OffsetDateTime>,
}

/// Why nothing was proposed for a photograph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssistRunError {
    pub image_id: Uuid,
    /// Absent where the photograph is gone for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    pub error: String,
}
