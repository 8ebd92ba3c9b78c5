//! Points of a shape: dragged, inserted, removed.

use crate::skeleton::joints;
use crate::step::snapped;
use visionflow_commands::kept_inside;
use visionflow_document::{Document, Edit};
use visionflow_geometry::{Point, Rect, Vec2};
use visionflow_model::{AnnotationId, MAX_VERTICES, Shape};

/// A point of a shape: its ring, and its place in it. Only polygons have more rings than one; the
/// points of a skeleton are its joints in the order of their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct VertexRef {
    pub ring: usize,
    pub index: usize,
}

/// The points of `shape` that can be dragged one by one.
pub(super) fn all(shape: &Shape) -> Box<dyn Iterator<Item = (VertexRef, Point)> + '_> {
    let at = |ring| move |(index, p): (usize, &Point)| (VertexRef { ring, index }, *p);
    match shape {
        Shape::Polygon(polygon) => Box::new(
            polygon
                .rings
                .iter()
                .enumerate()
                .flat_map(move |(ring, points)| points.iter().enumerate().map(at(ring))),
        ),
        Shape::Polyline(points) | Shape::Path(points) => {
            Box::new(points.iter().enumerate().map(at(0)))
        }
        Shape::Arrow(arrow) => {
            Box::new([&arrow.from, &arrow.to].into_iter().enumerate().map(at(0)))
        }
        Shape::Cuboid(cuboid) => Box::new(cuboid.points.iter().enumerate().map(at(0))),
        Shape::Skeleton(skeleton) => Box::new(
            skeleton
                .joints
                .values()
                .map(|joint| &joint.at)
                .enumerate()
                .map(at(0)),
        ),
        _ => Box::new(std::iter::empty()),
    }
}

pub(super) fn get(shape: &Shape, vertex: VertexRef) -> Option<Point> {
    let VertexRef { ring, index } = vertex;
    match shape {
        Shape::Polygon(polygon) => polygon.rings.get(ring)?.get(index).copied(),
        Shape::Polyline(points) | Shape::Path(points) => points.get(index).copied(),
        _ => all(shape).find(|(at, _)| *at == vertex).map(|(_, p)| p),
    }
}

fn set(shape: &mut Shape, vertex: VertexRef, to: Point) {
    let VertexRef { ring, index } = vertex;
    let place = match shape {
        Shape::Polygon(polygon) => polygon.rings.get_mut(ring).and_then(|r| r.get_mut(index)),
        Shape::Polyline(points) | Shape::Path(points) => points.get_mut(index),
        Shape::Arrow(arrow) => [&mut arrow.from, &mut arrow.to].into_iter().nth(index),
        Shape::Cuboid(cuboid) => cuboid.points.get_mut(index),
        Shape::Skeleton(skeleton) => {
            if let Some(id) = skeleton.joints.keys().nth(index).copied() {
                *skeleton = joints::moved(skeleton, id, to);
            }
            None
        }
        _ => None,
    };
    if let Some(place) = place {
        *place = to;
    }
}

/// The edges that a new vertex can be put into: where each begins, and its two ends.
pub(super) fn edges(shape: &Shape) -> Box<dyn Iterator<Item = (VertexRef, Point, Point)> + '_> {
    let at = |ring, index| VertexRef { ring, index };
    match shape {
        Shape::Polygon(polygon) => Box::new(polygon.rings.iter().enumerate().flat_map(
            move |(ring, points)| {
                let next = move |index: usize| points[(index + 1) % points.len()];
                let edge = move |(index, p): (usize, &Point)| (at(ring, index), *p, next(index));
                points.iter().enumerate().map(edge)
            },
        )),
        Shape::Polyline(points) | Shape::Path(points) => {
            let edge = move |(index, pair): (usize, &[Point])| (at(0, index), pair[0], pair[1]);
            Box::new(points.windows(2).enumerate().map(edge))
        }
        _ => Box::new(std::iter::empty()),
    }
}

pub(super) fn middle(a: Point, b: Point) -> Point {
    Point::new(f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y))
}

/// The upright edges of a cuboid, as indices of their upper and lower ends.
pub(super) const UPRIGHT: [(usize, usize); 4] = [(0, 3), (1, 2), (4, 7), (5, 6)];

/// The other end of the upright edge that a corner of a cuboid belongs to.
fn partner(index: usize) -> Option<usize> {
    UPRIGHT.into_iter().find_map(|(upper, lower)| {
        if index == upper {
            Some(lower)
        } else {
            (index == lower).then_some(upper)
        }
    })
}

/// Points follow the pointer.
#[derive(Debug)]
pub(super) struct VertexDrag {
    pub id: AnnotationId,
    /// With what was inserted for the drag.
    start: Shape,
    /// As it is now.
    shape: Shape,
    /// All that follow.
    pub vertices: Vec<VertexRef>,
    /// What the pointer holds, before the drag.
    from: Point,
    by: Vec2,
}

impl VertexDrag {
    pub(super) fn grab(
        id: AnnotationId,
        shape: &Shape,
        vertex: VertexRef,
        vertices: &[VertexRef],
    ) -> Option<Self> {
        let from = get(shape, vertex)?;
        let vertices = if vertices.contains(&vertex) {
            vertices.to_vec()
        } else {
            vec![vertex]
        };
        Some(Self::new(id, shape.clone(), vertices, from))
    }

    /// Both ends of an upright edge of a cuboid.
    pub(super) fn grab_upright(id: AnnotationId, shape: &Shape, edge: usize) -> Option<Self> {
        let (upper, lower) = UPRIGHT.get(edge).copied()?;
        let vertices = [upper, lower].map(|index| VertexRef { ring: 0, index });
        let (a, b) = (get(shape, vertices[0])?, get(shape, vertices[1])?);
        Some(Self::new(
            id,
            shape.clone(),
            vertices.to_vec(),
            middle(a, b),
        ))
    }

    /// With a new vertex in the middle of the edge that begins at `edge`.
    pub(super) fn insert(id: AnnotationId, shape: &Shape, edge: VertexRef) -> Option<Self> {
        let (_, a, b) = edges(shape).find(|(at, _, _)| *at == edge)?;
        let middle = snapped(middle(a, b));
        let vertex = VertexRef {
            index: edge.index + 1,
            ..edge
        };
        let mut shape = shape.clone();
        let (points, count) = match &mut shape {
            Shape::Polygon(polygon) => {
                let count = polygon.vertex_count();
                (polygon.rings.get_mut(edge.ring)?, count)
            }
            Shape::Polyline(points) | Shape::Path(points) => {
                let count = points.len();
                (points, count)
            }
            _ => return None,
        };
        if count >= MAX_VERTICES {
            return None;
        }
        points.insert(vertex.index, middle);
        Some(Self::new(id, shape, vec![vertex], middle))
    }

    fn new(id: AnnotationId, start: Shape, vertices: Vec<VertexRef>, from: Point) -> Self {
        Self {
            id,
            shape: start.clone(),
            start,
            vertices,
            from,
            by: Vec2::default(),
        }
    }

    /// What the pointer holds goes to `to`. The upright edges of a cuboid stay upright unless
    /// `leans`.
    pub(super) fn drag(&mut self, to: Point, leans: bool, image: Rect) {
        self.drag_by(to - self.from, leans, image);
    }

    /// One step more, as an arrow key makes it.
    pub(super) fn nudge(&mut self, by: Vec2, image: Rect) {
        self.drag_by(Vec2::new(self.by.x + by.x, self.by.y + by.y), false, image);
    }

    fn drag_by(&mut self, by: Vec2, leans: bool, image: Rect) {
        let places = self.vertices.iter().filter_map(|v| get(&self.start, *v));
        let Some(bounds) = Rect::around(places) else {
            return;
        };
        let by = kept_inside(bounds, by, image);
        self.by = by;
        self.shape.clone_from(&self.start);
        for vertex in &self.vertices {
            let Some(from) = get(&self.start, *vertex) else {
                continue;
            };
            let to = snapped(from + by);
            set(&mut self.shape, *vertex, to);
            if let (Shape::Cuboid(cuboid), false) = (&mut self.shape, leans)
                && let Some(partner) = partner(vertex.index)
            {
                cuboid.points[partner].x = to.x;
            }
        }
    }

    pub(super) fn shape(&self) -> &Shape {
        &self.shape
    }

    pub(super) fn edits(self, document: &Document) -> Vec<Edit> {
        let before = document.get(self.id).map(|annotation| &annotation.shape);
        if before == Some(&self.shape) || self.shape.check().is_err() {
            return Vec::new();
        }
        vec![Edit::SetShape(self.id, self.shape)]
    }
}

/// The shape without some of its vertices; `None` where too few would be left. A ring of a polygon
/// goes with its last corners, as long as another ring stays.
pub(super) fn removed(shape: &Shape, vertices: &[VertexRef]) -> Option<Shape> {
    let kept = |points: &[Point], ring: usize| -> Vec<Point> {
        let stays = |index: usize| !vertices.contains(&VertexRef { ring, index });
        let points = points.iter().enumerate();
        points.filter(|(i, _)| stays(*i)).map(|(_, p)| *p).collect()
    };
    let removed = match shape {
        Shape::Polygon(polygon) => {
            let rings = polygon.rings.iter().enumerate();
            let mut rings: Vec<_> = rings.map(|(ring, points)| kept(points, ring)).collect();
            rings.retain(|ring| ring.len() >= 3);
            Shape::Polygon(visionflow_geometry::Polygon { rings })
        }
        Shape::Polyline(points) => Shape::Polyline(kept(points, 0)),
        Shape::Path(points) => Shape::Path(kept(points, 0)),
        _ => return None,
    };
    removed.check().is_ok().then_some(removed)
}
