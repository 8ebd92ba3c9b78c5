//! What the sweep reads and deletes across tenants, as the system role.

use super::Store;
use crate::error::Result;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

impl Store {
    pub async fn workspace_ids(&self) -> Result<Vec<Uuid>> {
        let rows: Vec<(Uuid,)> = sqlx::query_as("select id from workspaces order by id")
            .fetch_all(self.system())
            .await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Removes sessions, tokens, links and keys that have long lost their meaning. A used refresh
    /// token is kept for a month, so that its theft is still noticed.
    pub async fn delete_expired_credentials(&self, now: OffsetDateTime) -> Result<()> {
        let month = now - Duration::days(30);
        let day = now - Duration::days(1);
        for (sql, before) in [
            ("delete from auth.refresh_tokens where used_at < $1", month),
            ("delete from auth.sessions where ended_at < $1", month),
            ("delete from auth.password_resets where expires_at < $1", day),
            ("delete from auth.attempts where window_started_at < $1", day),
            ("delete from idempotency_keys where created_at < $1", day),
        ] {
            sqlx::query(sql).bind(before).execute(self.system()).await?;
        }
        Ok(())
    }
}
