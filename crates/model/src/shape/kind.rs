//! Kinds of shapes and their names.

use super::Shape;
use serde::{Deserialize, Serialize};

/// A [`Shape`] without its geometry; the names stand in the document and in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum ShapeKind {
    Box,
    RotatedBox,
    Ellipse,
    Polygon,
    Polyline,
    Point,
    Path,
    Arrow,
    Text,
    Cuboid,
    Mask,
    Skeleton,
    Tag,
}

impl ShapeKind {
    pub const ALL: [Self; 13] = [
        Self::Box,
        Self::RotatedBox,
        Self::Ellipse,
        Self::Polygon,
        Self::Polyline,
        Self::Point,
        Self::Path,
        Self::Arrow,
        Self::Text,
        Self::Cuboid,
        Self::Mask,
        Self::Skeleton,
        Self::Tag,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Box => "box",
            Self::RotatedBox => "rotated_box",
            Self::Ellipse => "ellipse",
            Self::Polygon => "polygon",
            Self::Polyline => "polyline",
            Self::Point => "point",
            Self::Path => "path",
            Self::Arrow => "arrow",
            Self::Text => "text",
            Self::Cuboid => "cuboid",
            Self::Mask => "mask",
            Self::Skeleton => "skeleton",
            Self::Tag => "tag",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Shape {
    pub fn kind(&self) -> ShapeKind {
        match self {
            Self::Box(_) => ShapeKind::Box,
            Self::RotatedBox(_) => ShapeKind::RotatedBox,
            Self::Ellipse(_) => ShapeKind::Ellipse,
            Self::Polygon(_) => ShapeKind::Polygon,
            Self::Polyline(_) => ShapeKind::Polyline,
            Self::Point(_) => ShapeKind::Point,
            Self::Path(_) => ShapeKind::Path,
            Self::Arrow(_) => ShapeKind::Arrow,
            Self::Text(_) => ShapeKind::Text,
            Self::Cuboid(_) => ShapeKind::Cuboid,
            Self::Mask(_) => ShapeKind::Mask,
            Self::Skeleton(_) => ShapeKind::Skeleton,
            Self::Tag => ShapeKind::Tag,
        }
    }
}
