//! The room of an item: the socket to the server, the journal in this browser, the other people.
//!
//! An edit takes this way: the document hands out its update, [`Room::local_updates`] writes it to
//! the journal and, when connected, to the socket; the server's acknowledgement takes it out of the
//! journal again.
//! Without a connection edits wait in the journal; the answer to the server's first sync step
//! carries them all.
//!
//! `link` opens and reopens the socket, `restore` reads the journal, `control` hears the server's
//! words outside the public protocol.

mod control;
mod journal;
mod link;
mod remake;
mod restore;
mod socket;
mod token;

use crate::browser::{now_ms, random_client_id};
use crate::engine::Inner;
use crate::locks::TabLock;
use crate::{EngineEvent, Peer, RoomConfig, RoomServer, SaveState};
use gloo::timers::callback::Timeout;
use journal::Journal;
use link::Link;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::rc::Weak;
use visionflow_document::Document;
use visionflow_model::{AnnotationId, Presence};
use visionflow_sync::{Acknowledgement, ClientSession};
use wasm_bindgen_futures::spawn_local;

/// Presence goes out at most this often: about 30 times a second.
const PRESENCE_INTERVAL_MS: u64 = 33;

/// A joined room, connected or not; dropping it leaves.
pub struct Room {
    inner: Weak<Inner>,
    /// Tells this room from a later one when something asynchronous comes back.
    pub(crate) id: u64,
    config: RoomConfig,
    server: RoomServer,
    client_id: u64,
    session: ClientSession,
    link: Link,
    journal: Option<Journal>,
    /// The journal was asked for and has answered, or failed.
    is_restored: bool,
    journal_failed: bool,
    /// Updates made before the journal was open.
    unwritten: Vec<(u64, Vec<u8>)>,
    next_n: u64,
    /// Edits that are not durable yet, in the order in which the session counts them.
    pending: VecDeque<PendingEdit>,
    /// This tab's lock and those of the dead tabs whose entries it took over.
    locks: Vec<TabLock>,
    /// The dead tabs whose entries were taken over.
    adopted: BTreeSet<u64>,
    /// The journal has entries of tabs that seem to live.
    sees_other_tabs: bool,
    /// Since when the oldest pending edit waits for an acknowledgement on an open socket.
    waiting_since_ms: Option<u64>,
    state_saver: restore::StateSaver,
    presence_sent_ms: u64,
    presence_timer: Option<Timeout>,
    /// What remains to be done once the rebuilt document has arrived after a refusal.
    remake: Option<remake::Remake>,
}

/// One edit on its way to the server.
struct PendingEdit {
    client_id: u64,
    n: u64,
    /// What it touched; empty for edits read back from the journal.
    annotations: Vec<AnnotationId>,
}

impl Room {
    /// A room whose document has the client id `client_id`.
    pub fn new(inner: Weak<Inner>, config: RoomConfig, server: RoomServer, client_id: u64) -> Self {
        Self {
            inner,
            server,
            id: random_client_id(),
            config,
            client_id,
            session: ClientSession::new(client_id, server.acknowledgement()),
            link: Link::default(),
            journal: None,
            is_restored: false,
            journal_failed: false,
            unwritten: Vec::new(),
            next_n: 0,
            pending: VecDeque::new(),
            locks: Vec::new(),
            adopted: BTreeSet::new(),
            sees_other_tabs: false,
            waiting_since_ms: None,
            state_saver: restore::StateSaver::default(),
            presence_sent_ms: 0,
            presence_timer: None,
            remake: None,
        }
    }

    /// Takes the document's new updates: into the journal, and out when connected.
    pub fn local_updates(&mut self, updates: Vec<Vec<u8>>, touched: &[AnnotationId]) {
        for update in updates {
            let n = self.next_n;
            self.next_n += 1;
            self.write_to_journal(n, &update);
            self.pending.push_back(PendingEdit {
                client_id: self.client_id,
                n,
                annotations: touched.to_vec(),
            });
            self.waiting_since_ms.get_or_insert_with(now_ms);
            self.state_saver.changed();
            if let Some(frame) = self.session.local_update(update) {
                self.link.send(&frame);
            }
        }
        self.settle_unacknowledged();
    }

    /// A server that never acknowledges has what was handed to the socket.
    fn settle_unacknowledged(&mut self) {
        if self.server.acknowledgement() == Acknowledgement::None {
            let done = self.pending.len().saturating_sub(self.session.pending());
            if done > 0 {
                self.settled(done);
            }
        }
    }

    /// Sends the presence now, or as soon as the last one is old enough.
    pub fn presence_changed(&mut self, presence: &Presence) {
        let now = now_ms();
        let age = now.saturating_sub(self.presence_sent_ms);
        if age < PRESENCE_INTERVAL_MS {
            if self.presence_timer.is_none() {
                let inner = self.inner.clone();
                let wait = (PRESENCE_INTERVAL_MS - age) as u32;
                self.presence_timer = Some(Timeout::new(wait, move || {
                    if let Some(inner) = inner.upgrade() {
                        inner.with(crate::engine::State::send_presence);
                    }
                }));
            }
            return;
        }
        self.presence_timer = None;
        self.presence_sent_ms = now;
        if let Some(frame) = self.session.set_presence(presence, now) {
            self.link.send(&frame);
        }
    }

    /// The timer rang.
    pub fn presence_is_due(&mut self, presence: &Presence) {
        self.presence_timer = None;
        self.presence_sent_ms = 0;
        self.presence_changed(presence);
    }

    pub fn peers(&self) -> Vec<Peer> {
        self.session
            .peers()
            .map(|(client_id, presence)| Peer {
                client_id,
                presence: presence.clone(),
            })
            .collect()
    }

    pub fn save_state(&self, can_edit: bool) -> SaveState {
        let edits = self.session.pending();
        if self.session.is_synced() {
            match edits {
                _ if !can_edit => SaveState::ReadOnly,
                0 => SaveState::Saved,
                edits => SaveState::Saving { edits },
            }
        } else if self.link.has_failed() {
            SaveState::Offline { edits }
        } else {
            SaveState::Opening
        }
    }

    /// Whether closing the page now would lose an edit.
    pub fn is_unsafe_to_close(&self) -> bool {
        self.journal_failed && self.session.pending() > 0
    }

    /// The server has the first `count` frames of this connection for good.
    fn acked(&mut self, count: u64) {
        let settled = self.session.acked(count);
        self.settled(settled);
    }

    /// The oldest `count` pending edits are done with: the journal forgets them.
    fn settled(&mut self, count: usize) -> Vec<PendingEdit> {
        let count = count.min(self.pending.len());
        let done: Vec<_> = self.pending.drain(..count).collect();
        self.waiting_since_ms = (!self.pending.is_empty()).then(now_ms);
        let mut last = HashMap::new();
        for edit in &done {
            last.insert(edit.client_id, edit.n);
        }
        if let Some(journal) = self.journal.clone() {
            spawn_local(async move {
                for (client_id, n) in last {
                    // What stays behind is sent once more by the next tab, without effect.
                    if let Err(error) = journal.remove_up_to(client_id, n).await {
                        crate::browser::warn(&format!("journal: {error}"));
                    }
                }
            });
        }
        done
    }

    fn write_to_journal(&mut self, n: u64, update: &[u8]) {
        let Some(journal) = self.journal.clone() else {
            if !self.is_restored {
                self.unwritten.push((n, update.to_vec()));
            }
            return;
        };
        let (inner, id, client_id) = (self.inner.clone(), self.id, self.client_id);
        let update = update.to_vec();
        spawn_local(async move {
            if let Err(error) = journal.write(client_id, n, &update).await {
                link::with_room(&inner, id, |state, room| {
                    state.journal_failed(room, &error.to_string());
                });
            }
        });
    }

    /// Says goodbye, so that the others see it at once.
    fn leave(&mut self) {
        if let Some(frame) = self.session.leave() {
            self.link.send(&frame);
        }
    }
}

impl RoomServer {
    fn acknowledgement(self) -> Acknowledgement {
        match self {
            Self::VisionFlow => Acknowledgement::Durable,
            Self::YWebsocket { .. } => Acknowledgement::None,
        }
    }

    fn has_journal(self) -> bool {
        matches!(
            self,
            Self::VisionFlow | Self::YWebsocket { has_journal: true }
        )
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.leave();
    }
}

impl crate::engine::State {
    /// Joins a room with an empty document, whose journal is read first.
    pub fn join(&mut self, inner: &Weak<Inner>, config: RoomConfig, server: RoomServer) {
        self.leave_room();
        self.can_edit = config.can_edit_hint;
        self.presence.user = config.user.clone();
        let client_id = random_client_id();
        self.replace_document(Document::new(client_id));
        let room = Room::new(inner.clone(), config, server, client_id);
        let id = room.id;
        self.room = Some(room);
        restore::begin(inner, id, self);
    }

    /// Keeps the state of the document for later, then leaves.
    pub fn leave_room(&mut self) {
        self.save_document();
        if self.room.take().is_some() {
            self.peers_changed();
        }
    }

    /// Runs `f` on the room if it is still the one called `id`.
    fn in_room<R>(&mut self, id: u64, f: impl FnOnce(&mut Self, &mut Room) -> R) -> Option<R> {
        let mut room = self.room.take_if(|room| room.id == id)?;
        let result = f(self, &mut room);
        // `f` may have left the room for good.
        if self.room.is_none() {
            self.room = Some(room);
        }
        Some(result)
    }

    /// Edits cannot be kept here; says so once.
    fn journal_failed(&mut self, room: &mut Room, reason: &str) {
        crate::browser::warn(&format!("journal: {reason}"));
        if !std::mem::replace(&mut room.journal_failed, true) {
            self.events.push(EngineEvent::Notice(
                "This browser cannot keep unsaved edits. Stay on the page until they are saved."
                    .to_owned(),
            ));
        }
    }

    /// Whether closing the page now would lose an edit.
    pub fn is_unsafe_to_close(&self) -> bool {
        self.room.as_ref().is_some_and(Room::is_unsafe_to_close)
    }

    fn send_presence(&mut self) {
        if let Some(room) = &mut self.room {
            room.presence_is_due(&self.presence);
        }
    }
}
