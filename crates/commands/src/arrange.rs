//! Shapes brought into line and spread out. Members of one group stay together.

use crate::CommandError;
use crate::command::{Alignment, Axis};
use crate::plan::{Plan, Subjects, Workplace};
use std::collections::HashMap;
use visionflow_document::Edit;
use visionflow_geometry::sort_by;
use visionflow_geometry::{Rect, Vec2};
use visionflow_model::{Annotation, AnnotationId};

/// What moves as one: a group's selected members, or one annotation.
struct Block<'a> {
    bounds: Rect,
    members: Vec<&'a Annotation>,
    by: Vec2,
}

pub(crate) fn align(
    selection: &[AnnotationId],
    alignment: Alignment,
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    let (subjects, mut blocks, bounds) = blocks(selection, 2, workplace)?;
    for block in &mut blocks {
        let (own, middle, own_middle) = (block.bounds, bounds.center(), block.bounds.center());
        block.by = match alignment {
            Alignment::Left => Vec2::new(bounds.min.x - own.min.x, 0.0),
            Alignment::Center => Vec2::new(middle.x - own_middle.x, 0.0),
            Alignment::Right => Vec2::new(bounds.max.x - own.max.x, 0.0),
            Alignment::Top => Vec2::new(0.0, bounds.min.y - own.min.y),
            Alignment::Middle => Vec2::new(0.0, middle.y - own_middle.y),
            Alignment::Bottom => Vec2::new(0.0, bounds.max.y - own.max.y),
        };
    }
    moved(selection, subjects, &blocks)
}

pub(crate) fn distribute(
    selection: &[AnnotationId],
    axis: Axis,
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    let (subjects, mut blocks, bounds) = blocks(selection, 3, workplace)?;
    let range = |rect: Rect| match axis {
        Axis::Horizontal => (rect.min.x, rect.max.x),
        Axis::Vertical => (rect.min.y, rect.max.y),
    };
    let middle = |rect: Rect| f64::midpoint(range(rect).0, range(rect).1);
    sort_by(&mut blocks, |a, b| {
        middle(a.bounds).total_cmp(&middle(b.bounds))
    });
    let size = |rect: Rect| range(rect).1 - range(rect).0;
    let filled: f64 = blocks.iter().map(|block| size(block.bounds)).sum();
    let gap = (size(bounds) - filled) / (blocks.len() - 1) as f64;
    let mut at = range(bounds).0;
    for block in &mut blocks {
        let by = at - range(block.bounds).0;
        block.by = match axis {
            Axis::Horizontal => Vec2::new(by, 0.0),
            Axis::Vertical => Vec2::new(0.0, by),
        };
        at += size(block.bounds) + gap;
    }
    moved(selection, subjects, &blocks)
}

fn blocks<'a>(
    selection: &[AnnotationId],
    needed: usize,
    workplace: &Workplace<'a>,
) -> Result<(Subjects<'a>, Vec<Block<'a>>, Rect), CommandError> {
    let (subjects, bounds) = Subjects::placed(selection, workplace.document)?;
    let mut blocks: Vec<Block<'a>> = Vec::new();
    let mut by_group = HashMap::new();
    for annotation in &subjects.all {
        let Some(own) = annotation.shape.bounds() else {
            continue;
        };
        let place = match annotation.group {
            Some(group) => *by_group.entry(group).or_insert(blocks.len()),
            None => blocks.len(),
        };
        match blocks.get_mut(place) {
            Some(block) => {
                block.bounds = block.bounds.union(own);
                block.members.push(annotation);
            }
            None => blocks.push(Block {
                bounds: own,
                members: vec![annotation],
                by: Vec2::default(),
            }),
        }
    }
    let found = blocks.len();
    if found < needed {
        return Err(CommandError::TooFew { needed, found });
    }
    Ok((subjects, blocks, bounds))
}

fn moved(
    selection: &[AnnotationId],
    subjects: Subjects<'_>,
    blocks: &[Block<'_>],
) -> Result<Plan, CommandError> {
    let mut edits = Vec::new();
    for block in blocks {
        if block.by == Vec2::default() {
            continue;
        }
        for annotation in &block.members {
            let shape = annotation.shape.translated(block.by);
            shape.check()?;
            edits.push(Edit::SetShape(annotation.id, shape));
        }
    }
    Ok(Plan {
        edits,
        selection: selection.to_vec(),
        notes: subjects.notes,
    })
}
