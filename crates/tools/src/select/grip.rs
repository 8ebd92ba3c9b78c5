//! The handles of the selection: which there are, and which the pointer is on.

use super::Target;
use super::resize::Side;
use super::vertex::{self, UPRIGHT, VertexRef, middle};
use crate::Context;
use crate::selection::Selection;
use visionflow_geometry::{Point, RotatedBox, Vec2};
use visionflow_model::{Annotation, Shape};
use visionflow_scene::{Handle, HandleKind};

/// An edge shorter than this on the screen has no handle to add a vertex, in CSS pixels.
const MIN_EDGE: f64 = 28.0;
/// A rectangle smaller than this on the screen has handles on its corners only, and they are
/// grabbed from outside, so that it can still be moved; in CSS pixels.
const MIN_RECT: f64 = 28.0;
/// A side of the frame around a shape with vertices has a handle from this length on the screen
/// on, in CSS pixels: on a shorter one it would stand among the vertices' own.
const MIN_SIDE: f64 = 72.0;
/// A shape of more vertices than this shows only those near the pointer.
const MANY_VERTICES: usize = 400;
/// How near, in CSS pixels.
const NEAR: f64 = 120.0;
/// The frame around a shape with vertices stands so far off them, in CSS pixels.
const MARGIN: f64 = 14.0;
/// How far from the frame the handle that turns is, in CSS pixels.
const TURN: f64 = 26.0;

/// What can be grabbed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Grip {
    Side(Side),
    Turn,
    Vertex(VertexRef),
    /// The middle of the edge that begins at this vertex.
    Edge(VertexRef),
    /// An upright edge of a cuboid, by its place in [`UPRIGHT`].
    Upright(usize),
}

/// What the side handles stand on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub bounds: RotatedBox,
    /// From the shape's bounds to the frame, in image pixels.
    pub margin: f64,
    sides: Sides,
    turns: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sides {
    All,
    /// Those of long sides only, and of all corners.
    Long,
}

impl Frame {
    /// The frame of the selection; `None` where nothing can be resized or turned.
    pub(super) fn of(selection: &Selection, context: &Context<'_>) -> Option<Self> {
        let bounds = selection.bounds()?;
        let upright = RotatedBox::from(bounds);
        let Some(single) = selection.single(context.document) else {
            return (selection.ids().len() > 1).then_some(Self {
                bounds: upright,
                margin: 0.0,
                sides: Sides::All,
                turns: true,
            });
        };
        let (bounds, margin, sides, turns) = match &single.shape {
            Shape::Box(_) => (upright, 0.0, Sides::All, true),
            Shape::Text(_) => (upright, 0.0, Sides::All, false),
            Shape::RotatedBox(rotated) => (*rotated, 0.0, Sides::All, true),
            Shape::Ellipse(ellipse) => {
                let bounds = RotatedBox {
                    center: ellipse.center,
                    size: ellipse.radii * 2.0,
                    angle: ellipse.angle,
                };
                (bounds, 0.0, Sides::All, true)
            }
            Shape::Polygon(_) | Shape::Polyline(_) | Shape::Path(_) | Shape::Skeleton(_) => {
                (upright, MARGIN, Sides::Long, true)
            }
            Shape::Cuboid(_) => (upright, MARGIN, Sides::Long, false),
            Shape::Point(_) | Shape::Arrow(_) | Shape::Mask(_) | Shape::Tag => return None,
        };
        let frame = Self {
            bounds,
            margin: context.image_length(margin),
            sides,
            turns,
        };
        // Around something small with vertices it would only be in the way.
        (margin == 0.0 || !frame.is_small(context)).then_some(frame)
    }

    fn outer(self) -> RotatedBox {
        let margin = Vec2::new(self.margin, self.margin) * 2.0;
        RotatedBox {
            size: Vec2::new(self.bounds.size.x + margin.x, self.bounds.size.y + margin.y),
            ..self.bounds
        }
    }

    fn is_small(self, context: &Context<'_>) -> bool {
        self.bounds.size.x.min(self.bounds.size.y) * context.camera.scale() < MIN_RECT
    }

    fn sides(self, context: &Context<'_>) -> impl Iterator<Item = (Side, Point)> {
        let outer = self.outer();
        let small = self.is_small(context);
        let scale = context.camera.scale();
        let has_handle = move |side: &Side| {
            let length = if side.x == 0 {
                outer.size.x
            } else {
                outer.size.y
            };
            let long = match self.sides {
                Sides::All => !small,
                Sides::Long => length * scale >= MIN_SIDE,
            };
            side.is_corner() || long
        };
        Side::ALL
            .into_iter()
            .filter(has_handle)
            .map(move |side| (side, side.position(outer)))
    }

    /// Where the handle that turns is: above the frame, or below it at the view's upper end.
    fn turn(self, context: &Context<'_>) -> Option<Point> {
        let outer = self.outer();
        let at = |y: i8| {
            let side = Side { x: 0, y }.local(outer.size);
            let away = Vec2::new(0.0, f64::from(y) * context.image_length(TURN));
            outer.center + Vec2::new(side.x + away.x, side.y + away.y).rotated(outer.angle)
        };
        let above = at(-1);
        let seen = context.camera.screen_from_image(above).y >= 8.0;
        self.turns.then(|| if seen { above } else { at(1) })
    }
}

/// The shape whose points can be edited: the only selected one.
pub(super) fn pointed<'a>(selection: &Selection, context: &Context<'a>) -> Option<&'a Annotation> {
    let single = selection.single(context.document)?;
    matches!(
        single.shape,
        Shape::Polygon(_)
            | Shape::Polyline(_)
            | Shape::Path(_)
            | Shape::Arrow(_)
            | Shape::Cuboid(_)
            | Shape::Skeleton(_)
    )
    .then_some(single)
}

/// The grip at `pos` (screen space), within `reach` CSS pixels.
pub(super) fn at(
    pos: Point,
    reach: f64,
    selection: &Selection,
    context: &Context<'_>,
) -> Option<Grip> {
    if selection
        .single(context.document)
        .is_some_and(|a| context.scene.is_hidden(a.id))
    {
        return None;
    }
    let nearest = |grips: &mut dyn Iterator<Item = (Grip, Point)>| {
        let distance = |p: Point| context.camera.screen_from_image(p).distance(pos);
        grips
            .map(|(grip, p)| (distance(p), grip))
            .filter(|(distance, _)| *distance <= reach)
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, grip)| grip)
    };
    if let Some(annotation) = pointed(selection, context) {
        let shape = &annotation.shape;
        let vertices = &mut vertex::all(shape).map(|(v, p)| (Grip::Vertex(v), p));
        let grip = nearest(vertices).or_else(|| nearest(&mut edges(shape, context)));
        if grip.is_some() {
            return grip;
        }
    }
    let frame = Frame::of(selection, context)?;
    if let Some(turn) = frame.turn(context)
        && let Some(grip) = nearest(&mut std::iter::once((Grip::Turn, turn)))
    {
        return Some(grip);
    }
    let point = context.camera.image_from_screen(pos);
    if frame.is_small(context) && frame.bounds.contains(point) {
        return None;
    }
    let sides = frame.sides(context).map(|(side, p)| (Grip::Side(side), p));
    nearest(&mut { sides })
}

/// The handles of the selection; those of `target` and of the chosen `vertices` are drawn as active.
pub(super) fn handles(
    selection: &Selection,
    target: Option<Target>,
    vertices: &[VertexRef],
    pointer: Option<Point>,
    context: &Context<'_>,
) -> Vec<Handle> {
    let is_target = |grip: Grip| target == Some(Target::Grip(grip));
    let mut handles = Vec::new();
    if let Some(annotation) = pointed(selection, context) {
        let shape = &annotation.shape;
        handles = vertex_handles(shape, vertices, target, pointer, context);
        let near = near(shape, pointer, context);
        let edges = edges(shape, context).filter(|(_, position)| near(*position));
        handles.extend(edges.map(|(grip, position)| Handle {
            position,
            kind: HandleKind::Dot,
            active: is_target(grip),
        }));
    }
    if let Some(frame) = Frame::of(selection, context) {
        handles.extend(frame.sides(context).map(|(side, position)| Handle {
            position,
            kind: HandleKind::Square,
            active: is_target(Grip::Side(side)),
        }));
        handles.extend(frame.turn(context).map(|position| Handle {
            position,
            kind: HandleKind::Rotate,
            active: is_target(Grip::Turn),
        }));
    }
    handles
}

/// The handles of a frame while one of its sides is dragged.
pub(super) fn side_handles(
    bounds: RotatedBox,
    dragged: Side,
    context: &Context<'_>,
) -> Vec<Handle> {
    let frame = Frame {
        bounds,
        margin: 0.0,
        sides: Sides::All,
        turns: false,
    };
    let handle = |(side, position)| Handle {
        position,
        kind: HandleKind::Square,
        active: side == dragged,
    };
    frame.sides(context).map(handle).collect()
}

/// The vertices of a shape, those that are chosen drawn as active.
pub(super) fn vertex_handles(
    shape: &Shape,
    chosen: &[VertexRef],
    target: Option<Target>,
    pointer: Option<Point>,
    context: &Context<'_>,
) -> Vec<Handle> {
    let near = near(shape, pointer, context);
    let kind = match shape {
        Shape::Cuboid(_) => HandleKind::Diamond,
        _ => HandleKind::Circle,
    };
    vertex::all(shape)
        .filter(|(_, position)| near(*position))
        .map(|(vertex, position)| Handle {
            position,
            kind,
            active: chosen.contains(&vertex) || target == Some(Target::Grip(Grip::Vertex(vertex))),
        })
        .collect()
}

/// The middles of the edges that can be grabbed and are long enough for a handle.
fn edges<'a>(
    shape: &'a Shape,
    context: &'a Context<'_>,
) -> Box<dyn Iterator<Item = (Grip, Point)> + 'a> {
    let long = |a: Point, b: Point| context.screen_distance(a, b) >= MIN_EDGE;
    if let Shape::Cuboid(cuboid) = shape {
        let upright = UPRIGHT
            .iter()
            .enumerate()
            .filter_map(move |(edge, (a, b))| {
                let (a, b) = (cuboid.points[*a], cuboid.points[*b]);
                long(a, b).then(|| (Grip::Upright(edge), middle(a, b)))
            });
        return Box::new(upright);
    }
    let edge = move |(vertex, a, b)| long(a, b).then(|| (Grip::Edge(vertex), middle(a, b)));
    Box::new(vertex::edges(shape).filter_map(edge))
}

/// Whether a handle at a place (image space) is shown.
fn near<'a>(
    shape: &Shape,
    pointer: Option<Point>,
    context: &'a Context<'_>,
) -> impl Fn(Point) -> bool + use<'a> {
    let all = vertex::all(shape).nth(MANY_VERTICES).is_none();
    let camera = context.camera;
    move |position| {
        let at = camera.screen_from_image(position);
        all || pointer.is_some_and(|pointer| pointer.distance(at) <= NEAR)
    }
}
