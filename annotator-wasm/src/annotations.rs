//! Annotations in and out, selection.

use super::Annotator;
use super::types::{
    AnnotationList, JsNewAnnotations, JsPatch, MaybeAnnotation, from_js, parse_id, parse_ids, to_js,
};
use visionflow_document::Edit;
use visionflow_engine::Engine;
use visionflow_engine::new_id;
use visionflow_geometry::{Point, Polygon, Rect, Vec2};
use visionflow_model::{Annotation, AnnotationId, LabelId, Shape};
use visionflow_surface::{AnnotationPatch, AnnotationValue, NewAnnotation};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Annotator {
    /// All annotations, topmost last.
    pub fn annotations(&self) -> Result<AnnotationList, JsError> {
        let all = self.engine.annotations();
        let list: Vec<_> = all.iter().map(AnnotationValue::from).collect();
        Ok(to_js(&list)?.unchecked_into())
    }

    pub fn annotation(&self, id: &str) -> Result<MaybeAnnotation, JsError> {
        let annotation = self.engine.annotation(parse_id(id, "annotation(): id")?);
        let value = match annotation {
            Some(annotation) => to_js(&AnnotationValue::from(&annotation))?,
            None => JsValue::UNDEFINED,
        };
        Ok(value.unchecked_into())
    }

    #[wasm_bindgen(getter, js_name = annotationCount)]
    pub fn annotation_count(&self) -> usize {
        self.engine.annotation_count()
    }

    /// Replaces all annotations, or adds to them when it `keeps` them; no step of undo.
    pub fn load(&self, annotations: &JsNewAnnotations, keeps: bool) -> Result<(), JsError> {
        Ok(self.engine.load(read(annotations)?, keeps)?)
    }

    /// Adds annotations as one step and returns their ids.
    pub fn add(&self, annotations: &JsNewAnnotations) -> Result<Vec<String>, JsError> {
        let annotations = read(annotations)?;
        let ids = annotations.iter().map(|a| a.id.to_string()).collect();
        let edits: Vec<_> = annotations.into_iter().map(Edit::Add).collect();
        edit(&self.engine, &edits)?;
        Ok(ids)
    }

    /// Changes what the patch names, as one step.
    pub fn update(&self, id: &str, patch: &JsPatch) -> Result<(), JsError> {
        let id = parse_id(id, "update(): id")?;
        let patch: AnnotationPatch = from_js(patch, "patch")?;
        edit(&self.engine, &edits(id, patch))
    }

    pub fn remove(&self, ids: Vec<String>) -> Result<(), JsError> {
        let edits: Vec<_> = parse_ids(&ids)?.into_iter().map(Edit::Delete).collect();
        edit(&self.engine, &edits)
    }

    pub fn select(&self, ids: Vec<String>) -> Result<(), JsError> {
        self.engine.select(&parse_ids(&ids)?);
        Ok(())
    }

    /// The selected annotations' ids.
    pub fn selection(&self) -> Vec<String> {
        let selection = self.engine.selection();
        selection.iter().map(ToString::to_string).collect()
    }

    /// Annotations that are neither drawn nor picked here.
    #[wasm_bindgen(js_name = setHidden)]
    pub fn set_hidden(&self, ids: Vec<String>) -> Result<(), JsError> {
        self.engine.set_hidden(&parse_ids(&ids)?);
        self.engine.deselect_hidden();
        Ok(())
    }

    #[wasm_bindgen(js_name = deleteSelection)]
    pub fn delete_selection(&self) {
        self.engine.delete_selection();
    }

    /// Adds many boxes in one step that cannot be undone: `x, y, width, height` of each in one
    /// array; labels are given in turn.
    #[wasm_bindgen(js_name = loadBoxes)]
    pub fn load_boxes(&self, boxes: &[f64], labels: Vec<String>) -> Result<(), JsError> {
        let shape = |xywh: &[f64]| {
            let min = Point::new(xywh[0], xywh[1]);
            Shape::Box(Rect::from_corners(min, min + Vec2::new(xywh[2], xywh[3])))
        };
        self.load_all(boxes.chunks_exact(4).map(shape), &labels)
    }

    /// Adds many polygons of as many vertices each in one step that cannot be undone: `x, y` of
    /// vertex after vertex in one array; labels are given in turn.
    #[wasm_bindgen(js_name = loadPolygons)]
    pub fn load_polygons(
        &self,
        points: &[f64],
        vertices: usize,
        labels: Vec<String>,
    ) -> Result<(), JsError> {
        let point = |xy: &[f64]| Point::new(xy[0], xy[1]);
        let shape = |ring: &[f64]| {
            let ring = ring.chunks_exact(2).map(point).collect();
            Shape::Polygon(Polygon::from_ring(ring))
        };
        let rings = points.chunks_exact(2 * vertices.max(1));
        self.load_all(rings.map(shape), &labels)
    }

    /// Takes in a Yjs update (v1), as if it had come from the room.
    #[wasm_bindgen(js_name = applyUpdate)]
    pub fn apply_update(&self, update: &[u8]) -> Result<(), JsError> {
        Ok(self.engine.apply_update(update)?)
    }

    /// The whole document as one Yjs update (v1).
    #[wasm_bindgen(js_name = encodeState)]
    pub fn encode_state(&self) -> Vec<u8> {
        self.engine.encode_state()
    }
}

impl Annotator {
    fn load_all(
        &self,
        shapes: impl Iterator<Item = Shape>,
        labels: &[String],
    ) -> Result<(), JsError> {
        let labels = labels
            .iter()
            .map(|id| id.parse::<LabelId>())
            .collect::<Result<Vec<_>, _>>()?;
        if labels.is_empty() {
            return Err(JsError::new("a label is needed"));
        }
        let labels = labels.into_iter().cycle();
        let annotation = |(shape, label)| Annotation::new(new_id(), label, shape);
        let annotations = shapes.zip(labels).map(annotation).collect();
        Ok(self.engine.load(annotations, true)?)
    }
}

/// Reads annotations; a shape that cannot be stored is named by its place in the list.
fn read(list: &JsNewAnnotations) -> Result<Vec<Annotation>, JsError> {
    let list: Vec<NewAnnotation> = from_js(list, "annotations")?;
    for (index, new) in list.iter().enumerate() {
        if let Err(reason) = new.shape.check() {
            let place = format!("annotations[{index}].shape");
            return Err(JsError::new(&format!("{place}: {reason}")));
        }
    }
    Ok(list
        .into_iter()
        .map(|new| new.into_annotation(new_id))
        .collect())
}

/// Edits for a host page, which wants to hear of it when nothing happens.
pub(super) fn edit(engine: &Engine, edits: &[Edit]) -> Result<(), JsError> {
    if !engine.may_edit() {
        return Err(JsError::new("this annotator is read-only"));
    }
    Ok(engine.edit(edits)?)
}

fn edits(id: AnnotationId, patch: AnnotationPatch) -> Vec<Edit> {
    let mut edits = Vec::new();
    edits.extend(patch.shape.map(|shape| Edit::SetShape(id, shape)));
    edits.extend(patch.label.map(|label| Edit::SetLabel(id, label)));
    edits.extend(patch.z.map(|z| Edit::SetZ(id, z)));
    edits.extend(patch.group.map(|group| Edit::SetGroup(id, group)));
    edits.extend(patch.locked.map(|locked| Edit::SetLocked(id, locked)));
    edits.extend(patch.style.map(|style| Edit::SetStyle(id, style)));
    let attributes = patch.attributes.into_iter();
    edits.extend(attributes.map(|(key, value)| Edit::SetAttribute(id, key, value)));
    edits
}
