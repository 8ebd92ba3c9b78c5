//! What is known of an update before it may enter the log.

use bytes::Bytes;
use visionflow_document::{Document, check_update};
use yrs::updates::decoder::Decode;
use yrs::{IdSet, StateVector, Update};

/// A well-formed update with the ids that it inserts and deletes.
pub(super) struct Checked {
    pub payload: Bytes,
    inserts: IdSet,
    deletes: IdSet,
}

impl Checked {
    /// Errors say why the bytes are no update.
    pub fn new(payload: Bytes) -> Result<Self, String> {
        check_update(&payload).map_err(|error| error.to_string())?;
        let update = Update::decode_v1(&payload).map_err(|error| error.to_string())?;
        Ok(Self {
            inserts: update.insertions(true),
            deletes: update.delete_set().clone(),
            payload,
        })
    }

    /// The CRDT clients whose operations the update brings beyond `known`.
    pub fn new_clients(&self, known: &StateVector) -> Vec<u64> {
        beyond(&self.inserts, known)
    }

    /// The same, where some of what lies beyond is `held`: it waits for what has not come, and a state
    /// vector says nothing of it.
    pub fn new_clients_beside(&self, known: &StateVector, held: &IdSet) -> Vec<u64> {
        beyond(&self.inserts.diff(held), known)
    }

    /// Whether it deletes anything; deletions may be repeated in every update.
    pub fn deletes_beyond(&self, known: &IdSet) -> bool {
        !self.deletes.diff(known).is_empty()
    }

    pub fn has_deletes(&self) -> bool {
        !self.deletes.is_empty()
    }
}

fn beyond(inserts: &IdSet, known: &StateVector) -> Vec<u64> {
    inserts
        .iter()
        .filter(|(client, ranges)| {
            ranges
                .iter()
                .next_back()
                .is_some_and(|last| last.end > known.get(client))
        })
        .map(|(client, _)| client.get())
        .collect()
}

/// What is deleted in a document, or will be as soon as it has come.
pub(super) fn deletions(document: &Document) -> Option<IdSet> {
    let mut deletions = IdSet::new();
    for update in document.updates_since(&document.state_vector()).ok()? {
        let update = Update::decode_v1(&update).ok()?;
        deletions.merge_with(update.delete_set().clone());
    }
    Some(deletions)
}
