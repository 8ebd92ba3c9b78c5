//! Opening a room from this browser's memory: the last known document, edits that never reached
//! the server, those of tabs that died included; and keeping that memory up to date.

use super::journal::{Entry, Journal};
use super::link::with_room;
use super::{PendingEdit, Room};
use crate::browser::{monotonic_ms, warn};
use crate::engine::{Inner, State};
use crate::locks::{TabLock, try_lock};
use gloo::timers::future::TimeoutFuture;
use std::collections::BTreeSet;
use std::rc::Weak;
use wasm_bindgen_futures::spawn_local;

/// The document is written down when nothing changed for this long (ms).
const QUIET_MS: f64 = 2_000.0;
/// Writing may take this share of the time at most.
const SHARE: f64 = 200.0;

/// Between two looks for tabs that died (ms).
const LATE_MS: u32 = 3_000;

/// A journal that has not answered by then is done without (ms).
const PATIENCE_MS: u32 = 5_000;

/// Decides when the document's state is worth writing down.
#[derive(Default)]
pub struct StateSaver {
    changed_at: Option<f64>,
    saved_at: f64,
    /// How long the last one took to encode (ms).
    cost: f64,
}

/// What the browser remembers of a room.
struct Memory {
    journal: Journal,
    state: Option<Vec<u8>>,
    entries: Vec<Entry>,
    locks: Vec<TabLock>,
    /// There are entries of tabs that seem to live.
    leaves_others: bool,
}

impl StateSaver {
    pub fn changed(&mut self) {
        self.changed_at = Some(monotonic_ms());
    }

    fn is_due(&self) -> bool {
        let now = monotonic_ms();
        self.changed_at
            .is_some_and(|at| now - at > QUIET_MS && now - self.saved_at > self.cost * SHARE)
    }
}

/// Reads the journal; the socket opens after that, so that its first frames carry everything.
pub fn begin(inner: &Weak<Inner>, id: u64, state: &State) {
    let Some(room) = &state.room else {
        return;
    };
    let inner = inner.clone();
    if !room.server.has_journal() {
        spawn_local(async move {
            with_room(&inner, id, |_, room| {
                // Nothing keeps an edit here: closing the page with one on its way would lose it.
                room.journal_failed = true;
                room.start();
            });
        });
        return;
    }
    let (config, client_id) = (room.config.clone(), room.client_id);
    let late = inner.clone();
    spawn_local(async move {
        let memory = remember(&config.user_key, config.room_id, client_id).await;
        with_room(&inner, id, |state, room| match memory {
            Ok(memory) if room.is_restored => state.restore_late(room, memory),
            Ok(memory) => {
                state.restore(room, memory);
                room.start();
            }
            Err(error) => {
                state.journal_failed(room, &error.to_string());
                room.start();
            }
        });
    });
    spawn_local(async move {
        TimeoutFuture::new(PATIENCE_MS).await;
        with_room(&late, id, |state, room| {
            if !room.is_restored {
                state.journal_failed(room, "it does not answer");
                room.start();
            }
        });
    });
}

async fn remember(
    user_key: &str,
    room_id: uuid::Uuid,
    client_id: u64,
) -> Result<Memory, idb::Error> {
    let journal = Journal::open(user_key, room_id).await?;
    let own = try_lock(client_id).await;
    let state = journal.state().await?;
    let mut memory = adopt(journal, &BTreeSet::from([client_id])).await?;
    memory.state = state;
    memory.locks.extend(own);
    Ok(memory)
}

/// The entries of tabs that are dead, their locks with them.
async fn adopt(journal: Journal, ours: &BTreeSet<u64>) -> Result<Memory, idb::Error> {
    let mut entries = journal.entries().await?;
    entries.retain(|entry| !ours.contains(&entry.client_id));
    let authors: BTreeSet<u64> = entries.iter().map(|entry| entry.client_id).collect();
    let mut adopted = BTreeSet::new();
    let mut locks = Vec::new();
    for author in &authors {
        if let Some(lock) = try_lock(*author).await {
            adopted.insert(*author);
            locks.push(lock);
        }
    }
    entries.retain(|entry| adopted.contains(&entry.client_id));
    Ok(Memory {
        journal,
        state: None,
        entries,
        locks,
        leaves_others: adopted.len() < authors.len(),
    })
}

/// Holds the lock of the room's present client id.
pub fn lock_client(room: &Room) {
    let (inner, id, client_id) = (room.inner.clone(), room.id, room.client_id);
    spawn_local(async move {
        if let Some(lock) = try_lock(client_id).await {
            with_room(&inner, id, |_, room| room.locks.push(lock));
        }
    });
}

impl Room {
    /// What the browser remembers is in the document: now the server may have it.
    fn start(&mut self) {
        if !self.is_restored {
            self.is_restored = true;
            self.unwritten.clear();
            self.open_link();
        }
    }

    /// A dead tab's edit is now one of ours on its way to the server.
    fn take_over(&mut self, entry: &Entry) {
        self.adopted.insert(entry.client_id);
        self.pending.push_back(PendingEdit {
            client_id: entry.client_id,
            n: entry.n,
            annotations: Vec::new(),
        });
    }
}

impl State {
    fn restore(&mut self, room: &mut Room, memory: Memory) {
        room.journal = Some(memory.journal);
        room.locks = memory.locks;
        for (n, update) in std::mem::take(&mut room.unwritten) {
            room.write_to_journal(n, &update);
        }
        if let Some(state) = &memory.state {
            self.remember_update(state);
        }
        for entry in &memory.entries {
            self.remember_update(&entry.update);
        }
        room.session.restored(memory.entries.len());
        room.sees_other_tabs = memory.leaves_others;
        for entry in memory.entries {
            room.take_over(&entry);
        }
    }

    /// A tab that died a moment ago may still have held its lock: asks again now and then.
    pub(super) fn adopt_late(room: &mut Room) {
        if !std::mem::take(&mut room.sees_other_tabs) {
            return;
        }
        let Some(journal) = room.journal.clone() else {
            return;
        };
        let (inner, id) = (room.inner.clone(), room.id);
        let mut ours = room.adopted.clone();
        ours.insert(room.client_id);
        spawn_local(async move {
            TimeoutFuture::new(LATE_MS).await;
            let memory = match adopt(journal, &ours).await {
                Ok(memory) => memory,
                Err(error) => return warn(&format!("journal: {error}")),
            };
            with_room(&inner, id, |state, room| state.restore_late(room, memory));
        });
    }

    /// Takes in what was found after the room was joined.
    fn restore_late(&mut self, room: &mut Room, memory: Memory) {
        room.journal.get_or_insert(memory.journal);
        room.sees_other_tabs = memory.leaves_others;
        room.locks.extend(memory.locks);
        for entry in memory.entries {
            self.remember_update(&entry.update);
            room.take_over(&entry);
            if let Some(frame) = room.session.local_update(entry.update) {
                room.link.send(&frame);
            }
        }
    }

    fn remember_update(&mut self, update: &[u8]) {
        match self.document.apply_update(update) {
            Ok(change) => self.took(&change),
            Err(error) => warn(&format!("journal: {error}")),
        }
    }

    /// Called about once a second.
    pub(super) fn save_document_when_idle(&mut self) {
        if self
            .room
            .as_ref()
            .is_some_and(|room| room.state_saver.is_due())
        {
            self.save_document();
        }
    }

    /// Writes the document down for a start without the server.
    pub fn save_document(&mut self) {
        let Some(room) = &mut self.room else {
            return;
        };
        // A document that is being rebuilt is not worth keeping, one that never changed is kept.
        if room.remake.is_some() || room.state_saver.changed_at.take().is_none() {
            return;
        }
        let Some(journal) = room.journal.clone() else {
            return;
        };
        let start = monotonic_ms();
        let Ok(bytes) = self.document.diff(&[]) else {
            return;
        };
        room.state_saver.saved_at = monotonic_ms();
        room.state_saver.cost = room.state_saver.saved_at - start;
        spawn_local(async move {
            if let Err(error) = journal.write_state(&bytes).await {
                warn(&format!("journal: {error}"));
            }
        });
    }
}
