//! The past of a room: its document at any sequence number, from a snapshot and the log.

use crate::error::{Error, Result};
use crate::store::{RoomEvent, Tx};
use std::panic::{AssertUnwindSafe, catch_unwind};
use uuid::Uuid;
use visionflow_document::{Change, Document};

/// Events read at a time.
const PAGE: i64 = 500;

/// The document of a room as it was right after event `seq`; its updates are read within `tx`.
/// 404 when the room is not visible to the transaction's claims.
///
/// Only for reading: its CRDT client id is not the room's to write with.
pub async fn document_at(tx: &mut Tx, room_id: Uuid, seq: i64) -> Result<Document> {
    tx.room_heads(room_id).await?.ok_or_else(Error::not_found)?;
    let (mut document, from) = open_snapshot(tx, room_id, seq, 0).await?;
    replay(tx, room_id, &mut document, from, seq, |_, _| {}).await?;
    Ok(document)
}

/// The newest snapshot at or before `seq` and the number at which it stands; an empty document at
/// 0 where there is none, or none that can be read.
pub(crate) async fn open_snapshot(
    tx: &mut Tx,
    room_id: Uuid,
    seq: i64,
    client_id: u64,
) -> Result<(Document, i64)> {
    if let Some((at, state)) = tx.room_snapshot(room_id, seq).await? {
        let mut document = Document::new(client_id);
        if apply(&mut document, &state).is_some() {
            return Ok((document, at));
        }
        tracing::error!(%room_id, at, "a snapshot cannot be read; using the log");
    }
    Ok((Document::new(client_id), 0))
}

/// Applies the events after `after` until `until` and tells `seen` what each changed.
///
/// An event that Yrs cannot apply changes nothing, here as it did when it was committed.
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
        let Some(last) = events.last() else { break };
        after = last.seq;
        for event in &events {
            if let Some(change) = apply(document, &event.payload) {
                seen(event, change);
            } else {
                tracing::warn!(%room_id, seq = event.seq, "an event cannot be applied");
            }
        }
        // Long logs share the thread with everyone else.
        tokio::task::yield_now().await;
    }
    Ok(after)
}

/// What the update changed; `None` when it is refused. A panic in the decoder counts as a refusal:
/// what one client sent must not end the room for all.
pub(crate) fn apply(document: &mut Document, update: &[u8]) -> Option<Change> {
    match catch_unwind(AssertUnwindSafe(|| document.apply_update(update))) {
        Ok(Ok(change)) => Some(change),
        Ok(Err(error)) => {
            tracing::warn!(%error, "an update was refused");
            None
        }
        Err(_) => None,
    }
}
