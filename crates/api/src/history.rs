//! The past of an item: who worked when, named versions, going back.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// The most characters that the name of a version has.
pub const MAX_TAG_CHARS: usize = 100;

/// How far the log of an item goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct History {
    /// The number of the last edit; 0 is the empty document before the first.
    pub seq: i64,
    /// The first edit whose state can be shown; what is older is kept only where a version names it.
    /// 0 where all of the past is kept.
    #[serde(default)]
    pub kept_from: i64,
}

/// A stretch of work without a long pause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistorySession {
    /// Its first edit.
    pub from_seq: i64,
    /// Its last edit.
    pub to_seq: i64,
    #[serde(with = "time::serde::rfc3339")]
    pub started_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub ended_at: OffsetDateTime,
    pub edits: i64,
    /// Who made them, the busiest first.
    pub authors: Vec<SessionAuthor>,
}

/// One person's part of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionAuthor {
    /// Absent: the server itself.
    pub user_id: Option<Uuid>,
    /// Absent where the account is not visible to the caller.
    pub name: Option<String>,
    pub edits: i64,
}

/// A named point of an item's past.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Version {
    pub tag: String,
    /// The document as it was right after this edit.
    pub seq: i64,
    pub created_by: Uuid,
    /// Absent where the account is not visible to the caller.
    pub created_by_name: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// A version to be: of the present, or of an edit of the past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewVersion {
    /// 1 to 100 characters; one of its kind in the item.
    pub tag: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
}

/// Another name for a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct VersionChange {
    pub tag: String,
}

/// `GET …/history/state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct StateQuery {
    /// The document as it was right after this edit; as it is now where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
}

/// Which point of the past is meant: exactly one of the two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevertTo {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Brings back these annotations alone; everything where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<Vec<Uuid>>,
}

/// Where going back stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reverted {
    /// The edit that did it; the last one of the log where nothing had to be done.
    pub seq: i64,
    /// Going back to this undoes it; absent where nothing had to be done.
    pub undo_seq: Option<i64>,
}

/// A point of a room's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoomSeq {
    pub seq: i64,
}

/// A named point of a room's log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoomVersion {
    pub tag: String,
    pub seq: i64,
    pub created_by: Uuid,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// Who drew an annotation, and who touched it last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnnotationHistory {
    /// Absent where it is not known, or the server itself.
    pub created_by: Option<Uuid>,
    /// Absent where the account is not visible to the caller.
    pub created_by_name: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    pub updated_by: Option<Uuid>,
    pub updated_by_name: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}
