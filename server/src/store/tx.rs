//! One transaction with claims.

mod connection;

pub use connection::Connection;

use crate::error::Result;
use sqlx::PgPool;
use std::ops::{Deref, DerefMut};
use uuid::Uuid;
use visionflow_api::ProjectRole;

/// An open transaction; rolled back when dropped without [`Tx::commit`].
/// Use `&mut *tx` (or `&mut **tx` behind a reference) as the executor of a query.
pub struct Tx(Connection);

impl Tx {
    /// `claims` is made by [`super::Store`] of UUIDs only, so it holds no quote to escape.
    pub(super) async fn begin(pool: &PgPool, keep_statements: bool, claims: &str) -> Result<Self> {
        debug_assert!(!claims.contains('\''));
        let sql = format!("begin; select set_config('request.jwt.claims', '{claims}', true)");
        Ok(Self(Connection::begin(pool, sql, keep_statements).await?))
    }

    /// Makes everything durable and visible.
    pub async fn commit(self) -> Result<()> {
        Ok(self.0.commit().await?)
    }

    /// The workspace of a visible, undeleted project and the role of `user_id` in it.
    pub async fn project_role(
        &mut self,
        project_id: Uuid,
        user_id: Uuid,
    ) -> Result<Option<(Uuid, Option<ProjectRole>)>> {
        let row: Option<(Uuid, Option<String>)> = sqlx::query_as(
            "select p.workspace_id, m.role
             from projects p
             left join project_members m on m.project_id = p.id and m.user_id = $2
             where p.id = $1 and p.deleted_at is null",
        )
        .bind(project_id)
        .bind(user_id)
        .fetch_optional(&mut **self)
        .await?;
        Ok(
            row.map(|(workspace_id, role)| {
                (workspace_id, role.as_deref().and_then(role_from_text))
            }),
        )
    }
}

/// A project role as its column spells it.
pub fn role_from_text(text: &str) -> Option<ProjectRole> {
    match text {
        "admin" => Some(ProjectRole::Admin),
        "reviewer" => Some(ProjectRole::Reviewer),
        "labeler" => Some(ProjectRole::Labeler),
        _ => None,
    }
}

impl Deref for Tx {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.0
    }
}
