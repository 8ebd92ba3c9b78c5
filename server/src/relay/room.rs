//! A room of this process: what sockets and requests see of its actor.

mod actor;
mod folded;
mod life;
mod load;
mod mailbox;
mod persist;
mod progress;

use super::Edited;
use super::authors::Authors;
use super::check::Checked;
use super::events::Log;
use super::hub::Hub;
use super::mark::Mark;
use super::member::Member;
use super::presence::Presence;
use crate::error::{Error, Result};
use crate::store::RoomIdentity;
use life::Life;
use mailbox::Mailbox;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use uuid::Uuid;
use visionflow_document::{Document, Edit};

pub(super) struct Room {
    pub identity: RoomIdentity,
    pub presence: Presence,
    pub authors: Authors,
    /// The newest events, for scripts.
    pub log: Arc<Log>,
    members: Mutex<Vec<Arc<Member>>>,
    mailbox: Mailbox,
    /// Sockets and requests that hold the room in memory.
    guards: AtomicUsize,
    /// The last event that the document holds.
    seq: AtomicI64,
    /// Another server has the room open too.
    shared: AtomicBool,
    /// The last event that stands in the rows.
    projected: Mark,
}

/// What the actor is asked for, in order.
pub(super) enum Command {
    Join(Arc<Member>),
    Leave(Arc<Member>),
    /// Sync step 1: the member lacks everything beyond this state vector.
    Answer {
        member: Arc<Member>,
        state_vector: Vec<u8>,
    },
    Update(Box<Incoming>),
    /// Updates to this member were dropped after this event: it needs a diff instead.
    Resync {
        member: Arc<Member>,
        sent_seq: i64,
    },
    Edit {
        user_id: Uuid,
        make: Box<MakeEdits>,
        reply: oneshot::Sender<Result<Edited>>,
    },
    /// Bring the rows up to date now.
    Project,
    /// The log has grown to `seq`, perhaps by another server's hand.
    Follow {
        seq: i64,
    },
    /// Labels came or went: annotations that were passed over may count now.
    LabelsChanged,
}

/// A sync step 2 or an update of a socket.
pub(super) struct Incoming {
    pub member: Arc<Member>,
    /// Counts both, from 1.
    pub frame: u64,
    pub update: Checked,
    /// A sync step 2 often repeats what is known; then it is not logged again.
    pub may_be_known: bool,
    pub permit: OwnedSemaphorePermit,
}

/// Reads the document and says what to change.
pub(super) type MakeEdits = dyn FnOnce(&Document) -> Result<Vec<Edit>> + Send;

impl Room {
    pub fn start(hub: &Arc<Hub>, identity: RoomIdentity) -> Arc<Self> {
        let room = Arc::new(Self {
            identity,
            presence: Presence::new(),
            authors: Authors::default(),
            log: Arc::new(Log::new(hub.ops.clone())),
            members: Mutex::default(),
            mailbox: Mailbox::new(),
            guards: AtomicUsize::new(0),
            seq: AtomicI64::new(i64::MAX),
            shared: AtomicBool::new(false),
            projected: Mark::new(0),
        });
        hub.bus.opened(identity.room_id);
        let life = Life {
            hub: hub.clone(),
            room: room.clone(),
        };
        hub.rooms_running.spawn(life.run());
        room
    }

    /// Hands a command to the actor; an error when the room has ended.
    pub async fn send(&self, command: Command) -> Result<()> {
        self.mailbox
            .send(command)
            .await
            .map_err(|_| Error::unavailable("The item's live document is restarting; try again."))
    }

    pub fn members(&self) -> Vec<Arc<Member>> {
        self.members
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The log has grown to `seq`: looked at unless the document holds it already, or the room is
    /// too busy to hear.
    pub fn follow(&self, seq: i64) {
        if self.seq.load(Ordering::Relaxed) < seq {
            self.mailbox.try_send(Command::Follow { seq });
        }
    }

    pub fn is_shared(&self) -> bool {
        self.shared.load(Ordering::Relaxed)
    }

    pub fn set_shared(&self, shared: bool) {
        self.shared.store(shared, Ordering::Relaxed);
    }

    pub fn guards(&self) -> usize {
        self.guards.load(Ordering::Acquire)
    }

    /// Waits until the rows hold everything up to event `seq`.
    pub async fn projected(&self, seq: i64) -> Result<()> {
        if self.projected.get() < seq {
            self.send(Command::Project).await?;
            self.projected.until(|projected| projected >= seq).await;
        }
        Ok(())
    }

    fn add(&self, member: Arc<Member>) {
        self.members
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(member);
    }

    fn remove(&self, member: &Member) {
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        members.retain(|known| known.id != member.id);
    }
}

/// Keeps a room in memory.
pub(super) struct RoomGuard(Arc<Room>);

impl RoomGuard {
    /// Called under the hub's lock, so that a room is never evicted while it is entered.
    pub fn new(room: Arc<Room>) -> Self {
        room.guards.fetch_add(1, Ordering::AcqRel);
        Self(room)
    }
}

impl std::ops::Deref for RoomGuard {
    type Target = Arc<Room>;
    fn deref(&self) -> &Arc<Room> {
        &self.0
    }
}

impl Drop for RoomGuard {
    fn drop(&mut self) {
        if self.0.guards.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.mailbox.nudge();
        }
    }
}
