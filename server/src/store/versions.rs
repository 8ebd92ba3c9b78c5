//! Named versions of a room, and what its log says about who worked when.

use super::{RoomIdentity, Tx};
use crate::error::Result;
use time::OffsetDateTime;
use uuid::Uuid;

/// A named point of a room's log.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct VersionRow {
    pub tag: String,
    pub seq: i64,
    pub created_by: Uuid,
    /// `None` where the account is not visible to the caller.
    pub created_by_name: Option<String>,
    pub created_at: OffsetDateTime,
}

/// What one person did within a stretch of the log that has no long pause.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StretchRow {
    /// Numbers the stretches of one answer.
    pub nth: i64,
    /// `None`: the server itself.
    pub user_id: Option<Uuid>,
    pub name: Option<String>,
    pub from_seq: i64,
    pub to_seq: i64,
    pub started_at: OffsetDateTime,
    pub ended_at: OffsetDateTime,
    pub edits: i64,
}

/// Who drew an annotation, and who touched it last.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AnnotationTouches {
    pub created_by: Option<Uuid>,
    pub created_by_name: Option<String>,
    pub created_at: OffsetDateTime,
    pub updated_by: Option<Uuid>,
    pub updated_by_name: Option<String>,
    pub updated_at: OffsetDateTime,
}

const COLUMNS: &str = "v.tag, v.seq, v.created_by, u.name as created_by_name, v.created_at
     from room_versions v left join users u on u.id = v.created_by";

impl Tx {
    /// The latest first, below `before`.
    pub async fn room_versions(
        &mut self,
        room_id: Uuid,
        before: Option<(i64, &str)>,
        limit: i64,
    ) -> Result<Vec<VersionRow>> {
        let (seq, tag) = before.unzip();
        let versions = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} where v.room_id = $1 and ($2::bigint is null or (v.seq, v.tag) < ($2, $3))
             order by v.seq desc, v.tag desc limit $4"
        )))
        .bind(room_id)
        .bind(seq)
        .bind(tag)
        .bind(limit)
        .fetch_all(&mut **self)
        .await?;
        Ok(versions)
    }

    pub async fn room_version(&mut self, room_id: Uuid, tag: &str) -> Result<Option<VersionRow>> {
        let version = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} where v.room_id = $1 and v.tag = $2"
        )))
        .bind(room_id)
        .bind(tag)
        .fetch_optional(&mut **self)
        .await?;
        Ok(version)
    }

    pub async fn has_room_version_at(&mut self, room_id: Uuid, seq: i64) -> Result<bool> {
        let sql = "select exists (select 1 from room_versions where room_id = $1 and seq = $2)";
        let is_named = sqlx::query_scalar(sql)
            .bind(room_id)
            .bind(seq)
            .fetch_one(&mut **self)
            .await?;
        Ok(is_named)
    }

    pub async fn count_room_versions(&mut self, room_id: Uuid) -> Result<i64> {
        let count = sqlx::query_scalar("select count(*) from room_versions where room_id = $1")
            .bind(room_id)
            .fetch_one(&mut **self)
            .await?;
        Ok(count)
    }

    /// A conflict where the room has a version of this name already.
    pub async fn insert_room_version(
        &mut self,
        room: &RoomIdentity,
        tag: &str,
        seq: i64,
        created_by: Uuid,
    ) -> Result<()> {
        sqlx::query(
            "insert into room_versions (workspace_id, room_id, tag, seq, created_by)
             values ($1, $2, $3, $4, $5)",
        )
        .bind(room.workspace_id)
        .bind(room.room_id)
        .bind(tag)
        .bind(seq)
        .bind(created_by)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    pub async fn rename_room_version(&mut self, room_id: Uuid, tag: &str, to: &str) -> Result<()> {
        sqlx::query("update room_versions set tag = $3 where room_id = $1 and tag = $2")
            .bind(room_id)
            .bind(tag)
            .bind(to)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    pub async fn delete_room_version(&mut self, room_id: Uuid, tag: &str) -> Result<()> {
        sqlx::query("delete from room_versions where room_id = $1 and tag = $2")
            .bind(room_id)
            .bind(tag)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    /// The last `events` events before `before`, by stretch and person, the latest stretch first:
    /// a stretch ends where nobody did anything for `pause_secs`.
    pub async fn room_stretches(
        &mut self,
        room_id: Uuid,
        before: i64,
        events: i64,
        pause_secs: f64,
    ) -> Result<Vec<StretchRow>> {
        let stretches = sqlx::query_as(
            "with recent as (
                 select seq, user_id, created_at from room_events
                 where room_id = $1 and seq < $2 order by seq desc limit $3
             ), marked as (
                 select *, coalesce(
                     created_at - lag(created_at) over (order by seq) > make_interval(secs => $4),
                     false)::int as starts
                 from recent
             ), numbered as (
                 select *, sum(starts) over (order by seq) as nth from marked
             ), stretches as (
                 select nth, user_id, min(seq) as from_seq, max(seq) as to_seq,
                     min(created_at) as started_at, max(created_at) as ended_at, count(*) as edits
                 from numbered group by nth, user_id
             )
             select s.*, u.name from stretches s left join users u on u.id = s.user_id
             order by s.nth desc, s.edits desc, s.user_id",
        )
        .bind(room_id)
        .bind(before)
        .bind(events)
        .bind(pause_secs)
        .fetch_all(&mut **self)
        .await?;
        Ok(stretches)
    }

    /// As the rows say; `None` where the image has no such annotation.
    pub async fn annotation_touches(
        &mut self,
        image: &super::AnnotatedImage,
        id: Uuid,
    ) -> Result<Option<AnnotationTouches>> {
        let touches = sqlx::query_as(
            "select a.annotator_id as created_by, c.name as created_by_name, a.created_at,
                 coalesce(a.updated_by, a.annotator_id) as updated_by, u.name as updated_by_name,
                 a.updated_at
             from annotations a
             left join users c on c.id = a.annotator_id
             left join users u on u.id = coalesce(a.updated_by, a.annotator_id)
             where a.project_id = $1 and a.image_id = $2 and a.id = $3",
        )
        .bind(image.project_id)
        .bind(image.image_id)
        .bind(id)
        .fetch_optional(&mut **self)
        .await?;
        Ok(touches)
    }

    /// Notes that a part of the room's past cannot be read; nothing where that is known already.
    pub async fn insert_room_fault(
        &mut self,
        room_id: Uuid,
        kind: &str,
        seq: i64,
        detail: &str,
    ) -> Result<()> {
        sqlx::query(
            "insert into room_faults (workspace_id, room_id, kind, seq, detail)
             select workspace_id, id, $2, $3, $4 from rooms where id = $1
             on conflict do nothing",
        )
        .bind(room_id)
        .bind(kind)
        .bind(seq)
        .bind(detail)
        .execute(&mut **self)
        .await?;
        Ok(())
    }
}
