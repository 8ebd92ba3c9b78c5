//! What the panels know of the document: one small row for each annotation, kept in step with the
//! engine's change events, so that a panel never copies the whole document.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use visionflow_engine::{Change, Engine};
use visionflow_model::{Annotation, AnnotationId, LabelId, ShapeKind};

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    pub id: AnnotationId,
    pub label: LabelId,
    pub kind: ShapeKind,
}

#[derive(Default)]
pub struct Objects {
    /// Ids grow with time, so this is the order of drawing.
    rows: BTreeMap<AnnotationId, Row>,
    counts: HashMap<LabelId, usize>,
}

/// Shared with the engine's callback.
pub type SharedObjects = Rc<RefCell<Objects>>;

impl Objects {
    /// Follows a change; costs what the change is large.
    pub fn follow(&mut self, engine: &Engine, change: &Change) {
        for id in change.added.iter().chain(&change.updated) {
            match engine.annotation(*id) {
                Some(annotation) => self.put(&annotation),
                None => self.remove(*id),
            }
        }
        for id in &change.removed {
            self.remove(*id);
        }
    }

    /// Starts over with what the engine has now.
    pub fn reset(&mut self, engine: &Engine) {
        *self = Self::default();
        for annotation in engine.annotations() {
            self.put(&annotation);
        }
    }

    fn put(&mut self, annotation: &Annotation) {
        let row = Row {
            id: annotation.id,
            label: annotation.label,
            kind: annotation.shape.kind(),
        };
        let old = self.rows.insert(row.id, row);
        if let Some(old) = old {
            self.uncount(old.label);
        }
        *self.counts.entry(row.label).or_default() += 1;
    }

    fn remove(&mut self, id: AnnotationId) {
        if let Some(old) = self.rows.remove(&id) {
            self.uncount(old.label);
        }
    }

    fn uncount(&mut self, label: LabelId) {
        if let Some(count) = self.counts.get_mut(&label) {
            *count = count.saturating_sub(1);
        }
    }

    /// Shapes, without tags, of one label or of all; each with its number among those of its label.
    pub fn shapes(&self, label: Option<LabelId>) -> Vec<(Row, usize)> {
        let mut numbers: HashMap<LabelId, usize> = HashMap::new();
        let shapes = self.rows.values().filter(|row| row.kind != ShapeKind::Tag);
        shapes
            .filter(|row| label.is_none_or(|label| row.label == label))
            .map(|row| {
                let number = numbers.entry(row.label).or_default();
                *number += 1;
                (*row, *number)
            })
            .collect()
    }

    pub fn tag(&self, label: LabelId) -> Option<AnnotationId> {
        self.rows
            .values()
            .find(|row| row.kind == ShapeKind::Tag && row.label == label)
            .map(|row| row.id)
    }

    pub fn count(&self, label: LabelId) -> usize {
        self.counts.get(&label).copied().unwrap_or(0)
    }

    pub fn shape_count(&self) -> usize {
        self.rows
            .values()
            .filter(|row| row.kind != ShapeKind::Tag)
            .count()
    }
}
