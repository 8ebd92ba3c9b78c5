//! DETR's family: a fixed number of queries, each with logits and a box.

use super::{Output, Proposal, area};
use crate::Error;
use crate::nms::Scored;
use crate::spec::{Layout, ModelSpec};

/// Boxes come as middle and size, in parts of the input's sides.
pub(super) fn proposals(
    spec: &ModelSpec,
    logits: &Output,
    boxes: &Output,
    sides: (f64, f64),
) -> Result<Vec<Proposal>, Error> {
    let (&[1, queries, columns], &[1, places, 4]) = (&logits.shape[..], &boxes.shape[..]) else {
        return Err(Error::Shape(
            logits.shape.iter().chain(&boxes.shape).copied().collect(),
        ));
    };
    if queries != places || columns == 0 {
        return Err(Error::Shape(logits.shape.clone()));
    }
    let (wide, high) = (sides.0 as f32, sides.1 as f32);
    let queries = logits
        .values
        .chunks_exact(columns)
        .zip(boxes.values.chunks_exact(4));
    let read = |(logits, place): (&[f32], &[f32])| {
        let (class, score) = match spec.layout {
            Layout::Detr => against_none(logits)?,
            _ => alone(logits),
        };
        if score < spec.score {
            return None;
        }
        let area = area(
            (place[0] * wide, place[1] * high),
            (place[2] * wide, place[3] * high),
            0.0,
        )?;
        Some(Proposal {
            scored: Scored { class, score, area },
            extra: Vec::new(),
        })
    };
    Ok(queries.filter_map(read).collect())
}

fn best(logits: &[f32]) -> (usize, f32) {
    let all = logits.iter().copied().enumerate();
    all.fold((0, f32::NEG_INFINITY), |best, next| {
        if next.1 > best.1 { next } else { best }
    })
}

/// The classes compete with each other and with there being nothing, which is last.
fn against_none(logits: &[f32]) -> Option<(usize, f32)> {
    let (_, things) = logits.split_last()?;
    let top = best(logits).1;
    let sum: f32 = logits.iter().map(|logit| (logit - top).exp()).sum();
    let (class, logit) = best(things);
    (!things.is_empty()).then(|| (class, (logit - top).exp() / sum))
}

/// Each class for itself.
fn alone(logits: &[f32]) -> (usize, f32) {
    let (class, logit) = best(logits);
    (class, 1.0 / (1.0 + (-logit).exp()))
}
