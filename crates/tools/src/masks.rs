//! What painting does to the masks of the document: to the one that is painted, and in panoptic
//! mode to all others.

use crate::selection::Selection;
use crate::step::Step;
use crate::{Context, Notice};
use visionflow_document::Edit;
use visionflow_geometry::{Mask, MaskDelta};
use visionflow_model::{Annotation, AnnotationId, LabelId, Shape};

/// The selected mask of the chosen label, which painting goes on with; `None` where a new one
/// begins.
pub(crate) fn target(
    label: LabelId,
    selection: &Selection,
    context: &Context<'_>,
) -> Result<Option<AnnotationId>, Notice> {
    let annotations = selection
        .ids()
        .iter()
        .filter_map(|id| context.document.get(*id));
    let mut masks = annotations.filter(|a| a.label == label && mask_of(a).is_some());
    match masks.next() {
        Some(annotation) if annotation.locked => Err(Notice::Locked),
        annotation => Ok(annotation.map(|annotation| annotation.id)),
    }
}

/// Paints pixels into a mask, or into a new one; in panoptic mode they are taken from all others,
/// but not from locked ones.
pub(crate) fn paint(
    target: Option<AnnotationId>,
    label: LabelId,
    painted: &Mask,
    context: &mut Context<'_>,
) -> Step {
    let mut painted = painted.clone();
    let mut edits = Vec::new();
    if context.settings.panoptic {
        let masks = context
            .document
            .annotations()
            .filter(|a| Some(a.id) != target);
        let overlapping: Vec<_> = masks
            .filter(|a| mask_of(a).is_some_and(|mask| mask.overlaps(&painted)))
            .collect();
        for annotation in overlapping.iter().filter(|a| a.locked) {
            painted = mask_of(annotation).map_or(painted.clone(), |mask| painted.subtract(mask));
        }
        let unlocked = overlapping.iter().filter(|a| !a.locked);
        edits.extend(unlocked.filter_map(|annotation| erased(annotation, &painted)));
    }
    if painted.is_empty() {
        return Step::handled();
    }
    let Some(id) = target else {
        let shape = Shape::Mask(painted);
        let annotation = context.new_annotation(label, shape);
        let selection = Some(vec![annotation.id]);
        edits.push(Edit::Add(annotation));
        return Step {
            selection,
            ..Step::edits(edits)
        };
    };
    let Some(mask) = context.document.get(id).and_then(mask_of) else {
        return Step::notice(Notice::DeletedMeanwhile);
    };
    let delta = MaskDelta::between(mask, &mask.union(&painted));
    if !delta.is_empty() {
        edits.push(Edit::PaintMask(id, delta));
    }
    Step::edits(edits)
}

/// Takes pixels from the selected masks, or with none selected from all that can be seen.
pub(crate) fn erase(pixels: &Mask, selection: &Selection, context: &Context<'_>) -> Step {
    let selected = masks(selection.ids(), context);
    let from = if selected.is_empty() {
        let bounds = pixels.bounds().unwrap_or_default();
        masks(&context.scene.in_rect(bounds), context)
    } else {
        selected
    };
    let is_locked = from.iter().any(|annotation| annotation.locked);
    let unlocked = from.iter().filter(|annotation| !annotation.locked);
    let edits: Vec<_> = unlocked.filter_map(|a| erased(a, pixels)).collect();
    match edits.is_empty() {
        false => Step::edits(edits),
        true if is_locked => Step::notice(Notice::Locked),
        true if from.is_empty() => Step::notice(Notice::NothingToErase),
        true => Step::handled(),
    }
}

pub(crate) fn mask_of(annotation: &Annotation) -> Option<&Mask> {
    match &annotation.shape {
        Shape::Mask(mask) => Some(mask),
        _ => None,
    }
}

fn masks<'a>(ids: &[AnnotationId], context: &Context<'a>) -> Vec<&'a Annotation> {
    let annotations = ids.iter().filter_map(|id| context.document.get(*id));
    annotations.filter(|a| mask_of(a).is_some()).collect()
}

/// The annotation without `pixels`; a mask of which nothing is left is deleted.
fn erased(annotation: &Annotation, pixels: &Mask) -> Option<Edit> {
    let mask = mask_of(annotation)?;
    let left = mask.subtract(pixels);
    if left.is_empty() {
        return Some(Edit::Delete(annotation.id));
    }
    let delta = MaskDelta::between(mask, &left);
    (!delta.is_empty()).then_some(Edit::PaintMask(annotation.id, delta))
}
