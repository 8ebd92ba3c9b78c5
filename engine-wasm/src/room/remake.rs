//! After a refusal: the edits that were not refused are made again.

use super::Room;
use super::link::with_room;
use crate::engine::State;
use std::collections::{HashMap, HashSet};
use visionflow_document::Edit;
use visionflow_model::{Annotation, AnnotationId, AttributeId, Suggestion, Verdict};
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
