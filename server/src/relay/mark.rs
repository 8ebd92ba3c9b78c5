//! How far something has come, and waiting until it has: a small `watch`. One of tokio's takes four
//! hundred bytes, of which a silent room had two.

use std::sync::atomic::{AtomicI64, Ordering};
use tokio::sync::Notify;

pub(super) struct Mark {
    at: AtomicI64,
    moved: Notify,
}

impl Mark {
    pub fn new(at: i64) -> Self {
        Self {
            at: AtomicI64::new(at),
            moved: Notify::new(),
        }
    }

    pub fn get(&self) -> i64 {
        self.at.load(Ordering::SeqCst)
    }

    pub fn set(&self, at: i64) {
        self.at.store(at, Ordering::SeqCst);
        self.moved.notify_waiters();
    }

    /// Never back.
    pub fn raise(&self, at: i64) {
        if self.at.fetch_max(at, Ordering::SeqCst) < at {
            self.moved.notify_waiters();
        }
    }

    /// Waits until it is `enough`, and returns where it is.
    pub async fn until(&self, enough: impl Fn(i64) -> bool) -> i64 {
        loop {
            // Before the look: what moves in between is not missed.
            let moved = self.moved.notified();
            let at = self.get();
            if enough(at) {
                return at;
            }
            moved.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::time::Duration;

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn nobody_misses_a_move() {
        let mark = Arc::new(Mark::new(0));
        for end in 1..=20_000 {
            let here = mark.clone();
            let waiting = tokio::spawn(async move { here.until(|at| at >= end).await });
            // Nothing comes after it that would wake who has missed it.
            mark.raise(end);
            let waited = tokio::time::timeout(Duration::from_secs(20), waiting).await;
            assert_eq!(waited.expect("it is told").unwrap(), end);
        }
        mark.raise(7);
        assert_eq!(mark.get(), 20_000, "never back");
        mark.set(3);
        assert_eq!(mark.until(|at| at < 7).await, 3);
    }
}
