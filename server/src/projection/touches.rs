//! Which annotations and suggestions events have touched since the rows were last written, and who did.

use super::Projected;
use crate::store::RoomIdentity;
use std::collections::HashMap;
use time::OffsetDateTime;
use uuid::Uuid;
use visionflow_document::{Change, Document};
use visionflow_model::{Annotation, AnnotationId, Suggestion};

/// The latest event that touched an annotation, and the one that added it where that is news.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Touch {
    /// Who added the annotation, and when.
    pub added: Option<(Option<Uuid>, OffsetDateTime)>,
    pub by: Option<Uuid>,
    pub at: OffsetDateTime,
    pub seq: i64,
}

/// The first and the latest event that touched a suggestion: who proposed it, and who decided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SuggestionTouch {
    pub first: (Option<Uuid>, OffsetDateTime),
    pub by: Option<Uuid>,
    pub at: OffsetDateTime,
    pub seq: i64,
}

/// Touched annotations and suggestions, each once.
#[derive(Clone, Debug, Default)]
pub struct Touches {
    touched: HashMap<AnnotationId, Touch>,
    /// Those without a row because of their label: tried again when labels change.
    passed_over: HashMap<AnnotationId, Touch>,
    suggestions: HashMap<AnnotationId, SuggestionTouch>,
}

/// What one transaction writes: annotations and suggestions as the document held them at `seq`.
pub struct Batch {
    pub room: RoomIdentity,
    /// `None` for a room without an item, which has no rows.
    pub image_id: Option<Uuid>,
    pub seq: i64,
    pub present: Vec<(Annotation, Touch)>,
    pub removed: Vec<AnnotationId>,
    pub suggested: Vec<(Suggestion, SuggestionTouch)>,
    /// Suggestions that are there no more.
    pub withdrawn: Vec<AnnotationId>,
}

impl Touches {
    /// Event `seq` by `user` changed this.
    pub fn record(&mut self, change: &Change, user: Option<Uuid>, at: OffsetDateTime, seq: i64) {
        let touch = Touch {
            added: None,
            by: user,
            at,
            seq,
        };
        for id in &change.added {
            self.touched.insert(
                *id,
                Touch {
                    added: Some((user, at)),
                    ..touch
                },
            );
        }
        for id in change.updated.iter().chain(&change.removed) {
            let added = self.touched.get(id).and_then(|earlier| earlier.added);
            let added =
                added.or_else(|| self.passed_over.get(id).and_then(|earlier| earlier.added));
            self.touched.insert(*id, Touch { added, ..touch });
        }
        for id in &change.suggestions {
            let earlier = self.suggestions.get(id);
            let first = earlier.map_or((user, at), |earlier| earlier.first);
            let touch = SuggestionTouch {
                first,
                by: user,
                at,
                seq,
            };
            self.suggestions.insert(*id, touch);
        }
    }

    /// What the document held at event `seq`, where the log begins: drawn by whom it says
    /// (`author`), at the latest `at`. Who proposed and decided only rows know that still exist.
    pub fn record_base(
        &mut self,
        document: &Document,
        author: impl Fn(AnnotationId) -> Option<Uuid>,
        at: OffsetDateTime,
        seq: i64,
    ) {
        for annotation in document.annotations() {
            let by = author(annotation.id);
            let touch = Touch {
                added: Some((by, at)),
                by,
                at,
                seq,
            };
            self.touched.insert(annotation.id, touch);
        }
        for suggestion in document.suggestions() {
            let touch = SuggestionTouch {
                first: (None, at),
                by: None,
                at,
                seq,
            };
            self.suggestions.insert(suggestion.id(), touch);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.touched.is_empty() && self.suggestions.is_empty()
    }

    /// Whether nothing waits: neither to be written nor for its label.
    pub fn is_settled(&self) -> bool {
        self.is_empty() && self.passed_over.is_empty()
    }

    /// Gives back the memory of what was written.
    pub fn shrink(&mut self) {
        self.touched.shrink_to_fit();
        self.passed_over.shrink_to_fit();
        self.suggestions.shrink_to_fit();
    }

    pub fn touched(&self) -> impl Iterator<Item = (AnnotationId, &Touch)> {
        self.touched.iter().map(|(id, touch)| (*id, touch))
    }

    pub fn batch(
        &self,
        room: RoomIdentity,
        image_id: Option<Uuid>,
        seq: i64,
        document: &Document,
    ) -> Batch {
        let (mut present, mut removed) = (Vec::new(), Vec::new());
        for (id, touch) in &self.touched {
            match document.get(*id) {
                Some(annotation) => present.push((annotation.clone(), *touch)),
                None => removed.push(*id),
            }
        }
        // Rows are locked in one order, whoever writes them.
        present.sort_unstable_by_key(|(annotation, _)| annotation.id);
        removed.sort_unstable();
        let (mut suggested, mut withdrawn) = (Vec::new(), Vec::new());
        for (id, touch) in &self.suggestions {
            match document.suggestion(*id) {
                Some(suggestion) => suggested.push((suggestion.clone(), *touch)),
                None => withdrawn.push(*id),
            }
        }
        suggested.sort_unstable_by_key(|(suggestion, _)| suggestion.id());
        withdrawn.sort_unstable();
        Batch {
            room,
            image_id,
            seq,
            present,
            removed,
            suggested,
            withdrawn,
        }
    }

    /// After a success: of what was written, keeps those that got no row.
    pub fn keep_passed_over(&mut self, written: Touches, projected: &Projected) {
        for (id, _) in &projected.passed_over {
            if let Some(touch) = written.touched.get(id) {
                self.passed_over.insert(*id, *touch);
            }
        }
        for id in written.touched.keys() {
            if !projected.passed_over.iter().any(|(passed, _)| passed == id) {
                self.passed_over.remove(id);
            }
        }
        for (id, touch) in written.passed_over {
            if !written.touched.contains_key(&id) {
                self.passed_over.entry(id).or_insert(touch);
            }
        }
    }

    /// After a failure: what was not written is due again; newer touches win.
    pub fn put_back(&mut self, unwritten: Touches) {
        for (id, touch) in unwritten.touched {
            self.touched
                .entry(id)
                .and_modify(|newer| newer.added = newer.added.or(touch.added))
                .or_insert(touch);
        }
        for (id, touch) in unwritten.passed_over {
            self.passed_over.entry(id).or_insert(touch);
        }
        for (id, touch) in unwritten.suggestions {
            self.suggestions
                .entry(id)
                .and_modify(|newer| newer.first = touch.first)
                .or_insert(touch);
        }
    }

    /// Labels have changed: what was passed over is due again.
    pub fn retry_unlabelled(&mut self) {
        for (id, touch) in std::mem::take(&mut self.passed_over) {
            self.touched.entry(id).or_insert(touch);
        }
    }
}
