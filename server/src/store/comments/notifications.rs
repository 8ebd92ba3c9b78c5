//! What people are told of comments: each sees only their own (`own_read`).

use crate::error::Result;
use crate::store::Tx;
use time::OffsetDateTime;
use uuid::Uuid;

/// A row of `notifications`, with what it is about.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NotificationRow {
    pub id: Uuid,
    pub kind: String,
    pub actor_id: Uuid,
    pub actor_name: String,
    pub project_id: Uuid,
    pub room_id: Uuid,
    pub image_id: Option<Uuid>,
    pub filename: Option<String>,
    pub thread_id: Uuid,
    pub thread_number: i32,
    pub comment_id: Uuid,
    pub body: String,
    pub created_at: OffsetDateTime,
    pub read_at: Option<OffsetDateTime>,
}

/// Somebody is to be told.
pub struct NewNotification {
    pub workspace_id: Uuid,
    pub user_id: Uuid,
    pub kind: &'static str,
    pub actor_id: Uuid,
    pub thread_id: Uuid,
    pub comment_id: Uuid,
}

/// What is told: of comments that still stand, in projects that still exist.
const FROM: &str = "from notifications n
     join comments c on c.id = n.comment_id and c.deleted_at is null
     join comment_threads t on t.id = n.thread_id
     join projects p on p.id = t.project_id and p.deleted_at is null
     left join images i on i.room_id = t.room_id";

impl Tx {
    /// Once for each comment and person.
    pub async fn notify(&mut self, new: &NewNotification) -> Result<()> {
        sqlx::query(
            "insert into notifications (id, workspace_id, user_id, kind, actor_id, thread_id, comment_id)
             values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        )
        .bind(Uuid::now_v7())
        .bind(new.workspace_id)
        .bind(new.user_id)
        .bind(new.kind)
        .bind(new.actor_id)
        .bind(new.thread_id)
        .bind(new.comment_id)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// The caller's, before `before`, the newest first.
    pub async fn notifications(
        &mut self,
        user_id: Uuid,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<NotificationRow>> {
        let sql = format!(
            "select n.id, n.kind, n.actor_id, coalesce(nullif(u.name, ''), u.email, '') as actor_name,
                 t.project_id, t.room_id, i.id as image_id, i.filename, n.thread_id,
                 t.number as thread_number, n.comment_id, left(c.body, 200) as body, n.created_at,
                 n.read_at
             {FROM} left join users u on u.id = n.actor_id
             where n.user_id = $1 and i.deleted_at is null and ($2::uuid is null or n.id < $2)
             order by n.id desc limit $3"
        );
        let rows = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(user_id)
            .bind(before)
            .bind(limit)
            .fetch_all(&mut **self)
            .await?;
        Ok(rows)
    }

    pub async fn unread_notifications(&mut self, user_id: Uuid) -> Result<i64> {
        let sql = format!(
            "select count(*) {FROM}
             where n.user_id = $1 and i.deleted_at is null and n.read_at is null"
        );
        let count = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(user_id);
        Ok(count.fetch_one(&mut **self).await?)
    }

    /// These, or all of the caller's; whether anything changed.
    pub async fn read_notifications(
        &mut self,
        user_id: Uuid,
        ids: Option<&[Uuid]>,
    ) -> Result<bool> {
        let done = sqlx::query(
            "update notifications set read_at = now()
             where user_id = $1 and read_at is null and ($2::uuid[] is null or id = any ($2))",
        )
        .bind(user_id)
        .bind(ids)
        .execute(&mut **self)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Of what was said in a thread up to this moment; whether anything changed.
    pub async fn read_notifications_of(
        &mut self,
        user_id: Uuid,
        thread_id: Uuid,
        until: OffsetDateTime,
    ) -> Result<bool> {
        let done = sqlx::query(
            "update notifications n set read_at = now() from comments c
             where n.user_id = $1 and n.thread_id = $2 and n.read_at is null
               and c.id = n.comment_id and c.created_at <= $3",
        )
        .bind(user_id)
        .bind(thread_id)
        .bind(until)
        .execute(&mut **self)
        .await?;
        Ok(done.rows_affected() > 0)
    }
}
