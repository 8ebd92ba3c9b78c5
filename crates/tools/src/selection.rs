//! The annotations that are selected, and what is needed of them on every move of the pointer.

use std::collections::HashSet;
use visionflow_document::{Change, Document};
use visionflow_geometry::Rect;
use visionflow_model::{Annotation, AnnotationId, Shape};

#[derive(Debug, Default)]
pub(crate) struct Selection {
    ids: Vec<AnnotationId>,
    known: HashSet<AnnotationId>,
    /// Around all that have a shape and are not locked.
    bounds: Option<Rect>,
}

impl Selection {
    pub(crate) fn ids(&self) -> &[AnnotationId] {
        &self.ids
    }

    /// Around what can be moved.
    pub(crate) fn bounds(&self) -> Option<Rect> {
        self.bounds
    }

    pub(crate) fn contains(&self, id: AnnotationId) -> bool {
        self.known.contains(&id)
    }

    /// Takes each id once.
    pub(crate) fn set(&mut self, ids: Vec<AnnotationId>, document: &Document) {
        self.known.clear();
        self.ids = ids;
        let known = &mut self.known;
        self.ids.retain(|id| known.insert(*id));
        self.measure(document);
    }

    /// The document changed: looks at the selected again if any of them did.
    pub(crate) fn follow(&mut self, change: &Change, document: &Document) {
        let mut changed = [&change.added, &change.updated, &change.removed]
            .into_iter()
            .flatten();
        if changed.any(|id| self.known.contains(id)) {
            self.update(document);
        }
    }

    /// Leaves out what does not exist any more, and looks at the rest again.
    pub(crate) fn update(&mut self, document: &Document) {
        let known = &mut self.known;
        self.ids.retain(|id| {
            let exists = document.get(*id).is_some();
            if !exists {
                known.remove(id);
            }
            exists
        });
        self.measure(document);
    }

    /// The only selected annotation, unless it is locked.
    pub(crate) fn single<'a>(&self, document: &'a Document) -> Option<&'a Annotation> {
        let [id] = self.ids[..] else { return None };
        document.get(id).filter(|annotation| !annotation.locked)
    }

    /// The selected annotations that can be moved: they have a place and are not locked.
    pub(crate) fn movable<'a>(
        &'a self,
        document: &'a Document,
    ) -> impl Iterator<Item = &'a Annotation> {
        let annotations = self.ids.iter().filter_map(|id| document.get(*id));
        annotations.filter(|a| !a.locked && a.shape != Shape::Tag)
    }

    /// The same with their shapes.
    pub(crate) fn shapes(&self, document: &Document) -> Vec<(AnnotationId, Shape)> {
        let movable = self.movable(document);
        movable.map(|a| (a.id, a.shape.clone())).collect()
    }

    fn measure(&mut self, document: &Document) {
        let bounds = self.movable(document).filter_map(|a| a.shape.bounds());
        self.bounds = bounds.reduce(Rect::union);
    }
}
