//! What follows durability at leisure: rows and snapshots, written beside the room's actor.

use super::actor::Actor;
use super::progress::Progress;
use crate::error::Result;
use crate::memory::of_documents;
use crate::projection::{self, Projected, Touches};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How long a change waits for others before it is projected, unless a reader waits for it.
const GATHER: Duration = Duration::from_millis(25);
/// Where people edit all the time, rows that nobody waits for are written so often.
const EVERY: Duration = Duration::from_millis(100);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A finished piece of work.
pub(super) enum Done {
    Projected {
        outcome: Result<Projected>,
        touches: Touches,
    },
    Snapshot {
        outcome: Result<()>,
        seq: i64,
        bytes: usize,
    },
}

pub(super) struct Persistence {
    progress: Progress,
    projecting: bool,
    project_at: Instant,
    /// Rows have just been written; those that nobody waits for rest until then.
    rests_until: Instant,
    /// `project_at` stands: what comes now does not put it off.
    rows_wait: bool,
    pause: Duration,
    snapshotting: bool,
    rest: Duration,
    /// Boxed: a channel holds room for 32, and of these there are two at the most.
    done: mpsc::UnboundedSender<Box<Done>>,
    done_received: mpsc::UnboundedReceiver<Box<Done>>,
}

impl Persistence {
    pub fn new(progress: Progress, rest: Duration) -> Self {
        let (done, done_received) = mpsc::unbounded_channel();
        Self {
            progress,
            projecting: false,
            project_at: Instant::now(),
            rests_until: Instant::now(),
            rows_wait: false,
            pause: FIRST_PAUSE,
            snapshotting: false,
            rest,
            done,
            done_received,
        }
    }

    pub async fn finished(&mut self) -> Option<Done> {
        self.done_received.recv().await.map(|done| *done)
    }

    /// An update of so many bytes was applied.
    pub fn logged(&mut self, bytes: usize) {
        let now = Instant::now();
        self.progress.logged(bytes, now);
        if !std::mem::replace(&mut self.rows_wait, true) {
            self.project_at = self.rests_until.max(now + GATHER);
        }
    }

    /// A reader waits for the rows.
    pub fn hurry(&mut self) {
        self.rows_wait = true;
        self.project_at = self.project_at.min(Instant::now());
    }

    /// Whether rows are to be written now, or as soon as no edit of the server is in flight.
    pub fn rows_are_due(&self, seq: i64, touches: &Touches) -> bool {
        let due = self.rows_due(seq, touches);
        due.is_some_and(|due| due <= Instant::now())
    }

    /// How far everything is, while nothing is being written.
    pub fn at_rest(&self) -> Option<Progress> {
        (!self.projecting && !self.snapshotting).then_some(self.progress)
    }

    fn rows_due(&self, seq: i64, touches: &Touches) -> Option<Instant> {
        let lag = self.progress.projected_seq < seq || !touches.is_empty();
        (lag && !self.projecting).then_some(self.project_at)
    }

    fn snapshot_due(&self, seq: i64) -> Option<Instant> {
        let due = self.progress.snapshot_due(seq, self.rest);
        due.filter(|_| !self.snapshotting)
    }
}

impl Actor {
    /// When there is something to start. Never while the document holds edits of the server that
    /// are not durable yet.
    pub(super) fn next_work(&self) -> Instant {
        let rows = self.persistence.rows_due(self.seq, &self.touches);
        let due = rows.into_iter().chain(self.snapshot_due()).min();
        let never = || Instant::now() + Duration::from_hours(1);
        due.filter(|_| self.local_in_flight == 0)
            .unwrap_or_else(never)
    }

    /// No snapshot is written while something waits in the document for what has not come: it would
    /// not be in it. The log has it.
    fn snapshot_due(&self) -> Option<Instant> {
        let due = self.persistence.snapshot_due(self.seq)?;
        self.document.is_whole().then_some(due)
    }

    /// Starts what is due.
    pub(super) fn persist(&mut self) {
        let now = Instant::now();
        if self.persistence.rows_are_due(self.seq, &self.touches) {
            self.project();
        }
        if self.snapshot_due().is_some_and(|due| due <= now) {
            self.snapshot();
        }
    }

    fn project(&mut self) {
        let touches = std::mem::take(&mut self.touches);
        let (room, image_id) = (self.room.identity, self.persistence.progress.image_id);
        let batch = of_documents(|| touches.batch(room, image_id, self.seq, &self.document));
        let (store, done) = (self.hub.store.clone(), self.persistence.done.clone());
        self.persistence.projecting = true;
        self.persistence.rests_until = Instant::now() + EVERY;
        self.persistence.rows_wait = false;
        self.hub.rooms_running.spawn(async move {
            let outcome = projection::write(&store, &batch).await;
            let _ = done.send(Box::new(Done::Projected { outcome, touches }));
        });
    }

    fn snapshot(&mut self) {
        let Ok(state) = self.document.diff(&[]) else {
            return;
        };
        let (store, done) = (self.hub.store.clone(), self.persistence.done.clone());
        let keep = self.hub.keep_snapshots;
        let (room, seq, bytes) = (self.room.identity, self.seq, state.len());
        self.open.measured(bytes);
        self.persistence.snapshotting = true;
        self.hub.rooms_running.spawn(async move {
            let outcome = async {
                let mut tx = store.begin_as_tenant(room.workspace_id).await?;
                tx.insert_room_snapshot(&room, seq, &state, keep.into())
                    .await?;
                tx.commit().await
            };
            let outcome = outcome.await;
            let _ = done.send(Box::new(Done::Snapshot {
                outcome,
                seq,
                bytes,
            }));
        });
    }

    pub(super) fn on_persisted(&mut self, done: Done) {
        let persistence = &mut self.persistence;
        let now = Instant::now();
        match done {
            Done::Projected {
                outcome: Ok(projected),
                touches,
            } if projected.is_stale => {
                // Soon this server has taken in what the other one has, and writes that.
                persistence.projecting = false;
                persistence.project_at = now + FIRST_PAUSE;
                persistence.rows_wait = true;
                self.touches.put_back(touches);
                self.on_projected(&projected);
            }
            Done::Projected {
                outcome: Ok(projected),
                touches,
            } => {
                persistence.projecting = false;
                persistence.pause = FIRST_PAUSE;
                let progress = &mut persistence.progress;
                progress.projected_seq = projected.seq;
                progress.image_id = progress.image_id.or(projected.late_image);
                self.touches.keep_passed_over(touches, &projected);
                self.on_projected(&projected);
            }
            Done::Projected {
                outcome: Err(error),
                touches,
            } => {
                tracing::error!(room_id = %self.room.identity.room_id, error = format!("{error:?}"), "rows not written, trying again");
                persistence.projecting = false;
                persistence.project_at = now + persistence.pause;
                persistence.rows_wait = true;
                persistence.pause = (persistence.pause * 2).min(LONGEST_PAUSE);
                self.touches.put_back(touches);
            }
            Done::Snapshot {
                outcome,
                seq,
                bytes,
            } => {
                persistence.snapshotting = false;
                if let Err(error) = &outcome {
                    tracing::warn!(room_id = %self.room.identity.room_id, error = format!("{error:?}"), "snapshot not written");
                }
                let written = outcome.is_ok();
                persistence.progress.snapshot_made(seq, bytes, written);
            }
        }
    }

    /// Before the room leaves memory: rows and a snapshot, as far as they can be had quickly.
    /// What fails is made up for when the room is opened again.
    pub(super) async fn finish(&mut self) {
        self.persistence.hurry();
        self.persistence.project_at = Instant::now();
        if self.snapshot_due().is_some() {
            self.snapshot();
        }
        let until = Instant::now() + Duration::from_secs(5);
        loop {
            self.persist();
            if !self.persistence.projecting && !self.persistence.snapshotting {
                return;
            }
            match tokio::time::timeout_at(until, self.persistence.finished()).await {
                Ok(
                    Some(Done::Projected {
                        outcome: Err(_), ..
                    })
                    | None,
                )
                | Err(_) => return,
                Ok(Some(done)) => self.on_persisted(done),
            }
        }
    }
}
