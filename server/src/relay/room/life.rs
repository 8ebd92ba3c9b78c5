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

pub(super) async fn run(hub: Arc<Hub>, room: Arc<Room>) {
    // Also when it panics.
    let _closed = Closing(&room);
    if let Err(error) = live(&hub, &room).await {
        tracing::error!(room_id = %room.identity.room_id, error = format!("{error:?}"), "room not loaded");
        hub.evict(&room, true);
    }
    // Whoever still waits hears that the room has ended: replies are dropped with their commands.
    for command in room.mailbox.close() {
        if let Command::Join(member) = command {
            let why = "the document cannot be opened at the moment";
            member.outbox.close(1011, why);
        }
    }
    for member in room.members() {
        member.outbox.close(1011, "the room is restarting");
    }
}

/// Closes the room's mailbox in the end.
struct Closing<'a>(&'a Room);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.mailbox.close();
    }
}

/// Until the room has ended; an error when its document cannot be had.
async fn live(hub: &Arc<Hub>, room: &Arc<Room>) -> Result<()> {
    let mut slept_at = None;
    let mut first = None;
    loop {
        let awake = hub.wake();
        // Boxed, all of it: asleep, a room is to be small.
        let Some(seq) = Box::pin(stay_awake(hub, room, slept_at, first)).await? else {
            return Ok(());
        };
        drop(awake);
        match sleep(hub, room, seq).await {
            Some(command) => (slept_at, first) = (Some(seq), Some(command)),
            None => return Ok(()),
        }
    }
}

/// Until the room falls asleep, having everything up to the event that is returned; `None` when it
/// has ended. It fell asleep at `slept_at` before, and `first` has waked it.
async fn stay_awake(
    hub: &Arc<Hub>,
    room: &Arc<Room>,
    slept_at: Option<i64>,
    mut first: Option<Command>,
) -> Result<Option<i64>> {
    let mut loaded = load(hub, room, slept_at).await?;
    loop {
        let actor = Actor::new(hub.clone(), room.clone(), loaded);
        let mut folded = match Box::pin(actor.run(first.take())).await {
            Rest::Folded(folded) => folded,
            Rest::Asleep { seq } => return Ok(Some(seq)),
            Rest::Ended => return Ok(None),
        };
        first = lie_folded(hub, room, &mut folded).await;
        let seq = folded.kept.seq;
        if first.is_none() && folded.kept.is_stored() {
            return Ok(Some(seq));
        }
        loaded = if let Some(loaded) = Box::pin(folded.open()).await {
            Box::new(loaded)
        } else {
            tracing::error!(room_id = %room.identity.room_id, "a folded document is loaded again");
            load(hub, room, Some(seq)).await?
        };
    }
}

async fn load(hub: &Arc<Hub>, room: &Room, until: Option<i64>) -> Result<Box<Loaded>> {
    let loaded = Box::pin(load_patiently(hub, &room.identity, until)).await?;
    Ok(Box::new(loaded))
}

/// Waits for a command that needs the document; `None` when it is needed without one.
async fn lie_folded(hub: &Hub, room: &Room, folded: &mut Folded) -> Option<Command> {
    let (due, kept) = (folded.due, &mut folded.kept);
    loop {
        let command = wait(hub, room, &mut kept.quiet, Some(due)).await;
        match command {
            Some(command) if is_idle_word(&command, kept.seq, kept.touches.is_settled()) => {}
            command => return command,
        }
    }
}

/// Waits for a command that needs the document; `None` when the room has ended.
async fn sleep(hub: &Hub, room: &Arc<Room>, seq: i64) -> Option<Command> {
    let mut quiet = Quiet::from_now();
    loop {
        match wait(hub, room, &mut quiet, None).await {
            // No annotation waits for its label: else the room would not sleep.
            Some(command) if is_idle_word(&command, seq, true) => {}
            None if hub.evict(room, false) => return None,
            None => quiet = Quiet::from_now(),
            command => return command,
        }
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

/// Waits for a command that is not about the members alone; `None` from `due` on, and when nobody
/// has been here for a while or the server is closing.
async fn wait(hub: &Hub, room: &Room, quiet: &mut Quiet, due: Option<Instant>) -> Option<Command> {
    loop {
        let idle = room.guards() == 0;
        if !idle {
            quiet.left = Instant::now();
        }
        let ends = idle
            .then_some(quiet.left + IDLE)
            .into_iter()
            .chain(due)
            .min();
        tokio::select! {
            biased;
            command = room.mailbox.next() => match command {
                Command::Leave(member) => room.remove(&member),
                command => return Some(command),
            },
            () = tokio::time::sleep_until(ends.unwrap_or_else(Instant::now)), if ends.is_some() => return None,
            () = hub.closing.cancelled(), if idle => return None,
            () = room.left.notified() => {}
        }
    }
}
