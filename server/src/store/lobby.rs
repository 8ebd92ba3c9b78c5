//! Rooms as their lists show them, and those that are made on their own.

use super::{RoomEvent, Tx};
use crate::error::Result;
use time::OffsetDateTime;
use uuid::Uuid;

/// A room with what is known of its image.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RoomRow {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub project_id: Uuid,
    pub name: Option<String>,
    pub seq: i64,
    pub snapshot_seq: i64,
    pub created_by: Option<Uuid>,
    pub created_at: OffsetDateTime,
    /// Its image's, where it has one.
    pub deleted_at: Option<OffsetDateTime>,
    pub image_id: Option<Uuid>,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub content_type: Option<String>,
    pub size_bytes: Option<i64>,
    pub storage_path: Option<String>,
}

const ROOMS: &str =
    "select r.id, r.workspace_id, r.project_id, coalesce(r.name, i.filename) as name,
        r.seq, r.snapshot_seq, coalesce(r.created_by, i.created_by) as created_by, r.created_at,
        case when i.id is null then r.deleted_at else i.deleted_at end as deleted_at,
        i.id as image_id, i.width, i.height, i.content_type, i.size_bytes, i.storage_path
    from rooms r
    join projects p on p.id = r.project_id and p.deleted_at is null
    left join images i on i.room_id = r.id";

impl Tx {
    pub async fn insert_room(
        &mut self,
        id: Uuid,
        workspace_id: Uuid,
        project_id: Uuid,
        name: Option<&str>,
        creator: Uuid,
    ) -> Result<()> {
        sqlx::query(
            "insert into rooms (id, workspace_id, project_id, name, created_by)
             values ($1, $2, $3, $4, $5)",
        )
        .bind(id)
        .bind(workspace_id)
        .bind(project_id)
        .bind(name)
        .bind(creator)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// Keeps others from adding to the room's log until this transaction ends.
    pub async fn lock_room(&mut self, id: Uuid) -> Result<()> {
        sqlx::query("select from rooms where id = $1 for update")
            .bind(id)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    /// A room of an undeleted project, itself deleted or not.
    pub async fn room(&mut self, id: Uuid) -> Result<Option<RoomRow>> {
        let sql = format!("{ROOMS} where r.id = $1");
        let row = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id);
        Ok(row.fetch_optional(&mut **self).await?)
    }

    /// Undeleted rooms after `before`, the newest first; only those of one project.
    pub async fn rooms(
        &mut self,
        project_id: Option<Uuid>,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<RoomRow>> {
        let sql = format!(
            "{ROOMS} where ($1::uuid is null or r.project_id = $1)
               and ($2::uuid is null or r.id < $2)
               and case when i.id is null then r.deleted_at else i.deleted_at end is null
             order by r.id desc limit $3"
        );
        let rows = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(project_id)
            .bind(before)
            .bind(limit)
            .fetch_all(&mut **self)
            .await?;
        Ok(rows)
    }

    /// Moves a room without an image into the bin. Whether anything changed.
    pub async fn delete_room(&mut self, id: Uuid) -> Result<bool> {
        let done = sqlx::query(
            "update rooms set deleted_at = now() where id = $1 and deleted_at is null
             and not exists (select from images i where i.room_id = rooms.id)",
        )
        .bind(id)
        .execute(&mut **self)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Removes rooms for good that have lain in the bin since before `before` and never had an
    /// image, with their logs. How many there were.
    pub async fn purge_rooms(&mut self, before: OffsetDateTime, limit: i64) -> Result<u64> {
        let ids: Vec<Uuid> = sqlx::query_scalar(
            "select id from rooms r where r.deleted_at < $1
               and not exists (select from images i where i.room_id = r.id)
             order by r.deleted_at limit $2",
        )
        .bind(before)
        .bind(limit)
        .fetch_all(&mut **self)
        .await?;
        for sql in [
            "delete from room_events where room_id = any($1)",
            "delete from rooms where id = any($1)",
        ] {
            sqlx::query(sql).bind(&ids).execute(&mut **self).await?;
        }
        Ok(ids.len() as u64)
    }

    /// Events with `after < seq <= until`, in order: at most `limit`, and none after `bytes` of them.
    pub async fn room_events_page(
        &mut self,
        room_id: Uuid,
        after: i64,
        until: i64,
        limit: i64,
        bytes: i64,
    ) -> Result<Vec<RoomEvent>> {
        let events = sqlx::query_as(
            "select seq, user_id, payload, created_at from (
                 select *, sum(length(payload)) over (order by seq) - length(payload) as before
                 from (select * from room_events
                       where room_id = $1 and seq > $2 and seq <= $3 order by seq limit $4) page
             ) sized
             where before < $5 order by seq",
        )
        .bind(room_id)
        .bind(after)
        .bind(until)
        .bind(limit)
        .bind(bytes)
        .fetch_all(&mut **self)
        .await?;
        Ok(events)
    }

    /// The oldest project of that name in the workspace in which the account has a role. Whoever
    /// asks at the same time waits until this transaction ends: so one makes it, and one only.
    pub async fn lock_project_named(
        &mut self,
        workspace_id: Uuid,
        name: &str,
        user_id: Uuid,
    ) -> Result<Option<Uuid>> {
        sqlx::query("select pg_advisory_xact_lock(hashtextextended($1::text || $2, 0))")
            .bind(workspace_id.to_string())
            .bind(name)
            .execute(&mut **self)
            .await?;
        let id = sqlx::query_scalar(
            "select p.id from projects p
             join project_members m on m.project_id = p.id and m.user_id = $3
             where p.workspace_id = $1 and p.name = $2 and p.deleted_at is null
             order by p.id limit 1",
        )
        .bind(workspace_id)
        .bind(name)
        .bind(user_id)
        .fetch_optional(&mut **self)
        .await?;
        Ok(id)
    }
}
