//! The newest events of a room, ready to be sent, while a script is there to read them.

use super::wire;
use crate::ops::Rate;
use crate::relay::mark::Mark;
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::OffsetDateTime;
use uuid::Uuid;

/// What is older is read from the database.
const MAX_EVENTS: usize = 1024;
const MAX_BYTES: usize = 4 << 20;
const UNOPENED: i64 = -1;

pub(in crate::relay) struct Log {
    recent: Mutex<Recent>,
    readers: AtomicUsize,
    /// The last event; [`UNOPENED`] until the room is open.
    head: Mark,
    ops: Arc<Rate>,
}

/// Events without a gap, the last of which is the head.
#[derive(Default)]
struct Recent {
    events: VecDeque<(i64, Bytes)>,
    bytes: usize,
}

impl Log {
    /// `ops` counts the events of all rooms.
    pub fn new(ops: Arc<Rate>) -> Self {
        Self {
            recent: Mutex::default(),
            readers: AtomicUsize::new(0),
            head: Mark::new(UNOPENED),
            ops,
        }
    }

    /// The document was loaded as of event `seq`.
    pub fn open(&self, seq: i64) {
        self.head.set(seq);
    }

    /// Event `seq` is durable. Costs next to nothing while no script reads.
    pub fn push(&self, seq: i64, at: OffsetDateTime, user_id: Option<Uuid>, payload: &[u8]) {
        let mut recent = self.lock();
        if self.readers.load(Ordering::Acquire) == 0 {
            *recent = Recent::default();
        } else {
            recent.push(seq, wire::event(seq, at, user_id, payload));
        }
        drop(recent);
        self.ops.count();
        self.head.set(seq);
    }

    pub(super) fn read(self: &Arc<Self>) -> Reading {
        self.readers.fetch_add(1, Ordering::AcqRel);
        Reading {
            log: self.clone(),
            seen: self.head.get(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recent {
    fn push(&mut self, seq: i64, frame: Bytes) {
        let follows = self.events.back().is_none_or(|(last, _)| last + 1 == seq);
        if !follows {
            *self = Self::default();
        }
        self.bytes += frame.len();
        self.events.push_back((seq, frame));
        while self.events.len() > MAX_EVENTS || (self.bytes > MAX_BYTES && self.events.len() > 1) {
            let Some((_, frame)) = self.events.pop_front() else {
                break;
            };
            self.bytes -= frame.len();
        }
    }

    fn after(&self, seq: i64) -> Option<Vec<(i64, Bytes)>> {
        let first = self.events.front()?.0;
        let skipped = usize::try_from(seq + 1 - first).ok()?;
        let wanted = self.events.iter().skip(skipped).cloned();
        Some(wanted.collect::<Vec<_>>()).filter(|events| !events.is_empty())
    }
}

/// Keeps events in memory as long as it lives.
pub(super) struct Reading {
    log: Arc<Log>,
    /// The head that was last looked at.
    seen: i64,
}

impl Reading {
    /// Waits until the room is open, and returns its last event.
    pub async fn opened(&self) -> i64 {
        self.log.head.until(|head| head != UNOPENED).await
    }

    pub fn head(&mut self) -> i64 {
        self.seen = self.log.head.get();
        self.seen
    }

    /// Waits for an event after the head that was last looked at.
    pub async fn grown(&self) {
        self.log.head.until(|head| head != self.seen).await;
    }

    /// All events after `seq`, if they are still here and there are any.
    pub fn after(&self, seq: i64) -> Option<Vec<(i64, Bytes)>> {
        self.log.lock().after(seq)
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.log.readers.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seqs(events: Option<Vec<(i64, Bytes)>>) -> Option<Vec<i64>> {
        events.map(|events| events.into_iter().map(|(seq, _)| seq).collect())
    }

    fn push(log: &Log, seq: i64, size: usize) {
        log.push(seq, OffsetDateTime::UNIX_EPOCH, None, &vec![0; size]);
    }

    #[test]
    fn it_holds_what_came_while_somebody_read() {
        let log = Arc::new(Log::new(Arc::default()));
        log.open(3);
        push(&log, 4, 1);
        let mut reading = log.read();
        assert_eq!(reading.head(), 4);
        assert_eq!(seqs(reading.after(4)), None);
        push(&log, 5, 1);
        push(&log, 6, 1);
        assert_eq!(seqs(reading.after(3)), None, "4 came before");
        assert_eq!(seqs(reading.after(4)), Some(vec![5, 6]));
        assert_eq!(seqs(reading.after(5)), Some(vec![6]));
        assert_eq!(seqs(reading.after(6)), None);
        drop(reading);
        push(&log, 7, 1);
        assert_eq!(seqs(log.read().after(6)), None);
    }

    #[test]
    fn it_is_bounded_and_begins_anew_after_a_gap() {
        let log = Arc::new(Log::new(Arc::default()));
        let reading = log.read();
        for seq in 1..=5 {
            push(&log, seq, MAX_BYTES / 3);
        }
        assert_eq!(seqs(reading.after(2)), None);
        assert_eq!(seqs(reading.after(3)), Some(vec![4, 5]));
        push(&log, 9, 1);
        assert_eq!(seqs(reading.after(5)), None);
        assert_eq!(seqs(reading.after(8)), Some(vec![9]));
        push(&log, 10, MAX_BYTES * 2);
        assert_eq!(seqs(reading.after(9)), Some(vec![10]));
    }
}
