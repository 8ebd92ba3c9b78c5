//! The labels and attributes of a clipboard found again in another project.

use super::{Copied, CopiedLabel};
use std::collections::HashMap;
use visionflow_model::{
    Attribute, AttributeId, AttributeKind, AttributeValue, Attributes, Label, LabelId, Ontology,
};

/// A copied label in the project where it is pasted.
pub(super) struct Found {
    pub label: LabelId,
    /// Attributes of the clipboard and what they are here; others mean nothing here.
    attributes: HashMap<AttributeId, Attribute>,
}

/// The same label by its id, otherwise an active one of the same name.
pub(super) fn find(copied: &CopiedLabel, ontology: &Ontology) -> Option<Found> {
    let label = ontology.label(copied.id).or_else(|| {
        let name = folded(&copied.name);
        let mut active = ontology.active();
        active.find(|label| !name.is_empty() && folded(&label.name) == name)
    })?;
    Some(with_attributes(copied, label))
}

/// `label` in place of one that is not known here.
pub(super) fn replaced(copied: &CopiedLabel, label: &Label) -> Found {
    with_attributes(copied, label)
}

fn with_attributes(copied: &CopiedLabel, label: &Label) -> Found {
    let mut attributes: HashMap<_, _> = label
        .attributes
        .iter()
        .map(|attribute| (attribute.id, attribute.clone()))
        .collect();
    for asked in &copied.attributes {
        let same_name = |a: &&Attribute| folded(&a.name) == folded(&asked.name);
        if let Some(found) = label.attributes.iter().find(same_name) {
            attributes.entry(asked.id).or_insert_with(|| found.clone());
        }
    }
    Found {
        label: label.id,
        attributes,
    }
}

impl Found {
    /// The attributes that mean something here, and how many do not.
    pub fn attributes(&self, copied: &Copied) -> (Attributes, usize) {
        let mut missing = 0;
        let mut kept = Attributes::new();
        for (id, value) in &copied.attributes {
            match self.attributes.get(id) {
                Some(attribute) if fits(&attribute.kind, value) => {
                    kept.insert(attribute.id, value.clone());
                }
                _ => missing += 1,
            }
        }
        (kept, missing)
    }
}

fn fits(kind: &AttributeKind, value: &AttributeValue) -> bool {
    match (kind, value) {
        (AttributeKind::Text, AttributeValue::Text(_))
        | (AttributeKind::Checkbox, AttributeValue::Bool(_)) => true,
        (AttributeKind::Number, AttributeValue::Number(n)) => n.is_finite(),
        (AttributeKind::Select { options }, AttributeValue::Text(text)) => options.contains(text),
        _ => false,
    }
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}
