//! Rooms for scripts, under `/v1/rooms`: unlike the rest of the API in camelCase.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// `POST /v1/rooms`; a body is not needed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRoom {
    /// 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The project to make it in; the project “Rooms” of the caller's workspace without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<Uuid>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreatedRoom {
    pub id: Uuid,
}

/// A room: the live document of an image, or of an image to come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Room {
    pub id: Uuid,
    pub project_id: Uuid,
    /// Its own name, or its image's file name.
    pub name: Option<String>,
    /// The last event of its log.
    pub seq: i64,
    /// The last event that its newest snapshot holds.
    pub snapshot_seq: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<RoomImage>,
    /// Sockets that are open in it.
    pub clients: u64,
    /// The labels of its project, which annotations refer to. Not in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<RoomLabel>>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// A room's base image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoomImage {
    pub id: Uuid,
    /// Pixels after the EXIF rotation: the space of all coordinates in the room.
    pub width: i32,
    pub height: i32,
    pub mime: String,
    pub size_bytes: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoomLabel {
    pub id: Uuid,
    pub name: String,
    /// `#rrggbb`
    pub color: String,
}

/// The query of `GET /v1/rooms`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(rename_all = "camelCase")]
pub struct RoomQuery {
    /// Only the rooms of this project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<Uuid>,
    /// At most so many rooms, 1 to 500; 100 without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// What the previous page gave as `nextCursor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// One page of rooms, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoomPage {
    pub items: Vec<Room>,
    /// Pass it as `cursor` for the next page; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}
