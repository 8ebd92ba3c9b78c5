//! Annotations as JavaScript writes and reads them.

use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use visionflow_model::{
    Annotation, AnnotationId, AttributeId, AttributeValue, GroupId, LabelId, Shape, Source, Style,
};

type Attributes = BTreeMap<AttributeId, AttributeValue>;

/// One annotation.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "Annotation"))]
pub struct AnnotationValue {
    pub id: AnnotationId,
    pub label: LabelId,
    pub shape: Shape,
    /// Drawing order: greater lies above.
    pub z: f64,
    #[cfg_attr(feature = "ts", ts(as = "BTreeMap<String, AttributeValue>"))]
    pub attributes: Attributes,
    /// Annotations of one group are selected and moved together.
    pub group: Option<GroupId>,
    /// Nothing is done to it by hand until it is unlocked.
    pub locked: bool,
    /// What differs from the label's style.
    pub style: Style,
    /// `manual`, `import` or `model:{name}`.
    pub source: String,
}

/// An annotation to be made; what is missing has its usual value.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewAnnotation {
    /// A UUID; a new one is made where it is missing.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub id: Option<AnnotationId>,
    pub label: LabelId,
    pub shape: Shape,
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<_>"))]
    pub z: f64,
    #[serde(default)]
    #[cfg_attr(
        feature = "ts",
        ts(optional, as = "Option<BTreeMap<String, AttributeValue>>")
    )]
    pub attributes: Attributes,
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(type = "GroupId | null", optional))]
    pub group: Option<GroupId>,
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<_>"))]
    pub locked: bool,
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<_>"))]
    pub style: Style,
    /// `manual`, `import` or `model:{name}`.
    #[serde(default, deserialize_with = "source")]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<String>"))]
    pub source: Source,
}

/// What of an annotation is to change; what is missing stays.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields))]
pub struct AnnotationPatch {
    #[serde(default)]
    pub label: Option<LabelId>,
    #[serde(default)]
    pub shape: Option<Shape>,
    #[serde(default)]
    pub z: Option<f64>,
    /// `null` takes an attribute away; those that are not named stay.
    #[serde(default)]
    #[cfg_attr(
        feature = "ts",
        ts(optional, as = "Option<BTreeMap<String, Option<AttributeValue>>>")
    )]
    pub attributes: BTreeMap<AttributeId, Option<AttributeValue>>,
    /// `null` takes it out of its group.
    #[serde(default, deserialize_with = "some")]
    #[cfg_attr(feature = "ts", ts(type = "GroupId | null", optional))]
    pub group: Option<Option<GroupId>>,
    #[serde(default)]
    pub locked: Option<bool>,
    #[serde(default)]
    pub style: Option<Style>,
}

impl From<&Annotation> for AnnotationValue {
    fn from(annotation: &Annotation) -> Self {
        Self {
            id: annotation.id,
            label: annotation.label,
            shape: annotation.shape.clone(),
            z: annotation.z,
            attributes: annotation.attributes.clone().into(),
            group: annotation.group,
            locked: annotation.locked,
            style: annotation.style,
            source: annotation.source.name(),
        }
    }
}

impl NewAnnotation {
    /// The annotation, with an id from `new_id` where it names none.
    pub fn into_annotation(self, new_id: impl FnOnce() -> AnnotationId) -> Annotation {
        Annotation {
            id: self.id.unwrap_or_else(new_id),
            label: self.label,
            shape: self.shape,
            z: self.z,
            attributes: self.attributes.into(),
            group: self.group,
            locked: self.locked,
            style: self.style,
            source: self.source,
        }
    }
}

fn source<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Source, D::Error> {
    let name = String::deserialize(deserializer)?;
    Source::from_name(&name).ok_or_else(|| {
        serde::de::Error::custom(format!(
            "“{name}” is no source: `manual`, `import` or `model:` with a name"
        ))
    })
}

/// Tells a field that is `null` from one that is missing.
fn some<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
