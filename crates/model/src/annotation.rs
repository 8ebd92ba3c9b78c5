//! One annotation: a labelled shape and what is known about it.

use crate::{AnnotationId, Attributes, GroupId, LabelId, Shape, Style};
use serde::{Deserialize, Serialize};

/// One labelled shape, or a tag of the whole image.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    pub id: AnnotationId,
    pub label: LabelId,
    pub shape: Shape,
    /// Drawing order: greater lies above; ties fall to the greater id.
    pub z: f64,
    pub attributes: Attributes,
    /// Annotations of one group are selected and moved together.
    pub group: Option<GroupId>,
    /// Nothing is done to it by hand until it is unlocked.
    pub locked: bool,
    /// What differs from the label's style.
    pub style: Style,
    pub source: Source,
}

/// How an annotation came to be; it never changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Source {
    /// By hand.
    #[default]
    Manual,
    /// Brought from another tool or dataset.
    Import,
    /// Proposed by the model of this name.
    Model(Box<str>),
}

impl Annotation {
    /// An annotation made by hand, with nothing but its label and shape.
    pub fn new(id: AnnotationId, label: LabelId, shape: Shape) -> Self {
        Self {
            id,
            label,
            shape,
            z: 0.0,
            attributes: Attributes::new(),
            group: None,
            locked: false,
            style: Style::default(),
            source: Source::default(),
        }
    }
}

impl Source {
    /// `manual`, `import` or `model:{name}`: the form in documents, rows and JSON.
    pub fn name(&self) -> String {
        match self {
            Self::Manual => "manual".to_owned(),
            Self::Import => "import".to_owned(),
            Self::Model(name) => format!("model:{name}"),
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "manual" => Some(Self::Manual),
            "import" => Some(Self::Import),
            _ => name
                .strip_prefix("model:")
                .map(|name| Self::Model(name.into())),
        }
    }
}

impl Serialize for Source {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.name())
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::from_name(&name).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "“{name}” is no source: manual, import or model:{{name}}"
            ))
        })
    }
}
