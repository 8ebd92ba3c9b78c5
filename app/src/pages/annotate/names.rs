//! Names and icons of what can be drawn.

use crate::components::icon::{self, Icon};
use crate::t;
use visionflow_model::ShapeKind;

pub fn kind_name(kind: ShapeKind) -> String {
    match kind {
        ShapeKind::Box => t!("shape-box"),
        ShapeKind::RotatedBox => t!("shape-rotated-box"),
        ShapeKind::Ellipse => t!("shape-ellipse"),
        ShapeKind::Polygon => t!("shape-polygon"),
        ShapeKind::Polyline => t!("shape-polyline"),
        ShapeKind::Point => t!("shape-point"),
        ShapeKind::Path => t!("shape-path"),
        ShapeKind::Arrow => t!("shape-arrow"),
        ShapeKind::Text => t!("shape-text"),
        ShapeKind::Cuboid => t!("shape-cuboid"),
        ShapeKind::Mask => t!("shape-mask"),
        ShapeKind::Skeleton => t!("shape-skeleton"),
        ShapeKind::Tag => t!("shape-tag"),
    }
}

pub fn kind_icon(kind: ShapeKind) -> Icon {
    match kind {
        ShapeKind::Box => icon::SQUARE,
        ShapeKind::RotatedBox => icon::DIAMOND,
        ShapeKind::Ellipse => icon::CIRCLE,
        ShapeKind::Polygon => icon::PENTAGON,
        ShapeKind::Polyline => icon::WAYPOINTS,
        ShapeKind::Point => icon::CIRCLE_DOT,
        ShapeKind::Path => icon::LINE_SQUIGGLE,
        ShapeKind::Arrow => icon::MOVE_UP_RIGHT,
        ShapeKind::Text => icon::TYPE,
        ShapeKind::Cuboid => icon::BOX,
        ShapeKind::Mask => icon::BRUSH,
        ShapeKind::Skeleton => icon::PERSON_STANDING,
        ShapeKind::Tag => icon::TAG,
    }
}
