//! Photographs: presigned upload, listing, deletion and restoring.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// `POST /api/v1/projects/{id}/upload_url`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadRequest {
    /// A name or a relative path such as `day 1/front.jpg`; never `..` or absolute.
    pub filename: String,
    /// `image/jpeg`, `image/png`, `image/tiff`, `image/webp`, `image/bmp` or `image/gif`.
    pub content_type: String,
    /// The exact size; the upload URL is good for no other.
    pub size_bytes: i64,
}

/// Where to PUT the bytes: straight to S3, with exactly these headers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadTicket {
    pub upload_id: Uuid,
    pub presigned_url: String,
    /// Headers to send with the PUT, by name.
    pub headers: Vec<(String, String)>,
    /// Under `staging/`; `complete_upload` wants it back.
    pub storage_path: String,
    /// Where to PUT a JPEG or WebP thumbnail, 512 pixels on its long side at most.
    pub thumbnail_url: String,
    pub thumbnail_headers: Vec<(String, String)>,
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

/// `POST /api/v1/images/complete_upload`: the object is inspected and only then becomes an image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CompleteUpload {
    pub storage_path: String,
    /// What the caller believes; the server measures for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Whether a thumbnail was PUT to `thumbnail_url`; otherwise a job makes one.
    #[serde(default)]
    pub has_thumbnail: bool,
}

/// One photograph of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Image {
    pub id: Uuid,
    pub project_id: Uuid,
    /// The room of its live document.
    pub room_id: Uuid,
    pub filename: String,
    /// Pixels after the EXIF rotation.
    pub width: i32,
    pub height: i32,
    pub content_type: String,
    pub size_bytes: i64,
    pub status: ImageStatus,
    pub annotation_count: i64,
    /// Of models, and nobody has decided about them yet.
    pub pending_suggestions: i64,
    /// Short-lived.
    pub url: String,
    /// Short-lived; absent until a thumbnail exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail_url: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub deleted_at: Option<OffsetDateTime>,
}

/// Someone who has drawn on a photograph (`GET /api/v1/images/{id}/authors`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImageAuthor {
    /// Absent for what was written by the server itself, in the name of whoever called its API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Uuid>,
    /// Absent also where the caller shares no workspace with the person any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The Yjs client ids that the person wrote with.
    pub client_ids: Vec<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ImageStatus {
    /// Header and tail are good; the full decode is still to come.
    Verifying,
    Ready,
    /// The full decode failed; the photograph may be incomplete.
    Damaged,
}

/// `GET /api/v1/projects/{id}/images`, beside `limit` and `cursor`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ImageQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Part of the file name, regardless of case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// `true`: the deleted ones instead, which can still be restored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<bool>,
    /// `true`: only those with suggestions that wait for a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<bool>,
}
