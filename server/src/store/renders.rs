//! Rendered pictures: what was asked for and how far it is.

use super::Tx;
use crate::error::Result;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;
use visionflow_model::Ontology;

/// A row of `renders`, with the photograph's name.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RenderRow {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub project_id: Uuid,
    pub room_id: Uuid,
    pub image_id: Uuid,
    pub filename: String,
    pub format: String,
    pub seq: i64,
    pub scale: f64,
    pub dpi: Option<i16>,
    pub background: String,
    pub include_comments: bool,
    pub ontology: Json<Ontology>,
    pub status: String,
    pub progress: f32,
    pub error: Option<String>,
    pub storage_path: Option<String>,
    pub size_bytes: Option<i64>,
    pub created_at: OffsetDateTime,
    pub finished_at: Option<OffsetDateTime>,
}

pub struct NewRenderRow<'a> {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub project_id: Uuid,
    pub room_id: Uuid,
    pub image_id: Uuid,
    pub format: &'a str,
    pub seq: i64,
    pub scale: f64,
    pub dpi: Option<i16>,
    pub background: &'a str,
    pub include_comments: bool,
    pub ontology: &'a Ontology,
    pub created_by: Uuid,
}

/// Where a thread of comments is pinned.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RenderPin {
    pub number: i32,
    pub annotation_id: Option<Uuid>,
    /// Pixels of the image; with an annotation from the top left of its bounds.
    pub x: f64,
    pub y: f64,
    /// That corner, for when the annotation is gone.
    pub origin_x: Option<f64>,
    pub origin_y: Option<f64>,
    pub resolved: bool,
}

impl Tx {
    pub async fn insert_render(&mut self, render: &NewRenderRow<'_>) -> Result<()> {
        sqlx::query(
            "insert into renders (id, workspace_id, project_id, room_id, image_id, format, seq,
                 scale, dpi, background, include_comments, ontology, status, created_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'queued', $13)",
        )
        .bind(render.id)
        .bind(render.workspace_id)
        .bind(render.project_id)
        .bind(render.room_id)
        .bind(render.image_id)
        .bind(render.format)
        .bind(render.seq)
        .bind(render.scale)
        .bind(render.dpi)
        .bind(render.background)
        .bind(render.include_comments)
        .bind(Json(render.ontology))
        .bind(render.created_by)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    pub async fn render(&mut self, id: Uuid) -> Result<Option<RenderRow>> {
        let row = sqlx::query_as(
            "select r.id, r.workspace_id, r.project_id, r.room_id, r.image_id, i.filename,
                 r.format, r.seq, r.scale, r.dpi, r.background, r.include_comments, r.ontology,
                 r.status, r.progress, r.error, r.storage_path, r.size_bytes, r.created_at,
                 r.finished_at
             from renders r join images i on i.id = r.image_id
             join projects p on p.id = r.project_id and p.deleted_at is null
             where r.id = $1",
        )
        .bind(id);
        Ok(row.fetch_optional(&mut **self).await?)
    }

    /// Begins, or begins again after a crash. `false` when it is over already.
    pub async fn start_render(&mut self, id: Uuid) -> Result<bool> {
        let done = sqlx::query(
            "update renders set status = 'running', progress = 0
             where id = $1 and status in ('queued', 'running')",
        )
        .bind(id)
        .execute(&mut **self)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    pub async fn progress_render(&mut self, id: Uuid, progress: f32) -> Result<()> {
        sqlx::query("update renders set progress = $2 where id = $1 and status = 'running'")
            .bind(id)
            .bind(progress)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    /// `false` when the picture is no longer wanted, or another run of the job was faster.
    pub async fn succeed_render(&mut self, id: Uuid, path: &str, size_bytes: i64) -> Result<bool> {
        let done = sqlx::query(
            "update renders set status = 'succeeded', progress = 1, storage_path = $2,
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

    pub async fn fail_render(&mut self, id: Uuid, error: &str) -> Result<()> {
        sqlx::query(
            "update renders set status = 'failed', error = $2, finished_at = now()
             where id = $1 and status in ('queued', 'running')",
        )
        .bind(id)
        .bind(error)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// Ends what was begun before `before` and nobody finishes any more.
    pub async fn give_up_renders(&mut self, before: OffsetDateTime) -> Result<()> {
        sqlx::query(
            "update renders set status = 'failed', finished_at = now(),
                 error = 'The picture was interrupted too often. Ask for it again.'
             where created_at < $1 and status in ('queued', 'running')",
        )
        .bind(before)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// Deletes pictures that ended before `before`: their objects' keys.
    pub async fn delete_old_renders(&mut self, before: OffsetDateTime) -> Result<Vec<String>> {
        let rows: Vec<(Option<String>,)> =
            sqlx::query_as("delete from renders where finished_at < $1 returning storage_path")
                .bind(before)
                .fetch_all(&mut **self)
                .await?;
        Ok(rows.into_iter().filter_map(|(path,)| path).collect())
    }

    /// The threads of comments of a room, by their numbers; those whose every comment was taken
    /// back are left out.
    pub async fn render_pins(&mut self, room_id: Uuid) -> Result<Vec<RenderPin>> {
        let rows = sqlx::query_as(
            "select t.number, t.annotation_id, t.x, t.y, t.origin_x, t.origin_y,
                 t.resolved_at is not null as resolved
             from comment_threads t
             where t.room_id = $1 and exists (
                 select 1 from comments c where c.thread_id = t.id and c.deleted_at is null)
             order by t.number limit 2000",
        )
        .bind(room_id)
        .fetch_all(&mut **self)
        .await?;
        Ok(rows)
    }
}
