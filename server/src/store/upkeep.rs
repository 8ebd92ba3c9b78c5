//! What the database needs from time to time: rows that have served go, months get partitions.

use super::{Store, migrate};
use crate::error::Result;
use time::OffsetDateTime;

impl Store {
    /// Removes what has expired and prepares the audit log's coming months.
    pub async fn tidy(&self) -> Result<()> {
        for sql in [
            "delete from idempotency_keys where created_at < now() - interval '2 days'",
            "delete from auth.attempts where window_started_at < now() - interval '1 day'",
            "delete from auth.password_resets where expires_at < now() - interval '1 day'",
            "delete from auth.sessions where ended_at < now() - interval '1 day'",
            "delete from auth.sessions s
             where created_at < now() - interval '61 days' and not exists (
                 select from auth.refresh_tokens t
                 where t.session_id = s.id and t.created_at > now() - interval '61 days')",
            "delete from room_people where seen_at < now() - interval '10 minutes'",
            "delete from auth.refresh_tokens where used_at < now() - interval '61 days'",
        ] {
            sqlx::query(sql).execute(self.system()).await?;
        }
        migrate::ensure_audit_months(&self.0.owner, OffsetDateTime::now_utc().date()).await?;
        Ok(())
    }

    /// For `/readyz`: whether requests reach the database.
    pub async fn check(&self) -> Result<()> {
        // Unprepared: it is not in a transaction, and a pooler would not know the statement.
        sqlx::raw_sql("select 1").execute(&self.0.app).await?;
        Ok(())
    }

    /// Connections of the request pool: in use, open.
    pub fn app_connections(&self) -> (u32, u32) {
        let open = self.0.app.size();
        (open.saturating_sub(self.0.app.num_idle() as u32), open)
    }
}
