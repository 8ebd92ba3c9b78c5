//! Uploads: what has been announced and is not an image yet.

use super::Tx;
use crate::error::Result;
use time::OffsetDateTime;
use uuid::Uuid;

/// A row of `uploads`.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Upload {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub project_id: Uuid,
    pub filename: String,
    pub content_type: String,
    pub size_bytes: i64,
    /// Keys under `staging/`.
    pub storage_path: String,
    pub thumbnail_path: String,
    /// The image that it became.
    pub image_id: Option<Uuid>,
    pub created_by: Uuid,
    pub expires_at: OffsetDateTime,
}

const COLUMNS: &str = "id, workspace_id, project_id, filename, content_type, size_bytes, \
     storage_path, thumbnail_path, image_id, created_by, expires_at";

impl Tx {
    pub async fn insert_upload(&mut self, upload: &Upload) -> Result<()> {
        sqlx::query(
            "insert into uploads (id, workspace_id, project_id, filename, content_type, size_bytes,
                 storage_path, thumbnail_path, created_by, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(upload.id)
        .bind(upload.workspace_id)
        .bind(upload.project_id)
        .bind(&upload.filename)
        .bind(&upload.content_type)
        .bind(upload.size_bytes)
        .bind(&upload.storage_path)
        .bind(&upload.thumbnail_path)
        .bind(upload.created_by)
        .bind(upload.expires_at)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    pub async fn upload_at(&mut self, storage_path: &str) -> Result<Option<Upload>> {
        let sql = format!("select {COLUMNS} from uploads where storage_path = $1");
        let row = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(storage_path);
        Ok(row.fetch_optional(&mut **self).await?)
    }

    /// Locks the upload until the transaction ends; the image that it became, if it has.
    pub async fn lock_upload(&mut self, id: Uuid) -> Result<Option<Option<Uuid>>> {
        let row: Option<(Option<Uuid>,)> =
            sqlx::query_as("select image_id from uploads where id = $1 for update")
                .bind(id)
                .fetch_optional(&mut **self)
                .await?;
        Ok(row.map(|(image_id,)| image_id))
    }

    pub async fn finish_upload(&mut self, id: Uuid, image_id: Uuid) -> Result<()> {
        sqlx::query("update uploads set image_id = $2 where id = $1")
            .bind(id)
            .bind(image_id)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    /// Uploads that can no longer be completed, and those long completed: their staging keys.
    pub async fn delete_stale_uploads(
        &mut self,
        expired_before: OffsetDateTime,
        limit: i64,
    ) -> Result<Vec<(String, String)>> {
        let rows = sqlx::query_as(
            "delete from uploads where id in
                 (select id from uploads where expires_at < $1 order by expires_at limit $2)
             returning storage_path, thumbnail_path",
        )
        .bind(expired_before)
        .bind(limit)
        .fetch_all(&mut **self)
        .await?;
        Ok(rows)
    }
}
