//! Defaults of attributes.
//!
//! A default is copied into each annotation when it is made, and never looked up afterwards: what
//! someone once confirmed by leaving it alone does not change its meaning when the default does,
//! and whoever reads the document or an export needs no ontology to know the value.
//! Taking the value away by hand leaves the annotation without one.

use super::{Attribute, AttributeKind, Label, Ontology, OntologyError};
use crate::{AttributeId, AttributeValue, Attributes, LabelId};

/// The longest text that may be a default, in characters.
const MAX_TEXT: usize = 1_000;

impl AttributeKind {
    /// Whether `value` answers a question of this kind.
    pub fn accepts(&self, value: &AttributeValue) -> bool {
        match (self, value) {
            (Self::Text, AttributeValue::Text(_)) | (Self::Checkbox, AttributeValue::Bool(_)) => {
                true
            }
            (Self::Number, AttributeValue::Number(n)) => n.is_finite(),
            (Self::Select { options }, AttributeValue::Text(text)) => options.contains(text),
            _ => false,
        }
    }
}

impl Attribute {
    /// The default, where it is a value of the attribute's kind: an ontology that an embedder
    /// hands in was checked by no server.
    pub fn usable_default(&self) -> Option<&AttributeValue> {
        let default = self.default.as_ref();
        default.filter(|value| self.kind.accepts(value))
    }

    fn has_sound_default(&self) -> bool {
        let Some(default) = &self.default else {
            return true;
        };
        let is_sound = match default {
            AttributeValue::Text(text) => {
                !text.trim().is_empty() && text.chars().count() <= MAX_TEXT && !text.contains('\0')
            }
            AttributeValue::Bool(_) | AttributeValue::Number(_) => true,
        };
        is_sound && self.kind.accepts(default)
    }
}

impl Label {
    /// The defaults that `attributes` has no value for.
    pub fn missing_defaults<'a>(
        &'a self,
        attributes: &'a Attributes,
    ) -> impl Iterator<Item = (AttributeId, AttributeValue)> + 'a {
        self.attributes.iter().filter_map(|attribute| {
            let default = attribute.usable_default()?;
            let is_missing = !attributes.contains_key(&attribute.id);
            is_missing.then(|| (attribute.id, default.clone()))
        })
    }

    pub(super) fn check_defaults(&self) -> Result<(), OntologyError> {
        let unsound = |attribute: &&Attribute| !attribute.has_sound_default();
        match self.attributes.iter().find(unsound) {
            None => Ok(()),
            Some(attribute) => Err(OntologyError::Default {
                label: self.name.trim().to_owned(),
                attribute: attribute.name.trim().to_owned(),
            }),
        }
    }
}

impl Ontology {
    /// What a new annotation of this label begins with.
    pub fn defaults(&self, label: LabelId) -> Attributes {
        let none = Attributes::new();
        let label = self.label(label);
        label
            .into_iter()
            .flat_map(|label| label.missing_defaults(&none))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Color;
    use uuid::Uuid;

    fn attribute(n: u128, kind: AttributeKind, default: Option<AttributeValue>) -> Attribute {
        Attribute {
            id: AttributeId(Uuid::from_u128(n)),
            name: format!("attribute {n}"),
            kind,
            required: false,
            default,
        }
    }

    fn ontology(attributes: Vec<Attribute>) -> Ontology {
        let id = LabelId(Uuid::from_u128(1));
        Ontology {
            labels: vec![Label {
                attributes,
                ..Label::new(id, "dog", Color::new(1, 2, 3))
            }],
            ..Ontology::default()
        }
    }

    fn text(text: &str) -> AttributeValue {
        AttributeValue::Text(text.to_owned())
    }

    fn select() -> AttributeKind {
        AttributeKind::Select {
            options: vec!["sitting".into(), "lying".into()],
        }
    }

    #[test]
    fn a_default_is_a_value_of_its_attribute() {
        let check = |kind: AttributeKind, default: AttributeValue, expected: bool| {
            let checked = ontology(vec![attribute(1, kind, Some(default.clone()))]).check();
            assert_eq!(checked.is_ok(), expected, "{default:?}: {checked:?}");
        };
        check(AttributeKind::Text, text("calm"), true);
        check(AttributeKind::Text, text(" "), false);
        check(AttributeKind::Text, text(&"x".repeat(1_001)), false);
        check(AttributeKind::Text, text("a\0b"), false);
        check(AttributeKind::Text, AttributeValue::Number(1.0), false);
        check(AttributeKind::Number, AttributeValue::Number(-2.5), true);
        check(
            AttributeKind::Number,
            AttributeValue::Number(f64::NAN),
            false,
        );
        check(AttributeKind::Checkbox, AttributeValue::Bool(false), true);
        check(AttributeKind::Checkbox, text("yes"), false);
        check(select(), text("lying"), true);
        check(select(), text("running"), false);
    }

    #[test]
    fn new_annotations_begin_with_the_defaults_and_old_values_stay() {
        let ontology = ontology(vec![
            attribute(1, select(), Some(text("lying"))),
            attribute(2, AttributeKind::Number, None),
            attribute(3, AttributeKind::Checkbox, Some(AttributeValue::Bool(true))),
        ]);
        let id = |n| AttributeId(Uuid::from_u128(n));
        let on = AttributeValue::Bool(true);
        let expected = Attributes::from([(id(1), text("lying")), (id(3), on.clone())]);
        assert_eq!(ontology.defaults(ontology.labels[0].id), expected);
        let has = Attributes::from([(id(1), text("sitting"))]);
        let missing: Vec<_> = ontology.labels[0].missing_defaults(&has).collect();
        assert_eq!(missing, [(id(3), on)]);
    }

    #[test]
    fn attributes_without_a_default_read_and_write_as_before() {
        let json = r#"{"id":"00000000-0000-0000-0000-000000000001","name":"age","kind":"number","required":false}"#;
        let read: Attribute = serde_json::from_str(json).unwrap();
        assert_eq!(read.default, None);
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
    }
}
