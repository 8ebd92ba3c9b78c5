//! What a model proposes for one item, and what people made of it.
//!
//! A suggestion is no annotation: exports, rows and other clients never see it until somebody
//! accepts it, which makes an annotation of it under the same id.
//! Its JSON is an annotation's, with `score`, `model`, `run` and `verdict` beside it.

use crate::{
    Annotation, AnnotationId, AttributeId, AttributeValue, GroupId, LabelId, ModelId, RunId, Shape,
    Source, Style,
};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// The most bytes that the name of a model may have.
pub const MAX_MODEL_NAME_BYTES: usize = 200;

/// One annotation that a model proposes.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// What it becomes when it is accepted; its source is the model.
    pub annotation: Annotation,
    /// How sure the model is, from 0 to 1.
    pub score: f64,
    /// The model in the project's registry; `None` for one that is in none.
    pub model: Option<ModelId>,
    /// What was proposed together.
    pub run: RunId,
    pub verdict: Verdict,
}

/// What became of a suggestion.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Verdict {
    /// Nobody has decided yet.
    #[default]
    Pending,
    /// It was made an annotation, whatever became of that later.
    Accepted,
    Rejected,
    /// The model was run again before anybody decided.
    Superseded,
}

impl Suggestion {
    pub fn id(&self) -> AnnotationId {
        self.annotation.id
    }

    /// The name of the model, where the source is one.
    pub fn model_name(&self) -> Option<&str> {
        match &self.annotation.source {
            Source::Model(name) => Some(name),
            Source::Manual | Source::Import => None,
        }
    }

    /// Whether both come from one model: one of the registry by its id, another by its name.
    pub fn is_of_model(&self, model: Option<ModelId>, source: &Source) -> bool {
        match (self.model, model) {
            (Some(mine), Some(theirs)) => mine == theirs,
            (None, None) => self.annotation.source == *source,
            _ => false,
        }
    }
}

impl Verdict {
    pub const ALL: [Self; 4] = [
        Self::Pending,
        Self::Accepted,
        Self::Rejected,
        Self::Superseded,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Superseded => "superseded",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }
}

/// The JSON form.
#[derive(Serialize, Deserialize)]
struct Wire {
    id: AnnotationId,
    label: LabelId,
    shape: Shape,
    #[serde(default)]
    z: f64,
    #[serde(default)]
    attributes: BTreeMap<AttributeId, AttributeValue>,
    #[serde(default)]
    group: Option<GroupId>,
    #[serde(default)]
    locked: bool,
    #[serde(default)]
    style: Style,
    source: Source,
    score: f64,
    #[serde(default)]
    model: Option<ModelId>,
    run: RunId,
    #[serde(default)]
    verdict: Verdict,
}

impl Serialize for Suggestion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let annotation = self.annotation.clone();
        let wire = Wire {
            id: annotation.id,
            label: annotation.label,
            shape: annotation.shape,
            z: annotation.z,
            attributes: annotation.attributes.into(),
            group: annotation.group,
            locked: annotation.locked,
            style: annotation.style,
            source: annotation.source,
            score: self.score,
            model: self.model,
            run: self.run,
            verdict: self.verdict,
        };
        wire.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Suggestion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        if !(0.0..=1.0).contains(&wire.score) {
            return Err(D::Error::custom("a score lies between 0 and 1"));
        }
        if !matches!(wire.source, Source::Model(_)) {
            return Err(D::Error::custom(
                "a suggestion's source is `model:` with a name",
            ));
        }
        Ok(Self {
            annotation: Annotation {
                id: wire.id,
                label: wire.label,
                shape: wire.shape,
                z: wire.z,
                attributes: wire.attributes.into(),
                group: wire.group,
                locked: wire.locked,
                style: wire.style,
                source: wire.source,
            },
            score: wire.score,
            model: wire.model,
            run: wire.run,
            verdict: wire.verdict,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use visionflow_geometry::{Point, Rect};

    fn suggestion() -> Suggestion {
        let shape = Shape::Box(Rect::from_corners(
            Point::new(1.0, 2.0),
            Point::new(4.0, 6.0),
        ));
        let id = AnnotationId(Uuid::from_u128(1));
        let mut annotation = Annotation::new(id, LabelId(Uuid::from_u128(2)), shape);
        annotation.source = Source::Model("yolo".into());
        let text = AttributeValue::Text("red".to_owned());
        annotation
            .attributes
            .insert(AttributeId(Uuid::from_u128(3)), text);
        Suggestion {
            annotation,
            score: 0.75,
            model: Some(ModelId(Uuid::from_u128(4))),
            run: RunId(Uuid::from_u128(5)),
            verdict: Verdict::Rejected,
        }
    }

    #[test]
    fn json_is_an_annotation_with_its_score_model_run_and_verdict() {
        let json = serde_json::to_value(suggestion()).unwrap();
        let uuid = |n: u32| format!("00000000-0000-0000-0000-{n:012}");
        let expected = serde_json::json!({
            "id": uuid(1),
            "label": uuid(2),
            "shape": { "type": "box", "box": [1.0, 2.0, 3.0, 4.0] },
            "z": 0.0,
            "attributes": { uuid(3): "red" },
            "group": null,
            "locked": false,
            "style": {},
            "source": "model:yolo",
            "score": 0.75,
            "model": uuid(4),
            "run": uuid(5),
            "verdict": "rejected",
        });
        assert_eq!(json, expected);
        let read: Suggestion = serde_json::from_value(json).unwrap();
        assert_eq!(read, suggestion());
    }

    #[test]
    fn what_is_missing_has_its_usual_value_and_what_is_wrong_is_named() {
        let mut json = serde_json::to_value(suggestion()).unwrap();
        let map = json.as_object_mut().unwrap();
        for name in ["z", "group", "locked", "style", "model", "verdict"] {
            map.remove(name);
        }
        let read: Suggestion = serde_json::from_value(json.clone()).unwrap();
        assert_eq!((read.model, read.verdict), (None, Verdict::Pending));
        let mut check = |field: &str, value: serde_json::Value, words: &str| {
            let before = std::mem::replace(&mut json[field], value);
            let read = serde_json::from_value::<Suggestion>(json.clone());
            let error = read.unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
            json[field] = before;
        };
        check("score", 1.5.into(), "between 0 and 1");
        check("source", "manual".into(), "model:");
        check("verdict", "perhaps".into(), "perhaps");
    }

    #[test]
    fn models_of_the_registry_are_told_apart_by_id_others_by_name() {
        let mut suggestion = suggestion();
        let (model, source) = (suggestion.model, suggestion.annotation.source.clone());
        let other = Source::Model("other".into());
        assert!(suggestion.is_of_model(model, &other));
        assert!(!suggestion.is_of_model(None, &source));
        suggestion.model = None;
        assert!(suggestion.is_of_model(None, &source));
        assert!(!suggestion.is_of_model(None, &other));
        assert!(!suggestion.is_of_model(model, &source));
    }

    #[test]
    fn verdicts_have_one_spelling() {
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::from_name(verdict.name()), Some(verdict));
            let json = serde_json::to_value(verdict).unwrap();
            assert_eq!(json, verdict.name());
        }
    }
}
