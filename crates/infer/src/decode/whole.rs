//! Classes of a whole photograph.

use super::{Detection, Output};
use crate::spec::ModelSpec;
use visionflow_model::Shape;

/// How far a sum of probabilities may be from 1.
const ROUNDING: f32 = 0.01;

/// The best classes; logits are turned into probabilities, which some models give themselves.
pub(super) fn classes(spec: &ModelSpec, output: &Output) -> Vec<Detection> {
    let values = &output.values;
    let sum: f32 = values.iter().sum();
    let are_parts =
        values.iter().all(|value| (0.0..=1.0).contains(value)) && (sum - 1.0).abs() < ROUNDING;
    let scores = if are_parts {
        values.clone()
    } else {
        softmax(values)
    };
    let mut best: Vec<(usize, f32)> = scores.into_iter().enumerate().collect();
    best.retain(|(_, score)| *score >= spec.score);
    best.sort_by(|a, b| b.1.total_cmp(&a.1));
    best.truncate(spec.limit);
    let tag = |(class, score)| Detection {
        class,
        score,
        shape: Shape::Tag,
    };
    best.into_iter().map(tag).collect()
}

fn softmax(logits: &[f32]) -> Vec<f32> {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let parts: Vec<f32> = logits.iter().map(|logit| (logit - top).exp()).collect();
    let sum: f32 = parts.iter().sum();
    parts.into_iter().map(|part| part / sum).collect()
}
