//! After a refusal: the edits that were not refused are made again.

use super::Room;
use super::link::with_room;
use crate::engine::State;
use std::collections::{HashMap, HashSet};
use visionflow_document::{Edit, edits_between};
use visionflow_model::{Annotation, AnnotationId, Suggestion, Verdict};
use wasm_bindgen_futures::spawn_local;

/// What a refusal left to do when the server's document has arrived.
pub struct Remake {
    /// The annotations of edits that were not refused, as they were then.
    pub(super) annotations: HashMap<AnnotationId, Option<Annotation>>,
    /// What they proposed or decided about, likewise.
    pub(super) suggestions: Vec<Suggestion>,
    /// Client ids whose journal is then obsolete.
    pub(super) obsolete: HashSet<u64>,
}

impl State {
    /// After the handshake of a rebuilt document: makes the edits that were not refused again.
    pub(super) fn remake_edits(&mut self, room: &mut Room) {
        let Some(remake) = room.remake.take() else {
            return;
        };
        let mut edits: Vec<Edit> = Vec::new();
        let mut by_verdict: HashMap<AnnotationId, Option<&Annotation>> = HashMap::new();
        for wanted in &remake.suggestions {
            let id = wanted.id();
            let now = self.document.suggestion(id);
            if now.is_none() {
                edits.push(Edit::Suggest(Box::new(wanted.clone())));
            }
            let verdict = wanted.verdict;
            let before = now.map(|s| s.verdict).unwrap_or_default();
            if before != verdict {
                edits.push(Edit::Decide { id, verdict });
                let accepted = (verdict == Verdict::Accepted).then_some(&wanted.annotation);
                by_verdict.insert(id, accepted);
            }
        }
        for (id, wanted) in &remake.annotations {
            let from = by_verdict.get(id).copied();
            let from = from.unwrap_or_else(|| self.document.get(*id));
            edits.extend(difference(*id, from, wanted.as_ref()));
        }
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
    match (from, to) {
        (None, None) => Vec::new(),
        (None, Some(to)) => vec![Edit::Add(to.clone())],
        (Some(_), None) => vec![Edit::Delete(id)],
        (Some(from), Some(to)) => edits_between(from, to),
    }
}
