//! Vertices of a polygon: dragged, inserted, removed.

use crate::step::{set_polygon, snapped};
use visionflow_document::{Document, Edit};
use visionflow_geometry::{Point, Polygon};
use visionflow_model::{AnnotationId, MAX_VERTICES, Shape};

/// A vertex by its ring and its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct VertexRef {
    pub ring: usize,
    pub index: usize,
}

impl VertexRef {
    pub(super) fn get(self, polygon: &Polygon) -> Option<Point> {
        polygon.rings.get(self.ring)?.get(self.index).copied()
    }

    /// The middle of the edge that begins here.
    pub(super) fn edge_middle(self, polygon: &Polygon) -> Option<Point> {
        let ring = polygon.rings.get(self.ring)?;
        let (a, b) = (ring.get(self.index)?, ring[(self.index + 1) % ring.len()]);
        Some(Point::new(f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y)))
    }

    pub(super) fn all(polygon: &Polygon) -> impl Iterator<Item = (Self, Point)> {
        polygon.rings.iter().enumerate().flat_map(|(ring, points)| {
            let vertex = move |(index, point): (usize, &Point)| (Self { ring, index }, *point);
            points.iter().enumerate().map(vertex)
        })
    }
}

/// A vertex follows the pointer.
#[derive(Debug)]
pub(super) struct VertexDrag {
    pub id: AnnotationId,
    /// As it is now.
    pub polygon: Polygon,
    pub vertex: VertexRef,
}

impl VertexDrag {
    pub(super) fn grab(id: AnnotationId, polygon: &Polygon, vertex: VertexRef) -> Option<Self> {
        vertex.get(polygon)?;
        Some(Self {
            id,
            polygon: polygon.clone(),
            vertex,
        })
    }

    /// With a new vertex in the middle of the edge that begins at `edge`.
    pub(super) fn insert(id: AnnotationId, polygon: &Polygon, edge: VertexRef) -> Option<Self> {
        let middle = snapped(edge.edge_middle(polygon)?);
        if polygon.vertex_count() >= MAX_VERTICES {
            return None;
        }
        let vertex = VertexRef {
            index: edge.index + 1,
            ..edge
        };
        let mut polygon = polygon.clone();
        polygon.rings[edge.ring].insert(vertex.index, middle);
        Some(Self {
            id,
            polygon,
            vertex,
        })
    }

    pub(super) fn drag(&mut self, to: Point) {
        self.polygon.rings[self.vertex.ring][self.vertex.index] = to;
    }

    pub(super) fn shape(&self) -> Shape {
        Shape::Polygon(self.polygon.clone())
    }

    pub(super) fn edits(self, document: &Document) -> Vec<Edit> {
        let before = document.get(self.id).map(|annotation| &annotation.shape);
        if before == Some(&self.shape()) {
            return Vec::new();
        }
        vec![set_polygon(self.id, self.polygon)]
    }
}

/// The polygon without a vertex; `None` where its ring would enclose nothing.
pub(super) fn removed(polygon: &Polygon, vertex: VertexRef) -> Option<Polygon> {
    vertex.get(polygon)?;
    let mut polygon = polygon.clone();
    let ring = &mut polygon.rings[vertex.ring];
    if ring.len() <= 3 {
        return None;
    }
    ring.remove(vertex.index);
    Some(polygon)
}
