//! The handles of the selection: which there are, and which the pointer is on.

use super::Target;
use super::resize::Side;
use super::vertex::VertexRef;
use crate::Context;
use crate::selection::Selection;
use visionflow_geometry::{Point, Polygon, Rect};
use visionflow_scene::{Handle, HandleKind};

/// An edge shorter than this on the screen has no handle to add a vertex, in CSS pixels.
const MIN_EDGE: f64 = 28.0;
/// A rectangle smaller than this on the screen has handles on its corners only, and they are
/// grabbed from outside, so that it can still be moved; in CSS pixels.
const MIN_RECT: f64 = 28.0;
/// A polygon of more vertices than this shows only those near the pointer.
const MANY_VERTICES: usize = 400;
/// How near, in CSS pixels.
const NEAR: f64 = 120.0;

/// What can be grabbed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Grip {
    Side(Side),
    Vertex(VertexRef),
    Edge(VertexRef),
}

/// The grip at `pos` (screen space), within `reach` CSS pixels.
pub(super) fn at(
    pos: Point,
    reach: f64,
    selection: &Selection,
    context: &Context<'_>,
) -> Option<Grip> {
    let distance = |p: Point| context.camera.screen_from_image(p).distance(pos);
    let nearest = |a: &(f64, Grip), b: &(f64, Grip)| a.0.total_cmp(&b.0);
    if let Some((_, polygon)) = selection.single_polygon(context.document) {
        let vertices = VertexRef::all(polygon).map(|(v, p)| (distance(p), Grip::Vertex(v)));
        let vertex = vertices.filter(|(d, _)| *d <= reach).min_by(nearest);
        let edges = edges(polygon, context).map(|(v, p)| (distance(p), Grip::Edge(v)));
        let grip = vertex.or_else(|| edges.filter(|(d, _)| *d <= reach).min_by(nearest));
        return grip.map(|(_, grip)| grip);
    }
    let bounds = selection.bounds()?;
    let point = context.camera.image_from_screen(pos);
    if is_small(bounds, context) && bounds.contains(point) {
        return None;
    }
    sides(bounds, context)
        .map(|side| (distance(side.position(bounds)), Grip::Side(side)))
        .filter(|(d, _)| *d <= reach)
        .min_by(nearest)
        .map(|(_, grip)| grip)
}

/// The handles of the selection; those of `targets` are drawn as active.
pub(super) fn handles(
    selection: &Selection,
    targets: [Option<Target>; 2],
    pointer: Option<Point>,
    context: &Context<'_>,
) -> Vec<Handle> {
    let is_active = |target: Target| targets.contains(&Some(target));
    if let Some((_, polygon)) = selection.single_polygon(context.document) {
        let near = near(polygon, pointer, context);
        let vertices = VertexRef::all(polygon).map(|(vertex, position)| Handle {
            position,
            kind: HandleKind::Circle,
            active: is_active(Target::Vertex(vertex)),
        });
        let edges = edges(polygon, context).map(|(vertex, position)| Handle {
            position,
            kind: HandleKind::Dot,
            active: is_active(Target::Edge(vertex)),
        });
        return vertices.chain(edges).filter(|h| near(h.position)).collect();
    }
    let Some(bounds) = selection.bounds() else {
        return Vec::new();
    };
    let active = Side::ALL
        .into_iter()
        .find(|side| is_active(Target::Side(*side)));
    side_handles(bounds, active, context)
}

pub(super) fn side_handles(rect: Rect, active: Option<Side>, context: &Context<'_>) -> Vec<Handle> {
    let handle = |side: Side| Handle {
        position: side.position(rect),
        kind: HandleKind::Square,
        active: active == Some(side),
    };
    sides(rect, context).map(handle).collect()
}

/// The handles while `dragged` is being dragged: the vertices only.
pub(super) fn vertex_handles(
    polygon: &Polygon,
    dragged: VertexRef,
    pointer: Option<Point>,
    context: &Context<'_>,
) -> Vec<Handle> {
    let near = near(polygon, pointer, context);
    VertexRef::all(polygon)
        .filter(|(_, position)| near(*position))
        .map(|(vertex, position)| Handle {
            position,
            kind: HandleKind::Circle,
            active: vertex == dragged,
        })
        .collect()
}

fn sides(rect: Rect, context: &Context<'_>) -> impl Iterator<Item = Side> {
    let small = is_small(rect, context);
    Side::ALL
        .into_iter()
        .filter(move |side| !small || side.is_corner())
}

fn is_small(rect: Rect, context: &Context<'_>) -> bool {
    rect.width().min(rect.height()) * context.camera.scale() < MIN_RECT
}

/// The middles of the edges that are long enough to be split.
fn edges<'a>(
    polygon: &'a Polygon,
    context: &'a Context<'_>,
) -> impl Iterator<Item = (VertexRef, Point)> + 'a {
    VertexRef::all(polygon).filter_map(move |(vertex, start)| {
        let middle = vertex.edge_middle(polygon)?;
        let length = 2.0 * context.screen_distance(start, middle);
        (length >= MIN_EDGE).then_some((vertex, middle))
    })
}

/// Whether a handle at a place (image space) is shown.
fn near<'a>(
    polygon: &Polygon,
    pointer: Option<Point>,
    context: &'a Context<'_>,
) -> impl Fn(Point) -> bool + 'a {
    let all = polygon.vertex_count() <= MANY_VERTICES;
    move |position| {
        let at = context.camera.screen_from_image(position);
        all || pointer.is_some_and(|pointer| pointer.distance(at) <= NEAR)
    }
}
