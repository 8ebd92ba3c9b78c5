//! The server's words outside the public protocol, and what a refusal does.
//!
//! A CRDT cannot take one update out of a client's chain: what this client wrote after a refused
//! update depends on it.
//! So the document is rebuilt under a new client id from what the server has, and the edits that
//! were not refused are made again.

use super::link::with_room;
use super::{PendingEdit, Room, restore};
use crate::EngineEvent;
use crate::browser::{random_client_id, warn};
use crate::engine::State;
use std::collections::{HashMap, HashSet};
use visionflow_api::{RefusalReason, ServerControl};
use visionflow_document::{Document, Edit};
use visionflow_model::{Annotation, AnnotationId, AttributeId};
use visionflow_sync::ClientSession;
use wasm_bindgen_futures::spawn_local;

/// What a refusal left to do when the server's document has arrived.
pub struct Remake {
    /// The annotations of edits that were not refused, as they were then.
    annotations: HashMap<AnnotationId, Option<Annotation>>,
    /// Client ids whose journal is then obsolete.
    obsolete: HashSet<u64>,
}

impl State {
    pub(super) fn on_control(&mut self, room: &mut Room, json: &str) {
        let control = match serde_json::from_str(json) {
            Ok(control) => control,
            Err(error) => {
                // A newer server may say more than we understand.
                warn(&format!("control frame: {error}"));
                return;
            }
        };
        match control {
            ServerControl::Welcome { can_edit, .. } | ServerControl::RoleChanged { can_edit } => {
                self.set_role(can_edit);
            }
            ServerControl::Ack { count } => room.acked(count),
            ServerControl::Refused {
                frame,
                reason,
                detail,
            } => self.on_refused(room, frame, reason, detail),
            ServerControl::Ignored { detail, .. } => self.notice(&detail),
            ServerControl::ItemDeleted => self.events.push(EngineEvent::ItemDeleted),
            ServerControl::ItemRestored => self.events.push(EngineEvent::ItemRestored),
            ServerControl::OntologyChanged { version } => {
                self.events.push(EngineEvent::Ontology(version));
            }
            ServerControl::Authenticated { expires_at } => {
                room.link.token_lasts(expires_at.unsigned_abs() * 1000);
            }
        }
    }

    fn set_role(&mut self, can_edit: bool) {
        if std::mem::replace(&mut self.can_edit, can_edit) != can_edit {
            self.cancel_gesture();
            self.refresh_tools();
        }
        self.events.push(EngineEvent::Role { can_edit });
    }

    fn on_refused(&mut self, room: &mut Room, frame: u64, reason: RefusalReason, detail: String) {
        if reason == RefusalReason::TooFast {
            // The server has not taken it, so the next handshake offers it again.
            self.connection_lost(room);
            return;
        }
        room.acked(frame.saturating_sub(1));
        let refused = room.session.acked(frame);
        let refused = room.settled(refused);
        if refused.is_empty() && room.pending.is_empty() {
            // A handshake that carried nothing: there is nothing to take back.
            return;
        }
        // Nothing that this person makes will be taken.
        let keeps_rest = reason != RefusalReason::ReadOnly;
        self.rebuild(room, &refused, keeps_rest);
        self.events.push(EngineEvent::Refused { detail });
    }

    /// Starts over from the server's document without the refused edits.
    fn rebuild(&mut self, room: &mut Room, refused: &[PendingEdit], keeps_rest: bool) {
        let dropped: HashSet<_> = refused.iter().flat_map(|e| &e.annotations).collect();
        let kept = room.pending.iter().flat_map(|e| &e.annotations).copied();
        let kept = kept.filter(|id| keeps_rest && !dropped.contains(id));
        let annotations = self.annotations_as_they_are(kept);
        let mut obsolete: HashSet<_> = room.pending.iter().map(|e| e.client_id).collect();
        obsolete.insert(room.client_id);
        room.pending.clear();
        room.remake = Some(Remake {
            annotations,
            obsolete,
        });
        room.client_id = random_client_id();
        room.next_n = 0;
        room.session = ClientSession::new(room.client_id, room.server.acknowledgement());
        self.replace_document(Document::new(room.client_id));
        self.show_peers(&[]);
        restore::lock_client(room);
        room.open_link();
    }

    /// After the handshake of a rebuilt document: makes the edits that were not refused again.
    pub(super) fn remake_edits(&mut self, room: &mut Room) {
        let Some(remake) = room.remake.take() else {
            return;
        };
        let edits: Vec<Edit> = remake
            .annotations
            .iter()
            .flat_map(|(id, wanted)| difference(*id, self.document.get(*id), wanted.as_ref()))
            .collect();
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

/// The edits that turn an annotation from one state into another.
fn difference(id: AnnotationId, from: Option<&Annotation>, to: Option<&Annotation>) -> Vec<Edit> {
    let (from, to) = match (from, to) {
        (None, None) => return Vec::new(),
        (None, Some(to)) => return vec![Edit::Add(to.clone())],
        (Some(_), None) => return vec![Edit::Delete(id)],
        (Some(from), Some(to)) => (from, to),
    };
    let mut edits = Vec::new();
    if from.shape != to.shape {
        edits.push(Edit::SetShape(id, to.shape.clone()));
    }
    if from.label != to.label {
        edits.push(Edit::SetLabel(id, to.label));
    }
    if from.z.total_cmp(&to.z).is_ne() {
        edits.push(Edit::SetZ(id, to.z));
    }
    let attributes: HashSet<AttributeId> = from
        .attributes
        .keys()
        .chain(to.attributes.keys())
        .copied()
        .collect();
    for attribute in attributes {
        let wanted = to.attributes.get(&attribute);
        if from.attributes.get(&attribute) != wanted {
            edits.push(Edit::SetAttribute(id, attribute, wanted.cloned()));
        }
    }
    edits
}
