//! The past of a room: its document at any sequence number, from a snapshot and the log.
//!
//! What cannot be read is set aside: an older snapshot and more of the log stand in for a corrupt
//! snapshot, and an event that cannot be applied is passed over. The log keeps every byte, until
//! `retention` drops its beginning.

mod past;
mod retention;
mod versions;

pub use past::{Back, Point, revert, take_snapshot};
pub use retention::drop_events_before;
pub use versions::{check_tag, name_version};

use crate::error::{Error, Result};
use crate::memory::of_documents;
use crate::store::{RoomEvent, Tx};
use std::panic::{AssertUnwindSafe, catch_unwind};
use uuid::Uuid;
use visionflow_document::{Change, Document};

/// Events read at a time.
const PAGE: i64 = 500;

/// The document of a room as it was right after event `seq`; its updates are read within `tx`.
/// 404 when the room is not visible to the transaction's claims; an error where neither a snapshot
/// nor the log has it any more.
///
/// Only for reading: its CRDT client id is not the room's to write with.
pub async fn document_at(tx: &mut Tx, room_id: Uuid, seq: i64) -> Result<Document> {
    let heads = tx.room_heads(room_id).await?.ok_or_else(Error::not_found)?;
    let Opened {
        mut document,
        seq: from,
        ..
    } = open_snapshot(tx, room_id, heads.kept_from, seq, 0).await?;
    replay(tx, room_id, &mut document, from, seq, |_, _| {}).await?;
    Ok(document)
}

/// What a snapshot of the room right after event `seq` holds; nothing while something waits in the
/// document for what has not come: it would not be in it.
async fn snapshot_at(tx: &mut Tx, room_id: Uuid, seq: i64) -> Result<Option<Vec<u8>>> {
    let document = document_at(tx, room_id, seq).await?;
    let state = document.is_whole().then(|| document.diff(&[]));
    state.transpose().map_err(Error::internal)
}

/// A document as a snapshot has it.
pub(crate) struct Opened {
    pub document: Document,
    /// The event after which it stands.
    pub seq: i64,
    /// What it takes as an update.
    pub bytes: usize,
}

/// The newest snapshot at or before `seq` that can be read; an empty document at 0 where there is
/// none: the log alone makes it then. An error where the log does not lead from there to `seq`, for
/// it begins after `kept_from`.
pub(crate) async fn open_snapshot(
    tx: &mut Tx,
    room_id: Uuid,
    kept_from: i64,
    seq: i64,
    client_id: u64,
) -> Result<Opened> {
    let leads_to = |from: i64| from == seq || from >= kept_from;
    let mut before = seq;
    while let Some(snapshot) = tx.room_snapshot(room_id, before).await? {
        let mut document = of_documents(|| Document::new(client_id));
        let fault = if !snapshot.is_intact() {
            "The checksum is another."
        } else if !leads_to(snapshot.seq) {
            break;
        } else if apply(&mut document, &snapshot.state).is_none() {
            "The bytes are no document."
        } else {
            return Ok(Opened {
                document,
                seq: snapshot.seq,
                bytes: snapshot.state.len(),
            });
        };
        report(tx, room_id, Fault::Snapshot, snapshot.seq, fault).await?;
        before = snapshot.seq - 1;
    }
    if !leads_to(0) {
        return Err(Error::internal(anyhow::anyhow!(
            "no snapshot of room {room_id} leads to event {seq}: its log begins after {kept_from}"
        )));
    }
    Ok(Opened {
        document: of_documents(|| Document::new(client_id)),
        seq: 0,
        bytes: 0,
    })
}

/// Applies the events after `after` until `until` and tells `seen` what each changed.
///
/// An event that Yrs cannot apply changes nothing, here as it did when it was committed; it is
/// noted and passed over. An error where one is missing.
pub(crate) async fn replay(
    tx: &mut Tx,
    room_id: Uuid,
    document: &mut Document,
    mut after: i64,
    until: i64,
    mut seen: impl FnMut(&RoomEvent, Change),
) -> Result<i64> {
    while after < until {
        let events = tx.room_events(room_id, after, until, PAGE).await?;
        // Retention may have dropped some since the snapshot was read.
        let gap =
            |after| anyhow::anyhow!("the log of room {room_id} has a gap after event {after}");
        if events.is_empty() {
            return Err(Error::internal(gap(after)));
        }
        for event in &events {
            if event.seq != after + 1 {
                return Err(Error::internal(gap(after)));
            }
            after = event.seq;
            if let Some(change) = apply(document, &event.payload) {
                seen(event, change);
            } else {
                let detail = "The update cannot be applied.";
                report(tx, room_id, Fault::Event, event.seq, detail).await?;
            }
        }
        // Long logs share the thread with everyone else.
        tokio::task::yield_now().await;
    }
    Ok(after)
}

/// What could not be read.
#[derive(Clone, Copy)]
enum Fault {
    Snapshot,
    Event,
}

/// Sets a part of the past aside: it stays where it is, and a row says so. The row stands once `tx`
/// is committed.
async fn report(tx: &mut Tx, room_id: Uuid, fault: Fault, seq: i64, detail: &str) -> Result<()> {
    let kind = match fault {
        Fault::Snapshot => "snapshot",
        Fault::Event => "event",
    };
    tracing::error!(%room_id, kind, seq, detail, "a part of a room's past is passed over");
    metrics::counter!("room_faults_total", "kind" => kind).increment(1);
    tx.insert_room_fault(room_id, kind, seq, detail).await
}

/// What the update changed; `None` when it is refused. A panic in the decoder counts as a refusal:
/// what one client sent must not end the room for all.
pub(crate) fn apply(document: &mut Document, update: &[u8]) -> Option<Change> {
    let apply = || of_documents(|| document.apply_update(update));
    match catch_unwind(AssertUnwindSafe(apply)) {
        Ok(Ok(change)) => Some(change),
        Ok(Err(error)) => {
            tracing::warn!(%error, "an update was refused");
            None
        }
        Err(_) => None,
    }
}
