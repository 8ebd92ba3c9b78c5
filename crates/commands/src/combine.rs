//! One area of several: joined, cut, or what they share.
//!
//! The first that was selected keeps its id, its label and everything else, and takes the result.
//! Boxes and ellipses take part as polygons; where a mask takes part, all are pixels.

use crate::CommandError;
use crate::Note;
use crate::area::{filled, is_area, merged, pixels, region, together};
use crate::plan::{Plan, Workplace, existing};
use visionflow_document::Edit;
use visionflow_geometry::{Mask, Polygon, Rect};
use visionflow_model::{Annotation, AnnotationId, Shape};

/// The others become part of the first and are deleted.
pub(crate) fn join(
    selection: &[AnnotationId],
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    let operands = Operands::of(selection, workplace)?;
    let others = operands.free_others()?;
    let shape = match operands.areas(&others)? {
        Areas::Polygons(first, others) => {
            merged(Polygon::union_all(std::iter::once(&first).chain(&others)))?
        }
        Areas::Masks(first, others) => {
            filled(others.iter().fold(first, |sum, mask| sum.union(mask)))?
        }
    };
    operands.plan(shape, &others)
}

/// The others stay as they are; locked ones cut too.
pub(crate) fn subtract(
    selection: &[AnnotationId],
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    let operands = Operands::of(selection, workplace)?;
    let shape = match operands.areas(&operands.others)? {
        Areas::Polygons(first, others) => {
            merged(first.difference(&together(Polygon::union_all(&others))))?
        }
        Areas::Masks(first, others) => {
            filled(others.iter().fold(first, |rest, mask| rest.subtract(mask)))?
        }
    };
    operands.plan(shape, &[])
}

/// The others go: the first stands for what all have in common.
pub(crate) fn intersect(
    selection: &[AnnotationId],
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    let operands = Operands::of(selection, workplace)?;
    let others = operands.free_others()?;
    let shape = match operands.areas(&others)? {
        Areas::Polygons(first, others) => {
            let shared = others
                .iter()
                .fold(first, |shared, other| together(shared.intersection(other)));
            merged(vec![shared])?
        }
        Areas::Masks(first, others) => filled(
            others
                .iter()
                .fold(first, |shared, mask| shared.intersect(mask)),
        )?,
    };
    operands.plan(shape, &others)
}

struct Operands<'a> {
    first: &'a Annotation,
    others: Vec<&'a Annotation>,
    image: Rect,
    notes: Vec<Note>,
}

enum Areas {
    Polygons(Polygon, Vec<Polygon>),
    Masks(Mask, Vec<Mask>),
}

impl<'a> Operands<'a> {
    fn of(selection: &[AnnotationId], workplace: &Workplace<'a>) -> Result<Self, CommandError> {
        let mut all = existing(selection, workplace.document);
        if all.is_empty() {
            return Err(CommandError::NothingSelected);
        }
        let count = all.len();
        all.retain(|a| is_area(&a.shape));
        let mut notes = Vec::new();
        if all.len() < count {
            notes.push(Note::Unsuited(count - all.len()));
        }
        let mut all = all.into_iter();
        let first = all.next().ok_or(CommandError::NoArea)?;
        let others: Vec<_> = all.collect();
        if first.locked {
            return Err(CommandError::FirstLocked);
        }
        if others.is_empty() {
            return Err(CommandError::TooFew {
                needed: 2,
                found: 1,
            });
        }
        Ok(Self {
            first,
            others,
            image: workplace.image,
            notes,
        })
    }

    /// The others that may be changed.
    fn free_others(&self) -> Result<Vec<&'a Annotation>, CommandError> {
        let free: Vec<_> = self.others.iter().copied().filter(|a| !a.locked).collect();
        if free.is_empty() {
            return Err(CommandError::TooFew {
                needed: 2,
                found: 1,
            });
        }
        Ok(free)
    }

    fn areas(&self, others: &[&Annotation]) -> Result<Areas, CommandError> {
        let is_mask = |a: &Annotation| matches!(a.shape, Shape::Mask(_));
        if is_mask(self.first) || others.iter().any(|a| is_mask(a)) {
            let mask = |a: &Annotation| pixels(&a.shape, self.image).ok_or(CommandError::NoArea);
            let others: Result<_, _> = others.iter().map(|a| mask(a)).collect();
            Ok(Areas::Masks(mask(self.first)?, others?))
        } else {
            let polygon = |a: &Annotation| region(&a.shape).ok_or(CommandError::NoArea);
            let others: Result<_, _> = others.iter().map(|a| polygon(a)).collect();
            Ok(Areas::Polygons(polygon(self.first)?, others?))
        }
    }

    fn plan(mut self, shape: Shape, deleted: &[&Annotation]) -> Result<Plan, CommandError> {
        shape.check()?;
        let locked = self.others.iter().filter(|a| a.locked).count();
        if !deleted.is_empty() && locked > 0 {
            self.notes.push(Note::Locked(locked));
        }
        let mut edits = Vec::new();
        if shape != self.first.shape {
            edits.push(Edit::SetShape(self.first.id, shape));
        }
        edits.extend(deleted.iter().map(|a| Edit::Delete(a.id)));
        Ok(Plan {
            edits,
            selection: vec![self.first.id],
            notes: self.notes,
        })
    }
}
