//! Retention: old events make room, by the operator's policy, and what named versions show stays.
//!
//! In their place stands the whole document as it was after the last of them, one snapshot, and one
//! for each version named before. Rows, authorship and everything since then stay as they are.

use super::snapshot_at;
use crate::error::{Error, Result};
use crate::store::{RoomIdentity, Tx};
use time::OffsetDateTime;

/// For fewer a snapshot is not worth its bytes.
const LEAST: i64 = 100;

/// Drops the room's events from before `before`; how many there were. Nothing where rows still wait
/// for them, or something is still missing in what would stand in their place. All of it happens with
/// the transaction, or nothing.
pub async fn drop_events_before(
    tx: &mut Tx,
    room: &RoomIdentity,
    before: OffsetDateTime,
) -> Result<i64> {
    let room_id = room.room_id;
    let heads = tx.room_heads(room_id).await?.ok_or_else(Error::not_found)?;
    let last = tx.last_room_event_before(room_id, before).await?;
    let last = last.min(heads.projected_seq);
    let dropped = last - heads.kept_from;
    if dropped < LEAST {
        return Ok(0);
    }
    // Those from before the log's present beginning have theirs already.
    let mut kept = tx.room_version_seqs(room_id, heads.kept_from, last).await?;
    kept.push(last);
    for seq in kept {
        let Some(state) = snapshot_at(tx, room_id, seq).await? else {
            return Ok(0);
        };
        tx.keep_room_snapshot(room, seq, &state).await?;
    }
    tx.begin_room_log_after(room_id, last).await?;
    Ok(dropped)
}
