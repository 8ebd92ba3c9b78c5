//! The other clients of the room, as their awareness tells.

use crate::{AwarenessEntry, TIMEOUT_MS};
use serde_json::Value;
use std::collections::BTreeMap;
use visionflow_model::Presence;

/// More peers than this are not shown.
const MAX_PEERS: usize = 4096;

#[derive(Debug, Default)]
pub(super) struct Peers {
    clients: BTreeMap<u64, Peer>,
}

#[derive(Debug)]
struct Peer {
    clock: u64,
    /// `None` for a peer that left; its clock tells old news from new.
    presence: Option<Presence>,
    last_seen_ms: u64,
}

impl Peers {
    /// Takes in what is said of one peer; whether that shows.
    ///
    /// A presence that does not parse is somebody's all the same, and shown without a name.
    pub(super) fn apply(&mut self, entry: &AwarenessEntry, now_ms: u64) -> bool {
        let before = self.clients.get(&entry.client);
        let shown = before.is_some_and(|peer| peer.presence.is_some());
        let news = match before {
            Some(peer) if entry.clock == peer.clock => entry.json.is_none() && shown,
            Some(peer) => entry.clock > peer.clock,
            None => entry.json.is_some() && self.clients.len() < MAX_PEERS,
        };
        if !news {
            return false;
        }
        let json = entry.json.as_deref();
        let presence = json.map(presence_of);
        let shows = before.and_then(|peer| peer.presence.as_ref()) != presence.as_ref();
        let peer = Peer {
            clock: entry.clock,
            presence,
            last_seen_ms: now_ms,
        };
        self.clients.insert(entry.client, peer);
        shows
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, &Presence)> {
        let shown = |(client, peer): (&u64, _)| peer_presence(peer).map(|p| (*client, p));
        self.clients.iter().filter_map(shown)
    }

    /// Lets those go that have been silent for too long; returns them.
    pub(super) fn expire(&mut self, now_ms: u64) -> Vec<u64> {
        let mut gone = Vec::new();
        self.clients.retain(|client, peer| {
            let silent = now_ms.saturating_sub(peer.last_seen_ms) >= TIMEOUT_MS;
            if silent && peer.presence.is_some() {
                gone.push(*client);
            }
            !silent
        });
        gone
    }

    /// Forgets everyone; returns those that were shown.
    pub(super) fn clear(&mut self) -> Vec<u64> {
        let gone = self.iter().map(|(client, _)| client).collect();
        self.clients.clear();
        gone
    }
}

/// What a client says of itself, without what cannot be shown.
///
/// Masks are left out before they are made: nobody shows one that way, and a few bytes of run lengths
/// can stand for more memory than there is.
fn presence_of(json: &str) -> Presence {
    let mut value: Value = serde_json::from_str(json).unwrap_or_default();
    if let Some(previews) = value.get_mut("preview").and_then(Value::as_array_mut) {
        previews.retain(|preview| preview["shape"]["type"] != "mask");
    }
    let presence: Presence = serde_json::from_value(value).unwrap_or_default();
    presence.within_reach()
}

fn peer_presence(peer: &Peer) -> Option<&Presence> {
    peer.presence.as_ref()
}
