//! Drawing boxes: by dragging from corner to corner, or by a click on each of two corners.

use crate::selection::Selection;
use crate::step::{Step, View, add, clamped, new_preview};
use crate::tool::Tool;
use crate::two_points::{Outcome, Stretch, TwoPoints};
use crate::{Context, Cursor, Hint, Input};
use visionflow_geometry::{Point, Rect};
use visionflow_model::Shape;

/// A box that is narrower or lower than this on the screen was a slip, in CSS pixels.
pub(crate) const MIN_SIDE: f64 = 3.0;

#[derive(Debug, Default)]
pub(crate) struct BoxTool {
    corners: TwoPoints,
}

impl Tool for BoxTool {
    fn handle(&mut self, input: &Input, _: &Selection, context: &mut Context<'_>) -> Step {
        let stretch = match self.corners.handle(input, context) {
            Outcome::Step(step) => return step,
            Outcome::Done(stretch) => stretch,
        };
        let rect = rect(stretch, context);
        if is_slip(rect, context) {
            return Step::handled();
        }
        add(stretch.start.label, Shape::Box(rect), context)
    }

    fn cancel(&mut self) {
        self.corners.cancel();
    }

    fn interrupt(&mut self) {
        self.corners.interrupt();
    }

    fn view(&self, _: &Selection, context: &Context<'_>) -> View {
        let mut view = View {
            cursor: Cursor::Crosshair,
            hint: Hint::BoxStart,
            ..View::default()
        };
        if let Some(stretch) = self.corners.stretch() {
            view.hint = if stretch.by_clicks {
                Hint::BoxSecondCorner
            } else {
                Hint::BoxDrag
            };
            let shape = Shape::Box(rect(stretch, context));
            view.preview = vec![new_preview(stretch.start.label, shape, true, context)];
        }
        view
    }

    fn can_take_back(&self) -> bool {
        self.corners.is_half_set()
    }

    fn take_back(&mut self) {
        self.cancel();
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
