//! The labels and attributes of a clipboard found again in another project.

use super::{Copied, CopiedLabel};
use std::collections::HashMap;
use visionflow_model::{Attribute, AttributeId, Attributes, Label, Ontology};

/// A copied label in the project where it is pasted.
pub(super) struct Found<'a> {
    pub label: &'a Label,
    /// Attributes of the clipboard and what they are here; others mean nothing here.
    attributes: HashMap<AttributeId, &'a Attribute>,
}

/// The same label by its id, otherwise an active one of the same name.
pub(super) fn find<'a>(copied: &CopiedLabel, ontology: &'a Ontology) -> Option<Found<'a>> {
    let label = ontology.label(copied.id).or_else(|| {
        let name = folded(&copied.name);
        let mut active = ontology.active();
        active.find(|label| !name.is_empty() && folded(&label.name) == name)
    })?;
    Some(with_attributes(copied, label))
}

/// `label` in place of one that is not known here.
pub(super) fn replaced<'a>(copied: &CopiedLabel, label: &'a Label) -> Found<'a> {
    with_attributes(copied, label)
}

fn with_attributes<'a>(copied: &CopiedLabel, label: &'a Label) -> Found<'a> {
    let mut attributes: HashMap<_, _> = label
        .attributes
        .iter()
        .map(|attribute| (attribute.id, attribute))
        .collect();
    for asked in &copied.attributes {
        let same_name = |a: &&Attribute| folded(&a.name) == folded(&asked.name);
        if let Some(found) = label.attributes.iter().find(same_name) {
            attributes.entry(asked.id).or_insert(found);
        }
    }
    Found { label, attributes }
}

impl Found<'_> {
    /// The attributes that mean something here, with the defaults of those that were not answered;
    /// and how many mean nothing.
    pub fn attributes(&self, copied: &Copied) -> (Attributes, usize) {
        let mut missing = 0;
        let mut kept = Attributes::new();
        for (id, value) in &copied.attributes {
            match self.attributes.get(id) {
                Some(attribute) if attribute.kind.accepts(value) => {
                    kept.insert(attribute.id, value.clone());
                }
                _ => missing += 1,
            }
        }
        let defaults: Vec<_> = self.label.missing_defaults(&kept).collect();
        for (id, value) in defaults {
            kept.insert(id, value);
        }
        (kept, missing)
    }
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}
