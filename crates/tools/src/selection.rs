//! The annotations that are selected, and what is needed of them on every move of the pointer.

use visionflow_document::Document;
use visionflow_geometry::{Polygon, Rect};
use visionflow_model::{AnnotationId, Shape};

#[derive(Debug, Default)]
pub(crate) struct Selection {
    ids: Vec<AnnotationId>,
    /// Around all that have a shape.
    bounds: Option<Rect>,
}

impl Selection {
    pub(crate) fn ids(&self) -> &[AnnotationId] {
        &self.ids
    }

    pub(crate) fn bounds(&self) -> Option<Rect> {
        self.bounds
    }

    pub(crate) fn contains(&self, id: AnnotationId) -> bool {
        self.ids.contains(&id)
    }

    pub(crate) fn set(&mut self, ids: Vec<AnnotationId>, document: &Document) {
        self.ids = ids;
        self.measure(document);
    }

    /// Leaves out what does not exist any more, and looks at the rest again.
    pub(crate) fn update(&mut self, document: &Document) {
        self.ids.retain(|id| document.get(*id).is_some());
        self.measure(document);
    }

    /// The polygon whose vertices can be edited: the only selected annotation.
    pub(crate) fn single_polygon<'a>(
        &self,
        document: &'a Document,
    ) -> Option<(AnnotationId, &'a Polygon)> {
        let [id] = self.ids[..] else { return None };
        match &document.get(id)?.shape {
            Shape::Polygon(polygon) => Some((id, polygon)),
            _ => None,
        }
    }

    /// The selected annotations that have a place, with their shapes.
    pub(crate) fn shapes(&self, document: &Document) -> Vec<(AnnotationId, Shape)> {
        let placed = |id: &AnnotationId| {
            let shape = &document.get(*id)?.shape;
            (*shape != Shape::Tag).then(|| (*id, shape.clone()))
        };
        self.ids.iter().filter_map(placed).collect()
    }

    fn measure(&mut self, document: &Document) {
        let bounds = |id: &AnnotationId| document.get(*id)?.shape.bounds();
        self.bounds = self.ids.iter().filter_map(bounds).reduce(Rect::union);
    }
}
