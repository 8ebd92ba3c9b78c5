//! Significant events, written into the audit log within the transaction that makes them true.

use crate::caller::Caller;
use crate::error::Result;
use crate::store::Tx;
use serde_json::Value;
use uuid::Uuid;

impl Caller {
    /// Notes that the caller did `action` (such as `project.deleted`) to `subject_id`.
    pub async fn audit(
        &self,
        tx: &mut Tx,
        workspace_id: Uuid,
        action: &'static str,
        subject_id: Uuid,
        details: Value,
    ) -> Result<()> {
        tx.audit(workspace_id, self.user_id, action, subject_id, &details)
            .await
    }
}
