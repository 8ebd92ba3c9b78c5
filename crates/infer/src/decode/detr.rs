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

/// Boxes as corners in pixels of the input, scores and labels.
pub(super) fn finals(spec: &ModelSpec, outputs: &[Output]) -> Result<Vec<Proposal>, Error> {
    let [boxes, scores, labels] = outputs else {
        return Err(super::missing("an output"));
    };
    let count = scores.values.len();
    let fits = boxes.values.len() == 4 * count && labels.values.len() == count;
    if boxes.shape.last() != Some(&4) || !fits {
        return Err(Error::Shape(boxes.shape.clone()));
    }
    let told = scores.values.iter().zip(&labels.values);
    let read = |(place, (score, label)): (&[f32], (&f32, &f32))| {
        if *score < spec.score || *label < 0.0 {
            return None;
        }
        let center = (
            f32::midpoint(place[0], place[2]),
            f32::midpoint(place[1], place[3]),
        );
        let area = area(center, (place[2] - place[0], place[3] - place[1]), 0.0)?;
        let scored = Scored {
            class: label.round() as usize,
            score: *score,
            area,
        };
        Some(Proposal {
            scored,
            extra: Vec::new(),
        })
    };
    let rows = boxes.values.chunks_exact(4).zip(told);
    Ok(rows.filter_map(read).collect())
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
