//! The beginning of a room's log, once old events have made room.

use super::{RoomIdentity, Tx};
use crate::error::Result;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

impl Tx {
    /// Rooms whose log begins with an event from before `before`, by id, above `after`.
    pub async fn rooms_with_events_before(
        &mut self,
        before: OffsetDateTime,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<RoomIdentity>> {
        let rooms = sqlx::query_as(
            "select r.id as room_id, r.workspace_id, r.project_id from rooms r
             join room_events e on e.room_id = r.id and e.seq = r.kept_from + 1
             where r.id > $2 and e.created_at < $1 order by r.id limit $3",
        )
        .bind(before)
        .bind(after)
        .bind(limit)
        .fetch_all(&mut **self)
        .await?;
        Ok(rooms)
    }

    /// The last event of the room's first ones that are older than `before`; 0 without any.
    pub async fn last_room_event_before(
        &mut self,
        room_id: Uuid,
        before: OffsetDateTime,
    ) -> Result<i64> {
        // Clocks of several servers differ by a little: up to the first that is younger.
        let seq = sqlx::query_scalar(
            "select coalesce(
                 (select min(seq) - 1 from room_events where room_id = $1 and created_at >= $2),
                 (select max(seq) from room_events where room_id = $1), 0)",
        )
        .bind(room_id)
        .bind(before)
        .fetch_one(&mut **self)
        .await?;
        Ok(seq)
    }

    /// When the snapshot with which the log begins was written.
    pub async fn room_log_begins_at(&mut self, room_id: Uuid, seq: i64) -> Result<OffsetDateTime> {
        let sql = "select created_at from room_snapshots where room_id = $1 and seq = $2";
        let at = sqlx::query_scalar(sql)
            .bind(room_id)
            .bind(seq)
            .fetch_one(&mut **self)
            .await?;
        Ok(at)
    }

    /// The events with `after < seq < until` that are named.
    pub async fn room_version_seqs(
        &mut self,
        room_id: Uuid,
        after: i64,
        until: i64,
    ) -> Result<Vec<i64>> {
        let seqs = sqlx::query_scalar(
            "select distinct seq from room_versions
             where room_id = $1 and seq > $2 and seq < $3 order by seq",
        )
        .bind(room_id)
        .bind(after)
        .bind(until)
        .fetch_all(&mut **self)
        .await?;
        Ok(seqs)
    }

    /// Writes a snapshot and removes no other one.
    pub async fn keep_room_snapshot(
        &mut self,
        room: &RoomIdentity,
        seq: i64,
        state: &[u8],
    ) -> Result<()> {
        sqlx::query(
            "insert into room_snapshots (workspace_id, room_id, seq, state, checksum)
             values ($1, $2, $3, $4, $5)
             on conflict (room_id, seq) do update
             set state = excluded.state, checksum = excluded.checksum
             where room_snapshots.checksum is distinct from excluded.checksum
                 or room_snapshots.state <> excluded.state",
        )
        .bind(room.workspace_id)
        .bind(room.room_id)
        .bind(seq)
        .bind(state)
        .bind(&Sha256::digest(state)[..])
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// Removes the events up to `seq`, and the snapshots before it that no version is read from.
    pub async fn begin_room_log_after(&mut self, room_id: Uuid, seq: i64) -> Result<()> {
        for sql in [
            "delete from room_events where room_id = $1 and seq <= $2",
            "delete from room_snapshots s where room_id = $1 and seq < $2 and not exists
                 (select 1 from room_versions v where v.room_id = $1 and v.seq = s.seq)",
            "update rooms set kept_from = $2 where id = $1",
        ] {
            let query = sqlx::query(sql).bind(room_id).bind(seq);
            query.execute(&mut **self).await?;
        }
        Ok(())
    }
}
