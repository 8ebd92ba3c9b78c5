//! The life of a room: its document is loaded, serves, sleeps while nobody edits, and ends.
//!
//! Most rooms that are open at a moment are only looked at. One that has been quiet for a while lets
//! its document go, of which the newest snapshot has everything by then; sockets and presence stay,
//! and the next word about the document loads it again, as far as its members have it: what another
//! server has written meanwhile reaches them as it would have.

use super::actor::Actor;
use super::load::load_patiently;
use super::{Command, Room};
use crate::error::Result;
use crate::relay::hub::Hub;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How long a room without sockets and requests stays in memory.
pub(super) const IDLE: Duration = Duration::from_mins(1);

/// Why a document leaves memory.
pub(super) enum Rest {
    /// Nobody needs it for now; its members have everything up to event `seq`.
    Asleep { seq: i64 },
    /// The room is no longer the hub's.
    Ended,
}

pub(super) async fn run(hub: Arc<Hub>, room: Arc<Room>, mut commands: mpsc::Receiver<Command>) {
    if let Err(error) = live(&hub, &room, &mut commands).await {
        tracing::error!(room_id = %room.identity.room_id, error = format!("{error:?}"), "room not loaded");
        hub.evict(&room, true);
    }
    // Whoever still waits hears that the room has ended: replies are dropped with their commands.
    commands.close();
    while let Some(command) = commands.recv().await {
        if let Command::Join(member) = command {
            let why = "the document cannot be opened at the moment";
            member.outbox.close(1011, why);
        }
    }
    for member in room.members() {
        member.outbox.close(1011, "the room is restarting");
    }
}

/// Until the room has ended; an error when its document cannot be had.
async fn live(
    hub: &Arc<Hub>,
    room: &Arc<Room>,
    commands: &mut mpsc::Receiver<Command>,
) -> Result<()> {
    let mut slept_at = None;
    let mut first = None;
    loop {
        let awake = hub.wake();
        // Boxed: asleep, a room is to be small.
        let loaded = Box::pin(load_patiently(hub, &room.identity, slept_at)).await?;
        let actor = Box::new(Actor::new(hub.clone(), room.clone(), loaded));
        let Rest::Asleep { seq } = Box::pin(actor.run(commands, first)).await else {
            return Ok(());
        };
        drop(awake);
        match sleep(hub, room, commands, seq).await {
            Some(command) => (slept_at, first) = (Some(seq), Some(command)),
            None => return Ok(()),
        }
    }
}

/// Waits for a command that needs the document; `None` when the room has ended.
async fn sleep(
    hub: &Hub,
    room: &Arc<Room>,
    commands: &mut mpsc::Receiver<Command>,
    seq: i64,
) -> Option<Command> {
    let mut idle_since = Instant::now();
    loop {
        let idle = room.guards() == 0;
        if !idle {
            idle_since = Instant::now();
        }
        let due = hub.closing.is_cancelled() || idle_since.elapsed() >= IDLE;
        if idle && due && commands.is_empty() && hub.evict(room, false) {
            return None;
        }
        tokio::select! {
            Some(command) = commands.recv() => match command {
                Command::Leave(member) => room.remove(&member),
                Command::Follow { seq: grown } if grown <= seq => {}
                // No annotation waits for its label: else the room would not sleep.
                Command::LabelsChanged => {}
                command => return Some(command),
            },
            () = room.left.notified() => {}
            () = tokio::time::sleep_until(idle_since + IDLE), if idle => {}
            () = hub.closing.cancelled(), if idle && !due => {}
        }
    }
}
