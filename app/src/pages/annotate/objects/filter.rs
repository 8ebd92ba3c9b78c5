//! Which objects are shown, in the list and on the canvas.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use visionflow_model::{
    Annotation, AnnotationId, AttributeId, AttributeValue, LabelId, Shape, ShapeKind, Source,
};

/// What an object must be to be shown; what is not set does not matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    pub label: Option<LabelId>,
    pub kind: Option<ShapeKind>,
    pub author: Option<Author>,
    pub source: Option<Source>,
    /// An attribute that is set, or that has this value.
    pub attribute: Option<(AttributeId, Option<AttributeValue>)>,
    /// In lower case: part of the object's name, of a text on the photograph or of an attribute.
    pub text: String,
    /// Lacks an attribute that its label requires.
    pub missing: bool,
    /// Labels whose objects are all hidden, whatever else holds.
    pub hidden_labels: BTreeSet<LabelId>,
}

/// Somebody who drew: a person, and the CRDT clients that were theirs.
#[derive(Clone, Debug, PartialEq)]
pub struct Author {
    /// The account's id, or a stand-in where nobody knows it.
    pub id: String,
    pub clients: BTreeSet<u64>,
}

/// What is looked at beside the annotation itself.
pub struct Facts<'a> {
    pub name: &'a str,
    pub is_missing: bool,
    pub authors: &'a HashMap<AnnotationId, u64>,
}

/// Who drew what, read from the document when somebody asks.
pub type Authors = Rc<HashMap<AnnotationId, u64>>;

impl Filter {
    /// Whether the list is narrowed; labels that are hidden stay in the list.
    pub fn narrows(&self) -> bool {
        let plain = Self {
            hidden_labels: self.hidden_labels.clone(),
            ..Self::default()
        };
        *self != plain
    }

    /// Whether the list shows it.
    pub fn lists(&self, annotation: &Annotation, facts: &Facts<'_>) -> bool {
        let is = |wanted: Option<bool>| wanted.unwrap_or(true);
        is(self.label.map(|label| label == annotation.label))
            && is(self.kind.map(|kind| kind == annotation.shape.kind()))
            && is(self
                .source
                .as_ref()
                .map(|source| *source == annotation.source))
            && is(self.author.as_ref().map(|author| {
                facts
                    .authors
                    .get(&annotation.id)
                    .is_some_and(|client| author.clients.contains(client))
            }))
            && is(self
                .attribute
                .as_ref()
                .map(|wanted| has(annotation, wanted)))
            && (!self.missing || facts.is_missing)
            && (self.text.is_empty() || mentions(annotation, facts.name, &self.text))
    }
}

fn has(annotation: &Annotation, (id, wanted): &(AttributeId, Option<AttributeValue>)) -> bool {
    match (annotation.attributes.get(id), wanted) {
        (Some(value), Some(wanted)) => value == wanted,
        (Some(_), None) => true,
        // A checkbox that nobody has touched is not ticked.
        (None, wanted) => *wanted == Some(AttributeValue::Bool(false)),
    }
}

fn mentions(annotation: &Annotation, name: &str, text: &str) -> bool {
    let contains = |words: &str| words.to_lowercase().contains(text);
    contains(name)
        || matches!(&annotation.shape, Shape::Text(written) if contains(&written.text))
        || annotation.attributes.values().any(|value| match value {
            AttributeValue::Text(words) => contains(words),
            AttributeValue::Number(number) => number.to_string().contains(text),
            AttributeValue::Bool(_) => false,
        })
}
