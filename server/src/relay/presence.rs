//! Presence of one room: never stored, merged, and sent to everyone once a tick.

use super::member::Member;
use super::room::Room;
use bytes::Bytes;
use metrics::{counter, histogram};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;
use visionflow_sync::{AwarenessStates, AwarenessUpdate};

/// The least time between two presence frames to one reader. What changes after a pause goes out
/// at once; a busy room pays one frame a reader and tick, however many people move.
const TICK: Duration = Duration::from_millis(20);
/// How often silent clients are looked for.
const SWEEP: Duration = Duration::from_secs(3);

pub(super) struct Presence {
    inner: Mutex<Inner>,
    changed: Notify,
    started: Instant,
}

#[derive(Default)]
struct Inner {
    states: AwarenessStates,
    /// Clients whose newest state has not been sent yet.
    changed: BTreeSet<u64>,
}

impl Presence {
    pub fn new() -> Self {
        Self {
            inner: Mutex::default(),
            changed: Notify::new(),
            started: Instant::now(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_ms(&self) -> u64 {
        self.started.elapsed().as_millis() as u64
    }

    pub fn apply(&self, update: &AwarenessUpdate, member: &Member) {
        let now_ms = self.now_ms();
        let mut inner = self.lock();
        let changed = inner.states.apply(update, member.id, now_ms);
        self.note(&mut inner, changed);
    }

    /// The socket has closed: its clients are gone for everyone.
    pub fn leave(&self, member: &Member) {
        let now_ms = self.now_ms();
        let mut inner = self.lock();
        let left = inner.states.remove(member.id, now_ms);
        self.note(&mut inner, left);
    }

    /// A frame with the newest state of everyone here; `None` when nobody shows any.
    pub fn everyone(&self) -> Option<Bytes> {
        let inner = self.lock();
        inner.states.encode(inner.states.present()).map(Bytes::from)
    }

    fn note(&self, inner: &mut Inner, changed: Vec<u64>) {
        if !changed.is_empty() {
            inner.changed.extend(changed);
            self.changed.notify_one();
        }
    }

    fn take_frame(&self) -> Option<Bytes> {
        let mut inner = self.lock();
        let changed = std::mem::take(&mut inner.changed);
        inner.states.encode(changed).map(Bytes::from)
    }

    fn sweep(&self) {
        let now_ms = self.now_ms();
        let mut inner = self.lock();
        let silent = inner.states.expire(now_ms);
        self.note(&mut inner, silent);
    }
}

/// Sends what changed to everyone, tick by tick, until the room ends.
///
/// The same bytes go to all: a client recognises its own state by its clock, and public clients
/// take the echo for a sign that the connection lives.
pub(super) async fn run(room: Arc<Room>) {
    let mut sweep = tokio::time::interval(SWEEP);
    loop {
        tokio::select! {
            () = room.presence.changed.notified() => {}
            _ = sweep.tick() => {
                room.presence.sweep();
                continue;
            }
        }
        if let Some(frame) = room.presence.take_frame() {
            let started = Instant::now();
            let members = room.members();
            for member in &members {
                member.outbox.awareness(frame.clone());
            }
            counter!("relay_awareness_frames_total").increment(members.len() as u64);
            histogram!("relay_awareness_fanout_seconds").record(started.elapsed());
        }
        tokio::time::sleep(TICK).await;
    }
}
