//! What of a shape a format for boxes and regions can hold.

use std::borrow::Cow;
use std::f64::consts::PI;
use visionflow_geometry::{Ellipse, Mask, Polygon, Rect};
use visionflow_model::{Shape, ShapeKind, Skeleton};

/// How far an ellipse's polygon may stray from it, in pixels.
const TOLERANCE: f64 = 0.05;

/// A shape as a format sees it.
pub enum Region<'a> {
    Box(Rect),
    /// The outline of a polygon, a rotated box or an ellipse.
    Outline(Cow<'a, Polygon>),
    Mask(&'a Mask),
    Skeleton(&'a Skeleton),
    /// Only the rectangle around it can be said.
    Around(Rect),
    /// A tag, a line, a point or a text: it encloses nothing.
    None,
}

impl<'a> Region<'a> {
    pub fn of(shape: &'a Shape) -> Self {
        match shape {
            Shape::Box(rect) => Self::Box(*rect),
            Shape::RotatedBox(rotated) => {
                let corners = rotated.corners().to_vec();
                Self::Outline(Cow::Owned(Polygon::from_ring(corners)))
            }
            Shape::Ellipse(ellipse) => {
                let points = ellipse.points(points_of(*ellipse)).collect();
                Self::Outline(Cow::Owned(Polygon::from_ring(points)))
            }
            Shape::Polygon(polygon) => Self::Outline(Cow::Borrowed(polygon)),
            Shape::Mask(mask) => Self::Mask(mask),
            Shape::Skeleton(skeleton) => Self::Skeleton(skeleton),
            Shape::Cuboid(cuboid) => Self::Around(cuboid.bounds()),
            Shape::Polyline(_)
            | Shape::Point(_)
            | Shape::Path(_)
            | Shape::Arrow(_)
            | Shape::Text(_)
            | Shape::Tag => Self::None,
        }
    }
}

/// Vertices of the polygon that strays from the ellipse by [`TOLERANCE`] at most: the sagitta of a
/// circle of the larger radius.
fn points_of(ellipse: Ellipse) -> usize {
    let radius = ellipse.radii.x.max(ellipse.radii.y);
    let half_angle = (1.0 - TOLERANCE / radius).clamp(-1.0, 1.0).acos();
    ((PI / half_angle).ceil() as usize).clamp(16, 720)
}

/// The kind in words, at the beginning of a sentence.
pub fn a(shape: &Shape) -> &'static str {
    match shape.kind() {
        ShapeKind::Box => "A box",
        ShapeKind::RotatedBox => "A rotated box",
        ShapeKind::Ellipse => "An ellipse",
        ShapeKind::Polygon => "A polygon",
        ShapeKind::Polyline => "A polyline",
        ShapeKind::Point => "A point",
        ShapeKind::Path => "A freehand line",
        ShapeKind::Arrow => "An arrow",
        ShapeKind::Text => "A text",
        ShapeKind::Cuboid => "A cuboid",
        ShapeKind::Mask => "A mask",
        ShapeKind::Skeleton => "A skeleton",
        ShapeKind::Tag => "A tag of the whole image",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use visionflow_geometry::{Point, Vec2};

    #[test]
    fn an_ellipse_keeps_its_area_and_its_extent() {
        for radius in [0.5, 3.0, 200.0, 5000.0] {
            let ellipse = Ellipse {
                center: Point::new(10.0, 20.0),
                radii: Vec2::new(radius, radius / 2.0),
                angle: 0.3,
            };
            let shape = Shape::Ellipse(ellipse);
            let Region::Outline(polygon) = Region::of(&shape) else {
                panic!("an ellipse has an outline");
            };
            let lost = ellipse.area() - polygon.area();
            assert!(
                lost >= 0.0 && lost < 0.03 * ellipse.area(),
                "{radius}: {lost}"
            );
            assert!(polygon.vertex_count() <= 720);
        }
    }
}
