//! One annotation in the scene.

use super::form::Form;
use crate::index::Bounds;
use crate::runs::Run;
use crate::style::State;
use visionflow_model::{Annotation, AnnotationId, LabelId, Shape, Style};

/// What the scene keeps of an annotation, and where its picture lies while it is in view.
#[derive(Debug)]
pub struct Entry {
    pub id: AnnotationId,
    pub label: LabelId,
    pub z: f64,
    pub shape: Shape,
    /// `None` for what lies nowhere on the image.
    pub bounds: Option<Bounds>,
    /// What differs from the label's style; most have none.
    pub style: Option<Box<Style>>,
    pub state: State,
    pub(super) form: Form,
    /// Its primitives in the table.
    pub(super) run: Run,
    /// How many of them are drawn; the others are only read.
    pub(super) drawn: u32,
    /// The index of its style in the table.
    pub(super) style_slot: u32,
}

impl Entry {
    pub(super) fn new(annotation: &Annotation, state: State) -> Self {
        let mut entry = Self {
            id: annotation.id,
            label: annotation.label,
            z: annotation.z,
            shape: annotation.shape.clone(),
            bounds: annotation.shape.bounds().map(Bounds::around),
            style: None,
            state,
            form: Form::Absent,
            run: Run::default(),
            drawn: 0,
            style_slot: 0,
        };
        entry.take_style(annotation);
        entry
    }

    pub(super) fn take(&mut self, annotation: &Annotation, state: State, bounds: Option<Bounds>) {
        self.label = annotation.label;
        self.bounds = bounds;
        self.state = state;
        if self.shape != annotation.shape {
            self.shape.clone_from(&annotation.shape);
        }
        self.take_style(annotation);
    }

    fn take_style(&mut self, annotation: &Annotation) {
        let own = (!annotation.style.is_default()).then(|| Box::new(annotation.style));
        self.style = own;
        self.state.locked = annotation.locked;
    }

    /// The annotation's own style, empty where it has none.
    pub fn own_style(&self) -> Style {
        self.style.as_deref().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_stays_small() {
        assert!(size_of::<Option<Entry>>() <= 160);
    }
}
