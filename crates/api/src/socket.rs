//! Frames on `/v1/ws/rooms/{room_id}` outside the public y-websocket protocol.
//!
//! They go only to clients that connect with `?control=1`, as a message of type
//! [`CONTROL_MESSAGE`] (a lib0 varint) followed by one lib0 string of JSON.

use crate::{Comment, CommentThread};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// The y-protocol message type of our own frames; the public ones are 0 to 3.
pub const CONTROL_MESSAGE: u8 = 100;

/// Close codes of the room socket (4000 to 4999 are an application's own).
pub mod close {
    /// The token is missing, forged or expired: sign in again, then reconnect.
    pub const UNAUTHENTICATED: u16 = 4401;
    /// There is no such room, or not for this caller.
    pub const NOT_FOUND: u16 = 4404;
    /// A frame was malformed or too large.
    pub const PROTOCOL: u16 = 4400;
    /// The server is going away: reconnect at once.
    pub const GOING_AWAY: u16 = 1001;
}

/// From the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerControl {
    /// The first frame: what the caller may do here.
    Welcome {
        room_id: Uuid,
        user_id: Uuid,
        /// False: updates from this socket are refused.
        can_edit: bool,
    },
    /// The first `count` sync-step-2 and update frames of this socket are durable.
    Ack {
        count: u64,
    },
    /// Frame number `frame` (counted like `count`, from 1) was refused and is not part of the room.
    Refused {
        frame: u64,
        reason: RefusalReason,
        detail: String,
    },
    /// An update was well-formed, but part of it is no valid annotation and was ignored.
    Ignored {
        annotation_ids: Vec<Uuid>,
        detail: String,
    },
    /// The caller's role changed while connected.
    RoleChanged {
        can_edit: bool,
    },
    /// The item was deleted or restored by someone.
    ItemDeleted,
    ItemRestored,
    /// The project's ontology changed; read it again.
    OntologyChanged {
        version: i64,
    },
    /// The token was renewed on this socket.
    Authenticated {
        expires_at: i64,
    },
    /// Somebody began a thread of comments in this room; `thread` holds the first.
    CommentThreadCreated {
        thread: Box<CommentThread>,
    },
    /// A thread was resolved, or opened again.
    CommentThreadChanged {
        thread_id: Uuid,
        #[serde(default, with = "time::serde::rfc3339::option")]
        resolved_at: Option<OffsetDateTime>,
        #[serde(default)]
        resolved_by: Option<Uuid>,
    },
    CommentThreadDeleted {
        thread_id: Uuid,
    },
    CommentCreated {
        comment: Box<Comment>,
    },
    /// A comment was edited, or taken back (`deleted_at`).
    CommentChanged {
        comment: Box<Comment>,
    },
    /// Somebody writes in a thread at this moment; never stored.
    Typing {
        thread_id: Uuid,
        user_id: Uuid,
        name: String,
    },
    /// The caller was mentioned or answered somewhere: `GET /api/v1/me/notifications` says more.
    Notified,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    TooLarge,
    TooFast,
    Undecodable,
    ReadOnly,
}

/// From the client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientControl {
    /// A fresh access token, before the old one ends.
    Authenticate { token: String },
    /// The person writes in a thread of this room; more often than once a second is ignored.
    Typing { thread_id: Uuid },
}
