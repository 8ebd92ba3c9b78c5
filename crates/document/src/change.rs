//! What a transaction did to the projection.

use visionflow_model::AnnotationId;

/// The annotations and suggestions that one edit, undo or remote update touched; nothing is listed
/// twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    pub added: Vec<AnnotationId>,
    pub updated: Vec<AnnotationId>,
    pub removed: Vec<AnnotationId>,
    /// Suggestions that came, went, or have another verdict.
    pub suggestions: Vec<AnnotationId>,
    /// What was written and is not understood; the rest of the document is read without it.
    pub ignored: Vec<Ignored>,
    /// Some of what came builds on what has not come, and [waits](crate::Document::waiting) for it.
    pub waits: bool,
}

/// One entry of the document that readers pass over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// The entry's key: an annotation's or a suggestion's id, or `"{id}/{property}"` of an override.
    pub id: String,
    pub reason: String,
}

impl Change {
    /// Whether no annotation and no suggestion changed.
    pub fn is_empty(&self) -> bool {
        self.keeps_annotations() && self.suggestions.is_empty()
    }

    /// Whether no annotation changed.
    pub fn keeps_annotations(&self) -> bool {
        self.added.is_empty() && self.updated.is_empty() && self.removed.is_empty()
    }
}
