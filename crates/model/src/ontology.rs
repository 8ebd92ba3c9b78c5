//! What a project labels: its labels, their colours, hotkeys and attributes.

mod defaults;

use crate::{AttributeId, AttributeValue, LabelId, SkeletonTemplate, Style, TemplateError};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A project's labels in their display order; `version` grows by one with every change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Ontology {
    pub version: i64,
    pub labels: Vec<Label>,
    /// A photograph carries one tag at most: choosing another takes its place.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<_>"))]
    pub single_tag: bool,
}

/// One label (class). A label is archived and never deleted, so that old annotations keep meaning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Label {
    pub id: LabelId,
    pub name: String,
    pub color: Color,
    /// One key, as `KeyboardEvent.key` names it, that makes the label the current one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub hotkey: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<_>"))]
    pub archived: bool,
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<_>"))]
    pub attributes: Vec<Attribute>,
    /// How its annotations are painted.
    #[serde(default, skip_serializing_if = "Style::is_default")]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<_>"))]
    pub style: Style,
    /// The joints of its skeletons; without one it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub skeleton: Option<SkeletonTemplate>,
}

/// A question asked of every annotation with this label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Attribute {
    pub id: AttributeId,
    pub name: String,
    #[serde(flatten)]
    pub kind: AttributeKind,
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<_>"))]
    pub required: bool,
    /// What annotations made by hand begin with; it is written into each of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub default: Option<AttributeValue>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum AttributeKind {
    Text,
    Number,
    Checkbox,
    Select { options: Vec<String> },
}

/// An opaque sRGB colour, written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
pub struct Color {
    pub r: u8,
    pub g: u8,
    pub b: u8,
}

/// Why an ontology is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OntologyError {
    #[error("label {0} has no name")]
    EmptyName(usize),
    #[error("the name of label {0} is longer than 200 characters")]
    LongName(usize),
    #[error("two labels are called “{0}”")]
    DuplicateName(String),
    #[error("two labels share the id {0}")]
    DuplicateId(LabelId),
    #[error("the hotkey “{0}” is given to two labels")]
    DuplicateHotkey(String),
    #[error("the style of label {0} is out of range")]
    Style(usize),
    #[error("the skeleton of label {index} is refused: {reason}")]
    Skeleton { index: usize, reason: TemplateError },
    #[error("the default of attribute “{attribute}” of label “{label}” is none of its values")]
    Default { label: String, attribute: String },
    #[error("more than 10,000 labels")]
    TooMany,
}

impl Ontology {
    pub fn label(&self, id: LabelId) -> Option<&Label> {
        self.labels.iter().find(|label| label.id == id)
    }

    /// The labels that may be given to new annotations.
    pub fn active(&self) -> impl Iterator<Item = &Label> {
        self.labels.iter().filter(|label| !label.archived)
    }

    /// Names are compared without surrounding space and regardless of case; archived labels
    /// keep their ids but free their names and hotkeys.
    pub fn check(&self) -> Result<(), OntologyError> {
        if self.labels.len() > 10_000 {
            return Err(OntologyError::TooMany);
        }
        let (mut ids, mut names, mut keys) = (HashSet::new(), HashSet::new(), HashSet::new());
        for (index, label) in self.labels.iter().enumerate() {
            let name = label.name.trim();
            if name.is_empty() {
                return Err(OntologyError::EmptyName(index));
            }
            if name.chars().count() > 200 {
                return Err(OntologyError::LongName(index));
            }
            if !ids.insert(label.id) {
                return Err(OntologyError::DuplicateId(label.id));
            }
            if !label.style.is_valid() {
                return Err(OntologyError::Style(index));
            }
            if let Some(Err(reason)) = label.skeleton.as_ref().map(SkeletonTemplate::check) {
                return Err(OntologyError::Skeleton { index, reason });
            }
            label.check_defaults()?;
            if label.archived {
                continue;
            }
            if !names.insert(name.to_lowercase()) {
                return Err(OntologyError::DuplicateName(name.to_owned()));
            }
            if let Some(key) = &label.hotkey
                && !keys.insert(key.to_lowercase())
            {
                return Err(OntologyError::DuplicateHotkey(key.clone()));
            }
        }
        Ok(())
    }
}

impl Label {
    /// A label with nothing but its name and colour.
    pub fn new(id: LabelId, name: impl Into<String>, color: Color) -> Self {
        Self {
            id,
            name: name.into(),
            color,
            hotkey: None,
            archived: false,
            attributes: Vec::new(),
            style: Style::default(),
            skeleton: None,
        }
    }
}

impl Color {
    pub const fn new(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b }
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.r, self.g, self.b)
    }
}

impl FromStr for Color {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("“{text}” is not a colour of the form #rrggbb");
        let hex = text
            .strip_prefix('#')
            .filter(|hex| hex.len() == 6)
            .ok_or_else(bad)?;
        let rgb = u32::from_str_radix(hex, 16).map_err(|_| bad())?;
        Ok(Self::new((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8))
    }
}

impl Serialize for Color {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Color {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn label(n: u128, name: &str) -> Label {
        Label::new(LabelId(Uuid::from_u128(n)), name, Color::new(1, 2, 3))
    }

    #[test]
    fn names_are_unique_regardless_of_case_among_active_labels() {
        let labels = vec![label(1, "Cat"), label(2, " cat ")];
        let mut ontology = Ontology {
            labels,
            ..Ontology::default()
        };
        assert_eq!(
            ontology.check(),
            Err(OntologyError::DuplicateName("cat".into()))
        );
        ontology.labels[0].archived = true;
        assert_eq!(ontology.check(), Ok(()));
    }

    #[test]
    fn colours_read_and_write_hex() {
        assert_eq!("#0a0bff".parse(), Ok(Color::new(10, 11, 255)));
        assert_eq!(Color::new(10, 11, 255).to_string(), "#0a0bff");
        assert!("red".parse::<Color>().is_err());
        assert!("#é1234".parse::<Color>().is_err());
    }
}
