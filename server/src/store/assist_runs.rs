//! Runs of a model over photographs: what was asked for, and how far it is.

use super::Tx;
use crate::error::Result;
use time::OffsetDateTime;
use uuid::Uuid;

/// A row of `assist_runs`, with what its items come to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AssistRunRow {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub project_id: Uuid,
    pub model_id: Uuid,
    pub status: String,
    pub total: i64,
    pub done: i64,
    pub suggested: i64,
    pub failed: i64,
    pub error: Option<String>,
    pub created_by: Uuid,
    pub created_at: OffsetDateTime,
    pub finished_at: Option<OffsetDateTime>,
}

/// A run to be.
pub struct NewAssistRunRow<'a> {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub project_id: Uuid,
    pub model_id: Uuid,
    /// All of the project where none are named.
    pub images: Option<&'a [Uuid]>,
    pub created_by: Uuid,
}

/// A photograph that could not be looked at.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AssistRunErrorRow {
    pub image_id: Uuid,
    pub filename: Option<String>,
    pub error: String,
}

impl Tx {
    /// Writes the run down with its photographs; how many these are.
    pub async fn insert_assist_run(&mut self, run: &NewAssistRunRow<'_>) -> Result<i64> {
        sqlx::query(
            "insert into assist_runs (id, workspace_id, project_id, model_id, status, created_by)
             values ($1, $2, $3, $4, 'queued', $5)",
        )
        .bind(run.id)
        .bind(run.workspace_id)
        .bind(run.project_id)
        .bind(run.model_id)
        .bind(run.created_by)
        .execute(&mut **self)
        .await?;
        let items = sqlx::query(
            "insert into assist_run_items (workspace_id, run_id, position, image_id)
             select i.workspace_id, $1, row_number() over (order by i.created_at, i.id), i.id
             from images i
             where i.project_id = $2 and i.deleted_at is null
               and ($3::uuid[] is null or i.id = any($3))",
        )
        .bind(run.id)
        .bind(run.project_id)
        .bind(run.images)
        .execute(&mut **self)
        .await?;
        let total = items.rows_affected() as i64;
        sqlx::query("update assist_runs set total = $2 where id = $1")
            .bind(run.id)
            .bind(total)
            .execute(&mut **self)
            .await?;
        Ok(total)
    }

    pub async fn assist_run(&mut self, id: Uuid) -> Result<Option<AssistRunRow>> {
        let row = sqlx::query_as(
            "select r.id, r.workspace_id, r.project_id, r.model_id, r.status, r.total, n.done,
                 n.suggested, n.failed, r.error, r.created_by, r.created_at, r.finished_at
             from assist_runs r
             join projects p on p.id = r.project_id and p.deleted_at is null
             cross join lateral (
                 select count(x.done_at) as done, coalesce(sum(x.suggested), 0)::int8 as suggested,
                     count(x.error) as failed
                 from assist_run_items x where x.run_id = r.id
             ) n
             where r.id = $1",
        )
        .bind(id)
        .fetch_optional(&mut **self)
        .await?;
        Ok(row)
    }

    pub async fn assist_run_errors(
        &mut self,
        id: Uuid,
        limit: i64,
    ) -> Result<Vec<AssistRunErrorRow>> {
        let rows = sqlx::query_as(
            "select x.image_id, i.filename, x.error
             from assist_run_items x left join images i on i.id = x.image_id
             where x.run_id = $1 and x.error is not null order by x.position limit $2",
        )
        .bind(id)
        .bind(limit)
        .fetch_all(&mut **self)
        .await?;
        Ok(rows)
    }

    /// Begins, or goes on after a pause or a crash. `false` when it is over already.
    pub async fn start_assist_run(&mut self, id: Uuid) -> Result<bool> {
        let done = sqlx::query(
            "update assist_runs set status = 'running'
             where id = $1 and status in ('queued', 'running')",
        )
        .bind(id)
        .execute(&mut **self)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// The next photograph that is to be looked at, and its place; `None` when all are done, and
    /// also when the run is over.
    pub async fn next_assist_item(&mut self, id: Uuid) -> Result<Option<(i64, Uuid)>> {
        let row = sqlx::query_as(
            "select x.position, x.image_id
             from assist_run_items x join assist_runs r on r.id = x.run_id and r.status = 'running'
             where x.run_id = $1 and x.done_at is null order by x.position limit 1",
        )
        .bind(id)
        .fetch_optional(&mut **self)
        .await?;
        Ok(row)
    }

    /// A photograph is done with: so many suggestions, or why there are none.
    pub async fn finish_assist_item(
        &mut self,
        id: Uuid,
        position: i64,
        suggested: i32,
        error: Option<&str>,
    ) -> Result<()> {
        sqlx::query(
            "update assist_run_items set done_at = now(), suggested = $3, error = $4
             where run_id = $1 and position = $2",
        )
        .bind(id)
        .bind(position)
        .bind(suggested)
        .bind(error)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// Ends a run that is not over, as `succeeded`, `failed` or `cancelled`.
    pub async fn end_assist_run(
        &mut self,
        id: Uuid,
        status: &str,
        error: Option<&str>,
    ) -> Result<()> {
        sqlx::query(
            "update assist_runs set status = $2, error = $3, finished_at = now()
             where id = $1 and status in ('queued', 'running')",
        )
        .bind(id)
        .bind(status)
        .bind(error)
        .execute(&mut **self)
        .await?;
        Ok(())
    }
}
