//! The model registry's rows.

use super::Tx;
use crate::error::Result;
use serde_json::Value;
use sqlx::AssertSqlSafe;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;
use visionflow_api::ClassMap;

/// A row of `models`.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ModelRow {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub project_id: Uuid,
    pub name: String,
    pub source: String,
    pub status: String,
    pub spec: Option<Value>,
    pub class_map: Json<ClassMap>,
    pub report: Option<Value>,
    pub run_on_open: bool,
    pub created_by: Uuid,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
    pub archived_at: Option<OffsetDateTime>,
}

/// A row of `model_files`.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ModelFileRow {
    pub model_id: Uuid,
    pub position: i32,
    pub name: String,
    pub size_bytes: i64,
    /// In hexadecimal.
    pub sha256: String,
    pub url: Option<String>,
    pub staging_path: Option<String>,
    pub storage_path: Option<String>,
}

/// What can be changed of a model; what is `None` stays.
#[derive(Default)]
pub struct ModelUpdate<'a> {
    pub name: Option<&'a str>,
    pub class_map: Option<&'a ClassMap>,
    pub spec: Option<&'a Value>,
    pub run_on_open: Option<bool>,
}

const COLUMNS: &str = "m.id, m.workspace_id, m.project_id, m.name, m.source, m.status, m.spec, \
     m.class_map, m.report, m.run_on_open, m.created_by, m.created_at, m.updated_at, m.archived_at";

impl Tx {
    pub async fn insert_model(&mut self, model: &ModelRow, files: &[ModelFileRow]) -> Result<()> {
        sqlx::query(
            "insert into models (id, workspace_id, project_id, name, source, status, spec,
                 class_map, report, run_on_open, created_by, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)",
        )
        .bind(model.id)
        .bind(model.workspace_id)
        .bind(model.project_id)
        .bind(&model.name)
        .bind(&model.source)
        .bind(&model.status)
        .bind(&model.spec)
        .bind(&model.class_map)
        .bind(&model.report)
        .bind(model.run_on_open)
        .bind(model.created_by)
        .bind(model.created_at)
        .execute(&mut **self)
        .await?;
        for file in files {
            sqlx::query(
                "insert into model_files (workspace_id, model_id, position, name, size_bytes,
                     sha256, url, staging_path)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(model.workspace_id)
            .bind(model.id)
            .bind(file.position)
            .bind(&file.name)
            .bind(file.size_bytes)
            .bind(&file.sha256)
            .bind(&file.url)
            .bind(&file.staging_path)
            .execute(&mut **self)
            .await?;
        }
        Ok(())
    }

    /// A model of an undeleted project, archived or not.
    pub async fn model(&mut self, id: Uuid) -> Result<Option<ModelRow>> {
        self.model_where(id, "").await
    }

    /// The same, held back from others until the transaction ends.
    pub async fn lock_model(&mut self, id: Uuid) -> Result<Option<ModelRow>> {
        self.model_where(id, "for no key update of m").await
    }

    async fn model_where(&mut self, id: Uuid, lock: &str) -> Result<Option<ModelRow>> {
        let sql = format!(
            "select {COLUMNS} from models m
             join projects p on p.id = m.project_id and p.deleted_at is null
             where m.id = $1 {lock}"
        );
        let row = sqlx::query_as(AssertSqlSafe(sql)).bind(id);
        Ok(row.fetch_optional(&mut **self).await?)
    }

    /// A project's models with ids below `before`, the newest first.
    pub async fn models(
        &mut self,
        project_id: Uuid,
        archived: bool,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<ModelRow>> {
        let sql = format!(
            "select {COLUMNS} from models m
             where m.project_id = $1 and ($2 or m.archived_at is null)
               and ($3::uuid is null or m.id < $3)
             order by m.id desc limit $4"
        );
        let rows = sqlx::query_as(AssertSqlSafe(sql))
            .bind(project_id)
            .bind(archived)
            .bind(before)
            .bind(limit)
            .fetch_all(&mut **self)
            .await?;
        Ok(rows)
    }

    /// The files of these models, each model's in order.
    pub async fn model_files(&mut self, models: &[Uuid]) -> Result<Vec<ModelFileRow>> {
        let rows = sqlx::query_as(
            "select model_id, position, name, size_bytes, sha256, url, staging_path, storage_path
             from model_files where model_id = any($1) order by model_id, position",
        )
        .bind(models)
        .fetch_all(&mut **self)
        .await?;
        Ok(rows)
    }

    pub async fn change_model(&mut self, id: Uuid, change: &ModelUpdate<'_>) -> Result<()> {
        sqlx::query(
            "update models set name = coalesce($2, name), class_map = coalesce($3, class_map),
                 spec = coalesce($4, spec), run_on_open = coalesce($5, run_on_open),
                 updated_at = now()
             where id = $1",
        )
        .bind(id)
        .bind(change.name)
        .bind(change.class_map.map(Json))
        .bind(change.spec)
        .bind(change.run_on_open)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    pub async fn archive_model(&mut self, id: Uuid) -> Result<()> {
        sqlx::query(
            "update models set archived_at = now(), run_on_open = false, updated_at = now()
             where id = $1 and archived_at is null",
        )
        .bind(id)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// Its files are there, at these keys in order; a check is due.
    pub async fn begin_model_check(&mut self, id: Uuid, keys: &[String]) -> Result<()> {
        sqlx::query("update models set status = 'checking', updated_at = now() where id = $1")
            .bind(id)
            .execute(&mut **self)
            .await?;
        sqlx::query(
            "update model_files f set storage_path = k.key, staging_path = null
             from unnest($2::text[]) with ordinality as k (key, nth)
             where f.model_id = $1 and f.position = k.nth - 1",
        )
        .bind(id)
        .bind(keys)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// The outcome of a check, unless there is one already.
    pub async fn finish_model_check(
        &mut self,
        id: Uuid,
        status: &str,
        report: &Value,
        spec: Option<&Value>,
    ) -> Result<()> {
        sqlx::query(
            "update models set status = $2, report = $3, spec = coalesce($4, spec),
                 updated_at = now()
             where id = $1 and status = 'checking'",
        )
        .bind(id)
        .bind(status)
        .bind(report)
        .bind(spec)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// Deletes models whose files never came: the keys where they might lie.
    pub async fn delete_stale_models(&mut self, before: OffsetDateTime) -> Result<Vec<String>> {
        let stale: Vec<Uuid> = sqlx::query_scalar(
            "select id from models where status = 'uploading' and created_at < $1 for update",
        )
        .bind(before)
        .fetch_all(&mut **self)
        .await?;
        let keys = sqlx::query_scalar(
            "select staging_path from model_files
             where model_id = any($1) and staging_path is not null",
        )
        .bind(&stale)
        .fetch_all(&mut **self)
        .await?;
        sqlx::query("delete from models where id = any($1)")
            .bind(&stale)
            .execute(&mut **self)
            .await?;
        Ok(keys)
    }

    /// Forgets the files of models archived before `before`: their keys.
    pub async fn delete_archived_files(&mut self, before: OffsetDateTime) -> Result<Vec<String>> {
        let rows: Vec<(Option<String>,)> = sqlx::query_as(
            "delete from model_files f using models m
             where m.id = f.model_id and m.archived_at < $1
             returning f.storage_path",
        )
        .bind(before)
        .fetch_all(&mut **self)
        .await?;
        Ok(rows.into_iter().filter_map(|(path,)| path).collect())
    }

    /// Ends checks that were begun before `before` and nobody finishes any more.
    pub async fn give_up_model_checks(&mut self, before: OffsetDateTime) -> Result<()> {
        sqlx::query(
            "update models set status = 'failed', updated_at = now(), report = jsonb_build_object(
                 'ok', false, 'message', 'The check was interrupted too often. Register the model again.')
             where status = 'checking' and updated_at < $1",
        )
        .bind(before)
        .execute(&mut **self)
        .await?;
        Ok(())
    }
}
