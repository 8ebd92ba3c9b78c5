//! Acknowledgements that wait for their place in the order of events.
//!
//! An acknowledgement names an event, and a client that has it counts that event as its own last
//! one: so it is sent in the event's place, after all before it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Who lets more pile up is not reading.
const MAX: usize = 65_536;

#[derive(Default)]
pub(super) struct Acks {
    waiting: Mutex<Waiting>,
    news: Notify,
}

#[derive(Default)]
struct Waiting {
    by_seq: BTreeMap<i64, Here>,
    count: usize,
}

/// What is acknowledged at one event.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Here {
    /// The event is the socket's own.
    pub own: bool,
    pub updates: Vec<u64>,
}

impl Acks {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// False when nobody takes them any more.
    pub fn add(&self, seq: i64, update: u64, own: bool) -> bool {
        let mut waiting = self.lock();
        waiting.count += 1;
        let here = waiting.by_seq.entry(seq).or_default();
        here.own |= own;
        here.updates.push(update);
        let taken = waiting.count <= MAX;
        drop(waiting);
        self.news.notify_one();
        taken
    }

    /// Those of event `seq`.
    pub fn take(&self, seq: i64) -> Option<Here> {
        let mut waiting = self.lock();
        let here = waiting.by_seq.remove(&seq)?;
        waiting.count -= here.updates.len();
        Some(here)
    }

    /// Those of events up to `seq`, in their order.
    pub fn take_until(&self, seq: i64) -> Vec<(i64, Here)> {
        let mut waiting = self.lock();
        let later = waiting.by_seq.split_off(&(seq + 1));
        let due = std::mem::replace(&mut waiting.by_seq, later);
        waiting.count -= due.values().map(|here| here.updates.len()).sum::<usize>();
        due.into_iter().collect()
    }

    /// Something was added since it was last asked.
    pub async fn news(&self) {
        self.news.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_waits_for_its_event() {
        let acks = Acks::default();
        assert!(acks.add(4, 1, true));
        assert!(acks.add(4, 2, false));
        assert!(acks.add(6, 3, true));
        assert_eq!(acks.take(3), None);
        let here = acks.take(4).unwrap();
        assert!(here.own && here.updates == [1, 2]);
        assert_eq!(acks.take_until(5), []);
        assert_eq!(acks.take_until(6).len(), 1);
        assert_eq!(acks.lock().count, 0);
    }

    #[test]
    fn who_never_reads_is_told_apart() {
        let acks = Acks::default();
        assert!((0..MAX as u64).all(|update| acks.add(1, update, false)));
        assert!(!acks.add(2, 0, false));
    }
}
