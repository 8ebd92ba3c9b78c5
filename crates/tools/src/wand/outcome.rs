//! What the flooded area becomes.

use crate::masks;
use crate::selection::Selection;
use crate::step::{Step, add, set_polygon, snapped};
use crate::{Context, Modifiers, Notice, WandResult};
use visionflow_document::Edit;
use visionflow_geometry::{Mask, MaskDelta, Polygon, Simplify};
use visionflow_model::{AnnotationId, LabelId, Shape};

/// What is done with the area.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    New,
    AddTo(AnnotationId),
    TakeFrom(AnnotationId),
}

impl Change {
    /// Shift adds to the selected mask or polygon, Alt takes from it.
    pub(super) fn begin(
        modifiers: Modifiers,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Result<Self, Notice> {
        if !modifiers.shift && !modifiers.alt {
            return Ok(Self::New);
        }
        let target = match selection.ids() {
            [id] => context.document.get(*id),
            _ => None,
        };
        let target = target.filter(|a| matches!(a.shape, Shape::Mask(_) | Shape::Polygon(_)));
        match target {
            Some(annotation) if annotation.locked => Err(Notice::Locked),
            Some(annotation) if modifiers.alt => Ok(Self::TakeFrom(annotation.id)),
            Some(annotation) => Ok(Self::AddTo(annotation.id)),
            None if modifiers.alt => Err(Notice::NothingToErase),
            None => Ok(Self::New),
        }
    }

    pub(super) fn target(self) -> Option<AnnotationId> {
        match self {
            Self::New => None,
            Self::AddTo(id) | Self::TakeFrom(id) => Some(id),
        }
    }

    pub(super) fn make(self, area: &Mask, label: LabelId, context: &mut Context<'_>) -> Step {
        let Some(id) = self.target() else {
            return match context.settings.wand_result {
                WandResult::Mask => {
                    let label = context.label.unwrap_or(label);
                    masks::paint(None, label, area, context)
                }
                WandResult::Polygon => add(label, Shape::Polygon(outline(area, context)), context),
            };
        };
        let Some(annotation) = context.document.get(id) else {
            return Step::notice(Notice::DeletedMeanwhile);
        };
        let takes = matches!(self, Self::TakeFrom(_));
        match &annotation.shape {
            Shape::Mask(_) if !takes => masks::paint(Some(id), annotation.label, area, context),
            Shape::Mask(mask) => taken(id, mask, area),
            Shape::Polygon(polygon) => combined(id, polygon, &outline(area, context), takes),
            _ => Step::notice(Notice::DeletedMeanwhile),
        }
    }
}

fn taken(id: AnnotationId, mask: &Mask, area: &Mask) -> Step {
    let left = mask.subtract(area);
    if left.is_empty() {
        return Step::notice(Notice::NothingLeft);
    }
    let delta = MaskDelta::between(mask, &left);
    if delta.is_empty() {
        return Step::handled();
    }
    Step::edits(vec![Edit::PaintMask(id, delta)])
}

fn combined(id: AnnotationId, polygon: &Polygon, area: &Polygon, takes: bool) -> Step {
    let parts = if takes {
        polygon.difference(area)
    } else {
        polygon.union(area)
    };
    let rings = parts.into_iter().flat_map(|part| part.rings).collect();
    let result = Polygon { rings }.mapped(snapped);
    if Shape::Polygon(result.clone()).check().is_err() {
        return Step::notice(Notice::NothingLeft);
    }
    if result == *polygon {
        return Step::handled();
    }
    Step::edits(vec![set_polygon(id, result)])
}

/// The outline of an area, without the steps between its pixels.
fn outline(area: &Mask, context: &Context<'_>) -> Polygon {
    let pixel = context.pixels.map_or(1.0, |view| view.scale);
    let tolerance = context.settings.simplify_tolerance.max(pixel);
    let outline = area.to_polygon();
    outline
        .simplified(Simplify::Distance(tolerance))
        .mapped(snapped)
}
