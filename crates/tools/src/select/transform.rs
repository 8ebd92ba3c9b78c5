//! Moving, resizing and turning what is selected.

use super::align::{self, Guide};
use super::resize::Side;
use crate::selection::Selection;
use crate::step::{snapped, snapped_shape, snapped_vec};
use crate::{Context, Modifiers};
use std::f64::consts::PI;
use visionflow_commands::{kept_inside, stretched, turned_inside, wrapped};
use visionflow_document::{Document, Edit};
use visionflow_geometry::{Ellipse, Point, Rect, RotatedBox, Vec2};
use visionflow_model::{AnnotationId, Shape};

type Shapes = Vec<(AnnotationId, Shape)>;

/// The selection follows the pointer.
#[derive(Debug)]
pub(super) struct Moving {
    start: Point,
    by: Vec2,
    bounds: Rect,
    shapes: Shapes,
    /// Copies move, the selection stays where it is.
    pub copies: bool,
    pub guides: Vec<Guide>,
}

impl Moving {
    pub(super) fn begin(start: Point, selection: &Selection, document: &Document) -> Option<Self> {
        Self::of(start, selection.shapes(document), false)
    }

    pub(super) fn of(start: Point, shapes: Shapes, copies: bool) -> Option<Self> {
        let bounds = shapes.iter().filter_map(|(_, shape)| shape.bounds());
        Some(Self {
            start,
            by: Vec2::default(),
            bounds: bounds.reduce(Rect::union)?,
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
            let is_moved = |id| !self.copies && self.shapes.iter().any(|(moved, _)| *moved == id);
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
    /// From the bounds to the handles around them, in image pixels.
    margin: f64,
    from: Rect,
    to: Rect,
    shapes: Shapes,
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
        Some(Self {
            side,
            margin,
            from,
            to: from,
            shapes: selection.shapes(document),
            guides: Vec::new(),
        })
    }

    pub(super) fn drag(&mut self, to: Point, modifiers: Modifiers, context: &Context<'_>) {
        let inwards = Vec2::new(f64::from(self.side.x), f64::from(self.side.y)) * -self.margin;
        let mut to = snapped(crate::step::clamped(to + inwards, context.image));
        self.guides.clear();
        if context.settings.snap && !modifiers.shift && !modifiers.alt {
            let is_resized = |id| self.shapes.iter().any(|(resized, _)| *resized == id);
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

/// The larger of the two components alone.
fn along_one_axis(by: Vec2) -> Vec2 {
    if by.x.abs() >= by.y.abs() {
        Vec2::new(by.x, 0.0)
    } else {
        Vec2::new(0.0, by.y)
    }
}

fn is_inside(bounds: Rect, image: Rect) -> bool {
    // Corners at an angle are computed and may miss the border by a rounding.
    let image = image.inflated(1e-6);
    image.contains(bounds.min) && image.contains(bounds.max)
}

fn set_shapes(shapes: impl Iterator<Item = (AnnotationId, Shape)>) -> Vec<Edit> {
    shapes
        .map(|(id, shape)| Edit::SetShape(id, shape))
        .collect()
}
