//! Projects, their members and invitations, and their ontology.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Project {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub name: String,
    pub project_type: ProjectType,
    /// The caller's role; `None` for a workspace member who may only look.
    pub role: Option<ProjectRole>,
    pub image_count: i64,
    pub annotation_count: i64,
    /// Short-lived URLs of the first photographs' thumbnails, four at most.
    pub cover_urls: Vec<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProjectType {
    ObjectDetection,
    Segmentation,
    Classification,
}

/// Admin: everything. Reviewer: labels too, and later approves. Labeler: edits annotations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProjectRole {
    Admin,
    Reviewer,
    Labeler,
}

/// `POST /api/v1/projects`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewProject {
    pub workspace_id: Uuid,
    pub name: String,
    pub project_type: ProjectType,
    /// The first labels; more can follow.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::LabelSchema>))]
    pub labels: Vec<visionflow_model::Label>,
}

/// `PATCH /api/v1/projects/{id}`: what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectMember {
    pub user_id: Uuid,
    pub email: String,
    pub name: String,
    pub role: ProjectRole,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// `GET /api/v1/projects/{id}/people`: who has which photograph open now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct People {
    /// By photograph; each person once for each that they have open, and 1,000 in all at most.
    pub items: Vec<PersonAt>,
}

/// Somebody who has a photograph open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonAt {
    pub image_id: Uuid,
    pub filename: String,
    pub user_id: Uuid,
    pub name: String,
}

/// `POST /api/v1/projects/{id}/members`: someone who already has an account, by email.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewProjectMember {
    pub email: String,
    pub role: ProjectRole,
}

/// `PATCH /api/v1/projects/{id}/members/{user_id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleChange {
    pub role: ProjectRole,
}

/// `POST /api/v1/projects/{id}/invites`: answered with an [`crate::IssuedLink`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewInvite {
    pub role: ProjectRole,
}

/// `GET /api/v1/projects/{id}/invites`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invite {
    pub id: Uuid,
    pub role: ProjectRole,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

/// `GET /api/v1/invites/{token}`: what the link is for, for whoever holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InviteInfo {
    pub project_id: Uuid,
    pub project_name: String,
    pub workspace_name: String,
    pub role: ProjectRole,
    pub invited_by: String,
}
