//! Comments: threads pinned to a photograph, what people say in them, and who is told.
//!
//! A comment is plain text; whatever markup stands in it is text as well.

mod mention;
mod room;

pub use mention::{Mention, mention_text, mentions_in};
pub use room::*;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// The most characters of one comment.
pub const MAX_COMMENT_CHARS: usize = 4000;

/// Where a thread is pinned.
///
/// Without an annotation `x` and `y` are pixels of the oriented image. With one they are the
/// distance from the top left corner of its bounds, so that the pin moves with it; `origin` is where
/// that corner was when the thread was written, or when the annotation was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentAnchor {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotation_id: Option<Uuid>,
    pub x: f64,
    pub y: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<[f64; 2]>,
}

/// `POST /api/v1/images/{id}/comment_threads`: a thread and what it begins with.
///
/// Ids are made by the client (UUIDv7), so that what was written offline and is sent twice is
/// stored once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewCommentThread {
    pub id: Uuid,
    pub anchor: CommentAnchor,
    pub comment: NewComment,
}

/// `POST /api/v1/comment_threads/{id}/comments`: a reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewComment {
    pub id: Uuid,
    /// 1 to 4000 characters. `@[name](user:…)` mentions a member of the project.
    pub body: String,
    /// Members who are mentioned beside those in the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Uuid>,
}

/// `PATCH /api/v1/comments/{id}`, for its author.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentChange {
    pub body: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Uuid>,
}

/// `PATCH /api/v1/comment_threads/{id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentThreadChange {
    /// `false` opens it again.
    pub resolved: bool,
}

/// `POST /api/v1/comment_threads/{id}/read`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentsRead {
    /// The last comment that the caller has seen.
    pub comment_id: Uuid,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentThread {
    pub id: Uuid,
    pub room_id: Uuid,
    /// Absent for a room without a photograph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id: Option<Uuid>,
    pub project_id: Uuid,
    /// What its pin says; counts up within the photograph.
    pub number: i32,
    pub anchor: CommentAnchor,
    pub created_by: Uuid,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub resolved_at: Option<OffsetDateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_by: Option<Uuid>,
    /// In the order in which they came; in a project's list only the first.
    pub comments: Vec<Comment>,
    /// All there are.
    pub comment_count: i64,
    /// Of these the caller has not read so many; 0 in what a socket tells.
    #[serde(default)]
    pub unread: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comment {
    pub id: Uuid,
    pub thread_id: Uuid,
    pub author: CommentPerson,
    /// Plain text; empty once deleted.
    pub body: String,
    /// Who is mentioned, by their true names.
    #[serde(default)]
    pub mentions: Vec<CommentPerson>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub edited_at: Option<OffsetDateTime>,
    /// Taken back by its author; it stays in its place without its text.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub deleted_at: Option<OffsetDateTime>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentPerson {
    pub id: Uuid,
    /// Empty where the caller shares no workspace with the person any more.
    pub name: String,
}

/// `GET /api/v1/projects/{id}/comment_threads`, beside `limit` and `cursor`: the newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct CommentThreadQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Only resolved ones, or only open ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<bool>,
    /// `true`: only those in which the caller wrote or is mentioned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<bool>,
}

/// A thread in the list of a project, with the photograph that it is on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectCommentThread {
    pub thread: CommentThread,
    pub filename: String,
    /// Short-lived; absent until a thumbnail exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail_url: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NotificationKind {
    /// Somebody mentioned the caller.
    Mention,
    /// Somebody answered in a thread in which the caller wrote.
    Reply,
}

/// Something that somebody else said and the caller may want to know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notification {
    pub id: Uuid,
    pub kind: NotificationKind,
    pub actor: CommentPerson,
    pub project_id: Uuid,
    pub room_id: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id: Option<Uuid>,
    /// Of the photograph; empty for a room without one.
    pub filename: String,
    pub thread_id: Uuid,
    pub thread_number: i32,
    pub comment_id: Uuid,
    /// The beginning of what was said; empty once it was deleted.
    pub excerpt: String,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub read_at: Option<OffsetDateTime>,
}

/// `GET /api/v1/me/notifications`: the newest first, and how many are unread in all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notifications {
    pub items: Vec<Notification>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    pub unread: i64,
}

/// `POST /api/v1/me/notifications/read`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationsRead {
    /// These; all of them where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ids: Option<Vec<Uuid>>,
}
