//! Where a shape lies.

use super::{JointState, Shape, Skeleton};
use visionflow_geometry::{Point, Rect};

impl Shape {
    /// The smallest rectangle around the shape; `None` for a tag and for what is empty.
    pub fn bounds(&self) -> Option<Rect> {
        match self {
            Self::Box(rect) => Some(*rect),
            Self::RotatedBox(rotated) => Some(rotated.bounds()),
            Self::Ellipse(ellipse) => Some(ellipse.bounds()),
            Self::Polygon(polygon) => polygon.bounds(),
            Self::Polyline(points) | Self::Path(points) => Rect::around(points.iter().copied()),
            Self::Point(p) => Some(Rect { min: *p, max: *p }),
            Self::Arrow(arrow) => Some(Rect::from_corners(arrow.from, arrow.to)),
            Self::Text(text) => Some(text.rect),
            Self::Cuboid(cuboid) => Some(cuboid.bounds()),
            Self::Mask(mask) => mask.bounds(),
            Self::Skeleton(skeleton) => skeleton.bounds(),
            Self::Tag => None,
        }
    }

    /// The area in square pixels; zero for lines, points and what has no inside.
    pub fn area(&self) -> f64 {
        match self {
            Self::Box(rect) => rect.area(),
            Self::RotatedBox(rotated) => rotated.area(),
            Self::Ellipse(ellipse) => ellipse.area(),
            Self::Polygon(polygon) => polygon.area(),
            Self::Text(text) => text.rect.area(),
            Self::Cuboid(cuboid) => cuboid.bounds().area(),
            Self::Mask(mask) => mask.area() as f64,
            Self::Polyline(_)
            | Self::Point(_)
            | Self::Path(_)
            | Self::Arrow(_)
            | Self::Skeleton(_)
            | Self::Tag => 0.0,
        }
    }
}

impl Skeleton {
    /// The joints that are in the picture.
    pub fn present(&self) -> impl Iterator<Item = Point> + '_ {
        let present = self.joints.values();
        present
            .filter(|joint| joint.state != JointState::Absent)
            .map(|joint| joint.at)
    }

    /// The smallest rectangle around the joints that are in the picture; around all where none is.
    pub fn bounds(&self) -> Option<Rect> {
        let all = || Rect::around(self.joints.values().map(|joint| joint.at));
        Rect::around(self.present()).or_else(all)
    }
}
