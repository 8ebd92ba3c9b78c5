//! What models propose, as JavaScript hands it in and reads it.

use crate::AnnotationValue;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use visionflow_model::{
    Annotation, AnnotationId, AttributeId, AttributeValue, LabelId, ModelId, RunId, Shape, Source,
    Suggestion, Verdict,
};

/// What a model proposes, and what became of it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "Suggestion"))]
pub struct SuggestionValue {
    #[serde(flatten)]
    pub annotation: AnnotationValue,
    /// How sure the model is, from 0 to 1.
    pub score: f64,
    /// The model's id in the project's registry, where it is in one.
    pub model: Option<ModelId>,
    /// What was proposed together.
    pub run: RunId,
    pub verdict: Verdict,
}

/// Something to be proposed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewSuggestion {
    /// A UUID, under which it becomes an annotation; a new one is made where it is missing.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub id: Option<AnnotationId>,
    pub label: LabelId,
    pub shape: Shape,
    /// How sure the model is, from 0 to 1.
    pub score: f64,
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<_>"))]
    pub z: f64,
    #[serde(default)]
    #[cfg_attr(
        feature = "ts",
        ts(optional, as = "Option<BTreeMap<String, AttributeValue>>")
    )]
    pub attributes: BTreeMap<AttributeId, AttributeValue>,
}

/// Who proposes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields))]
pub struct SuggestOptions {
    /// The model's name; what this model proposed before and nobody has decided about is superseded.
    /// `model` unless chosen.
    pub model: Option<String>,
    /// The model's id in a project's registry.
    pub model_id: Option<ModelId>,
    /// What is proposed together, a UUID: what came in the same run before stays. A new one unless
    /// chosen.
    pub run: Option<RunId>,
    /// Whether it is a step of undo, as what a person asked for should be. `true` unless chosen.
    pub undo: Option<bool>,
}

/// Which suggestions are meant; what is missing admits all.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields))]
pub struct SuggestionFilter {
    pub verdict: Option<Verdict>,
    pub label: Option<LabelId>,
    pub run: Option<RunId>,
    /// Those of at least this score.
    pub min_score: Option<f64>,
}

/// How many suggestions of a label have each verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SuggestionCount {
    pub label: LabelId,
    pub pending: usize,
    pub accepted: usize,
    pub rejected: usize,
    pub superseded: usize,
}

impl From<&Suggestion> for SuggestionValue {
    fn from(suggestion: &Suggestion) -> Self {
        Self {
            annotation: AnnotationValue::from(&suggestion.annotation),
            score: suggestion.score,
            model: suggestion.model,
            run: suggestion.run,
            verdict: suggestion.verdict,
        }
    }
}

impl NewSuggestion {
    /// The suggestion of a model in a run, with an id from `new_id` where it names none.
    pub fn into_suggestion(
        self,
        (source, model, run): (&Source, Option<ModelId>, RunId),
        new_id: impl FnOnce() -> AnnotationId,
    ) -> Suggestion {
        let id = self.id.unwrap_or_else(new_id);
        Suggestion {
            annotation: Annotation {
                z: self.z,
                attributes: self.attributes.into(),
                source: source.clone(),
                ..Annotation::new(id, self.label, self.shape)
            },
            score: self.score,
            model,
            run,
            verdict: Verdict::Pending,
        }
    }
}

impl SuggestionFilter {
    pub fn admits(&self, suggestion: &Suggestion) -> bool {
        self.verdict.is_none_or(|v| v == suggestion.verdict)
            && self.label.is_none_or(|l| l == suggestion.annotation.label)
            && self.run.is_none_or(|run| run == suggestion.run)
            && self.min_score.is_none_or(|least| suggestion.score >= least)
    }
}

impl SuggestionCount {
    /// One for each label, from how many of it have each verdict.
    pub fn list(
        counts: impl IntoIterator<Item = ((LabelId, Verdict), usize)>,
    ) -> Vec<SuggestionCount> {
        let mut by_label: BTreeMap<LabelId, Self> = BTreeMap::new();
        for ((label, verdict), number) in counts {
            let count = by_label.entry(label).or_insert(Self {
                label,
                pending: 0,
                accepted: 0,
                rejected: 0,
                superseded: 0,
            });
            *match verdict {
                Verdict::Pending => &mut count.pending,
                Verdict::Accepted => &mut count.accepted,
                Verdict::Rejected => &mut count.rejected,
                Verdict::Superseded => &mut count.superseded,
            } += number;
        }
        by_label.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    fn id<T: FromStr<Err: std::fmt::Debug>>(n: u32) -> T {
        format!("00000000-0000-0000-0000-{n:012}").parse().unwrap()
    }

    fn suggestion(label: u32, score: f64, verdict: Verdict) -> Suggestion {
        let run = id::<RunId>(9);
        let new = NewSuggestion {
            id: None,
            label: id(label),
            shape: Shape::Tag,
            score,
            z: 0.0,
            attributes: BTreeMap::new(),
        };
        let source = Source::Model("yolo".into());
        let made = new.into_suggestion((&source, None, run), || id(1));
        Suggestion { verdict, ..made }
    }

    #[test]
    fn a_filter_admits_what_it_names() {
        let car = suggestion(1, 0.6, Verdict::Pending);
        let check = |json: &str, admits: bool| {
            let filter: SuggestionFilter = serde_json::from_str(json).unwrap();
            assert_eq!(filter.admits(&car), admits, "{json}");
        };
        check("{}", true);
        check(r#"{"verdict":"pending","minScore":0.6}"#, true);
        check(r#"{"verdict":"accepted"}"#, false);
        check(r#"{"minScore":0.61}"#, false);
        check(r#"{"label":"00000000-0000-0000-0000-000000000002"}"#, false);
        check(r#"{"run":"00000000-0000-0000-0000-000000000009"}"#, true);
        assert!(serde_json::from_str::<SuggestionFilter>(r#"{"score":1}"#).is_err());
    }

    #[test]
    fn counts_stand_by_label() {
        let label = id::<LabelId>;
        let counts = [
            ((label(2), Verdict::Pending), 3),
            ((label(1), Verdict::Rejected), 1),
            ((label(1), Verdict::Accepted), 4),
        ];
        let list = SuggestionCount::list(counts);
        let numbers: Vec<_> = list
            .iter()
            .map(|c| (c.label, c.pending, c.accepted, c.rejected))
            .collect();
        assert_eq!(numbers, [(label(1), 0, 4, 1), (label(2), 3, 0, 0)]);
    }

    #[test]
    fn json_is_an_annotation_with_more() {
        let json = serde_json::to_value(SuggestionValue::from(&suggestion(
            1,
            0.5,
            Verdict::Accepted,
        )));
        let json = json.unwrap();
        assert_eq!(json["source"], "model:yolo");
        assert_eq!(json["verdict"], "accepted");
        assert_eq!(json["shape"]["type"], "tag");
    }
}
