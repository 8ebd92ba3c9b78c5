//! What models propose, read into model values beside the annotations.
//!
//! A verdict is read together with the annotations: where one stands under a suggestion's id, the
//! suggestion was accepted, whatever else people decided at the same time.

use super::{NO_ID, Source, plain};
use crate::Change;
use crate::layout;
use std::collections::HashSet;
use std::sync::Arc;
use visionflow_model::{Annotation, AnnotationId, AnnotationMap, Suggestion, Verdict};
use yrs::{Map as _, Out, ReadTxn};

#[derive(Default)]
pub(crate) struct Suggestions(AnnotationMap<Held>);

struct Held {
    suggestion: Suggestion,
    /// What `verdicts` says.
    written: Verdict,
}

type Annotations = AnnotationMap<Annotation>;

impl Suggestions {
    pub(crate) fn get(&self, id: AnnotationId) -> Option<&Suggestion> {
        self.0.get(&id).map(|held| &held.suggestion)
    }

    pub(crate) fn all(&self) -> impl ExactSizeIterator<Item = &Suggestion> {
        self.0.values().map(|held| &held.suggestion)
    }

    /// The verdict about a suggestion by itself.
    pub(crate) fn written(&self, id: AnnotationId) -> Verdict {
        self.0.get(&id).map(|held| held.written).unwrap_or_default()
    }

    pub(super) fn load(
        &mut self,
        source: &Source<'_, impl ReadTxn>,
        annotations: &Annotations,
        change: &mut Change,
    ) {
        self.0
            .reserve(source.maps.suggestions.len(source.txn) as usize);
        for key in source.maps.suggestions.keys(source.txn) {
            self.refresh_one(key, source, annotations, change);
        }
        for key in source.maps.verdicts.keys(source.txn) {
            if layout::record_id(key).is_none() {
                change.ignore(key, NO_ID);
            }
        }
    }

    /// Reads again what was touched, after the annotations.
    pub(super) fn refresh(
        &mut self,
        (records, verdicts): (Vec<Arc<str>>, Vec<Arc<str>>),
        source: &Source<'_, impl ReadTxn>,
        annotations: &Annotations,
        change: &mut Change,
    ) {
        let records: HashSet<_> = records.into_iter().collect();
        for key in &records {
            self.refresh_one(key, source, annotations, change);
        }
        for key in verdicts {
            match layout::record_id(&key) {
                Some(_) if records.contains(&key) => {}
                Some(id) => {
                    if let Some(held) = self.0.get_mut(&id) {
                        held.written = read_verdict(&key, source, change);
                        held.derive(annotations, change);
                    }
                }
                None => change.ignore(&key, NO_ID),
            }
        }
        if self.0.is_empty() {
            return;
        }
        let moved = change.added.iter().chain(&change.removed).copied();
        for id in moved.collect::<Vec<_>>() {
            if let Some(held) = self.0.get_mut(&id) {
                held.derive(annotations, change);
            }
        }
    }

    fn refresh_one(
        &mut self,
        key: &str,
        source: &Source<'_, impl ReadTxn>,
        annotations: &Annotations,
        change: &mut Change,
    ) {
        let Some(id) = layout::record_id(key) else {
            return change.ignore(key, NO_ID);
        };
        let before = self.0.remove(&id);
        let record = source.maps.suggestions.get(source.txn, key);
        if let Some(held) = record.and_then(|record| read(id, key, &record, change)) {
            let written = read_verdict(key, source, change);
            let mut held = Held {
                suggestion: held,
                written,
            };
            held.suggestion.verdict = held.verdict(annotations);
            self.0.insert(id, held);
        }
        let after = self.0.get(&id);
        if before.as_ref().map(|held| &held.suggestion) != after.map(|held| &held.suggestion) {
            change.suggestions.push(id);
        }
    }
}

fn read(id: AnnotationId, key: &str, record: &Out, change: &mut Change) -> Option<Suggestion> {
    let mut faults = Vec::new();
    let read = layout::read_suggestion(id, plain(record), &mut faults);
    for fault in faults {
        change.ignore(key, &fault);
    }
    read.map_err(|fault| change.ignore(key, &fault)).ok()
}

fn read_verdict(key: &str, source: &Source<'_, impl ReadTxn>, change: &mut Change) -> Verdict {
    let Some(entry) = source.maps.verdicts.get(source.txn, key) else {
        return Verdict::Pending;
    };
    let read = layout::read_verdict(plain(&entry));
    read.map_err(|fault| change.ignore(key, &fault))
        .unwrap_or_default()
}

impl Held {
    fn verdict(&self, annotations: &Annotations) -> Verdict {
        if annotations.contains_key(&self.suggestion.id()) {
            Verdict::Accepted
        } else {
            self.written
        }
    }

    fn derive(&mut self, annotations: &Annotations, change: &mut Change) {
        let verdict = self.verdict(annotations);
        if std::mem::replace(&mut self.suggestion.verdict, verdict) != verdict {
            // Once at most: the annotations are as they will be already.
            change.suggestions.push(self.suggestion.id());
        }
    }
}
