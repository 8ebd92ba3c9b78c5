//! What the model finds, made into geometry as the document holds it.

use crate::ask::Candidate;
use crate::step::{Step, clamped, snapped};
use crate::{Context, WandResult, masks};
use visionflow_document::Edit;
use visionflow_geometry::{Mask, Polygon};
use visionflow_model::{Annotation, LabelId, Shape, Source};

/// The candidates that can be annotations, inside the image and on the grid of new geometry.
pub(super) fn usable(candidates: &[Candidate], context: &Context<'_>) -> Vec<Candidate> {
    let usable = |candidate: &Candidate| {
        let mut outline = candidate
            .outline
            .mapped(|p| clamped(snapped(p), context.image));
        outline.rings.retain(|ring| ring.len() >= 3);
        let is_sound = outline.area() > 0.0 && Shape::Polygon(outline.clone()).check().is_ok();
        is_sound.then_some(Candidate {
            score: candidate.score,
            outline,
        })
    };
    candidates.iter().filter_map(usable).collect()
}

/// The edits that make something new of an outline, in the form that is set.
pub(super) fn added(outline: &Polygon, label: LabelId, context: &mut Context<'_>) -> Vec<Edit> {
    let mut edits = match context.settings.smart_result {
        WandResult::Polygon => {
            vec![new(Shape::Polygon(outline.clone()), label, context)]
        }
        WandResult::Mask => {
            let area = mask(outline, context);
            masks::paint(None, label, &area, context).edits
        }
    };
    for edit in &mut edits {
        if let Edit::Add(annotation) = edit {
            annotation.source = Source::Model(context.smart_model.into());
        }
    }
    edits
}

/// The same of many outlines at once; where masks may not overlap, the first has the pixels.
pub(super) fn all_added(
    candidates: &[Candidate],
    label: LabelId,
    context: &mut Context<'_>,
) -> Vec<Edit> {
    if context.settings.smart_result == WandResult::Polygon || !context.settings.panoptic {
        let edits = candidates
            .iter()
            .flat_map(|c| added(&c.outline, label, context));
        return edits.collect();
    }
    let mut areas = Vec::new();
    let mut all = Mask::default();
    for candidate in candidates {
        let area = mask(&candidate.outline, context).subtract(&all);
        all = all.union(&area);
        areas.push(area);
    }
    // What is taken from the masks that are there is taken once, for all of them.
    let mut edits = masks::paint(None, label, &all, context).edits;
    let Some(Edit::Add(Annotation {
        shape: Shape::Mask(free),
        ..
    })) = edits.pop()
    else {
        return Vec::new();
    };
    for area in areas.iter().map(|area| area.intersect(&free)) {
        if !area.is_empty() {
            edits.push(new(Shape::Mask(area), label, context));
        }
    }
    edits
}

fn new(shape: Shape, label: LabelId, context: &mut Context<'_>) -> Edit {
    Edit::Add(Annotation {
        source: Source::Model(context.smart_model.into()),
        ..context.new_annotation(label, shape)
    })
}

pub(super) fn mask(outline: &Polygon, context: &Context<'_>) -> Mask {
    Mask::from_polygon(outline, context.image)
}

/// The edits as a step that selects what they add.
pub(super) fn selecting(edits: Vec<Edit>) -> Step {
    let added = edits.iter().filter_map(|edit| match edit {
        Edit::Add(annotation) => Some(annotation.id),
        _ => None,
    });
    let added: Vec<_> = added.collect();
    Step {
        selection: (!added.is_empty()).then_some(added),
        ..Step::edits(edits)
    }
}
