//! Two documents beside each other: what differs, and the edits that turn one into the other.
//!
//! The past is never written over: going back to it is one more edit, which can be taken back like
//! any other, and after which the log holds everything that was there before.

use crate::{Document, Edit};
use std::collections::BTreeSet;
use visionflow_geometry::MaskDelta;
use visionflow_model::{Annotation, AnnotationId, Shape, Suggestion, Verdict};

/// How the annotations of one document differ from those of another; each list in order of the ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub added: Vec<AnnotationId>,
    pub changed: Vec<AnnotationId>,
    pub removed: Vec<AnnotationId>,
}

impl Document {
    /// What became of the annotations between `before` and this document.
    pub fn difference(&self, before: &Self) -> Difference {
        let mut difference = Difference::default();
        for annotation in self.annotations() {
            match before.get(annotation.id) {
                None => difference.added.push(annotation.id),
                Some(other) if other != annotation => difference.changed.push(annotation.id),
                Some(_) => {}
            }
        }
        let is_gone = |id: &AnnotationId| self.get(*id).is_none();
        let before = before.annotations().map(|annotation| annotation.id);
        difference.removed.extend(before.filter(is_gone));
        difference.added.sort_unstable();
        difference.changed.sort_unstable();
        difference.removed.sort_unstable();
        difference
    }

    /// The edits that give this document the annotations and suggestions of `other`; none where
    /// they are the same.
    ///
    /// What others do at the same time stands, as it does beside any edit: only what differs is
    /// written, and of a mask only the pixels that do.
    pub fn edits_to(&self, other: &Self) -> Vec<Edit> {
        let ids: BTreeSet<_> = [self, other]
            .into_iter()
            .flat_map(|document| {
                let suggested = document.suggestions().map(Suggestion::id);
                document.annotations().map(|a| a.id).chain(suggested)
            })
            .collect();
        let mut edits = Vec::new();
        for id in ids {
            self.edits_to_one(id, other, &mut edits);
        }
        edits
    }

    /// The part of [`Self::edits_to`] that concerns one annotation.
    pub fn edits_to_restore(&self, id: AnnotationId, other: &Self) -> Vec<Edit> {
        let mut edits = Vec::new();
        self.edits_to_one(id, other, &mut edits);
        edits
    }

    /// The edits that make again here what was done to `kept` in `before`, a document of which the
    /// server refused some other part, so that this one began anew without it.
    ///
    /// What others did since goes into `before` as well: there it merges with what is made again as
    /// if nothing had been refused. Where that fails, they are made again as they were.
    pub fn edits_again(&self, kept: &BTreeSet<AnnotationId>, before: &mut Self) -> Vec<Edit> {
        if kept.is_empty() {
            return Vec::new();
        }
        if let Ok(news) = self.diff(&before.state_vector()) {
            let _ = before.apply_update(&news);
        }
        let again = kept
            .iter()
            .flat_map(|id| self.edits_to_restore(*id, before));
        again.collect()
    }

    fn edits_to_one(&self, id: AnnotationId, other: &Self, edits: &mut Vec<Edit>) {
        let mut now = Now {
            annotation: self.get(id),
            corrected: self.is_corrected(id),
        };
        self.suggestion_edits(id, other, &mut now, edits);
        let corrected = other.is_corrected(id);
        match (now.annotation, other.get(id)) {
            (None, None) => {}
            (Some(_), None) => edits.push(Edit::Delete(id)),
            (None, Some(then)) => add(then, other, corrected, edits),
            (Some(now), Some(then)) if now == then => {}
            // A source stands in the birth record only, and so does that nobody corrected it.
            (Some(before), Some(then))
                if before.source != then.source || (now.corrected && !corrected) =>
            {
                edits.push(Edit::Delete(id));
                add(then, other, corrected, edits);
            }
            (Some(now), Some(then)) => edits.extend(edits_between(now, then)),
        }
    }

    /// What models proposed under this id, and what was decided about it.
    fn suggestion_edits<'a>(
        &'a self,
        id: AnnotationId,
        other: &'a Self,
        now: &mut Now<'a>,
        edits: &mut Vec<Edit>,
    ) {
        let (mine, theirs) = (self.suggestion(id), other.suggestion(id));
        let mut verdict = mine.map(|s| s.verdict).unwrap_or_default();
        let is_same = match (mine, theirs) {
            (Some(mine), Some(theirs)) => is_same_proposal(mine, theirs),
            (None, None) => true,
            _ => false,
        };
        if !is_same {
            if theirs.is_some() && now.annotation.take().is_some() {
                edits.push(Edit::Delete(id));
            }
            if mine.is_some() {
                edits.push(Edit::Withdraw(id));
            }
            if let Some(theirs) = theirs {
                edits.push(Edit::Suggest(Box::new(theirs.clone())));
            }
            (verdict, now.corrected) = (Verdict::Pending, false);
        }
        let Some(theirs) = theirs else { return };
        let mut decide = |verdict| edits.push(Edit::Decide { id, verdict });
        // Both count as accepted, but only as long as the annotation stands: it is about to go.
        let is_unwritten = is_same && self.written_verdict(id) != Verdict::Accepted;
        if verdict == Verdict::Accepted
            && theirs.verdict == Verdict::Accepted
            && is_unwritten
            && other.get(id).is_none()
        {
            decide(Verdict::Rejected);
            verdict = Verdict::Rejected;
        }
        if verdict == theirs.verdict {
            return;
        }
        if theirs.verdict == Verdict::Superseded && verdict != Verdict::Pending {
            decide(Verdict::Pending);
        }
        decide(theirs.verdict);
        now.annotation = (theirs.verdict == Verdict::Accepted).then_some(&theirs.annotation);
        now.corrected = false;
    }
}

/// One annotation as the edits so far leave it.
struct Now<'a> {
    annotation: Option<&'a Annotation>,
    corrected: bool,
}

fn is_same_proposal(a: &Suggestion, b: &Suggestion) -> bool {
    (&a.annotation, a.score, a.model, a.run) == (&b.annotation, b.score, b.model, b.run)
}

/// Adds an annotation as it stands in `of`: one that was corrected after a model proposed it is born
/// as the model proposed it.
fn add(annotation: &Annotation, of: &Document, corrected: bool, edits: &mut Vec<Edit>) {
    let proposed = of.suggestion(annotation.id).map(|s| &s.annotation);
    match proposed.filter(|proposed| corrected && proposed.source == annotation.source) {
        Some(proposed) => {
            edits.push(Edit::Add(proposed.clone()));
            edits.extend(edits_between(proposed, annotation));
        }
        None => edits.push(Edit::Add(annotation.clone())),
    }
}

/// The edits that give an annotation the properties of another of the same id and source; of a mask
/// only the pixels that differ.
pub fn edits_between(now: &Annotation, then: &Annotation) -> Vec<Edit> {
    let id = then.id;
    let mut edits = Vec::new();
    if now.label != then.label {
        edits.push(Edit::SetLabel(id, then.label));
    }
    match (&now.shape, &then.shape) {
        (now, then) if now == then => {}
        (Shape::Mask(now), Shape::Mask(then)) => {
            edits.push(Edit::PaintMask(id, MaskDelta::between(now, then)));
        }
        (_, shape) => edits.push(Edit::SetShape(id, shape.clone())),
    }
    if now.z.to_bits() != then.z.to_bits() {
        edits.push(Edit::SetZ(id, then.z));
    }
    if now.group != then.group {
        edits.push(Edit::SetGroup(id, then.group));
    }
    if now.locked != then.locked {
        edits.push(Edit::SetLocked(id, then.locked));
    }
    if now.style != then.style {
        edits.push(Edit::SetStyle(id, then.style));
    }
    let gone = now.attributes.keys();
    for key in gone.filter(|key| !then.attributes.contains_key(key)) {
        edits.push(Edit::SetAttribute(id, *key, None));
    }
    for (key, value) in then.attributes.iter() {
        if now.attributes.get(key) != Some(value) {
            edits.push(Edit::SetAttribute(id, *key, Some(value.clone())));
        }
    }
    edits
}
