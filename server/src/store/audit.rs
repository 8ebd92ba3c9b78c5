//! The audit log: added to, never rewritten.

use super::Tx;
use crate::error::Result;
use serde_json::Value;
use uuid::Uuid;

impl Tx {
    pub async fn audit(
        &mut self,
        workspace_id: Uuid,
        user_id: Uuid,
        action: &str,
        subject_id: Uuid,
        details: &Value,
    ) -> Result<()> {
        sqlx::query(
            "insert into audit_log (id, workspace_id, user_id, action, subject_id, details)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(Uuid::now_v7())
        .bind(workspace_id)
        .bind(user_id)
        .bind(action)
        .bind(subject_id)
        .bind(details)
        .execute(&mut **self)
        .await?;
        Ok(())
    }
}
