//! What is known of an update before it may enter the log.

use bytes::Bytes;
use visionflow_document::check_update;
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
        self.inserts
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

    /// Whether it deletes anything; deletions may be repeated in every update.
    pub fn deletes_beyond(&self, known: &IdSet) -> bool {
        !self.deletes.diff(known).is_empty()
    }

    pub fn has_deletes(&self) -> bool {
        !self.deletes.is_empty()
    }
}

/// The deletions of a document, given its update against its own state vector.
pub(super) fn delete_set(update: &[u8]) -> Option<IdSet> {
    Some(Update::decode_v1(update).ok()?.delete_set().clone())
}
