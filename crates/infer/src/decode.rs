//! A model's outputs to what it has found, in pixels of the photograph.

mod detr;
mod masks;
mod rows;
mod whole;

use crate::Error;
use crate::fit::Fit;
use crate::nms::{Scored, suppress};
use crate::spec::{Layout, ModelSpec, Task};
use serde::Serialize;
use visionflow_geometry::{Point, Rect, RotatedBox};
use visionflow_model::Shape;

/// A thing that a model has found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Detection {
    /// Its place in the specification's list.
    pub class: usize,
    pub score: f32,
    /// In pixels of the full photograph; a tag where the class is that of the whole.
    pub shape: Shape,
}

/// What a model says of a photograph.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The surest first.
    Detections(Vec<Detection>),
    /// The vector as the model gives it.
    Embedding(Vec<f32>),
}

/// One output: finite numbers, row by row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Output {
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

/// What was read of a row, in pixels of the input.
struct Proposal {
    scored: Scored,
    /// The row's further values.
    extra: Vec<f32>,
}

pub(crate) fn decode(spec: &ModelSpec, outputs: &[Output], fit: &Fit) -> Result<Outcome, Error> {
    let first = outputs.first().ok_or_else(|| missing("an output"))?;
    match spec.task {
        Task::Embedder => return Ok(Outcome::Embedding(first.values.clone())),
        Task::Classifier => return Ok(Outcome::Detections(whole::classes(spec, first))),
        Task::Promptable => {
            return Err(Error::Spec(
                "a model for prompts is asked by prompts".into(),
            ));
        }
        Task::Detector => {}
    }
    let input = spec.input.as_ref().ok_or_else(|| missing("an input"))?;
    let sides = (input.width as f64, input.height as f64);
    let proposals = match spec.layout {
        Layout::Detr | Layout::RtDetr => {
            let boxes = outputs.get(1).ok_or_else(|| missing("boxes"))?;
            detr::proposals(spec, first, boxes, sides)?
        }
        Layout::RtDetrFinal => detr::finals(spec, outputs)?,
        _ => rows::proposals(spec, first, outputs.get(1), sides)?,
    };
    let proposals = kept(spec, proposals);
    let shapes: Vec<Option<Shape>> = match outputs.get(1) {
        Some(protos) if has_masks(spec.layout) => masks::shapes(&proposals, protos, sides, fit)?,
        _ => proposals
            .iter()
            .map(|proposal| shape(spec, proposal, fit))
            .collect(),
    };
    let found = proposals
        .into_iter()
        .zip(shapes)
        .filter_map(|(proposal, shape)| {
            let shape = shape.filter(|shape| shape.check().is_ok())?;
            Some(Detection {
                class: proposal.scored.class,
                score: proposal.scored.score.clamp(0.0, 1.0),
                shape,
            })
        });
    Ok(Outcome::Detections(found.collect()))
}

fn missing(what: &str) -> Error {
    Error::Spec(format!("{what} is missing"))
}

fn has_masks(layout: Layout) -> bool {
    matches!(
        layout,
        Layout::Yolov5Segment | Layout::Yolov8Segment | Layout::Yolov10Segment
    )
}

/// Without doubles, unless the model has taken care of them.
fn kept(spec: &ModelSpec, mut proposals: Vec<Proposal>) -> Vec<Proposal> {
    let is_final = matches!(
        spec.layout,
        Layout::Yolov10Detect
            | Layout::Yolov10Segment
            | Layout::Yolov10Pose
            | Layout::Yolov10Obb
            | Layout::RtDetrFinal
    );
    if is_final {
        proposals.sort_by(|a, b| b.scored.score.total_cmp(&a.scored.score));
        proposals.truncate(spec.limit);
        return proposals;
    }
    let scored: Vec<Scored> = proposals.iter().map(|proposal| proposal.scored).collect();
    let mut all: Vec<Option<Proposal>> = proposals.into_iter().map(Some).collect();
    let kept = suppress(&scored, spec.iou, spec.limit).into_iter();
    kept.filter_map(|index| all[index].take()).collect()
}

/// The shape of a proposal without a mask; `None` where nothing of it lies in the photograph.
fn shape(spec: &ModelSpec, proposal: &Proposal, fit: &Fit) -> Option<Shape> {
    match (spec.layout, spec.joints) {
        (Layout::Yolov8Pose | Layout::Yolov10Pose, Some([_, values])) => {
            Some(rows::skeleton(&proposal.extra, values, fit))
        }
        (Layout::Yolov8Obb | Layout::Yolov10Obb, _) => turned(proposal.scored.area, fit),
        _ => upright(proposal.scored.area, fit),
    }
}

fn upright(area: RotatedBox, fit: &Fit) -> Option<Shape> {
    let [min, _, max, _] = RotatedBox { angle: 0.0, ..area }.corners();
    let corner = |p: Point| fit.clamped(fit.to_image(p));
    let rect = Rect::from_corners(corner(min), corner(max));
    (rect.area() > 0.0).then_some(Shape::Box(rect))
}

/// Where the input's pixels are no squares the sides are brought over one by one.
fn turned(area: RotatedBox, fit: &Fit) -> Option<Shape> {
    let center = fit.to_image(area.center);
    if fit.clamped(center) != center {
        return None;
    }
    let [a, b, _, d] = area.corners().map(|p| fit.to_image(p));
    let along = b - a;
    Some(Shape::RotatedBox(RotatedBox {
        center,
        size: visionflow_geometry::Vec2::new(along.length(), (d - a).length()),
        angle: along.y.atan2(along.x),
    }))
}

/// A box from its middle and sides, `None` where it has no area or is no box at all.
fn area(center: (f32, f32), size: (f32, f32), angle: f32) -> Option<RotatedBox> {
    let area = RotatedBox {
        center: Point::new(center.0.into(), center.1.into()),
        size: visionflow_geometry::Vec2::new(size.0.into(), size.1.into()),
        angle: angle.into(),
    };
    (size.0 > 0.0 && size.1 > 0.0).then_some(area)
}

#[cfg(test)]
mod tests;
