//! In which form an annotation is drawn, which follows from its size on the screen.

use super::Entry;
use crate::visual::Detail;
use visionflow_geometry::Rect;
use visionflow_model::Shape;

/// Fewer device pixels than this are a dot: nobody could tell more.
pub const DOT: f64 = 2.0;
/// More than this are drawn as triangles and segments; the fragment shader of an outline walks
/// along all its points for every pixel.
const COMPACT: f64 = 400.0;
/// Points nearer to each other than this are one.
const GAP: f64 = 0.35;

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// In image space.
    pub rect: Rect,
    /// The zoom as a power of two: at least 2ˡ and less than 2ˡ⁺¹ device pixels for a pixel.
    pub level: i8,
}

/// How an annotation lies in the tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Not in them.
    #[default]
    Absent,
    /// The rectangle around it.
    Dot,
    /// The rectangle around it and its neighbours, which are not drawn themselves.
    Group,
    Compact,
    Full,
    /// With the points that count at this level of zoom.
    Coarse(i8),
    /// A mask's tiles in view.
    Tiles,
}

impl View {
    pub fn new(rect: Rect, device_scale: f64) -> Self {
        let level = device_scale.max(1e-9).log2().floor().clamp(-60.0, 60.0) as i8;
        Self { rect, level }
    }
}

/// Device pixels for a pixel of the image, at most, at this level.
pub fn scale(level: i8) -> f64 {
    f64::from(level).exp2() * 2.0
}

impl Form {
    /// The form for a level of zoom; what is smaller than `dot` device pixels is one.
    pub fn of(entry: &Entry, level: i8, dot: f64) -> Self {
        let Some(bounds) = entry.bounds else {
            return Self::Absent;
        };
        let size = f64::from(bounds.extent()) * scale(level);
        let outline = |points: usize, rings: usize| {
            if size < dot {
                Self::Dot
            } else if points > crate::ink::MAX_OUTLINE {
                Self::Coarse(level)
            } else if rings == 1 && size <= COMPACT {
                Self::Compact
            } else {
                Self::Full
            }
        };
        match &entry.shape {
            Shape::Tag => Self::Absent,
            Shape::Mask(_) => Self::Tiles,
            Shape::Box(_) | Shape::Point(_) => Self::Full,
            Shape::Polygon(polygon) => outline(polygon.vertex_count(), polygon.rings.len()),
            Shape::Polyline(points) | Shape::Path(points) => outline(points.len(), 1),
            Shape::RotatedBox(_) => outline(4, 1),
            _ if size < dot => Self::Dot,
            _ => Self::Full,
        }
    }

    /// About how many entries of the table it takes.
    pub fn weight(self, entry: &Entry) -> usize {
        let points = match &entry.shape {
            Shape::Polygon(polygon) => polygon.vertex_count(),
            Shape::Polyline(points) | Shape::Path(points) => points.len(),
            Shape::Skeleton(skeleton) => skeleton.joints.len(),
            _ => 4,
        };
        match self {
            Self::Absent => 0,
            Self::Dot | Self::Group | Self::Tiles => 1,
            Self::Compact => 1 + points.div_ceil(4),
            Self::Full | Self::Coarse(_) => 2 * points,
        }
    }

    pub fn detail(self) -> Detail {
        match self {
            Self::Compact => Detail::Compact,
            Self::Coarse(level) => Detail::Coarse(GAP / scale(level)),
            _ => Detail::Full,
        }
    }
}
