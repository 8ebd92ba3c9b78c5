//! The scene: what is on the image, where it is, and what of its picture changed.

use crate::{Camera, DrawList, Handle, PeerMark, SpriteText, Viewport};
use visionflow_geometry::{Point, Rect};
use visionflow_model::{Annotation, AnnotationId, Color, Ontology, Preview};

/// The annotations of one image with their picture and their spatial index.
#[derive(Debug, Default)]
pub struct Scene {
    list: DrawList,
    texts: Vec<SpriteText>,
}

impl Scene {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn set_image_size(&mut self, size: Option<(u32, u32)>) {
        self.list.image_size = size;
    }

    /// The colour around the image.
    pub fn set_background(&mut self, color: Color) {
        self.list.background = color;
    }

    /// Takes colours and names of the labels.
    pub fn set_ontology(&mut self, _ontology: &Ontology) {}

    /// Adds an annotation or takes its new state.
    pub fn upsert(&mut self, _annotation: &Annotation) {}

    pub fn remove(&mut self, _id: AnnotationId) {}

    /// Replaces all annotations at once; much faster than one by one.
    pub fn load<'a>(&mut self, _annotations: impl Iterator<Item = &'a Annotation>) {}

    pub fn set_selection(&mut self, _ids: &[AnnotationId]) {}

    pub fn set_hover(&mut self, _id: Option<AnnotationId>) {}

    /// Neither drawn nor picked.
    pub fn set_hidden(&mut self, _ids: &[AnnotationId]) {}

    /// The own gesture, drawn in place of the annotations it changes.
    pub fn set_preview(&mut self, _preview: &[Preview]) {}

    pub fn set_handles(&mut self, _handles: &[Handle]) {}

    pub fn set_peers(&mut self, _peers: &[PeerMark]) {}

    /// The annotation under a point of the image.
    ///
    /// An outline within `tolerance` (image pixels) wins over fills, the topmost first;
    /// among fills the smallest area wins, then the topmost.
    pub fn pick(&self, _point: Point, _tolerance: f64) -> Option<AnnotationId> {
        None
    }

    /// The annotations that touch `rect` (image space), bottom first.
    pub fn in_rect(&self, _rect: Rect) -> Vec<AnnotationId> {
        Vec::new()
    }

    /// The picture of the scene with what changed since the last call.
    ///
    /// The changes are counted as uploaded when the next call begins; after a frame that never
    /// reached the GPU call [`Scene::invalidate_gpu`].
    pub fn draw_list(&mut self, camera: &Camera, viewport: Viewport) -> &DrawList {
        self.list.camera = *camera;
        self.list.viewport = viewport;
        &self.list
    }

    /// The texts that the last draw list shows.
    pub fn texts(&self) -> &[SpriteText] {
        &self.texts
    }

    /// Whether anything changed since the last draw list, the camera aside.
    pub fn needs_draw(&self) -> bool {
        true
    }

    /// Everything is uploaded anew with the next draw list: the GPU forgot what it had.
    pub fn invalidate_gpu(&mut self) {}
}
