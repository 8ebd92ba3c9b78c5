//! Rooms: who may enter, the log of their documents, snapshots, and the CRDT client ids' owners.

use super::Tx;
use super::tx::role_from_text;
use crate::error::Result;
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use time::OffsetDateTime;
use uuid::Uuid;
use visionflow_api::ProjectRole;

/// A room and its place among the tenants; never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::FromRow)]
pub struct RoomIdentity {
    pub room_id: Uuid,
    pub workspace_id: Uuid,
    pub project_id: Uuid,
}

/// What one person may do in a room.
#[derive(Clone, Debug)]
pub struct RoomAccess {
    pub identity: RoomIdentity,
    /// `None`: a member of the workspace who may only look.
    pub role: Option<ProjectRole>,
    /// The room's item stands in the bin.
    pub item_deleted: bool,
}

/// How far a room's log, snapshot and projection have come.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct RoomHeads {
    pub seq: i64,
    pub snapshot_seq: i64,
    pub projected_seq: i64,
    /// The event after which the log begins; 0 where it is whole.
    pub kept_from: i64,
    pub image_id: Option<Uuid>,
}

/// A whole document as one update.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RoomSnapshot {
    pub seq: i64,
    pub state: Vec<u8>,
    /// SHA-256 of `state`; older snapshots have none.
    pub checksum: Option<Vec<u8>>,
}

impl RoomSnapshot {
    /// Whether the bytes are those that were written, as far as that is known.
    pub fn is_intact(&self) -> bool {
        let sum = Sha256::digest(&self.state);
        self.checksum
            .as_ref()
            .is_none_or(|known| known[..] == sum[..])
    }
}

/// One committed update.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RoomEvent {
    pub seq: i64,
    /// Whose socket or request brought it.
    pub user_id: Option<Uuid>,
    pub payload: Vec<u8>,
    pub created_at: OffsetDateTime,
}

/// An update to be committed.
pub struct NewRoomEvent {
    pub room_id: Uuid,
    pub user_id: Option<Uuid>,
    pub payload: Bytes,
}

/// A person and the CRDT client ids that they used in a room.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RoomAuthor {
    /// `None`: the server itself.
    pub user_id: Option<Uuid>,
    /// `None` also where the account is not visible to the caller.
    pub name: Option<String>,
    pub client_ids: Vec<i64>,
}

/// The head of a room after [`Tx::append_room_events`].
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Appended {
    pub room_id: Uuid,
    pub seq: i64,
    pub created_at: OffsetDateTime,
}

impl Tx {
    /// The room as this transaction's claims see it; `None` when it does not exist for them.
    pub async fn room_access(
        &mut self,
        room_id: Uuid,
        user_id: Uuid,
    ) -> Result<Option<RoomAccess>> {
        let row: Option<(Uuid, Uuid, Option<String>, bool)> = sqlx::query_as(
            "select r.workspace_id, r.project_id, m.role,
                 case when i.id is null then r.deleted_at else i.deleted_at end is not null
             from rooms r
             join projects p on p.id = r.project_id and p.deleted_at is null
             left join project_members m on m.project_id = r.project_id and m.user_id = $2
             left join images i on i.room_id = r.id
             where r.id = $1",
        )
        .bind(room_id)
        .bind(user_id)
        .fetch_optional(&mut **self)
        .await?;
        Ok(row.map(
            |(workspace_id, project_id, role, item_deleted)| RoomAccess {
                identity: RoomIdentity {
                    room_id,
                    workspace_id,
                    project_id,
                },
                role: role.as_deref().and_then(role_from_text),
                item_deleted,
            },
        ))
    }

    pub async fn room_heads(&mut self, room_id: Uuid) -> Result<Option<RoomHeads>> {
        let heads = sqlx::query_as(
            "select r.seq, r.snapshot_seq, r.projected_seq, r.kept_from, i.id as image_id
             from rooms r left join images i on i.room_id = r.id where r.id = $1",
        )
        .bind(room_id)
        .fetch_optional(&mut **self)
        .await?;
        Ok(heads)
    }

    /// Events with `after < seq <= until`, in order, at most `limit`.
    pub async fn room_events(
        &mut self,
        room_id: Uuid,
        after: i64,
        until: i64,
        limit: i64,
    ) -> Result<Vec<RoomEvent>> {
        let events = sqlx::query_as(
            "select seq, user_id, payload, created_at from room_events
             where room_id = $1 and seq > $2 and seq <= $3 order by seq limit $4",
        )
        .bind(room_id)
        .bind(after)
        .bind(until)
        .bind(limit)
        .fetch_all(&mut **self)
        .await?;
        Ok(events)
    }

    /// The newest snapshot at or before `seq`.
    pub async fn room_snapshot(&mut self, room_id: Uuid, seq: i64) -> Result<Option<RoomSnapshot>> {
        let snapshot = sqlx::query_as(
            "select seq, state, checksum from room_snapshots
             where room_id = $1 and seq <= $2 order by seq desc limit 1",
        )
        .bind(room_id)
        .bind(seq)
        .fetch_optional(&mut **self)
        .await?;
        Ok(snapshot)
    }

    /// Keeps the newest `keep`, so that a recent past is cheap to read, the one with which the log
    /// begins, and for each named version the one from which it is read. One that stands at `seq`
    /// already is replaced: it may be the one that could not be read.
    pub async fn insert_room_snapshot(
        &mut self,
        room: &RoomIdentity,
        seq: i64,
        state: &[u8],
        keep: i64,
    ) -> Result<()> {
        self.keep_room_snapshot(room, seq, state).await?;
        sqlx::query(
            "delete from room_snapshots where room_id = $1 and seq not in
             (select seq from room_snapshots where room_id = $1 order by seq desc limit $2)
             and seq not in (select kept_from from rooms where id = $1)
             and seq not in
             (select s.seq from room_versions v cross join lateral
                 (select seq from room_snapshots where room_id = v.room_id and seq <= v.seq
                  order by seq desc limit 1) s
              where v.room_id = $1)",
        )
        .bind(room.room_id)
        .bind(keep)
        .execute(&mut **self)
        .await?;
        sqlx::query("update rooms set snapshot_seq = greatest(snapshot_seq, $2) where id = $1")
            .bind(room.room_id)
            .bind(seq)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    /// Numbers and writes the events, each room's in the order given; one round trip.
    /// A room that is gone is missing from the answer, and its events are not written.
    pub async fn append_room_events(
        &mut self,
        workspace_id: Uuid,
        events: &[NewRoomEvent],
    ) -> Result<Vec<Appended>> {
        let rooms: Vec<Uuid> = events.iter().map(|event| event.room_id).collect();
        let users: Vec<Option<Uuid>> = events.iter().map(|event| event.user_id).collect();
        let payloads: Vec<&[u8]> = events.iter().map(|event| event.payload.as_ref()).collect();
        let appended = sqlx::query_as(
            "with given as (
                 select g.*, row_number() over (partition by g.room_id order by g.position) as nth
                 from unnest($2::uuid[], $3::uuid[], $4::bytea[])
                     with ordinality as g (room_id, user_id, payload, position)
             ), locked as (
                 select id from rooms where id = any($2) order by id for update
             ), bumped as (
                 update rooms r set seq = r.seq + c.n
                 from locked l join
                     (select room_id, count(*) as n from given group by room_id) c on c.room_id = l.id
                 where r.id = l.id returning r.id, r.seq - c.n as base
             ), written as (
                 insert into room_events (workspace_id, room_id, seq, user_id, payload)
                 select $1, g.room_id, b.base + g.nth, g.user_id, g.payload
                 from given g join bumped b on b.id = g.room_id
                 returning room_id, seq, created_at
             )
             select room_id, max(seq) as seq, max(created_at) as created_at
             from written group by room_id",
        )
        .bind(workspace_id)
        .bind(rooms)
        .bind(users)
        .bind(payloads)
        .fetch_all(&mut **self)
        .await?;
        Ok(appended)
    }

    /// Binds CRDT client ids to the accounts that used them first; a binding is never changed.
    pub async fn bind_room_clients(
        &mut self,
        workspace_id: Uuid,
        bindings: &[(Uuid, u64, Option<Uuid>)],
    ) -> Result<()> {
        let rooms: Vec<Uuid> = bindings.iter().map(|binding| binding.0).collect();
        let clients: Vec<i64> = bindings.iter().map(|binding| binding.1 as i64).collect();
        let users: Vec<Option<Uuid>> = bindings.iter().map(|binding| binding.2).collect();
        sqlx::query(
            "insert into room_clients (workspace_id, room_id, client_id, user_id)
             select $1, b.room_id, b.client_id, b.user_id
             from unnest($2::uuid[], $3::bigint[], $4::uuid[]) as b (room_id, client_id, user_id)
             join rooms r on r.id = b.room_id
             on conflict do nothing",
        )
        .bind(workspace_id)
        .bind(rooms)
        .bind(clients)
        .bind(users)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// Who used which CRDT client ids in the room, as the caller sees them.
    pub async fn room_authors(&mut self, room_id: Uuid) -> Result<Vec<RoomAuthor>> {
        let authors = sqlx::query_as(
            "select c.user_id, u.name, c.client_ids
             from (select user_id, array_agg(client_id order by client_id) as client_ids
                   from room_clients where room_id = $1 group by user_id) c
             left join users u on u.id = c.user_id
             order by u.name, c.user_id",
        )
        .bind(room_id)
        .fetch_all(&mut **self)
        .await?;
        Ok(authors)
    }

    /// Every bound CRDT client id of the room; no account means the server itself.
    pub async fn room_clients(&mut self, room_id: Uuid) -> Result<Vec<(i64, Option<Uuid>)>> {
        let clients =
            sqlx::query_as("select client_id, user_id from room_clients where room_id = $1")
                .bind(room_id)
                .fetch_all(&mut **self)
                .await?;
        Ok(clients)
    }
}

impl super::Store {
    /// The heads of rooms of any tenant.
    pub async fn room_seqs(&self, rooms: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
        let heads: Vec<(Uuid, i64)> =
            sqlx::query_as("select id, seq from rooms where id = any($1)")
                .bind(rooms)
                .fetch_all(self.system())
                .await?;
        Ok(heads.into_iter().collect())
    }

    /// Rooms of every tenant whose rows lag behind their log, by id, above `after`.
    pub async fn unprojected_rooms(&self, after: Uuid, limit: i64) -> Result<Vec<RoomIdentity>> {
        let rooms = sqlx::query_as(
            "select id as room_id, workspace_id, project_id from rooms
             where projected_seq < seq and id > $1 order by id limit $2",
        )
        .bind(after)
        .bind(limit)
        .fetch_all(self.system())
        .await?;
        Ok(rooms)
    }
}
