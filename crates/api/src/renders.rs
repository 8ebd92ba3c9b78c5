//! Rendered pictures: a photograph with its annotations as a PNG or JPEG, made by a job.

use crate::JobStatus;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// `POST /api/v1/images/{id}/renders`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct NewRender {
    pub format: RenderFormat,
    /// The moment: a sequence number of the room's log; the newest when neither this nor `tag`
    /// is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
    /// The moment: a named version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Pixels of the picture for one of the photograph, 0.01 to 8; 1 when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
    /// In place of `scale`: 96 is a scale of 1, and the file says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dpi: Option<u16>,
    pub background: RenderBackground,
    /// Whether threads of comments are drawn as numbered badges.
    pub include_comments: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RenderFormat {
    #[default]
    Png,
    #[serde(alias = "jpeg")]
    Jpg,
}

/// What lies under the annotations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RenderBackground {
    /// Only as PNG.
    Transparent,
    White,
    /// The photograph.
    #[default]
    Image,
}

/// A picture and how far it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Render {
    pub id: Uuid,
    pub image_id: Uuid,
    pub format: RenderFormat,
    pub seq: i64,
    pub scale: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpi: Option<u16>,
    pub background: RenderBackground,
    pub include_comments: bool,
    pub status: JobStatus,
    /// How much of it is drawn, from 0 to 1.
    pub progress: f32,
    /// Why it failed, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<i64>,
    /// Short-lived; present once succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download_url: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub finished_at: Option<OffsetDateTime>,
}

/// `POST /v1/rooms/{roomId}/exports`: [`NewRender`] as scripts spell it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRoomExport {
    pub format: RenderFormat,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dpi: Option<u16>,
    pub background: RenderBackground,
    pub include_comments: bool,
}

impl From<NewRoomExport> for NewRender {
    fn from(new: NewRoomExport) -> Self {
        Self {
            format: new.format,
            seq: new.seq,
            tag: new.tag,
            scale: new.scale,
            dpi: new.dpi,
            background: new.background,
            include_comments: new.include_comments,
        }
    }
}

/// The answer to [`NewRoomExport`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoomExportJob {
    pub job_id: Uuid,
}

/// `GET /v1/exports/{jobId}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoomExport {
    pub status: JobStatus,
    /// How much of it is drawn, from 0 to 1.
    pub progress: f32,
    /// The moment that is drawn.
    pub seq: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime: Option<String>,
    /// In bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    /// Why it failed, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl RenderFormat {
    pub fn mime(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpg => "image/jpeg",
        }
    }

    /// Of a file's name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpg => "jpg",
        }
    }
}
