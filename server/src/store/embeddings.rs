//! Rows of `embeddings`.

use super::Tx;
use crate::error::Result;
use time::OffsetDateTime;
use uuid::Uuid;

/// How far the embedding of an image by one encoder is.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EmbeddingRow {
    pub status: String,
    pub error: Option<String>,
    pub storage_path: Option<String>,
}

impl Tx {
    /// Notes that the embedding is wanted; `false` when it was before.
    pub async fn want_embedding(
        &mut self,
        workspace_id: Uuid,
        image_id: Uuid,
        model_sha256: &str,
    ) -> Result<bool> {
        let done = sqlx::query(
            "insert into embeddings (workspace_id, image_id, model_sha256, status)
             values ($1, $2, $3, 'encoding') on conflict do nothing",
        )
        .bind(workspace_id)
        .bind(image_id)
        .bind(model_sha256)
        .execute(&mut **self)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    pub async fn embedding(
        &mut self,
        image_id: Uuid,
        model_sha256: &str,
    ) -> Result<Option<EmbeddingRow>> {
        let row = sqlx::query_as(
            "select status, error, storage_path from embeddings
             where image_id = $1 and model_sha256 = $2",
        )
        .bind(image_id)
        .bind(model_sha256)
        .fetch_optional(&mut **self)
        .await?;
        Ok(row)
    }

    /// The object is there. `false` when nobody wants it any more.
    pub async fn finish_embedding(
        &mut self,
        image_id: Uuid,
        model_sha256: &str,
        storage_path: &str,
    ) -> Result<bool> {
        let done = sqlx::query(
            "update embeddings set status = 'ready', storage_path = $3
             where image_id = $1 and model_sha256 = $2 and status = 'encoding'",
        )
        .bind(image_id)
        .bind(model_sha256)
        .bind(storage_path)
        .execute(&mut **self)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    pub async fn fail_embedding(
        &mut self,
        image_id: Uuid,
        model_sha256: &str,
        error: &str,
    ) -> Result<()> {
        sqlx::query(
            "update embeddings set status = 'failed', error = $3
             where image_id = $1 and model_sha256 = $2 and status = 'encoding'",
        )
        .bind(image_id)
        .bind(model_sha256)
        .bind(error)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// Forgets the embeddings of deleted images, and what did not succeed before `before`, so that
    /// it can be asked for again: the objects' keys.
    pub async fn delete_embeddings(&mut self, before: OffsetDateTime) -> Result<Vec<String>> {
        let rows: Vec<(Option<String>,)> = sqlx::query_as(
            "delete from embeddings e using images i
             where i.id = e.image_id and (i.deleted_at is not null
                 or e.status <> 'ready' and e.created_at < $1)
             returning e.storage_path",
        )
        .bind(before)
        .fetch_all(&mut **self)
        .await?;
        Ok(rows.into_iter().filter_map(|(path,)| path).collect())
    }
}
