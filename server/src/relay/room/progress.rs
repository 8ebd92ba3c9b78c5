//! How far rows and snapshots are, which outlives the actor that writes them.

use crate::store::RoomHeads;
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

/// A snapshot is due after so many events, or when nobody has edited for `Hub::rest`. A large
/// document waits for more, in proportion to its size.
const SNAPSHOT_EVENTS: i64 = 200;

/// How far rows and snapshots are.
#[derive(Clone, Copy)]
pub(super) struct Progress {
    pub image_id: Option<Uuid>,
    /// The rows hold everything up to this event.
    pub projected_seq: i64,
    /// The newest snapshot stands after this event.
    pub snapshot_seq: i64,
    snapshot_bytes: usize,
    /// Since that snapshot.
    logged_bytes: usize,
    logged_at: Instant,
}

impl Progress {
    /// Of a room that was just loaded.
    pub fn new(heads: &RoomHeads) -> Self {
        Self {
            image_id: heads.image_id,
            projected_seq: heads.projected_seq,
            snapshot_seq: heads.snapshot_seq,
            snapshot_bytes: 0,
            logged_bytes: 0,
            logged_at: Instant::now(),
        }
    }

    /// Whether rows and a snapshot hold everything up to event `seq`.
    pub fn is_done(&self, seq: i64) -> bool {
        self.projected_seq >= seq && self.snapshot_seq >= seq
    }

    /// An event of so many bytes is in the document.
    pub fn logged(&mut self, bytes: usize, now: Instant) {
        self.logged_bytes += bytes;
        self.logged_at = now;
    }

    /// A snapshot of so many bytes was made after event `seq`; one that was not written is due again
    /// after a rest.
    pub fn snapshot_made(&mut self, seq: i64, bytes: usize, written: bool) {
        if written {
            self.snapshot_seq = seq;
        } else {
            self.logged_at = Instant::now();
        }
        self.snapshot_bytes = bytes;
        self.logged_bytes = 0;
    }

    /// When a snapshot of a document at event `seq` is due, in rooms that sleep after `rest`.
    pub fn snapshot_due(&self, seq: i64, rest: Duration) -> Option<Instant> {
        if seq == self.snapshot_seq {
            return None;
        }
        let full = seq - self.snapshot_seq >= SNAPSHOT_EVENTS
            && self.logged_bytes >= self.snapshot_bytes / 8;
        Some(if full {
            self.logged_at
        } else {
            self.logged_at + rest
        })
    }
}
