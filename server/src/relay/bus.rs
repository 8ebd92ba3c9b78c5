//! What servers on one database tell each other: that a room's log has grown, who is where in it,
//! and what everyone should hear.
//!
//! Nothing durable travels here, only word of it: whoever misses a notice finds the edit in the log
//! within half a second (`follow`), and presence is said again. So the bus may lose what it likes,
//! and no edit waits for it.
//!
//! The way of a notice: what is pending is merged per room until the transport is ready for more
//! ([`Bus::take`], a slow bus carries the newest state instead of a queue), written by `packet`,
//! carried by `postgres` or `nats`, and taken in by `heard`. A server speaks of a room only while
//! another one has said that it has the room open too.

mod heard;
mod nats;
mod packet;
mod postgres;

pub(super) use nats::Address;

use super::hub::Hub;
use super::{Audience, follow, presence};
use crate::relay::access;
use crate::relay::room::Room;
use packet::Notice;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use visionflow_api::ServerControl;

/// How often a server says which rooms it has open.
const BEAT: Duration = Duration::from_secs(2);
/// A server that has not named a room for so long does not have it open any more.
const LOST: Duration = Duration::from_secs(7);
/// More words for everyone than this do not wait for a bus that is away.
const MAX_SAID: usize = 4096;

/// What everyone should hear.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Said {
    Tell {
        audience: Audience,
        message: ServerControl,
    },
    OntologyChanged {
        project_id: Uuid,
        version: i64,
    },
    /// The role of this person, or of everyone, may have changed.
    Recheck {
        project_id: Uuid,
        user_id: Option<Uuid>,
    },
}

pub(super) struct Bus {
    /// This process.
    node: Uuid,
    pending: Mutex<Pending>,
    filled: Notify,
    /// Rooms that are open here and elsewhere too, and when each other server last said so.
    elsewhere: Mutex<HashMap<Uuid, HashMap<Uuid, Instant>>>,
    /// The last word is said.
    stop: CancellationToken,
}

#[derive(Default)]
struct Pending {
    /// Rooms that were opened here, or asked for.
    opened: HashMap<Uuid, Greeting>,
    grown: HashMap<Uuid, i64>,
    /// Rooms in which somebody here has moved.
    moved: HashSet<Uuid>,
    said: Vec<Said>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Greeting {
    /// “I have it open too.”
    Answer,
    /// “I have just opened it: who else has?”
    Question,
}

impl Bus {
    pub fn new() -> Self {
        Self {
            node: Uuid::new_v4(),
            pending: Mutex::default(),
            filled: Notify::new(),
            elsewhere: Mutex::default(),
            stop: CancellationToken::new(),
        }
    }

    /// This process, as others know it.
    pub fn node(&self) -> Uuid {
        self.node
    }

    fn pend(&self, change: impl FnOnce(&mut Pending)) {
        change(&mut self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        self.filled.notify_one();
    }

    fn elsewhere(&self) -> MutexGuard<'_, HashMap<Uuid, HashMap<Uuid, Instant>>> {
        self.elsewhere
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub fn opened(&self, room_id: Uuid) {
        self.pend(|pending| {
            pending.opened.insert(room_id, Greeting::Question);
        });
    }

    /// The room's log has grown to `seq`, and this server has taken that in.
    pub fn grown(&self, room: &Room, seq: i64) {
        if room.is_shared() {
            self.pend(|pending| {
                pending.grown.insert(room.identity.room_id, seq);
            });
        }
    }

    /// Somebody whose socket is here has moved.
    pub fn moved(&self, room: &Room) {
        if room.is_shared() {
            self.pend(|pending| {
                pending.moved.insert(room.identity.room_id);
            });
        }
    }

    /// To everyone, whatever rooms they have.
    pub fn say(&self, said: Said) {
        self.pend(|pending| {
            if pending.said.len() < MAX_SAID {
                pending.said.push(said);
            }
        });
    }

    /// No more after what is pending now.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Everything there is to say now.
    fn take(&self, hub: &Hub) -> Vec<Notice> {
        let pending =
            std::mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        let mut notices = Vec::new();
        for (room_id, greeting) in pending.opened {
            notices.push(match greeting {
                Greeting::Question => Notice::Opened(room_id),
                Greeting::Answer => Notice::Open(vec![room_id]),
            });
        }
        for room_id in pending.moved {
            let room = hub.room(room_id);
            let frames = room.map(|room| room.presence.take_for_others());
            let frames = frames.into_iter().flatten();
            notices.extend(frames.map(|frame| Notice::Presence(room_id, frame)));
        }
        notices.extend(
            pending
                .grown
                .into_iter()
                .map(|(room, seq)| Notice::Grown(room, seq)),
        );
        notices.extend(pending.said.into_iter().map(Notice::Said));
        notices
    }

    /// Which rooms are open here; and lets go of servers that have fallen silent.
    fn beat(&self, hub: &Arc<Hub>) -> Option<Notice> {
        let mut rooms: HashMap<Uuid, Arc<Room>> = HashMap::new();
        rooms.extend(
            hub.rooms()
                .into_iter()
                .map(|room| (room.identity.room_id, room)),
        );
        self.elsewhere().retain(|room_id, nodes| {
            let Some(room) = rooms.get(room_id) else {
                return false;
            };
            nodes.retain(|node, heard| {
                let lives = heard.elapsed() < LOST;
                if !lives {
                    presence::begin(hub, room, room.presence.leave(heard::owner(*node)));
                }
                lives
            });
            room.set_shared(!nodes.is_empty());
            !nodes.is_empty()
        });
        (!rooms.is_empty()).then(|| Notice::Open(rooms.into_keys().collect()))
    }
}

/// Carries notices until the server goes away, over NATS where an address is given.
pub(super) async fn run(hub: Arc<Hub>, nats: Option<Address>) {
    match nats {
        Some(address) => nats::run(hub, address).await,
        None => postgres::run(hub).await,
    }
}

/// When there is something to say, what; `None` when the last word is said.
async fn next(hub: &Arc<Hub>, beat: &mut tokio::time::Interval) -> Option<Vec<Notice>> {
    loop {
        let mut beaten = false;
        let stopped = hub.bus.stop.is_cancelled();
        if !stopped {
            tokio::select! {
                () = hub.bus.filled.notified() => {}
                () = hub.bus.stop.cancelled() => {}
                _ = beat.tick() => beaten = true,
            }
        }
        let mut notices = hub.bus.take(hub);
        if beaten {
            notices.extend(hub.bus.beat(hub));
        }
        if !notices.is_empty() {
            return Some(notices);
        }
        if stopped {
            return None;
        }
    }
}

fn heart() -> tokio::time::Interval {
    let mut beat = tokio::time::interval(BEAT);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    beat
}

/// Notices may have been missed, here and by others that were away too: what they would have told is
/// looked up, asked for, and said again. Of two that come back, the later one thus mends both.
async fn catch_up(hub: &Hub) {
    if let Err(error) = follow::look(hub).await {
        tracing::warn!(error = format!("{error:?}"), "heads of open rooms not read");
    }
    for room in hub.rooms() {
        hub.bus.opened(room.identity.room_id);
        room.presence.tell_others_of_everyone();
        hub.bus.moved(&room);
    }
    for member in hub.members(|_| true) {
        access::recheck(&hub.store, &member).await;
    }
}
