//! What models propose, and what became of it.

use super::Document;
use crate::Edit;
use crate::layout::Property;
use std::sync::Arc;
use visionflow_model::{AnnotationId, ModelId, RunId, Source, Suggestion, Verdict};

impl Document {
    pub fn suggestion(&self, id: AnnotationId) -> Option<&Suggestion> {
        self.projection.suggestions().get(id)
    }

    /// Every suggestion whatever became of it, in no order.
    pub fn suggestions(&self) -> impl ExactSizeIterator<Item = &Suggestion> {
        self.projection.suggestions().all()
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
