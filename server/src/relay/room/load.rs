//! Opening a room: snapshot and log into a document, and what the rows still lack.

use super::folded::{Checkpoints, Quiet};
use super::progress::Progress;
use crate::error::{Error, Result};
use crate::history::{self, Opened};
use crate::projection::Touches;
use crate::relay::hub::Hub;
use crate::store::RoomIdentity;
use std::collections::HashMap;
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;
use visionflow_document::Document;

/// How long opening is tried before those who wait are sent away.
const PATIENCE: Duration = Duration::from_secs(10);

/// A room as its actor begins with it.
pub(super) struct Loaded {
    pub document: Document,
    /// What the document takes as an update, about.
    pub bytes: usize,
    pub kept: Kept,
}

/// What is known of a room beside its document, open or folded.
pub(super) struct Kept {
    /// The last event that the document holds.
    pub seq: i64,
    pub progress: Progress,
    /// What happened after `progress.projected_seq`.
    pub touches: Touches,
    /// The accounts that CRDT client ids belong to; none for the server's.
    pub clients: HashMap<u64, Option<Uuid>>,
    pub checkpoints: Checkpoints,
    pub quiet: Quiet,
}

impl Kept {
    /// Whether rows and a snapshot hold everything, so that the document can be had from the
    /// database alone.
    pub fn is_stored(&self) -> bool {
        self.progress.is_done(self.seq) && self.touches.is_settled()
    }
}

/// Loads the room, through short outages of the database; as of event `until` where one is given.
pub(super) async fn load_patiently(
    hub: &Hub,
    room: &RoomIdentity,
    until: Option<i64>,
) -> Result<Loaded> {
    let started = Instant::now();
    loop {
        match load(hub, room, until).await {
            Err(Error::Internal(error)) if started.elapsed() < PATIENCE => {
                tracing::warn!(room_id = %room.room_id, error = format!("{error:#}"), "room not loaded, trying again");
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
            outcome => {
                metrics::histogram!("relay_load_seconds").record(started.elapsed());
                return outcome;
            }
        }
    }
}

async fn load(hub: &Hub, room: &RoomIdentity, until: Option<i64>) -> Result<Loaded> {
    let mut tx = hub.store.begin_as_tenant(room.workspace_id).await?;
    let mut heads = tx
        .room_heads(room.room_id)
        .await?
        .ok_or_else(Error::not_found)?;
    let until = until.map_or(heads.seq, |seq| seq.min(heads.seq));
    // From before the first event that the rows lack, so that its changes are seen.
    let begin = heads.projected_seq.min(until);
    let Opened {
        mut document,
        seq: from,
        mut bytes,
    } = history::open_snapshot(
        &mut tx,
        room.room_id,
        heads.kept_from,
        begin,
        new_client_id(),
    )
    .await?;
    let mut touches = Touches::default();
    let seq = history::replay(
        &mut tx,
        room.room_id,
        &mut document,
        from,
        until,
        |event, change| {
            bytes += event.payload.len();
            if event.seq > heads.projected_seq {
                touches.record(&change, event.user_id, event.created_at, event.seq);
            }
        },
    )
    .await?;
    let clients = tx.room_clients(room.room_id).await?;
    // What was found to be corrupt is noted.
    tx.commit().await?;
    if from < heads.snapshot_seq.min(begin) {
        // The newest could not be read: another is due.
        heads.snapshot_seq = from;
    }
    let kept = Kept {
        seq,
        progress: Progress::new(&heads),
        touches,
        clients: clients
            .into_iter()
            .map(|(client, user)| (client as u64, user))
            .collect(),
        checkpoints: Checkpoints::new(),
        quiet: Quiet::from_now(),
    };
    Ok(Loaded {
        document,
        bytes,
        kept,
    })
}

/// The server's own CRDT client id for one stay of a room in memory. Random, like every Yjs
/// client's, and within the 32 bits that those use.
fn new_client_id() -> u64 {
    (Uuid::new_v4().as_u128() as u32).into()
}
