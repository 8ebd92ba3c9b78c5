//! The shapes an annotation can have.

mod bounds;
mod kind;
mod transform;

pub use kind::ShapeKind;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use visionflow_geometry::{Cuboid, Ellipse, Mask, Point, Polygon, Rect, RotatedBox};

/// Geometry in image space; its JSON form is documented in `shape_json`.
///
/// What is rare and large is boxed: the size of a box among 100,000 counts.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(as = "crate::shape_json::Wire"))]
pub enum Shape {
    Box(Rect),
    RotatedBox(RotatedBox),
    Ellipse(Ellipse),
    Polygon(Polygon),
    /// An open line through its points.
    Polyline(Vec<Point>),
    Point(Point),
    /// An open line drawn freehand.
    Path(Vec<Point>),
    Arrow(Arrow),
    Text(Box<TextBox>),
    Cuboid(Box<Cuboid>),
    Mask(Mask),
    Skeleton(Skeleton),
    /// The label holds for the whole image.
    Tag,
}

/// A line that points at something.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Arrow {
    pub from: Point,
    /// Where its head is.
    pub to: Point,
}

/// Words on the image.
#[derive(Clone, Debug, PartialEq)]
pub struct TextBox {
    /// Where the text stands: it begins at the top, and breaks where the width ends.
    pub rect: Rect,
    pub text: String,
    /// The font's size in image pixels.
    pub size: f64,
    pub bold: bool,
    pub align: Align,
}

/// How the lines of a text lie in its rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Align {
    #[default]
    Left,
    Center,
    Right,
}

/// A joint of a label's skeleton template, whatever its place in the list.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "number"))]
pub struct JointId(pub u32);

/// The joints of one instance of a label's skeleton template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Skeleton {
    pub joints: BTreeMap<JointId, Joint>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Joint {
    pub at: Point,
    pub state: JointState,
}

/// Whether a joint can be seen; the numbers are COCO's visibility flag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum JointState {
    /// Not in the picture; its place means nothing.
    Absent = 0,
    /// In the picture, and hidden by something.
    Occluded = 1,
    #[default]
    Visible = 2,
}

impl JointState {
    /// From COCO's visibility flag.
    pub const fn from_flag(flag: u32) -> Option<Self> {
        match flag {
            0 => Some(Self::Absent),
            1 => Some(Self::Occluded),
            2 => Some(Self::Visible),
            _ => None,
        }
    }
}

impl Align {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Center => "center",
            Self::Right => "right",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Left, Self::Center, Self::Right]
            .into_iter()
            .find(|align| align.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_stays_small() {
        assert!(size_of::<Shape>() <= 48, "{}", size_of::<Shape>());
        assert!(
            size_of::<crate::Annotation>() <= 192,
            "{}",
            size_of::<crate::Annotation>()
        );
    }
}
