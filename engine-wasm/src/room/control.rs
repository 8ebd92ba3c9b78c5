//! The server's words outside the public protocol, and what a refusal does.
//!
//! A CRDT cannot take one update out of a client's chain: what this client wrote after a refused
//! update depends on it.
//! So the document is rebuilt under a new client id from what the server has, and the edits that
//! were not refused are made again.

use super::remake::Remake;
use super::{PendingEdit, Room, restore};
use crate::EngineEvent;
use crate::browser::{random_client_id, warn};
use crate::engine::State;
use std::collections::HashSet;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::{ClientControl, RefusalReason, ServerControl};
use visionflow_document::Document;
use visionflow_sync::{ClientSession, Frame};

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
            said @ (ServerControl::CommentThreadCreated { .. }
            | ServerControl::CommentThreadChanged { .. }
            | ServerControl::CommentThreadDeleted { .. }
            | ServerControl::CommentCreated { .. }
            | ServerControl::CommentChanged { .. }
            | ServerControl::Typing { .. }
            | ServerControl::Notified) => self.events.push(EngineEvent::Said(Rc::new(said))),
        }
    }

    pub(crate) fn tell_typing(&self, thread_id: Uuid) {
        let json = serde_json::to_string(&ClientControl::Typing { thread_id });
        if let (Some(room), Ok(json)) = (&self.room, json) {
            room.link.send(&Frame::Control(json).encode());
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
        let kept = kept.collect();
        let mut obsolete: HashSet<_> = room.pending.iter().map(|e| e.client_id).collect();
        obsolete.insert(room.client_id);
        room.pending.clear();
        room.client_id = random_client_id();
        room.next_n = 0;
        room.session = ClientSession::new(room.client_id, room.server.acknowledgement());
        let before = self.replace_document(Document::new(room.client_id));
        room.remake = Some(Remake {
            before,
            kept,
            obsolete,
        });
        self.show_peers(&[]);
        restore::lock_client(room);
        room.open_link();
    }
}
