//! Edges and middles of other shapes that what is dragged jumps onto, and the guides that show it.

use super::resize::Side;
use crate::Context;
use visionflow_geometry::{Point, Rect, Vec2};
use visionflow_model::AnnotationId;

/// A line nearer than this attracts, in CSS pixels.
const ATTRACTION: f64 = 6.0;
/// Lines of shapes further away than this do not, in CSS pixels.
const REACH: f64 = 320.0;
/// Among more shapes than this nobody sees which line was meant.
const CROWD: usize = 200;

/// A line on which two shapes lie, in image space.
pub(super) type Guide = (Point, Point);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Axis {
    X,
    Y,
}

impl Axis {
    fn of(self, p: Point) -> f64 {
        match self {
            Self::X => p.x,
            Self::Y => p.y,
        }
    }

    /// The edges and the middle of a rectangle.
    fn lines(self, rect: Rect) -> [f64; 3] {
        let (min, max) = (self.of(rect.min), self.of(rect.max));
        [min, f64::midpoint(min, max), max]
    }

    /// The line at `at` from the one end of both rectangles to the other.
    fn guide(self, at: f64, a: Rect, b: Rect) -> Guide {
        let both = a.union(b);
        match self {
            Self::X => (Point::new(at, both.min.y), Point::new(at, both.max.y)),
            Self::Y => (Point::new(both.min.x, at), Point::new(both.max.x, at)),
        }
    }

    /// Around the line at `at`, along `rect` and a little further.
    fn strip(self, at: f64, rect: Rect, half: f64, reach: f64) -> Rect {
        let rect = rect.inflated(reach);
        match self {
            Self::X => Rect {
                min: Point::new(at - half, rect.min.y),
                max: Point::new(at + half, rect.max.y),
            },
            Self::Y => Rect {
                min: Point::new(rect.min.x, at - half),
                max: Point::new(rect.max.x, at + half),
            },
        }
    }
}

/// How much further what fills `bounds` goes to lie on lines of others, and the guides for that.
pub(super) fn moved(
    bounds: Rect,
    is_own: impl Fn(AnnotationId) -> bool,
    context: &Context<'_>,
) -> (Vec2, Vec<Guide>) {
    let mut guides = Vec::new();
    let mut along = |axis: Axis| {
        let lines = axis.lines(bounds);
        let Some(found) = nearest(axis, &lines, bounds, &is_own, context) else {
            return 0.0;
        };
        guides.push((axis, found));
        found.by
    };
    let by = Vec2::new(along(Axis::X), along(Axis::Y));
    let settled = bounds.translated(by);
    let guides = guides.into_iter();
    let guides = guides.map(|(axis, found)| axis.guide(found.at, settled, found.of));
    (by, guides.collect())
}

/// Where a dragged side goes to lie on lines of others; `free` are the bounds with the side at `to`.
pub(super) fn side(
    side: Side,
    to: Point,
    free: Rect,
    is_own: impl Fn(AnnotationId) -> bool,
    context: &Context<'_>,
) -> (Point, Vec<Guide>) {
    let mut to = to;
    let mut guides = Vec::new();
    let free = Rect::from_corners(free.min, free.max);
    if side.x != 0
        && let Some(found) = nearest(Axis::X, &[to.x], free, &is_own, context)
    {
        to.x = found.at;
        guides.push(Axis::X.guide(found.at, free, found.of));
    }
    if side.y != 0
        && let Some(found) = nearest(Axis::Y, &[to.y], free, &is_own, context)
    {
        to.y = found.at;
        guides.push(Axis::Y.guide(found.at, free, found.of));
    }
    (to, guides)
}

/// A line of something else.
#[derive(Clone, Copy)]
struct Found {
    at: f64,
    /// How far it is.
    by: f64,
    of: Rect,
}

fn nearest(
    axis: Axis,
    lines: &[f64],
    bounds: Rect,
    is_own: &impl Fn(AnnotationId) -> bool,
    context: &Context<'_>,
) -> Option<Found> {
    let half = context.image_length(ATTRACTION);
    let reach = context.image_length(REACH);
    let mut best: Option<Found> = None;
    let mut offer = |own: f64, of: Rect| {
        for at in axis.lines(of) {
            let by = at - own;
            if by.abs() <= half && best.is_none_or(|best| by.abs() < best.by.abs()) {
                best = Some(Found { at, by, of });
            }
        }
    };
    for own in lines {
        offer(*own, context.image);
        let strip = axis.strip(*own, bounds, half, reach);
        let Some(near) = context.scene.few_in_rect(strip, CROWD) else {
            continue;
        };
        for id in near.into_iter().filter(|id| !is_own(*id)) {
            let shape = context.document.get(id).map(|a| &a.shape);
            if let Some(of) = shape.and_then(visionflow_model::Shape::bounds) {
                offer(*own, of);
            }
        }
    }
    best
}
