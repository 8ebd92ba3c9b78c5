//! One socket's place in a room, shared by its reader, its writer and the room.

use super::events::Script;
use super::outbox::Outbox;
use crate::caller::Caller;
use crate::store::RoomIdentity;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use visionflow_api::{RefusalReason, ServerControl, close};

/// How much of one socket's updates may wait for the database, in KiB; then its reading pauses.
pub(super) const IN_FLIGHT_KIB: u32 = 16 * 1024;
/// What an update counts for at the least: of many small ones of one socket no more wait than are
/// committed at once, so that the others' edits never wait for more than that.
pub(super) const LEAST_KIB: u32 = 16;

/// That somebody writes is told at most so often.
const TYPING_EVERY: Duration = Duration::from_secs(1);
/// A client is asked for what its edits build on at most so often: what it answers may be large, and
/// refused again.
const ASK_EVERY: Duration = Duration::from_secs(10);

/// When something was last done that is not to be done often.
#[derive(Default)]
struct Seldom(Mutex<Option<Instant>>);

impl Seldom {
    /// Whether it may be done again; then it is taken to be done now.
    fn is_due(&self, every: Duration) -> bool {
        let mut done_at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = done_at.is_none_or(|at| at.elapsed() >= every);
        if due {
            *done_at = Some(Instant::now());
        }
        due
    }
}

pub(super) struct Member {
    /// Unique in this process.
    pub id: u64,
    pub user_id: Uuid,
    pub room: RoomIdentity,
    /// The client asked for our own frames (`?control=1`).
    pub control: bool,
    pub outbox: Outbox,
    /// The socket speaks the protocol of ordered events.
    pub script: Option<Script>,
    pub in_flight: Arc<Semaphore>,
    /// The socket has ended; nobody writes any more.
    pub ended: CancellationToken,
    can_edit: AtomicBool,
    /// Word that this person writes a comment.
    typing: Seldom,
    /// Questions for what edits build on.
    questions: Seldom,
    /// Renewed by `Authenticate`.
    caller: Mutex<Caller>,
}

impl Member {
    pub fn new(
        id: u64,
        room: RoomIdentity,
        caller: Caller,
        can_edit: bool,
        control: bool,
        script: Option<Script>,
    ) -> Self {
        Self {
            id,
            user_id: caller.user_id,
            room,
            control: control || script.is_some(),
            outbox: Outbox::new(script.is_none()),
            script,
            in_flight: Arc::new(Semaphore::new(IN_FLIGHT_KIB as usize)),
            ended: CancellationToken::new(),
            can_edit: AtomicBool::new(can_edit),
            typing: Seldom::default(),
            questions: Seldom::default(),
            caller: Mutex::new(caller),
        }
    }

    pub fn can_edit(&self) -> bool {
        self.can_edit.load(Ordering::Relaxed)
    }

    /// Takes effect with the next update; tells the client when it changed.
    pub fn set_can_edit(&self, can_edit: bool) {
        if self.can_edit.swap(can_edit, Ordering::Relaxed) != can_edit {
            self.tell(&ServerControl::RoleChanged { can_edit });
        }
    }

    /// Whether it may be told again that this person writes a comment.
    pub fn may_tell_typing(&self) -> bool {
        self.typing.is_due(TYPING_EVERY) && self.can_edit()
    }

    /// Whether it may be asked again for what its edits build on.
    pub fn may_be_asked(&self) -> bool {
        self.questions.is_due(ASK_EVERY)
    }

    pub fn caller(&self) -> Caller {
        self.caller
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub fn set_caller(&self, caller: Caller) {
        *self.caller.lock().unwrap_or_else(PoisonError::into_inner) = caller;
    }

    /// Sends one of our own frames, if the client asked for them.
    pub fn tell(&self, message: &ServerControl) {
        if self.control {
            self.outbox.control(message);
        }
    }

    pub fn acknowledge(&self, count: u64) {
        if self.control && self.script.is_none() {
            self.outbox.ack(count);
        }
    }

    /// Update number `frame` of this socket is event `seq`.
    pub fn committed(&self, seq: i64, frame: u64) {
        let taken = |script: &Script| script.committed(seq, frame);
        if !self.script.as_ref().is_none_or(taken) {
            self.outbox.close(close::PROTOCOL, "answers are not read");
        }
    }

    /// Update number `frame` holds nothing that the document at event `seq` does not.
    pub fn acknowledge_known(&self, seq: i64, frame: u64) {
        let taken = |script: &Script| script.known(seq, frame);
        if !self.script.as_ref().is_none_or(taken) {
            self.outbox.close(close::PROTOCOL, "answers are not read");
        }
        self.acknowledge(frame);
    }

    /// Frame `frame` is not part of the room. A public client could not know and would go on as if
    /// it were: except for those that may only look, whose edits are simply ignored, it is let go.
    pub fn refuse(&self, frame: u64, reason: RefusalReason, detail: String) {
        if self.control {
            self.outbox.control(&ServerControl::Refused {
                frame,
                reason,
                detail,
            });
        } else if reason != RefusalReason::ReadOnly {
            self.outbox.close(close::PROTOCOL, "the update was refused");
        }
    }
}
