//! Comments: threads, what is said in them, and who has read how far.

mod list;
mod notifications;

pub use list::ThreadFilter;
pub use notifications::{NewNotification, NotificationRow};

use super::{RoomIdentity, Tx};
use crate::error::Result;
use time::OffsetDateTime;
use uuid::Uuid;

/// A room that is commented on, with the photograph it belongs to, if it has one.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct CommentRoom {
    pub room_id: Uuid,
    pub workspace_id: Uuid,
    pub project_id: Uuid,
    pub image_id: Option<Uuid>,
    pub width: Option<i32>,
    pub height: Option<i32>,
}

impl CommentRoom {
    pub fn identity(&self) -> RoomIdentity {
        RoomIdentity {
            room_id: self.room_id,
            workspace_id: self.workspace_id,
            project_id: self.project_id,
        }
    }
}

/// A row of `comment_threads`, with its photograph.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ThreadRow {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub project_id: Uuid,
    pub room_id: Uuid,
    pub image_id: Option<Uuid>,
    pub filename: Option<String>,
    pub thumbnail_path: Option<String>,
    pub number: i32,
    pub annotation_id: Option<Uuid>,
    pub x: f64,
    pub y: f64,
    pub origin_x: Option<f64>,
    pub origin_y: Option<f64>,
    pub created_by: Uuid,
    pub created_at: OffsetDateTime,
    pub resolved_at: Option<OffsetDateTime>,
    pub resolved_by: Option<Uuid>,
    pub comment_count: i64,
    pub unread: i64,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CommentRow {
    pub id: Uuid,
    pub thread_id: Uuid,
    pub author_id: Uuid,
    pub author_name: String,
    pub body: String,
    pub created_at: OffsetDateTime,
    pub edited_at: Option<OffsetDateTime>,
    pub deleted_at: Option<OffsetDateTime>,
}

/// A person by name.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PersonRow {
    pub id: Uuid,
    pub name: String,
}

/// A thread to be.
pub struct NewThreadRow {
    pub id: Uuid,
    pub room: CommentRoom,
    pub number: i32,
    pub annotation_id: Option<Uuid>,
    pub x: f64,
    pub y: f64,
    pub origin: Option<[f64; 2]>,
    pub created_by: Uuid,
}

impl Tx {
    /// The room of a photograph of an undeleted project.
    pub async fn comment_room_of_image(&mut self, image_id: Uuid) -> Result<Option<CommentRoom>> {
        let room = sqlx::query_as(
            "select i.room_id, i.workspace_id, i.project_id, i.id as image_id, i.width, i.height
             from images i join projects p on p.id = i.project_id and p.deleted_at is null
             where i.id = $1",
        )
        .bind(image_id)
        .fetch_optional(&mut **self)
        .await?;
        Ok(room)
    }

    pub async fn comment_room(&mut self, room_id: Uuid) -> Result<Option<CommentRoom>> {
        let room = sqlx::query_as(
            "select r.id as room_id, r.workspace_id, r.project_id, i.id as image_id, i.width, i.height
             from rooms r join projects p on p.id = r.project_id and p.deleted_at is null
             left join images i on i.room_id = r.id
             where r.id = $1",
        )
        .bind(room_id)
        .fetch_optional(&mut **self)
        .await?;
        Ok(room)
    }

    /// Until the end of the transaction nobody else begins a thread in the room; the next number.
    pub async fn next_thread_number(&mut self, room_id: Uuid) -> Result<i32> {
        sqlx::query("select pg_advisory_xact_lock(hashtextextended($1::text, 12))")
            .bind(room_id)
            .execute(&mut **self)
            .await?;
        let number = sqlx::query_scalar(
            "select coalesce(max(number), 0) + 1 from comment_threads where room_id = $1",
        )
        .bind(room_id)
        .fetch_one(&mut **self)
        .await?;
        Ok(number)
    }

    /// False where the id is taken, by whomever.
    pub async fn insert_thread(&mut self, new: &NewThreadRow) -> Result<bool> {
        let done = sqlx::query(
            "insert into comment_threads (id, workspace_id, project_id, room_id, number,
                 annotation_id, x, y, origin_x, origin_y, created_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing",
        )
        .bind(new.id)
        .bind(new.room.workspace_id)
        .bind(new.room.project_id)
        .bind(new.room.room_id)
        .bind(new.number)
        .bind(new.annotation_id)
        .bind(new.x)
        .bind(new.y)
        .bind(new.origin.map(|origin| origin[0]))
        .bind(new.origin.map(|origin| origin[1]))
        .bind(new.created_by)
        .execute(&mut **self)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Until the end of the transaction nobody else speaks in the thread. Whether there is one.
    pub async fn lock_thread(&mut self, id: Uuid) -> Result<bool> {
        let found: Option<Uuid> =
            sqlx::query_scalar("select id from comment_threads where id = $1 for update")
                .bind(id)
                .fetch_optional(&mut **self)
                .await?;
        Ok(found.is_some())
    }

    /// Whether anything changed.
    pub async fn set_thread_resolved(
        &mut self,
        id: Uuid,
        resolved: bool,
        by: Uuid,
    ) -> Result<bool> {
        let done = sqlx::query(
            "update comment_threads set resolved_at = case when $2 then now() end,
                 resolved_by = case when $2 then $3 end
             where id = $1 and (resolved_at is not null) <> $2",
        )
        .bind(id)
        .bind(resolved)
        .bind(by)
        .execute(&mut **self)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// With its comments, and what was told of them.
    pub async fn delete_thread(&mut self, id: Uuid) -> Result<()> {
        sqlx::query("delete from comment_threads where id = $1")
            .bind(id)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    /// False where the id is taken, by whomever.
    pub async fn insert_comment(
        &mut self,
        thread: &ThreadRow,
        id: Uuid,
        author_id: Uuid,
        body: &str,
    ) -> Result<bool> {
        let done = sqlx::query(
            "insert into comments (id, workspace_id, thread_id, author_id, body)
             values ($1, $2, $3, $4, $5) on conflict (id) do nothing",
        )
        .bind(id)
        .bind(thread.workspace_id)
        .bind(thread.id)
        .bind(author_id)
        .bind(body)
        .execute(&mut **self)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    pub async fn edit_comment(&mut self, id: Uuid, body: &str) -> Result<()> {
        sqlx::query("update comments set body = $2, edited_at = now() where id = $1")
            .bind(id)
            .bind(body)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    /// Takes a comment's words back; how many comments of its thread still have theirs.
    pub async fn take_comment_back(&mut self, comment: &CommentRow) -> Result<i64> {
        sqlx::query("update comments set body = '', deleted_at = now() where id = $1")
            .bind(comment.id)
            .execute(&mut **self)
            .await?;
        let left = sqlx::query_scalar(
            "select count(*) from comments where thread_id = $1 and deleted_at is null",
        )
        .bind(comment.thread_id)
        .fetch_one(&mut **self)
        .await?;
        Ok(left)
    }

    /// In place of those before.
    pub async fn set_mentions(
        &mut self,
        workspace_id: Uuid,
        comment_id: Uuid,
        people: &[Uuid],
    ) -> Result<()> {
        sqlx::query("delete from comment_mentions where comment_id = $1")
            .bind(comment_id)
            .execute(&mut **self)
            .await?;
        sqlx::query(
            "insert into comment_mentions (workspace_id, comment_id, user_id)
             select $1, $2, unnest($3::uuid[])",
        )
        .bind(workspace_id)
        .bind(comment_id)
        .bind(people)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// The caller has read the thread up to this moment; never takes anything back.
    pub async fn mark_read(
        &mut self,
        thread: &ThreadRow,
        user_id: Uuid,
        until: OffsetDateTime,
    ) -> Result<()> {
        sqlx::query(
            "insert into comment_reads as r (workspace_id, thread_id, user_id, read_at)
             values ($1, $2, $3, $4)
             on conflict (thread_id, user_id)
             do update set read_at = greatest(r.read_at, excluded.read_at)",
        )
        .bind(thread.workspace_id)
        .bind(thread.id)
        .bind(user_id)
        .bind(until)
        .execute(&mut **self)
        .await?;
        Ok(())
    }
}
