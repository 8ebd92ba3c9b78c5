//! What a command plans, and what it looks at for that.

use crate::{CommandError, Loss, Note};
use std::collections::{BTreeMap, HashSet};
use visionflow_document::{Document, Edit};
use visionflow_geometry::Rect;
use visionflow_model::{Annotation, AnnotationId, Ontology, Shape};

/// What a command is planned on.
pub struct Workplace<'a> {
    pub document: &'a Document,
    /// The image's rectangle in image space; shapes inside are kept inside.
    pub image: Rect,
    /// The labels, whose attributes have defaults.
    pub ontology: &'a Ontology,
    /// What is on the image and cannot be seen: it is chosen only by name.
    pub is_hidden: &'a dyn Fn(AnnotationId) -> bool,
    /// A pixel belongs to one mask only.
    pub panoptic: bool,
    /// Makes the id of a new annotation.
    pub new_id: &'a mut dyn FnMut() -> AnnotationId,
}

/// Edits for one `Document::edit`, and what is selected afterwards.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    pub edits: Vec<Edit>,
    pub selection: Vec<AnnotationId>,
    /// What a person should be told.
    pub notes: Vec<Note>,
}

/// The annotations that a command works on.
pub(crate) struct Subjects<'a> {
    pub all: Vec<&'a Annotation>,
    pub notes: Vec<Note>,
}

impl<'a> Subjects<'a> {
    /// Those of `selection` that are not locked; an error where none is left.
    pub fn unlocked(
        selection: &[AnnotationId],
        document: &'a Document,
    ) -> Result<Self, CommandError> {
        let existing = existing(selection, document);
        if existing.is_empty() {
            return Err(CommandError::NothingSelected);
        }
        let count = existing.len();
        let all: Vec<_> = existing.into_iter().filter(|a| !a.locked).collect();
        if all.is_empty() {
            return Err(CommandError::AllLocked);
        }
        let mut notes = Vec::new();
        if all.len() < count {
            notes.push(Note::Locked(count - all.len()));
        }
        Ok(Self { all, notes })
    }

    /// Those that have a place on the image, and the rectangle around them.
    pub fn placed(
        selection: &[AnnotationId],
        document: &'a Document,
    ) -> Result<(Self, Rect), CommandError> {
        let mut subjects = Self::unlocked(selection, document)?;
        subjects.all.retain(|a| a.shape.bounds().is_some());
        let bounds = subjects.all.iter().filter_map(|a| a.shape.bounds());
        let bounds = bounds.reduce(Rect::union).ok_or(CommandError::NoPlace)?;
        Ok((subjects, bounds))
    }

    /// Keeps those that `suits`, says how many it did not, and fails with `otherwise` for none.
    pub fn suited(
        mut self,
        suits: impl Fn(&Annotation) -> bool,
        otherwise: CommandError,
    ) -> Result<Self, CommandError> {
        let count = self.all.len();
        self.all.retain(|a| suits(a));
        if self.all.is_empty() {
            return Err(otherwise);
        }
        if self.all.len() < count {
            self.notes.push(Note::Unsuited(count - self.all.len()));
        }
        Ok(self)
    }

    /// The plan that gives each a shape, and leaves selected what was; refused where a mask would
    /// keep no pixel.
    pub fn reshaped(
        self,
        selection: &[AnnotationId],
        mut shape: impl FnMut(&Annotation) -> Result<Shape, CommandError>,
    ) -> Result<Plan, CommandError> {
        let mut edits = Vec::with_capacity(self.all.len());
        for annotation in &self.all {
            let shape = shape(annotation)?;
            if shape != annotation.shape {
                shape.check()?;
                if matches!(&shape, Shape::Mask(mask) if mask.is_empty()) {
                    return Err(CommandError::NothingLeft);
                }
                edits.push(Edit::SetShape(annotation.id, shape));
            }
        }
        Ok(Plan {
            edits,
            selection: selection.to_vec(),
            notes: self.notes,
        })
    }
}

/// The annotations of `selection` that exist, each once.
pub(crate) fn existing<'a>(
    selection: &[AnnotationId],
    document: &'a Document,
) -> Vec<&'a Annotation> {
    let mut seen = HashSet::with_capacity(selection.len());
    let ids = selection.iter().filter(|id| seen.insert(**id));
    ids.filter_map(|id| document.get(*id)).collect()
}

/// Counts what conversions lose.
#[derive(Default)]
pub(crate) struct Losses(BTreeMap<Loss, usize>);

impl Losses {
    pub fn add(&mut self, loss: Option<Loss>) {
        if let Some(loss) = loss {
            *self.0.entry(loss).or_default() += 1;
        }
    }

    pub fn notes(self) -> impl Iterator<Item = Note> {
        self.0.into_iter().map(|(loss, n)| Note::Lost(loss, n))
    }
}
