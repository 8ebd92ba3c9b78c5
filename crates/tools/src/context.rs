//! What the tools look at while they handle an input.

use crate::ToolSettings;
use crate::step::{clamped, snapped};
use visionflow_document::Document;
use visionflow_geometry::{PixelView, Point, Rect};
use visionflow_model::{Annotation, AnnotationId, LabelId, Ontology, Shape};
use visionflow_scene::{Camera, Scene};

/// The state of the engine around one input.
pub struct Context<'a> {
    pub document: &'a Document,
    pub scene: &'a Scene,
    pub camera: &'a Camera,
    /// The image's rectangle in image space; new geometry is kept inside.
    pub image: Rect,
    /// The label for new annotations.
    pub label: Option<LabelId>,
    /// False for people who watch only: they may select, nothing else.
    pub can_edit: bool,
    pub settings: &'a ToolSettings,
    /// The labels, whose skeleton templates are drawn and whose attributes have defaults.
    pub ontology: &'a Ontology,
    /// The visible part of the photograph, lent to tools that look into it
    /// ([`crate::ToolKind::needs_pixels`]); `None` while there is none.
    pub pixels: Option<&'a PixelView>,
    /// The model that answers prompts, in whose name its proposals are.
    pub smart_model: &'a str,
    /// Makes the id of a new annotation.
    pub new_id: &'a mut dyn FnMut() -> AnnotationId,
}

impl Context<'_> {
    /// A new annotation as hands make it: with the defaults of its label's attributes.
    pub(crate) fn new_annotation(&mut self, label: LabelId, shape: Shape) -> Annotation {
        Annotation {
            attributes: self.ontology.defaults(label),
            ..Annotation::new((self.new_id)(), label, shape)
        }
    }

    /// The place of the image under a place of the screen, on the grid of new geometry.
    pub(crate) fn image_point(&self, screen: Point) -> Point {
        snapped(self.camera.image_from_screen(screen))
    }

    /// The same, kept inside the image.
    pub(crate) fn image_point_inside(&self, screen: Point) -> Point {
        let p = self.image_point(screen);
        clamped(p, self.image)
    }

    /// Screen pixels as image pixels.
    pub(crate) fn image_length(&self, screen: f64) -> f64 {
        screen / self.camera.scale()
    }

    /// The distance on the screen between two places of the image.
    pub(crate) fn screen_distance(&self, a: Point, b: Point) -> f64 {
        a.distance(b) * self.camera.scale()
    }
}
