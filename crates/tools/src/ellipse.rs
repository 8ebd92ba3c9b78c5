//! Drawing ellipses: in the rectangle between two points, or from the centre with Alt.

use crate::boxes::{self, is_slip};
use crate::selection::Selection;
use crate::step::{Step, View, add, new_preview, snapped, snapped_vec};
use crate::tool::Tool;
use crate::two_points::{Outcome, Stretch, TwoPoints};
use crate::{Context, Cursor, Hint, Input};
use visionflow_geometry::{Ellipse, Rect, Vec2};
use visionflow_model::Shape;

#[derive(Debug, Default)]
pub(crate) struct EllipseTool {
    corners: TwoPoints,
}

impl Tool for EllipseTool {
    fn handle(&mut self, input: &Input, _: &Selection, context: &mut Context<'_>) -> Step {
        let stretch = match self.corners.handle(input, context) {
            Outcome::Step(step) => return step,
            Outcome::Done(stretch) => stretch,
        };
        let ellipse = ellipse(stretch, context);
        if is_slip(ellipse.bounds(), context) {
            return Step::handled();
        }
        add(stretch.start.label, Shape::Ellipse(ellipse), context)
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
            hint: Hint::EllipseStart,
            ..View::default()
        };
        if let Some(stretch) = self.corners.stretch() {
            view.hint = if stretch.by_clicks {
                Hint::EllipseSecondCorner
            } else {
                Hint::EllipseDrag
            };
            let shape = Shape::Ellipse(ellipse(stretch, context));
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

/// Between two corners, or with Alt around the first point; with Shift a circle.
fn ellipse(stretch: Stretch, context: &Context<'_>) -> Ellipse {
    let (center, radii) = if stretch.modifiers.alt {
        (stretch.start.at, radii_from_center(stretch, context.image))
    } else {
        let rect = boxes::rect(stretch, context);
        let radii = Vec2::new(rect.width() / 2.0, rect.height() / 2.0);
        (rect.center(), radii)
    };
    Ellipse {
        center: snapped(center),
        radii: snapped_vec(radii),
        angle: 0.0,
    }
}

/// No longer than the image has room on every side of the centre.
fn radii_from_center(stretch: Stretch, image: Rect) -> Vec2 {
    let center = stretch.start.at;
    let by = stretch.to - center;
    let room = Vec2::new(
        (center.x - image.min.x).min(image.max.x - center.x),
        (center.y - image.min.y).min(image.max.y - center.y),
    );
    if stretch.modifiers.shift {
        let radius = by.length().min(room.x).min(room.y);
        Vec2::new(radius, radius)
    } else {
        Vec2::new(by.x.abs().min(room.x), by.y.abs().min(room.y))
    }
}
