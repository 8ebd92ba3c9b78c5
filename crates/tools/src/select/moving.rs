//! Moving what is selected, or copies of it.

use super::align::{self, Guide};
use crate::selection::Selection;
use crate::step::snapped_vec;
use crate::{Context, Modifiers};
use std::collections::{HashMap, HashSet};
use visionflow_commands::kept_inside;
use visionflow_document::{Change, Document, Edit};
use visionflow_geometry::{Point, Rect, Vec2};
use visionflow_model::{AnnotationId, Shape};

/// Annotations with their shapes.
pub(super) type Shapes = Vec<(AnnotationId, Shape)>;

/// The selection follows the pointer.
#[derive(Debug)]
pub(super) struct Moving {
    start: Point,
    by: Vec2,
    bounds: Rect,
    shapes: Shapes,
    own: HashSet<AnnotationId>,
    /// Copies move, the selection stays where it is.
    pub copies: bool,
    pub guides: Vec<Guide>,
}

impl Moving {
    pub(super) fn begin(start: Point, selection: &Selection, document: &Document) -> Option<Self> {
        Self::of(start, selection.shapes(document), false)
    }

    pub(super) fn of(start: Point, shapes: Shapes, copies: bool) -> Option<Self> {
        Some(Self {
            start,
            by: Vec2::default(),
            bounds: bounds_of(&shapes)?,
            own: shapes.iter().map(|(id, _)| *id).collect(),
            shapes,
            copies,
            guides: Vec::new(),
        })
    }

    /// Onto the lines of other shapes and of the image, unless Alt is held.
    pub(super) fn drag(&mut self, to: Point, modifiers: Modifiers, context: &Context<'_>) {
        let mut by = kept_inside(self.bounds, to - self.start, context.image);
        if modifiers.shift {
            by = along_one_axis(by);
        }
        self.guides.clear();
        if context.settings.snap && !modifiers.alt && by != Vec2::default() {
            let is_moved = |id| !self.copies && self.own.contains(&id);
            let moved = self.bounds.translated(by);
            let (further, guides) = align::moved(moved, is_moved, context);
            let aligned = snapped_vec(Vec2::new(by.x + further.x, by.y + further.y));
            if kept_inside(self.bounds, aligned, context.image) == aligned {
                (by, self.guides) = (aligned, guides);
            }
        }
        self.by = by;
    }

    /// One step more, as an arrow key makes it.
    pub(super) fn nudge(&mut self, by: Vec2, image: Rect) {
        let by = Vec2::new(self.by.x + by.x, self.by.y + by.y);
        self.by = kept_inside(self.bounds, by, image);
    }

    pub(super) fn by(&self) -> Vec2 {
        self.by
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = AnnotationId> {
        self.shapes.iter().map(|(id, _)| *id)
    }

    pub(super) fn shapes(&self) -> impl Iterator<Item = (AnnotationId, Shape)> {
        let moved = |(id, shape): &(_, Shape)| (*id, shape.translated(self.by));
        self.shapes.iter().map(moved)
    }

    pub(super) fn take_strokes(&mut self, change: &Change, document: &Document, image: Rect) {
        if take_strokes(&mut self.shapes, change, document) {
            self.bounds = bounds_of(&self.shapes).unwrap_or(self.bounds);
            self.by = kept_inside(self.bounds, self.by, image);
        }
    }

    pub(super) fn edits(&self) -> Vec<Edit> {
        if self.by == Vec2::default() {
            return Vec::new();
        }
        set_shapes(self.shapes())
    }
}

fn bounds_of(shapes: &Shapes) -> Option<Rect> {
    let bounds = shapes.iter().filter_map(|(_, shape)| shape.bounds());
    bounds.reduce(Rect::union)
}

/// The larger of the two components alone.
fn along_one_axis(by: Vec2) -> Vec2 {
    if by.x.abs() >= by.y.abs() {
        Vec2::new(by.x, 0.0)
    } else {
        Vec2::new(0.0, by.y)
    }
}

pub(super) fn set_shapes(shapes: impl Iterator<Item = (AnnotationId, Shape)>) -> Vec<Edit> {
    shapes
        .map(|(id, shape)| Edit::SetShape(id, shape))
        .collect()
}

/// Takes in what others painted since the gesture began; whether anything was. A mask's new geometry
/// stands for all strokes that its author has seen, so it has to hold them.
pub(super) fn take_strokes(shapes: &mut Shapes, change: &Change, document: &Document) -> bool {
    let mask_of = |id: &AnnotationId| match &document.get(*id)?.shape {
        shape @ Shape::Mask(_) => Some((*id, shape)),
        _ => None,
    };
    let painted: HashMap<_, _> = change.updated.iter().filter_map(mask_of).collect();
    if painted.is_empty() {
        return false;
    }
    let mut is_changed = false;
    for (id, shape) in shapes {
        if let Some(mask) = painted.get(id) {
            shape.clone_from(mask);
            is_changed = true;
        }
    }
    is_changed
}
