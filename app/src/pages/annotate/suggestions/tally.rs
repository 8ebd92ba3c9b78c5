//! Which suggestions are open, also counted by class.

use std::collections::BTreeMap;
use uuid::Uuid;
use visionflow_engine::Engine;
use visionflow_model::{AnnotationId, LabelId, ModelId, Ontology, Suggestion, Verdict};

/// The open suggestions of one class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub all: usize,
    /// Those that are sure enough.
    pub above: usize,
}

/// The open suggestions by class.
pub fn by_class(engine: &Engine, threshold: f64) -> BTreeMap<LabelId, Count> {
    let mut counts: BTreeMap<LabelId, Count> = BTreeMap::new();
    engine.visit_suggestions(|suggestion| {
        if suggestion.verdict == Verdict::Pending {
            let count = counts.entry(suggestion.annotation.label).or_default();
            count.all += 1;
            count.above += usize::from(suggestion.score >= threshold);
        }
    });
    counts
}

/// The classes as the project's labels stand, and at the end those that it does not know.
pub fn in_order<'a>(
    ontology: &'a Ontology,
    counts: &'a BTreeMap<LabelId, Count>,
) -> impl Iterator<Item = (LabelId, Count)> + 'a {
    let known = ontology.labels.iter().map(|label| label.id);
    let unknown = counts.keys().copied();
    let unknown = unknown.filter(|id| ontology.label(*id).is_none());
    known
        .chain(unknown)
        .filter_map(|id| Some((id, *counts.get(&id)?)))
}

/// The open ones that `wanted` takes.
pub fn pending(engine: &Engine, wanted: impl Fn(&Suggestion) -> bool) -> Vec<AnnotationId> {
    let mut found = Vec::new();
    engine.visit_suggestions(|suggestion| {
        if suggestion.verdict == Verdict::Pending && wanted(suggestion) {
            found.push(suggestion.id());
        }
    });
    found
}

/// Whether the model has ever proposed anything here, whatever became of it.
pub fn has_proposed(engine: &Engine, model: Uuid) -> bool {
    let mut has = false;
    engine.visit_suggestions(|suggestion| has |= suggestion.model == Some(ModelId(model)));
    has
}
