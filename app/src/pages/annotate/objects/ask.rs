//! What can be asked of the objects; nothing here looks at all of them but [`Objects::of_label`].

use super::{Item, Objects, Row};
use crate::t;
use visionflow_geometry::sort_by_key;
use visionflow_model::{AnnotationId, LabelId, ShapeKind};

impl Objects {
    /// What an object is called: its label and its number.
    pub fn name(&self, row: &Row) -> String {
        let label = self.ontology.label(row.label);
        let label = label.map_or_else(|| t!("label-unknown"), |label| label.name.clone());
        format!("{label} {}", row.number)
    }

    pub fn row(&self, id: AnnotationId) -> Option<&Row> {
        self.rows.get(&id)
    }

    /// How many lines the list has.
    pub fn line_count(&self) -> usize {
        self.shown.line_count()
    }

    /// What stands in a line of the list.
    pub fn line(&self, line: usize) -> Option<Item> {
        self.shown.line(line)
    }

    /// Where an annotation stands in the list.
    pub fn line_of(&self, id: AnnotationId) -> Option<usize> {
        self.shown.line_of(self.rows.get(&id)?, &self.ontology)
    }

    /// Everything that the list shows.
    pub fn listed(&self) -> Vec<AnnotationId> {
        self.shown.ids().collect()
    }

    pub fn listed_count(&self) -> usize {
        self.shown.len()
    }

    /// Everything of one label.
    pub fn of_label(&self, label: LabelId) -> Vec<AnnotationId> {
        let rows = self.rows.values().filter(|row| row.label == label);
        rows.filter(|row| row.kind != ShapeKind::Tag)
            .map(|row| row.id)
            .collect()
    }

    /// The photograph's tags of a label.
    pub fn tag(&self, label: LabelId) -> Option<AnnotationId> {
        self.tags.get(&label)?.first().copied()
    }

    /// All tags of the photograph.
    pub fn tags(&self) -> impl Iterator<Item = AnnotationId> {
        self.tags.values().flatten().copied()
    }

    pub fn count(&self, label: LabelId) -> usize {
        self.counts.get(&label).copied().unwrap_or(0)
    }

    /// The kinds of shapes that there are, with how many.
    pub fn kinds(&self) -> Vec<(ShapeKind, usize)> {
        let kinds = self
            .kinds
            .iter()
            .filter(|(kind, _)| **kind != ShapeKind::Tag);
        let mut kinds: Vec<_> = kinds.map(|(kind, count)| (*kind, *count)).collect();
        sort_by_key(&mut kinds, |(kind, _)| kind.name());
        kinds
    }

    /// The sources that there are, by name, with how many.
    pub fn sources(&self) -> Vec<(String, usize)> {
        let mut sources: Vec<_> = self
            .sources
            .iter()
            .map(|(name, count)| (name.clone(), *count))
            .collect();
        sources.sort_unstable();
        sources
    }

    pub fn shape_count(&self) -> usize {
        self.rows.len() - self.tag_count
    }

    pub fn any_locked(&self, ids: &[AnnotationId]) -> bool {
        !self.locked.is_empty() && ids.iter().any(|id| self.locked.contains(id))
    }

    pub fn locked_count(&self) -> usize {
        self.locked.len()
    }

    pub fn locked(&self) -> Vec<AnnotationId> {
        self.locked.iter().copied().collect()
    }

    pub fn missing_count(&self) -> usize {
        self.missing.len()
    }

    /// The next object that lacks a required attribute, after this one and from the start again.
    pub fn next_missing(&self, after: Option<AnnotationId>) -> Option<AnnotationId> {
        after
            .and_then(|id| self.missing.after(&id))
            .or_else(|| self.missing.get(0))
    }
}
