//! Drawing ellipses: in the rectangle between two points, or from the centre with Alt.

use crate::boxes::{self, is_slip};
use crate::spanned::{SpanTool, Spanned};
use crate::step::{snapped, snapped_vec};
use crate::two_points::Stretch;
use crate::{Context, Hint};
use visionflow_geometry::{Ellipse, Rect, Vec2};
use visionflow_model::Shape;

pub(crate) type EllipseTool = SpanTool<Ellipses>;

#[derive(Debug, Default)]
pub(crate) struct Ellipses;

impl Spanned for Ellipses {
    const START: Hint = Hint::EllipseStart;
    const DRAG: Hint = Hint::EllipseDrag;
    const SECOND_CLICK: Hint = Hint::EllipseSecondCorner;

    fn shape(stretch: Stretch, context: &Context<'_>) -> Option<Shape> {
        Some(Shape::Ellipse(ellipse(stretch, context)))
    }

    fn is_slip(stretch: Stretch, context: &Context<'_>) -> bool {
        is_slip(ellipse(stretch, context).bounds(), context)
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
