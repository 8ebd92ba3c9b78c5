//! Turning what is selected.

use super::moving::{Shapes, set_shapes, take_strokes};
use crate::selection::Selection;
use std::f64::consts::PI;
use visionflow_commands::{turned_inside, wrapped};
use visionflow_document::{Change, Document, Edit};
use visionflow_geometry::{Point, Rect};
use visionflow_model::{AnnotationId, Shape};

/// The selection turns about the middle of its bounds.
#[derive(Debug)]
pub(super) struct Turning {
    bounds: Rect,
    /// The direction from the middle to where the handle was grabbed.
    from: f64,
    /// The angle that the only selected shape had; zero for several.
    angle_before: f64,
    by: f64,
    before: Shapes,
    after: Vec<Shape>,
    /// Where the pointer is, for the readout.
    pub pointer: Point,
}

impl Turning {
    pub(super) fn begin(at: Point, selection: &Selection, document: &Document) -> Option<Self> {
        let bounds = selection.bounds()?;
        let before = selection.shapes(document);
        let angle_before = match &before[..] {
            [(_, Shape::RotatedBox(rotated))] => rotated.angle,
            [(_, Shape::Ellipse(ellipse))] => ellipse.angle,
            _ => 0.0,
        };
        Some(Self {
            from: direction(bounds.center(), at),
            angle_before,
            by: 0.0,
            after: before.iter().map(|(_, shape)| shape.clone()).collect(),
            bounds,
            before,
            pointer: at,
        })
    }

    /// In steps of 15° of the resulting angle where `in_steps`.
    pub(super) fn drag(&mut self, to: Point, in_steps: bool, image: Rect) {
        self.pointer = to;
        let mut by = wrapped(direction(self.bounds.center(), to) - self.from);
        if in_steps {
            let step = PI / 12.0;
            by = wrapped(((self.angle_before + by) / step).round() * step - self.angle_before);
        }
        let shapes = self.before.iter().map(|(_, shape)| shape);
        // Where it does not fit into the image the last angle stands.
        if let Some(after) = turned_inside(shapes, self.bounds, by, image) {
            (self.by, self.after) = (by, after);
        }
    }

    /// The angle for the readout, in whole tenths of a degree.
    pub(super) fn degrees(&self) -> f64 {
        (wrapped(self.angle_before + self.by).to_degrees() * 10.0).round() / 10.0
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = AnnotationId> {
        self.before.iter().map(|(id, _)| *id)
    }

    pub(super) fn shapes(&self) -> impl Iterator<Item = (AnnotationId, Shape)> {
        self.ids().zip(self.after.iter().cloned())
    }

    pub(super) fn take_strokes(&mut self, change: &Change, document: &Document, image: Rect) {
        if !take_strokes(&mut self.before, change, document) {
            return;
        }
        let shapes = self.before.iter().map(|(_, shape)| shape);
        if let Some(after) = turned_inside(shapes, self.bounds, self.by, image) {
            self.after = after;
        } else {
            self.by = 0.0;
            self.after = self.before.iter().map(|(_, shape)| shape.clone()).collect();
        }
    }

    pub(super) fn edits(&self) -> Vec<Edit> {
        let is_sound = |shape: &Shape| {
            let emptied = matches!(shape, Shape::Mask(mask) if mask.is_empty());
            shape.check().is_ok() && !emptied
        };
        if self.by == 0.0 || !self.after.iter().all(is_sound) {
            return Vec::new();
        }
        set_shapes(self.shapes())
    }
}

fn direction(from: Point, to: Point) -> f64 {
    let by = to - from;
    by.y.atan2(by.x)
}
