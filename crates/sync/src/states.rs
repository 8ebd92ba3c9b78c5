//! What a relay keeps of everyone's presence: the awareness states of a room.
//!
//! The same rules as y-protocols' `awareness.js`, with one more: a client's state belongs to the
//! connection that brought it, so that nobody can speak for somebody else who is here.
//! JSON is never looked into.

use crate::{AwarenessEntry, AwarenessUpdate, Frame};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A client that has said nothing for this long is gone; clients say something every half of it.
pub const TIMEOUT_MS: u64 = 30_000;
/// More clients than this are not kept in one room.
const MAX_STATES: usize = 4096;

/// The awareness states of one room.
#[derive(Clone, Debug, Default)]
pub struct AwarenessStates {
    states: BTreeMap<u64, State>,
}

#[derive(Clone, Debug)]
struct State {
    clock: u64,
    json: Option<Arc<str>>,
    /// The connection that speaks for the client.
    owner: u64,
    last_seen_ms: u64,
}

impl AwarenessStates {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in what connection `owner` says; returns the clients to tell the others about.
    ///
    /// Public clients echo what they hear, so that most entries of a message can be old news.
    /// A connection takes a client over from another one with a greater clock: a client that
    /// reconnected before its old connection was seen to be dead.
    pub fn apply(&mut self, update: &AwarenessUpdate, owner: u64, now_ms: u64) -> Vec<u64> {
        let mut changed = Vec::new();
        for entry in &update.entries {
            if self.apply_entry(entry, owner, now_ms) {
                changed.push(entry.client);
            }
        }
        changed
    }

    fn apply_entry(&mut self, entry: &AwarenessEntry, owner: u64, now_ms: u64) -> bool {
        let full = self.states.len() >= MAX_STATES;
        let Some(state) = self.states.get_mut(&entry.client) else {
            if entry.json.is_some() && !full {
                let state = State {
                    clock: entry.clock,
                    json: entry.json.clone(),
                    owner,
                    last_seen_ms: now_ms,
                };
                self.states.insert(entry.client, state);
                return true;
            }
            return false;
        };
        let leaves = entry.json.is_none();
        let ends_now = leaves && state.json.is_some();
        let newer = entry.clock > state.clock || (entry.clock == state.clock && ends_now);
        if !newer || (ends_now && state.owner != owner) {
            return false;
        }
        let shows = state.json.is_some() || !leaves;
        *state = State {
            clock: entry.clock,
            json: entry.json.clone(),
            owner,
            last_seen_ms: now_ms,
        };
        shows
    }

    /// An awareness frame with the states of these clients; `None` when there is none of them.
    pub fn encode(&self, clients: impl IntoIterator<Item = u64>) -> Option<Vec<u8>> {
        let entries: Vec<_> = clients
            .into_iter()
            .filter_map(|client| {
                self.states.get(&client).map(|state| AwarenessEntry {
                    client,
                    clock: state.clock,
                    json: state.json.clone(),
                })
            })
            .collect();
        (!entries.is_empty()).then(|| Frame::Awareness(AwarenessUpdate { entries }).encode())
    }

    /// Whether anything is kept of this client: its state, or for a while that it left.
    pub fn contains(&self, client: u64) -> bool {
        self.states.contains_key(&client)
    }

    /// What a client that is here shows of itself, where another connection than `owner` speaks for it.
    pub fn shown_by_another(&self, client: u64, owner: u64) -> Option<&str> {
        let state = self.states.get(&client)?;
        state.json.as_deref().filter(|_| state.owner != owner)
    }

    /// The clients that are here.
    pub fn present(&self) -> impl Iterator<Item = u64> + '_ {
        let here = self.states.iter().filter(|(_, state)| state.json.is_some());
        here.map(|(client, _)| *client)
    }

    /// The clients for which connections speak of which `holds`.
    pub fn spoken_for(&self, holds: impl Fn(u64) -> bool) -> impl Iterator<Item = u64> {
        let spoken = self.states.iter().filter(move |(_, s)| holds(s.owner));
        spoken.map(|(client, _)| *client)
    }

    /// The clients that connection `owner` speaks for.
    pub fn owned_by(&self, owner: u64) -> impl Iterator<Item = u64> + '_ {
        let owned = self.states.iter().filter(move |(_, s)| s.owner == owner);
        owned.map(|(client, _)| *client)
    }

    /// Connection `owner` has closed; returns the clients that left with it, to tell the others.
    pub fn remove(&mut self, owner: u64, now_ms: u64) -> Vec<u64> {
        self.leave(now_ms, |state| state.owner == owner)
    }

    /// Returns the clients that have fallen silent, to tell the others, and forgets those long gone.
    pub fn expire(&mut self, now_ms: u64) -> Vec<u64> {
        let silent = |state: &State| now_ms.saturating_sub(state.last_seen_ms) >= TIMEOUT_MS;
        // What was told the last time need not be told again.
        self.states
            .retain(|_, state| state.json.is_some() || !silent(state));
        self.leave(now_ms, silent)
    }

    fn leave(&mut self, now_ms: u64, which: impl Fn(&State) -> bool) -> Vec<u64> {
        let mut left = Vec::new();
        for (client, state) in &mut self.states {
            if state.json.is_some() && which(state) {
                state.json = None;
                state.last_seen_ms = now_ms;
                left.push(*client);
            }
        }
        left
    }
}
