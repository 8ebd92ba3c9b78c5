//! When an actor may end for now, and what it leaves behind.

use super::Actor;
use crate::relay::room::folded::{Folded, patience};
use crate::relay::room::life::Rest;
use crate::relay::room::load::{Kept, Loaded};
use crate::relay::room::progress::Progress;
use tokio::time::Instant;

impl Actor {
    /// When the document may rest; `None` while it or what follows from it is not all stored.
    pub(super) fn rests_at(&self) -> Option<(Instant, Progress)> {
        let waits = !self.in_flight.is_empty() || !self.waiting.is_empty();
        let progress = self.persistence.at_rest()?;
        if waits || progress.projected_seq < self.seq || !self.touches.is_empty() {
            return None;
        }
        let may_rest = self.next_work() > Instant::now();
        let hub = &self.hub;
        let time = || patience(self.open.bytes(), hub.rest, hub.is_crowded());
        may_rest.then(|| (self.quiet.since + time(), progress))
    }

    /// Lets the document go: folded up, or where it is all stored and has been quiet for long, to be
    /// loaded again.
    pub(super) async fn rest(self, progress: Progress) -> Rest {
        let next_work = self.next_work();
        let (hub, room) = (self.hub, self.room);
        let kept = Kept {
            seq: self.seq,
            progress,
            touches: self.touches,
            clients: self.clients,
            checkpoints: self.checkpoints,
            quiet: self.quiet,
        };
        let sleeps_at = kept.quiet.since + hub.rest;
        let is_stored = kept.is_stored();
        if is_stored && sleeps_at <= Instant::now() {
            return Rest::Asleep { seq: kept.seq };
        }
        let due = if is_stored { sleeps_at } else { next_work };
        let loaded = Loaded {
            document: self.document,
            bytes: self.open.bytes(),
            kept,
        };
        match Folded::fold(loaded, due).await {
            Ok(folded) => Rest::Folded(Box::new(folded)),
            Err(error) => {
                tracing::error!(room_id = %room.identity.room_id, %error, "a document cannot be folded");
                hub.evict(&room, true);
                Rest::Ended
            }
        }
    }
}
