//! The database: pools of the four roles, and transactions that carry the caller's claims.
//!
//! A handler has no other way to rows than [`Store::begin`], so row-level security decides what it
//! sees. Queries live in the files beside this one, as methods of [`Tx`] or [`Store`].

mod accounts;
mod annotations;
mod assist_runs;
mod audit;
mod comments;
mod connect;
mod embeddings;
mod exports;
mod idempotency;
mod images;
mod lobby;
mod members;
mod migrate;
mod models;
mod ontology;
mod people;
mod projects;
mod queue;
mod renders;
mod retention;
mod roles;
mod rooms;
mod suggestions;
mod sweep;
mod tx;
mod upkeep;
mod uploads;
mod versions;
mod workspaces;

pub use accounts::{Account, EndSessions, Rotation, SigningKey};
pub use annotations::{AnnotatedImage, AnnotationRecord, LabelForUse, StoredAnnotation};
pub use assist_runs::{AssistRunErrorRow, AssistRunRow, NewAssistRunRow};
pub use comments::{
    CommentRoom, CommentRow, NewNotification, NewThreadRow, NotificationRow, PersonRow,
    ThreadFilter, ThreadRow,
};
pub use connect::{AppAccess, Connections, Database};
pub use embeddings::EmbeddingRow;
pub use exports::{ExportItem, ExportRow, NewExportRow};
pub use images::{ImageFilter, ImageRow, NewImage};
pub use lobby::RoomRow;
pub use members::{InviteRow, NewInviteRow};
pub use models::{ModelFileRow, ModelRow, ModelUpdate};
pub use people::RENEWED_EVERY;
pub use projects::{NewProjectRow, ProjectRow, project_type};
pub use renders::{NewRenderRow, RenderPin, RenderRow};
pub use rooms::{
    Appended, NewRoomEvent, RoomAccess, RoomEvent, RoomHeads, RoomIdentity, RoomSnapshot,
};
pub use suggestions::{AcceptanceRow, StoredSuggestion, SuggestionRecord};
pub use tx::{Connection, Tx, role_from_text};
pub use uploads::Upload;
pub use versions::{AnnotationTouches, StretchRow, VersionRow};
pub use workspaces::{MemberRow, WorkspaceRow, workspace_role};

use crate::caller::Caller;
use crate::error::Result;
use sqlx::PgPool;
use std::sync::Arc;
use uuid::Uuid;

/// Cheap to clone: a handle.
#[derive(Clone)]
pub struct Store(Arc<Connections>);

impl Store {
    pub fn new(connections: Connections) -> Self {
        Self(Arc::new(connections))
    }

    /// A transaction of role `visionflow_app` in which policies see the caller.
    pub async fn begin(&self, caller: &Caller) -> Result<Tx> {
        let claims = match caller.tenant {
            Some(tenant) => format!(r#"{{"sub":"{}","tenant_id":"{tenant}"}}"#, caller.user_id),
            None => format!(r#"{{"sub":"{}"}}"#, caller.user_id),
        };
        Tx::begin(&self.0.app, self.0.keep_statements, &claims).await
    }

    /// A transaction of role `visionflow_app` that sees exactly one tenant: for the relay's batches
    /// and for jobs, which have connections of their own.
    pub async fn begin_as_tenant(&self, workspace_id: Uuid) -> Result<Tx> {
        let claims = format!(r#"{{"service":true,"tenant_id":"{workspace_id}"}}"#);
        Tx::begin(&self.0.service, self.0.keep_statements, &claims).await
    }

    /// The pool of `visionflow_system`, for what runs before a tenant is known: sign-in, key
    /// look-up, sweeps. Its policies name the few tables that it may use.
    pub fn system(&self) -> &PgPool {
        &self.0.system
    }

    /// The pool of `visionflow_queue`, which owns the job queue's schema. Never through PgBouncer:
    /// it listens.
    pub fn queue(&self) -> &PgPool {
        &self.0.queue
    }

    /// How to reach the database directly as `visionflow_queue` (for a pool of one's own).
    pub fn queue_options(&self) -> &sqlx::postgres::PgConnectOptions {
        &self.0.queue_options
    }

    /// Returns connections and closes every pool.
    pub async fn close(&self) {
        tokio::join!(
            self.0.owner.close(),
            self.0.app.close(),
            self.0.service.close(),
            self.0.system.close(),
            self.0.queue.close()
        );
    }
}
