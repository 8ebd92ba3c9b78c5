//! One annotation and its shape.

use crate::{AnnotationId, AttributeId, LabelId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use visionflow_geometry::{Point, Polygon, Rect, Vec2};

/// One labelled shape, or a tag of the whole image.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    pub id: AnnotationId,
    pub label: LabelId,
    pub shape: Shape,
    /// Drawing order: greater lies above; ties fall to the greater id.
    pub z: f64,
    pub attributes: BTreeMap<AttributeId, AttributeValue>,
}

/// Geometry in image space; its JSON form is documented in `shape_json`.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Box(Rect),
    Polygon(Polygon),
    /// The label holds for the whole image.
    Tag,
}

/// A [`Shape`] without its geometry; the names stand in the document and in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShapeKind {
    Box,
    Polygon,
    Tag,
}

/// The value of one attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AttributeValue {
    Bool(bool),
    Number(f64),
    Text(String),
}

impl Shape {
    pub fn kind(&self) -> ShapeKind {
        match self {
            Self::Box(_) => ShapeKind::Box,
            Self::Polygon(_) => ShapeKind::Polygon,
            Self::Tag => ShapeKind::Tag,
        }
    }

    /// The smallest rectangle around the shape; `None` for a tag or an empty polygon.
    pub fn bounds(&self) -> Option<Rect> {
        match self {
            Self::Box(rect) => Some(*rect),
            Self::Polygon(polygon) => polygon.bounds(),
            Self::Tag => None,
        }
    }

    #[must_use]
    pub fn translated(&self, by: Vec2) -> Self {
        match self {
            Self::Box(rect) => Self::Box(rect.translated(by)),
            Self::Polygon(polygon) => Self::Polygon(polygon.translated(by)),
            Self::Tag => Self::Tag,
        }
    }

    /// The shape with its bounds stretched from `from` onto `to`; a flat side stays flat.
    #[must_use]
    pub fn stretched(&self, from: Rect, to: Rect) -> Self {
        let axis = |v: f64, from: (f64, f64), to: (f64, f64)| {
            let size = from.1 - from.0;
            let t = if size == 0.0 {
                0.0
            } else {
                (v - from.0) / size
            };
            to.0 + t * (to.1 - to.0)
        };
        let map = |p: Point| {
            Point::new(
                axis(p.x, (from.min.x, from.max.x), (to.min.x, to.max.x)),
                axis(p.y, (from.min.y, from.max.y), (to.min.y, to.max.y)),
            )
        };
        match self {
            Self::Box(rect) => Self::Box(Rect::from_corners(map(rect.min), map(rect.max))),
            Self::Polygon(polygon) => Self::Polygon(polygon.mapped(map)),
            Self::Tag => Self::Tag,
        }
    }
}

impl ShapeKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Box => "box",
            Self::Polygon => "polygon",
            Self::Tag => "tag",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Box, Self::Polygon, Self::Tag]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretching_maps_the_bounds_exactly() {
        let from = Rect::from_size(10.0, 10.0);
        let to = Rect::from_corners(Point::new(5.0, 5.0), Point::new(25.0, 10.0));
        let ring = from.corners().to_vec();
        let stretched = Shape::Polygon(Polygon::from_ring(ring)).stretched(from, to);
        assert_eq!(stretched.bounds(), Some(to));
    }
}
