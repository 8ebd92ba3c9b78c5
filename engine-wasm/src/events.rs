//! What the engine tells whoever embeds it.

use crate::ToolKind;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use visionflow_api::ServerControl;
use visionflow_document::Change;
use visionflow_geometry::Point;
use visionflow_tools::{Hint, Notice, Pinned};

/// Something changed; getters of [`crate::Engine`] already answer with the new state.
#[derive(Clone, Debug)]
pub enum EngineEvent {
    /// Annotations were added, changed or removed, by whomever.
    Annotations(Change),
    /// Suggestions came, went or were decided about, another one is picked, or other ones are shown.
    Suggestions,
    Selection,
    Hover,
    Tool(ToolKind),
    /// Someone else came, left, moved or selected.
    Presence,
    SaveState(SaveState),
    /// The pointer in image space, `None` when it left the canvas.
    Pointer(Option<Point>),
    /// The camera moved: scale and visible part.
    Camera,
    /// The project's labels changed on the server to this version; read them again.
    Ontology(i64),
    ItemDeleted,
    ItemRestored,
    /// The room's socket told something about comments, or that this person was notified.
    Said(Rc<ServerControl>),
    /// There is no such room, or not for this person.
    RoomNotFound,
    /// The server refused the sign-in even after a fresh token: sign in again.
    Unauthenticated,
    /// What this person may do here, as the server says.
    Role {
        can_edit: bool,
    },
    /// The server refused an edit; it is no longer part of the document.
    Refused {
        detail: String,
    },
    /// One sentence for the person.
    Notice(String),
    /// Why a tool did nothing; the embedder has the words.
    ToolNotice(Notice),
    /// What can be done next; the embedder has the words.
    Hint(Hint),
    /// The tools' settings changed, by a tool or by the embedder.
    Settings,
    /// A text began or ended to be typed, or its frame moved.
    Text,
    /// The measuring tool's figures changed.
    Measures,
    /// The comment tool was used here: the embedder asks for the words.
    Pinned(Pinned),
    /// How far the smart tool or its model is.
    Assist,
    /// Another point of the past is shown, or the present again; or what differs from it changed.
    Past,
    /// Whether undo and redo are possible may have changed.
    History,
    DeviceLost,
    DeviceRestored,
}

/// Where this person's edits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveState {
    /// No room is connected; edits live in this page only.
    Local,
    /// The document has not arrived yet.
    Opening,
    /// Everything is durable on the server.
    Saved,
    /// Connected, and so many edits are not acknowledged yet.
    Saving { edits: usize },
    /// Not connected; so many edits are kept in this browser.
    Offline { edits: usize },
    /// Connected without the right to edit.
    ReadOnly,
}

impl SaveState {
    /// A stable word for programs and tests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Opening => "opening",
            Self::Saved => "saved",
            Self::Saving { .. } => "saving",
            Self::Offline { .. } => "offline",
            Self::ReadOnly => "read_only",
        }
    }

    /// Edits that the server has not made durable.
    pub const fn pending_edits(self) -> usize {
        match self {
            Self::Saving { edits } | Self::Offline { edits } => edits,
            _ => 0,
        }
    }
}

type Callback = Rc<dyn Fn(&EngineEvent)>;

/// The subscribers and the events that wait for them.
///
/// Events are delivered after the engine's state is free again, so a callback may call the engine;
/// what it causes is queued behind what is being delivered.
#[derive(Default)]
pub struct Subscribers {
    callbacks: RefCell<Vec<(u64, Callback)>>,
    queue: RefCell<VecDeque<EngineEvent>>,
    delivering: Cell<bool>,
    next_id: Cell<u64>,
}

impl Subscribers {
    pub fn subscribe(self: &Rc<Self>, callback: Callback) -> Subscription {
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        self.callbacks.borrow_mut().push((id, callback));
        Subscription {
            id,
            subscribers: Rc::downgrade(self),
        }
    }

    pub fn deliver(&self, events: Vec<EngineEvent>) {
        self.queue.borrow_mut().extend(events);
        if self.delivering.replace(true) {
            return;
        }
        while let Some(event) = self.next() {
            let callbacks: Vec<Callback> = {
                let callbacks = self.callbacks.borrow();
                callbacks.iter().map(|(_, f)| Rc::clone(f)).collect()
            };
            for callback in callbacks {
                callback(&event);
            }
        }
        self.delivering.set(false);
    }

    pub fn clear(&self) {
        self.callbacks.borrow_mut().clear();
        self.queue.borrow_mut().clear();
    }

    fn next(&self) -> Option<EngineEvent> {
        self.queue.borrow_mut().pop_front()
    }
}

/// Keeps a callback subscribed; dropping it unsubscribes.
#[must_use = "dropping a subscription ends it"]
pub struct Subscription {
    id: u64,
    subscribers: Weak<Subscribers>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(subscribers) = self.subscribers.upgrade() {
            let mut callbacks = subscribers.callbacks.borrow_mut();
            callbacks.retain(|(id, _)| *id != self.id);
        }
    }
}
