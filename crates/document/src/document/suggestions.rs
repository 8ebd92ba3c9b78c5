//! What models propose, and what became of it.

use super::Document;
use crate::Edit;
use crate::layout::Property;
use std::sync::Arc;
use visionflow_model::{Annotation, AnnotationId, ModelId, RunId, Source, Suggestion, Verdict};

/// Two of one label are the same thing when their bounds overlap by more, as a share of both.
const SAME: f64 = 0.8;

impl Document {
    pub fn suggestion(&self, id: AnnotationId) -> Option<&Suggestion> {
        self.projection.suggestions().get(id)
    }

    /// Every suggestion whatever became of it, in no order.
    pub fn suggestions(&self) -> impl ExactSizeIterator<Item = &Suggestion> {
        self.projection.suggestions().all()
    }

    /// The verdict about a suggestion by itself, whether or not its annotation stands.
    pub(crate) fn written_verdict(&self, id: AnnotationId) -> Verdict {
        self.projection.suggestions().written(id)
    }

    /// Whether a suggestion was accepted and then given another geometry, label or attribute.
    pub fn is_corrected(&self, id: AnnotationId) -> bool {
        let is_correction = |key: &Arc<str>| {
            let name = key.split_once('/').map_or("", |(_, name)| name);
            matches!(
                Property::from_name(name),
                Some(
                    Property::Geometry
                        | Property::Label
                        | Property::Attribute(_)
                        | Property::Stroke(_)
                )
            )
        };
        self.suggestion(id).is_some()
            && self.get(id).is_some()
            && self.projection.override_keys(id).iter().any(is_correction)
    }

    /// Those of a model's `suggestions` that nobody knows yet: a model that looks again does not
    /// bring again what is annotated already, and not what was rejected when it proposed it.
    ///
    /// The same is what has the same label and bounds that overlap by more than [`SAME`].
    pub fn unknown(&self, suggestions: Vec<Suggestion>) -> Vec<Suggestion> {
        let mut is_known = vec![false; suggestions.len()];
        let mut mark = |known: &Annotation, may_be: &dyn Fn(&Suggestion) -> bool| {
            for (suggestion, is_known) in suggestions.iter().zip(&mut is_known) {
                if !*is_known && may_be(suggestion) {
                    *is_known = is_same(known, &suggestion.annotation);
                }
            }
        };
        for annotation in self.annotations() {
            mark(annotation, &|_| true);
        }
        for other in self.suggestions() {
            if other.verdict == Verdict::Rejected {
                mark(&other.annotation, &|s| {
                    other.is_of_model(s.model, &s.annotation.source)
                });
            }
        }
        let mut is_known = is_known.into_iter();
        let mut suggestions = suggestions;
        suggestions.retain(|_| !is_known.next().unwrap_or_default());
        suggestions
    }

    /// The edits that put what a run of a model proposes in the place of what it proposed before
    /// and nobody has decided about.
    ///
    /// What the same run brought already stays: a run may come in parts.
    pub fn proposal(
        &self,
        model: Option<ModelId>,
        source: &Source,
        run: RunId,
        suggestions: Vec<Suggestion>,
    ) -> Vec<Edit> {
        let mut outdated: Vec<_> = self
            .suggestions()
            .filter(|s| s.verdict == Verdict::Pending && s.run != run)
            .filter(|s| s.is_of_model(model, source))
            .map(Suggestion::id)
            .collect();
        outdated.sort_unstable();
        let supersede = |id| Edit::Decide {
            id,
            verdict: Verdict::Superseded,
        };
        let suggest = |suggestion| Edit::Suggest(Box::new(suggestion));
        let outdated = outdated.into_iter().map(supersede);
        outdated
            .chain(suggestions.into_iter().map(suggest))
            .collect()
    }
}

/// Whether two annotations say the same of one thing; a label of the whole image has no bounds.
fn is_same(a: &Annotation, b: &Annotation) -> bool {
    a.label == b.label
        && match (a.shape.bounds(), b.shape.bounds()) {
            (Some(a), Some(b)) => a == b || a.overlap(b) > SAME,
            (None, None) => a.shape == b.shape,
            _ => false,
        }
}
