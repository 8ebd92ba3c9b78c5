//! Moving and resizing what is selected.

use super::resize::Side;
use crate::selection::Selection;
use crate::step::{snapped, snapped_shape};
use visionflow_document::{Document, Edit};
use visionflow_geometry::{Point, Rect, Vec2};
use visionflow_model::{AnnotationId, Shape};

type Shapes = Vec<(AnnotationId, Shape)>;

/// The selection follows the pointer.
#[derive(Debug)]
pub(super) struct Moving {
    start: Point,
    by: Vec2,
    bounds: Rect,
    shapes: Shapes,
}

impl Moving {
    pub(super) fn begin(start: Point, selection: &Selection, document: &Document) -> Option<Self> {
        Some(Self {
            start,
            by: Vec2::default(),
            bounds: selection.bounds()?,
            shapes: selection.shapes(document),
        })
    }

    pub(super) fn drag(&mut self, to: Point, image: Rect) {
        self.by = kept_inside(self.bounds, to - self.start, image);
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = AnnotationId> {
        self.shapes.iter().map(|(id, _)| *id)
    }

    pub(super) fn shapes(&self) -> impl Iterator<Item = (AnnotationId, Shape)> {
        let moved = |(id, shape): &(_, Shape)| (*id, shape.translated(self.by));
        self.shapes.iter().map(moved)
    }

    pub(super) fn edits(&self) -> Vec<Edit> {
        if self.by == Vec2::default() {
            return Vec::new();
        }
        set_shapes(self.shapes())
    }
}

/// A side of the selection's bounds follows the pointer.
#[derive(Debug)]
pub(super) struct Resizing {
    pub side: Side,
    from: Rect,
    to: Rect,
    shapes: Shapes,
}

impl Resizing {
    pub(super) fn begin(side: Side, selection: &Selection, document: &Document) -> Option<Self> {
        let from = selection.bounds()?;
        Some(Self {
            side,
            from,
            to: from,
            shapes: selection.shapes(document),
        })
    }

    pub(super) fn drag(&mut self, to: Point, in_proportion: bool, image: Rect) {
        self.to = if in_proportion {
            let to = self.side.dragged_in_proportion(self.from, to, image);
            Rect {
                min: snapped(to.min),
                max: snapped(to.max),
            }
        } else {
            self.side.dragged(self.from, to)
        };
    }

    /// The bounds as they are now.
    pub(super) fn to(&self) -> Rect {
        Rect::from_corners(self.to.min, self.to.max)
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = AnnotationId> {
        self.shapes.iter().map(|(id, _)| *id)
    }

    pub(super) fn shapes(&self) -> impl Iterator<Item = (AnnotationId, Shape)> {
        let stretched =
            |(id, shape): &(_, Shape)| (*id, snapped_shape(&shape.stretched(self.from, self.to)));
        self.shapes.iter().map(stretched)
    }

    /// Nothing when a side has collapsed: no shape is stored flat.
    pub(super) fn edits(&self) -> Vec<Edit> {
        let to = self.to();
        let shrank = |from: f64, to: f64| from > 0.0 && to <= 0.0;
        if self.to == self.from
            || shrank(self.from.width(), to.width())
            || shrank(self.from.height(), to.height())
        {
            return Vec::new();
        }
        let edits: Vec<_> = self.shapes().collect();
        if edits.iter().any(|(_, shape)| shape.check().is_err()) {
            return Vec::new();
        }
        set_shapes(edits.into_iter())
    }
}

/// The part of `by` that keeps `bounds` inside `image`; what lies outside already may come in.
pub(super) fn kept_inside(bounds: Rect, by: Vec2, image: Rect) -> Vec2 {
    let axis = |by: f64, min: f64, max: f64, low: f64, high: f64| {
        let (least, most) = ((low - min).min(0.0), (high - max).max(0.0));
        by.max(least).min(most)
    };
    Vec2::new(
        axis(by.x, bounds.min.x, bounds.max.x, image.min.x, image.max.x),
        axis(by.y, bounds.min.y, bounds.max.y, image.min.y, image.max.y),
    )
}

pub(super) fn set_shapes(shapes: impl Iterator<Item = (AnnotationId, Shape)>) -> Vec<Edit> {
    shapes
        .map(|(id, shape)| Edit::SetShape(id, shape))
        .collect()
}
