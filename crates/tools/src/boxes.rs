//! Drawing boxes: by dragging from corner to corner, or by a click on each of two corners.

use crate::spanned::{SpanTool, Spanned};
use crate::step::clamped;
use crate::two_points::Stretch;
use crate::{Context, Hint};
use visionflow_geometry::{Point, Rect};
use visionflow_model::Shape;

/// A box that is narrower or lower than this on the screen was a slip, in CSS pixels.
pub(crate) const MIN_SIDE: f64 = 3.0;

pub(crate) type BoxTool = SpanTool<Boxes>;

#[derive(Debug, Default)]
pub(crate) struct Boxes;

impl Spanned for Boxes {
    const START: Hint = Hint::BoxStart;
    const DRAG: Hint = Hint::BoxDrag;
    const SECOND_CLICK: Hint = Hint::BoxSecondCorner;

    fn shape(stretch: Stretch, context: &Context<'_>) -> Option<Shape> {
        Some(Shape::Box(rect(stretch, context)))
    }

    fn is_slip(stretch: Stretch, context: &Context<'_>) -> bool {
        is_slip(rect(stretch, context), context)
    }
}

/// Whether the rectangle is too small on the screen to be meant.
pub(crate) fn is_slip(rect: Rect, context: &Context<'_>) -> bool {
    let least = context.image_length(MIN_SIDE);
    rect.width() < least || rect.height() < least
}

/// The rectangle between the two points; with Shift a square.
pub(crate) fn rect(stretch: Stretch, context: &Context<'_>) -> Rect {
    let (from, to) = (stretch.start.at, stretch.to);
    if stretch.modifiers.shift {
        Rect::from_corners(from, square_corner(from, to, context.image))
    } else {
        Rect::from_corners(from, to)
    }
}

/// The corner that makes a square from `at` towards `to` inside `image`.
fn square_corner(at: Point, to: Point, image: Rect) -> Point {
    let by = to - at;
    let room = |by: f64, at: f64, low: f64, high: f64| if by < 0.0 { at - low } else { high - at };
    let side =
        by.x.abs()
            .max(by.y.abs())
            .min(room(by.x, at.x, image.min.x, image.max.x))
            .min(room(by.y, at.y, image.min.y, image.max.y));
    let square = Point::new(at.x + side.copysign(by.x), at.y + side.copysign(by.y));
    clamped(square, image)
}
