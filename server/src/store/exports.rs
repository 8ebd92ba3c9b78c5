//! Exports: what was asked for, exactly which state, and how far it is.

use super::Tx;
use crate::error::Result;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;
use visionflow_model::Ontology;

/// A row of `exports`, with the project's name.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ExportRow {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub project_id: Uuid,
    pub project_name: String,
    pub format: String,
    pub include_images: bool,
    pub status: String,
    pub done: i64,
    pub total: i64,
    pub error: Option<String>,
    pub storage_path: Option<String>,
    pub size_bytes: Option<i64>,
    pub ontology: Json<Ontology>,
    pub created_at: OffsetDateTime,
    pub finished_at: Option<OffsetDateTime>,
}

pub struct NewExportRow<'a> {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub project_id: Uuid,
    pub format: &'a str,
    pub include_images: bool,
    pub ontology: &'a Ontology,
    pub created_by: Uuid,
}

/// One image of an export and the state of its document there.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ExportItem {
    pub position: i64,
    pub seq: i64,
    pub room_id: Uuid,
    pub filename: String,
    pub storage_path: String,
    pub width: i32,
    pub height: i32,
    pub orientation: i16,
    pub content_type: String,
}

const COLUMNS: &str = "e.id, e.workspace_id, e.project_id, p.name as project_name, e.format, \
     e.include_images, e.status, e.done, e.total, e.error, e.storage_path, e.size_bytes, \
     e.ontology, e.created_at, e.finished_at";

impl Tx {
    /// Writes the export down with every image that is not deleted, each at the sequence number
    /// that it has now. One statement reads all of them, so they are one moment's.
    pub async fn insert_export(&mut self, export: &NewExportRow<'_>) -> Result<()> {
        sqlx::query(
            "insert into exports (id, workspace_id, project_id, format, include_images, status,
                 ontology, created_by)
             values ($1, $2, $3, $4, $5, 'queued', $6, $7)",
        )
        .bind(export.id)
        .bind(export.workspace_id)
        .bind(export.project_id)
        .bind(export.format)
        .bind(export.include_images)
        .bind(Json(export.ontology))
        .bind(export.created_by)
        .execute(&mut **self)
        .await?;
        let items = sqlx::query(
            "insert into export_items (workspace_id, export_id, position, image_id, seq)
             select i.workspace_id, $1, row_number() over (order by i.created_at, i.id), i.id, r.seq
             from images i join rooms r on r.id = i.room_id
             where i.project_id = $2 and i.deleted_at is null",
        )
        .bind(export.id)
        .bind(export.project_id)
        .execute(&mut **self)
        .await?;
        sqlx::query("update exports set total = $2 where id = $1")
            .bind(export.id)
            .bind(items.rows_affected() as i64)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    pub async fn export(&mut self, id: Uuid) -> Result<Option<ExportRow>> {
        let sql = format!(
            "select {COLUMNS} from exports e
             join projects p on p.id = e.project_id and p.deleted_at is null
             where e.id = $1"
        );
        let row = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id);
        Ok(row.fetch_optional(&mut **self).await?)
    }

    /// A project's exports, the newest first.
    pub async fn exports(
        &mut self,
        project_id: Uuid,
        before: Option<(OffsetDateTime, Uuid)>,
        limit: i64,
    ) -> Result<Vec<ExportRow>> {
        let sql = format!(
            "select {COLUMNS} from exports e join projects p on p.id = e.project_id
             where e.project_id = $1
               and ($2::timestamptz is null or (e.created_at, e.id) < ($2, $3))
             order by e.created_at desc, e.id desc limit $4"
        );
        let rows = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(project_id)
            .bind(before.map(|before| before.0))
            .bind(before.map(|before| before.1))
            .bind(limit)
            .fetch_all(&mut **self)
            .await?;
        Ok(rows)
    }

    /// Begins, or begins again after a crash. `false` when it is over already.
    pub async fn start_export(&mut self, id: Uuid) -> Result<bool> {
        let done = sqlx::query(
            "update exports set status = 'running', done = 0
             where id = $1 and status in ('queued', 'running')",
        )
        .bind(id)
        .execute(&mut **self)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// `false` when the export was cancelled meanwhile.
    pub async fn progress_export(&mut self, id: Uuid, done: i64) -> Result<bool> {
        let updated =
            sqlx::query("update exports set done = $2 where id = $1 and status = 'running'")
                .bind(id)
                .bind(done)
                .execute(&mut **self)
                .await?;
        Ok(updated.rows_affected() > 0)
    }

    /// `false` when the export was cancelled meanwhile.
    pub async fn succeed_export(&mut self, id: Uuid, path: &str, size_bytes: i64) -> Result<bool> {
        let done = sqlx::query(
            "update exports set status = 'succeeded', done = total, storage_path = $2,
                 size_bytes = $3, finished_at = now()
             where id = $1 and status = 'running'",
        )
        .bind(id)
        .bind(path)
        .bind(size_bytes)
        .execute(&mut **self)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    pub async fn fail_export(&mut self, id: Uuid, error: &str) -> Result<()> {
        sqlx::query(
            "update exports set status = 'failed', error = $2, finished_at = now()
             where id = $1 and status in ('queued', 'running')",
        )
        .bind(id)
        .bind(error)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// Cancels it if it is not over yet.
    pub async fn cancel_export(&mut self, id: Uuid) -> Result<()> {
        sqlx::query(
            "update exports set status = 'cancelled', finished_at = now()
             where id = $1 and status in ('queued', 'running')",
        )
        .bind(id)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// The next items after `after`, in order. Purged images are gone.
    pub async fn export_items(
        &mut self,
        export_id: Uuid,
        after: i64,
        limit: i64,
    ) -> Result<Vec<ExportItem>> {
        let rows = sqlx::query_as(
            "select x.position, x.seq, i.room_id, i.filename, i.storage_path, i.width, i.height,
                 i.orientation, i.content_type
             from export_items x join images i on i.id = x.image_id
             where x.export_id = $1 and x.position > $2
             order by x.position limit $3",
        )
        .bind(export_id)
        .bind(after)
        .bind(limit)
        .fetch_all(&mut **self)
        .await?;
        Ok(rows)
    }

    /// Ends what was begun before `before` and nobody finishes any more.
    pub async fn give_up_exports(&mut self, before: OffsetDateTime) -> Result<()> {
        sqlx::query(
            "update exports set status = 'failed', finished_at = now(),
                 error = 'The export was interrupted too often. Start it again.'
             where created_at < $1 and status in ('queued', 'running')",
        )
        .bind(before)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// Deletes exports that ended before `before`: their objects' keys.
    pub async fn delete_old_exports(&mut self, before: OffsetDateTime) -> Result<Vec<String>> {
        let rows: Vec<(Option<String>,)> =
            sqlx::query_as("delete from exports where finished_at < $1 returning storage_path")
                .bind(before)
                .fetch_all(&mut **self)
                .await?;
        Ok(rows.into_iter().filter_map(|(path,)| path).collect())
    }
}

impl super::Store {
    /// Exports and pictures of every tenant that wait or run, and the mean time in milliseconds from
    /// order to end of the twenty that succeeded last.
    pub async fn export_load(&self) -> Result<(i64, Option<f64>)> {
        let load = sqlx::query_as(
            "select (select count(*) from exports where status in ('queued', 'running'))
                     + (select count(*) from renders where status in ('queued', 'running')),
                 (select avg(extract(epoch from finished_at - created_at) * 1000)::float8
                  from (select * from (
                            (select created_at, finished_at from exports
                             where status = 'succeeded' order by finished_at desc limit 20)
                            union all
                            (select created_at, finished_at from renders
                             where status = 'succeeded' order by finished_at desc limit 20)) ended
                        order by finished_at desc limit 20) last)",
        )
        .fetch_one(self.system())
        .await?;
        Ok(load)
    }
}
