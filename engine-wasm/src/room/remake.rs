//! After a refusal: the edits that were not refused are made again.

use super::Room;
use super::link::with_room;
use crate::engine::State;
use std::collections::{BTreeSet, HashSet};
use visionflow_document::Document;
use visionflow_model::AnnotationId;
use wasm_bindgen_futures::spawn_local;

/// What a refusal left to do when the server's document has arrived.
pub struct Remake {
    /// The document as it was, with what was refused.
    pub(super) before: Document,
    /// The annotations of edits that were not refused.
    pub(super) kept: BTreeSet<AnnotationId>,
    /// Client ids whose journal is then obsolete.
    pub(super) obsolete: HashSet<u64>,
}

impl State {
    /// After the handshake of a rebuilt document: makes the edits that were not refused again.
    pub(super) fn remake_edits(&mut self, room: &mut Room) {
        let Some(mut remake) = room.remake.take() else {
            return;
        };
        let edits = (self.document).edits_again(&remake.kept, &mut remake.before);
        match self.document.edit(&edits) {
            Ok(change) => self.took_own(&change),
            Err(error) => self.notice(&error.to_string()),
        }
        self.document.forget_history();
        let Some(journal) = room.journal.clone() else {
            return;
        };
        let (inner, id) = (room.inner.clone(), room.id);
        spawn_local(async move {
            let mut result = journal.remove_state().await;
            for client_id in remake.obsolete {
                result = result.and(journal.remove_client(client_id).await);
            }
            with_room(&inner, id, |state, room| {
                room.state_saver.changed();
                if let Err(error) = result {
                    state.notice(&error.to_string());
                }
            });
        });
    }
}
