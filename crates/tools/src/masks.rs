//! What painting does to the masks of the document.

use crate::selection::Selection;
use crate::step::Step;
use crate::{Context, Notice};
use visionflow_commands::without;
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

/// Paints pixels into a mask, or into a new one.
pub(crate) fn paint(
    target: Option<AnnotationId>,
    label: LabelId,
    painted: &Mask,
    context: &mut Context<'_>,
) -> Step {
    if painted.is_empty() {
        return Step::handled();
    }
    let Some(id) = target else {
        let shape = Shape::Mask(painted.clone());
        let annotation = context.new_annotation(label, shape);
        return Step {
            selection: Some(vec![annotation.id]),
            ..Step::edits(vec![Edit::Add(annotation)])
        };
    };
    let Some(mask) = context.document.get(id).and_then(mask_of) else {
        return Step::notice(Notice::DeletedMeanwhile);
    };
    let delta = MaskDelta::between(mask, &mask.union(painted));
    if delta.is_empty() {
        return Step::handled();
    }
    Step::edits(vec![Edit::PaintMask(id, delta)])
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
    let edits: Vec<_> = unlocked.filter_map(|a| without(a, pixels)).collect();
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
