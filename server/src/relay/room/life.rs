//! The life of a room: its document is loaded, serves, is folded up while it is not needed for a
//! moment, sleeps while nobody edits, and ends.
//!
//! Most rooms that are open at a moment are only looked at. One that has been quiet for a while lets
//! its document go, of which the newest snapshot has everything by then; sockets and presence stay,
//! and the next word about the document loads it again, as far as its members have it: what another
//! server has written meanwhile reaches them as it would have.

use super::actor::Actor;
use super::folded::{Folded, Quiet};
use super::load::{Loaded, load_patiently};
use super::{Command, Room};
use crate::error::Result;
use crate::relay::hub::Hub;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long a room without sockets and requests stays in memory.
pub(super) const IDLE: Duration = Duration::from_mins(1);

/// Why an actor ends.
pub(super) enum Rest {
    /// Nobody needs the document for a moment.
    Folded(Box<Folded>),
    /// Nobody needs it for now; its members have everything up to event `seq`.
    Asleep { seq: i64 },
    /// The room is no longer the hub's.
    Ended,
}

/// One room's. What it waits in at rest is to be small: there may be ten thousand.
pub(super) struct Life {
    pub hub: Arc<Hub>,
    pub room: Arc<Room>,
}

impl Life {
    /// Until the room has ended.
    pub async fn run(self) {
        let room = &self.room;
        // Also when it panics.
        let _closed = Closing(room);
        if let Err(error) = self.live().await {
            tracing::error!(room_id = %room.identity.room_id, error = format!("{error:?}"), "room not loaded");
            self.hub.evict(room, true);
        }
        // Whoever still waits hears that the room has ended: replies are dropped with their commands.
        room.mailbox.close().into_iter().for_each(turn_away);
        for member in room.members() {
            member.outbox.close(1011, "the room is restarting");
        }
    }

    /// Until the room has ended; an error when its document cannot be had.
    async fn live(&self) -> Result<()> {
        let mut awake = self.hub.wake();
        let mut loaded = self.load(None).await?;
        let mut first = None;
        loop {
            let actor = Actor::new(self.hub.clone(), self.room.clone(), loaded);
            // Boxed, as all that a room does awake.
            let mut rest = Box::pin(actor.run(first.take())).await;
            if let Rest::Folded(folded) = &mut rest {
                first = self.lie_folded(folded).await;
                let seq = folded.kept.seq;
                if first.is_none() && folded.kept.is_stored() {
                    rest = Rest::Asleep { seq };
                }
            }
            let again = match rest {
                Rest::Folded(folded) => self.unfold(folded).await,
                Rest::Asleep { seq } => {
                    drop(awake);
                    first = self.sleep(seq).await;
                    if first.is_none() {
                        return Ok(());
                    }
                    awake = self.hub.wake();
                    self.load(Some(seq)).await
                }
                Rest::Ended => return Ok(()),
            };
            // Who woke it in vain is no member yet.
            loaded = again.inspect_err(|_| first.take().into_iter().for_each(turn_away))?;
        }
    }

    async fn unfold(&self, folded: Box<Folded>) -> Result<Box<Loaded>> {
        let seq = folded.kept.seq;
        if let Some(loaded) = Box::pin(folded.open()).await {
            return Ok(Box::new(loaded));
        }
        let room_id = self.room.identity.room_id;
        tracing::error!(%room_id, "a folded document is loaded again");
        self.load(Some(seq)).await
    }

    async fn load(&self, until: Option<i64>) -> Result<Box<Loaded>> {
        let loading = Box::pin(load_patiently(&self.hub, &self.room.identity, until));
        Ok(Box::new(loading.await?))
    }

    /// Waits for a command that needs the document; `None` when it is needed without one.
    async fn lie_folded(&self, folded: &mut Folded) -> Option<Command> {
        loop {
            let command = self.wait(&mut folded.kept.quiet, Some(folded.due)).await;
            let kept = &folded.kept;
            match command {
                Some(command) if is_idle_word(&command, kept.seq, kept.touches.is_settled()) => {}
                command => return command,
            }
        }
    }

    /// Waits for a command that needs the document; `None` when the room has ended.
    async fn sleep(&self, seq: i64) -> Option<Command> {
        let mut quiet = Quiet::from_now();
        loop {
            match self.wait(&mut quiet, None).await {
                // No annotation waits for its label: else the room would not sleep.
                Some(command) if is_idle_word(&command, seq, true) => {}
                None if self.hub.evict(&self.room, false) => return None,
                None => quiet = Quiet::from_now(),
                command => return command,
            }
        }
    }

    /// Waits for a command that is not about the members alone; `None` from `due` on, and when nobody
    /// has been here for a while or the server is closing.
    async fn wait(&self, quiet: &mut Quiet, due: Option<Instant>) -> Option<Command> {
        loop {
            let idle = self.room.guards() == 0;
            if !idle {
                quiet.left = Instant::now();
            }
            let ends = idle.then_some(quiet.left + IDLE);
            let ends = ends.into_iter().chain(due).min();
            tokio::select! {
                biased;
                command = self.room.mailbox.next() => match command {
                    Some(Command::Leave(member)) => self.room.remove(&member),
                    Some(command) => return Some(command),
                    None => {}
                },
                () = tokio::time::sleep_until(ends.unwrap_or_else(Instant::now)), if ends.is_some() => return None,
                () = self.hub.closing.cancelled(), if idle => return None,
            }
        }
    }
}

/// Ends the socket of who would have joined.
fn turn_away(command: Command) {
    if let Command::Join(member) = command {
        let why = "the document cannot be opened at the moment";
        member.outbox.close(1011, why);
    }
}

/// Closes the room's mailbox in the end.
struct Closing<'a>(&'a Room);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.mailbox.close();
    }
}

/// Whether a command neither brings nor asks for anything: the document is as of event `seq`, and no
/// annotation waits for its label where all are `settled`.
fn is_idle_word(command: &Command, seq: i64, settled: bool) -> bool {
    match command {
        Command::Follow { seq: grown } => *grown <= seq,
        Command::LabelsChanged => settled,
        _ => false,
    }
}
