//! Copies beside their originals.

use crate::CommandError;
use crate::plan::{Plan, Workplace, existing};
use crate::transform::kept_inside;
use std::collections::HashMap;
use visionflow_document::Edit;
use visionflow_geometry::{Rect, Vec2};
use visionflow_model::{Annotation, AnnotationId, GroupId, Source};

/// How far from their originals copies lie, in image pixels, on an image that has the room.
pub(crate) const OFFSET: f64 = 16.0;

/// Copies of what is selected, locked or not, a little to the right and below, or to the other side
/// at the image's border.
pub(crate) fn duplicate(
    selection: &[AnnotationId],
    workplace: &mut Workplace<'_>,
) -> Result<Plan, CommandError> {
    let originals = existing(selection, workplace.document);
    let bounds = originals.iter().filter_map(|a| a.shape.bounds());
    let by = bounds
        .reduce(Rect::union)
        .map_or(Vec2::default(), |bounds| {
            offset(bounds, 1.0, workplace.image)
        });
    copied(&originals, by, workplace)
}

/// Copies of `originals`, moved by `by`: with new ids, in new groups, unlocked, made by hand.
///
/// The edits add them; they are the new selection.
pub fn copied(
    originals: &[&Annotation],
    by: Vec2,
    workplace: &mut Workplace<'_>,
) -> Result<Plan, CommandError> {
    if originals.is_empty() {
        return Err(CommandError::NothingSelected);
    }
    let mut groups = HashMap::new();
    let mut plan = Plan::default();
    for original in originals {
        let id = (workplace.new_id)();
        let group = original.group.map(|group| {
            *groups
                .entry(group)
                .or_insert_with(|| GroupId((workplace.new_id)().0))
        });
        let shape = original.shape.translated(by);
        shape.check()?;
        plan.selection.push(id);
        plan.edits.push(Edit::Add(Annotation {
            id,
            shape,
            group,
            locked: false,
            source: Source::Manual,
            ..(*original).clone()
        }));
    }
    Ok(plan)
}

/// `steps` offsets to the right and down as far as the image goes; the other way where it ends.
pub(crate) fn offset(bounds: Rect, steps: f64, image: Rect) -> Vec2 {
    let by = Vec2::new(OFFSET, OFFSET) * steps;
    let forth = kept_inside(bounds, by, image);
    let back = kept_inside(bounds, by * -1.0, image);
    let longer = |forth: f64, back: f64| {
        if forth > 0.0 || back == 0.0 {
            forth
        } else {
            back
        }
    };
    Vec2::new(longer(forth.x, back.x), longer(forth.y, back.y))
}
