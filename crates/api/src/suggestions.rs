//! What models propose for a photograph, and what became of it.

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use time::OffsetDateTime;
use uuid::Uuid;
use visionflow_model::{AttributeId, AttributeValue, Shape, Source, Verdict};

/// One suggestion as a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SuggestionRow {
    /// Also of the annotation that it becomes when it is accepted.
    pub id: Uuid,
    pub image_id: Uuid,
    pub label_id: Uuid,
    /// The label's name at the moment of reading.
    pub class_name: String,
    #[cfg_attr(feature = "openapi", schema(value_type = crate::ShapeSchema))]
    pub data: Shape,
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub attributes: BTreeMap<AttributeId, AttributeValue>,
    pub z: f64,
    /// `model:{name}`.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub source: Source,
    /// How sure the model is, from 0 to 1.
    pub score: f64,
    /// In the project's registry; absent for a model that is in none.
    pub model: Option<Uuid>,
    /// What was proposed together.
    pub run: Uuid,
    #[cfg_attr(feature = "openapi", schema(value_type = crate::VerdictSchema))]
    pub verdict: Verdict,
    /// Accepted, and then given another shape, label or attribute.
    pub corrected: bool,
    /// Who ran the model.
    pub proposed_by: Option<Uuid>,
    pub decided_by: Option<Uuid>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

/// `POST /api/v1/images/{id}/suggestions`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewSuggestions {
    /// Of the project's registry.
    pub model: Uuid,
    /// Chosen by the caller if it likes: what is proposed again in the same run is there once. An
    /// own one for each request where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Uuid>,
    /// Their masks take no more than 64 MB together, of 8 KB at most for 256 × 256 pixels.
    #[serde(deserialize_with = "weighed")]
    pub suggestions: Vec<NewSuggestion>,
}

/// The most memory that the masks of one request may take together, in bytes.
const MAX_MASKS: usize = 64 << 20;

/// Stops where the masks are too much: a few bytes of runs can stand for thousands of tiles.
fn weighed<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<NewSuggestion>, D::Error> {
    struct Weighed;
    impl<'de> Visitor<'de> for Weighed {
        type Value = Vec<NewSuggestion>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a list of suggestions")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
            let (mut suggestions, mut bytes) = (Vec::new(), 0);
            while let Some(next) = from.next_element::<NewSuggestion>()? {
                if let Shape::Mask(mask) = &next.data {
                    bytes += mask.memory();
                }
                if bytes > MAX_MASKS {
                    let at = suggestions.len();
                    return Err(A::Error::custom(format!(
                        "with suggestion {at} the masks take more than {} MB together",
                        MAX_MASKS >> 20
                    )));
                }
                suggestions.push(next);
            }
            Ok(suggestions)
        }
    }
    from.deserialize_seq(Weighed)
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewSuggestion {
    #[serde(alias = "label_id")]
    pub label: Uuid,
    /// From 0 to 1.
    pub score: f64,
    #[serde(alias = "shape")]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::ShapeSchema))]
    pub data: Shape,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub attributes: BTreeMap<AttributeId, AttributeValue>,
}

/// What was proposed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Proposed {
    pub run: Uuid,
    /// In the order of the request.
    pub ids: Vec<Uuid>,
}

/// `GET /api/v1/images/{id}/suggestions`, beside `limit` and `cursor`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct SuggestionQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Only those with this verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<crate::VerdictSchema>))]
    pub verdict: Option<Verdict>,
}

/// `GET /api/v1/models/{id}/acceptance`: what became of everything that a model has proposed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Acceptance {
    /// In all.
    pub total: AcceptanceCounts,
    /// By the label that was proposed, in the order of the labels.
    pub labels: Vec<LabelAcceptance>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabelAcceptance {
    pub label_id: Uuid,
    pub class_name: String,
    #[serde(flatten)]
    pub counts: AcceptanceCounts,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AcceptanceCounts {
    pub suggested: i64,
    pub pending: i64,
    pub accepted: i64,
    /// Of the accepted ones, those that were changed afterwards.
    pub corrected: i64,
    pub rejected: i64,
    /// Nobody had decided when the model was run again.
    pub superseded: i64,
    /// Accepted among accepted and rejected, from 0 to 1; absent while nobody has decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_weighed_together() {
        let mask = |width: u32, rows: usize| {
            let mut list = vec![format!("0,{width}")];
            list.extend((1..rows).map(|_| format!("{width},{width}")));
            let (runs, height) = (list.join(","), 2 * rows - 1);
            let shape = format!(
                r#"{{"type":"mask","origin":[0,0],"size":[{width},{height}],"runs":[{runs}]}}"#
            );
            format!(
                r#"{{"label":"{}","score":0.5,"data":{shape}}}"#,
                Uuid::nil()
            )
        };
        let read = |masks: Vec<String>| {
            let list = masks.join(",");
            let json = format!(r#"{{"model":"{}","suggestions":[{list}]}}"#, Uuid::nil());
            let read = serde_json::from_str::<NewSuggestions>(&json);
            read.map(|new| new.suggestions.len())
                .map_err(|error| error.to_string())
        };
        assert_eq!(read(vec![mask(256, 100); 9]), Ok(9));
        // Two kilobytes each, which stand for sixteen megabytes.
        let error = read(vec![mask(524_288, 100); 9]).unwrap_err();
        assert!(
            error.contains("suggestion 3 the masks take more than 64 MB"),
            "{error}"
        );
    }
}
