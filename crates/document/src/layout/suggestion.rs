//! What models propose, and verdicts about it.

use super::record::{read_record, record_map};
use super::values::{number_any, read_number, read_uuid};
use std::sync::Arc;
use visionflow_model::{AnnotationId, MAX_MODEL_NAME_BYTES, ModelId, RunId, Suggestion, Verdict};
use yrs::Any;

/// The verdict is an entry of its own.
pub(crate) fn suggestion_any(suggestion: &Suggestion) -> Any {
    let mut map = record_map(&suggestion.annotation);
    map.insert("score".to_owned(), number_any(suggestion.score));
    map.insert("run".to_owned(), suggestion.run.to_string().into());
    if let Some(model) = suggestion.model {
        map.insert("model".to_owned(), model.to_string().into());
    }
    Any::Map(Arc::new(map))
}

/// Reads a suggestion that nobody has decided about; `faults` as for birth records.
pub(crate) fn read_suggestion(
    id: AnnotationId,
    value: &Any,
    faults: &mut Vec<String>,
) -> Result<Suggestion, String> {
    let annotation = read_record(id, value, faults)?;
    let field = |name: &str| match value {
        Any::Map(map) => map.get(name).unwrap_or(&Any::Undefined),
        _ => &Any::Undefined,
    };
    let score = read_number(field("score")).filter(|score| (0.0..=1.0).contains(score));
    let model = match field("model") {
        Any::Undefined | Any::Null => None,
        id => Some(ModelId(read_uuid(id).ok_or("the model is not an id")?)),
    };
    let suggestion = Suggestion {
        annotation,
        score: score.ok_or("the score is not a number between 0 and 1")?,
        model,
        run: RunId(read_uuid(field("run")).ok_or("the run is not an id")?),
        verdict: Verdict::Pending,
    };
    match suggestion.model_name() {
        None => Err("the source is not a model".to_owned()),
        Some(name) if name.len() > MAX_MODEL_NAME_BYTES => {
            Err("the name of the model is too long".to_owned())
        }
        Some(_) => Ok(suggestion),
    }
}

/// The entry of a verdict; pending is none.
pub(crate) fn verdict_any(verdict: Verdict) -> Option<Any> {
    (verdict != Verdict::Pending).then(|| verdict.name().into())
}

pub(crate) fn read_verdict(value: &Any) -> Result<Verdict, String> {
    let verdict = match value {
        Any::String(name) => Verdict::from_name(name),
        _ => None,
    };
    verdict.ok_or_else(|| "the verdict is unknown".to_owned())
}
