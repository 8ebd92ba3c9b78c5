//! Resizing what is selected: all together by their bounds, or one that leans along its own axes.

use super::align::{self, Guide};
use super::moving::{Shapes, set_shapes, take_strokes};
use super::resize::Side;
use crate::selection::Selection;
use crate::step::{snapped, snapped_shape, snapped_vec};
use crate::{Context, Modifiers};
use std::collections::HashSet;
use visionflow_commands::stretched;
use visionflow_document::{Change, Document, Edit};
use visionflow_geometry::{Ellipse, Point, Rect, RotatedBox, Vec2};
use visionflow_model::{AnnotationId, Shape};

/// A side of the selection's bounds follows the pointer.
#[derive(Debug)]
pub(super) struct Resizing {
    pub side: Side,
    /// From the bounds to the handles around them, in image pixels.
    margin: f64,
    from: Rect,
    to: Rect,
    shapes: Shapes,
    own: HashSet<AnnotationId>,
    pub guides: Vec<Guide>,
}

impl Resizing {
    pub(super) fn begin(
        side: Side,
        margin: f64,
        selection: &Selection,
        document: &Document,
    ) -> Option<Self> {
        let from = selection.bounds()?;
        let shapes = selection.shapes(document);
        Some(Self {
            side,
            margin,
            from,
            to: from,
            own: shapes.iter().map(|(id, _)| *id).collect(),
            shapes,
            guides: Vec::new(),
        })
    }

    pub(super) fn drag(&mut self, to: Point, modifiers: Modifiers, context: &Context<'_>) {
        let inwards = Vec2::new(f64::from(self.side.x), f64::from(self.side.y)) * -self.margin;
        let mut to = snapped(crate::step::clamped(to + inwards, context.image));
        self.guides.clear();
        if context.settings.snap && !modifiers.shift && !modifiers.alt {
            let is_resized = |id| self.own.contains(&id);
            let free = self.side.dragged(self.from, to);
            (to, self.guides) = align::side(self.side, to, free, is_resized, context);
        }
        self.to = if modifiers.shift {
            let to = self
                .side
                .dragged_in_proportion(self.from, to, context.image);
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
            |(id, shape): &(_, Shape)| (*id, snapped_shape(&stretched(shape, self.from, self.to)));
        self.shapes.iter().map(stretched)
    }

    pub(super) fn take_strokes(&mut self, change: &Change, document: &Document) {
        take_strokes(&mut self.shapes, change, document);
    }

    /// Nothing when a side has collapsed, for no shape is stored flat; nothing either where what
    /// stands at an angle would come out of the image.
    pub(super) fn edits(&self, image: Rect) -> Vec<Edit> {
        let to = self.to();
        let shrank = |from: f64, to: f64| from > 0.0 && to <= 0.0;
        if self.to == self.from
            || shrank(self.from.width(), to.width())
            || shrank(self.from.height(), to.height())
        {
            return Vec::new();
        }
        let shapes: Vec<_> = self.shapes().collect();
        let is_sound = |shape: &Shape| {
            let emptied = matches!(shape, Shape::Mask(mask) if mask.is_empty());
            shape.check().is_ok() && !emptied
        };
        if !shapes.iter().all(|(_, shape)| is_sound(shape)) {
            return Vec::new();
        }
        let after = shapes.iter().filter_map(|(_, shape)| shape.bounds());
        if is_inside(self.from, image) && !after.clone().all(|bounds| is_inside(bounds, image)) {
            return Vec::new();
        }
        set_shapes(shapes.into_iter())
    }
}

/// A side of a rotated box or an ellipse follows the pointer, in the shape's own axes.
#[derive(Debug)]
pub(super) struct Reshaping {
    pub id: AnnotationId,
    pub side: Side,
    start: Shape,
    from: RotatedBox,
    to: RotatedBox,
}

impl Reshaping {
    /// `None` where the shape stands upright by its nature.
    pub(super) fn begin(id: AnnotationId, shape: &Shape, side: Side) -> Option<Self> {
        let from = match shape {
            Shape::RotatedBox(rotated) => *rotated,
            Shape::Ellipse(ellipse) => RotatedBox {
                center: ellipse.center,
                size: ellipse.radii * 2.0,
                angle: ellipse.angle,
            },
            _ => return None,
        };
        Some(Self {
            id,
            side,
            start: shape.clone(),
            from,
            to: from,
        })
    }

    /// Where the shape would leave the image, or be flat, it stays as it was.
    pub(super) fn drag(&mut self, to: Point, in_proportion: bool, image: Rect) {
        let half = self.from.size * 0.5;
        let from = Rect {
            min: Point::new(-half.x, -half.y),
            max: Point::new(half.x, half.y),
        };
        let local = self.from.to_local(to);
        let local = Point::new(local.x, local.y);
        let everywhere = Rect {
            min: Point::new(-f64::MAX, -f64::MAX),
            max: Point::new(f64::MAX, f64::MAX),
        };
        let rect = if in_proportion {
            self.side.dragged_in_proportion(from, local, everywhere)
        } else {
            self.side.dragged(from, local)
        };
        let middle = rect.center();
        let size = Vec2::new(rect.width().abs(), rect.height().abs());
        let center = self.from.center + Vec2::new(middle.x, middle.y).rotated(self.from.angle);
        let moved = RotatedBox {
            center: snapped(center),
            size: snapped_vec(size),
            angle: self.from.angle,
        };
        let before = std::mem::replace(&mut self.to, moved);
        let bounds = self.shape().bounds();
        let was_inside = self.start.bounds().is_some_and(|b| is_inside(b, image));
        let fits = !was_inside || bounds.is_some_and(|b| is_inside(b, image));
        if !fits || self.shape().check().is_err() {
            self.to = before;
        }
    }

    pub(super) fn frame(&self) -> RotatedBox {
        self.to
    }

    pub(super) fn shape(&self) -> Shape {
        match &self.start {
            Shape::Ellipse(_) => Shape::Ellipse(Ellipse {
                center: self.to.center,
                radii: self.to.size * 0.5,
                angle: self.to.angle,
            }),
            _ => Shape::RotatedBox(self.to),
        }
    }

    pub(super) fn edits(&self) -> Vec<Edit> {
        if self.to == self.from {
            return Vec::new();
        }
        vec![Edit::SetShape(self.id, self.shape())]
    }
}

fn is_inside(bounds: Rect, image: Rect) -> bool {
    // Corners at an angle are computed and may miss the border by a rounding.
    let image = image.inflated(1e-6);
    image.contains(bounds.min) && image.contains(bounds.max)
}
