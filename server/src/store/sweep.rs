//! What the sweep reads across tenants, as the system role.

use super::Store;
use crate::error::Result;
use uuid::Uuid;

impl Store {
    pub async fn workspace_ids(&self) -> Result<Vec<Uuid>> {
        let rows: Vec<(Uuid,)> = sqlx::query_as("select id from workspaces order by id")
            .fetch_all(self.system())
            .await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }
}
