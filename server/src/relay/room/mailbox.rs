//! What waits for a room's actor, in order: a bounded channel that takes no memory while nothing
//! waits. One of tokio's takes a kilobyte and a half from the start, and most rooms are silent.

use super::Command;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, Semaphore};
use tokio::task::coop;

/// Commands that may wait before those who send them are held up.
const CAPACITY: usize = 256;

pub(super) struct Mailbox {
    waiting: Mutex<VecDeque<Command>>,
    /// Something has come for the one who takes, or it is [`nudged`](Self::nudge).
    arrived: Notify,
    nudged: AtomicBool,
    /// For what may still come; closed with the mailbox.
    space: Semaphore,
}

/// Nobody takes commands any more.
#[derive(Debug)]
pub(super) struct Closed;

impl Mailbox {
    pub fn new() -> Self {
        Self {
            waiting: Mutex::default(),
            arrived: Notify::new(),
            nudged: AtomicBool::new(false),
            space: Semaphore::new(CAPACITY),
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Command>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for its turn where too many wait.
    pub async fn send(&self, command: Command) -> Result<(), Closed> {
        let permit = self.space.acquire().await.map_err(|_| Closed)?;
        permit.forget();
        self.put(command)
    }

    /// Unless too many wait.
    pub fn try_send(&self, command: Command) {
        if let Ok(permit) = self.space.try_acquire() {
            permit.forget();
            // Whoever could be told is gone with the room.
            let _ = self.put(command);
        }
    }

    fn put(&self, command: Command) -> Result<(), Closed> {
        let mut waiting = self.lock();
        // Asked under the lock: what is put before it closes is what closing returns.
        if self.space.is_closed() {
            return Err(Closed);
        }
        waiting.push_back(command);
        drop(waiting);
        self.arrived.notify_one();
        Ok(())
    }

    /// Has the mailbox's owner look around, where there is no command to take.
    pub fn nudge(&self) {
        self.nudged.store(true, Ordering::Release);
        self.arrived.notify_one();
    }

    /// The next command, `None` after a nudge; the mailbox's owner alone asks. It may be dropped
    /// while it waits.
    pub async fn next(&self) -> Option<Command> {
        loop {
            // A mailbox that is never empty leaves the thread to others now and then.
            coop::consume_budget().await;
            let command = self.take();
            if command.is_some() || self.nudged.swap(false, Ordering::Acquire) {
                return command;
            }
            self.arrived.notified().await;
        }
    }

    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn take(&self) -> Option<Command> {
        let mut waiting = self.lock();
        let command = waiting.pop_front()?;
        if waiting.is_empty() {
            *waiting = VecDeque::new();
        }
        drop(waiting);
        self.space.add_permits(1);
        Some(command)
    }

    /// Refuses what comes from now on, and returns what still waits.
    pub fn close(&self) -> VecDeque<Command> {
        self.space.close();
        std::mem::take(&mut *self.lock())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::time::Duration;

    fn follow(seq: usize) -> Command {
        Command::Follow { seq: seq as i64 }
    }

    fn seq(command: &Command) -> usize {
        let Command::Follow { seq } = command else {
            panic!("another command");
        };
        *seq as usize
    }

    #[tokio::test]
    async fn commands_come_in_order_and_senders_wait_where_too_many_do() {
        const SENT: usize = 5 * CAPACITY;
        let mailbox = Arc::new(Mailbox::new());
        let sender = mailbox.clone();
        let sending = tokio::spawn(async move {
            for at in 0..SENT {
                sender.send(follow(at)).await.unwrap();
                assert!(sender.lock().len() <= CAPACITY);
            }
        });
        for at in 0..SENT {
            // A wait that is given up loses nothing.
            let given_up = tokio::time::timeout(Duration::ZERO, mailbox.next()).await;
            let next = match given_up {
                Ok(command) => command,
                Err(_) => mailbox.next().await,
            };
            assert_eq!(seq(&next.unwrap()), at);
        }
        sending.await.unwrap();
        assert!(mailbox.is_empty());
    }

    #[tokio::test]
    async fn a_nudge_ends_one_wait_and_costs_no_command() {
        let mailbox = Arc::new(Mailbox::new());
        let owner = mailbox.clone();
        let waiting = tokio::spawn(async move { owner.next().await.is_none() });
        tokio::task::yield_now().await;
        mailbox.nudge();
        assert!(waiting.await.unwrap());
        mailbox.nudge();
        mailbox.send(follow(7)).await.unwrap();
        assert_eq!(seq(&mailbox.next().await.unwrap()), 7);
        assert!(mailbox.next().await.is_none());
        let nothing = tokio::time::timeout(Duration::from_millis(20), mailbox.next()).await;
        assert!(nothing.is_err());
    }

    #[tokio::test]
    async fn what_is_tried_is_dropped_where_too_many_wait() {
        let mailbox = Mailbox::new();
        for at in 0..2 * CAPACITY {
            mailbox.try_send(follow(at));
        }
        assert_eq!(mailbox.close().len(), CAPACITY);
    }

    #[tokio::test]
    async fn a_closed_one_takes_nothing_and_lets_who_waits_go() {
        let mailbox = Arc::new(Mailbox::new());
        for at in 0..CAPACITY {
            mailbox.send(follow(at)).await.unwrap();
        }
        let sender = mailbox.clone();
        let waiting = tokio::spawn(async move { sender.send(follow(0)).await });
        tokio::task::yield_now().await;
        assert_eq!(mailbox.close().len(), CAPACITY);
        waiting.await.unwrap().unwrap_err();
        mailbox.send(follow(0)).await.unwrap_err();
        mailbox.try_send(follow(0));
        assert!(mailbox.is_empty());
    }
}
