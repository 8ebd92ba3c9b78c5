//! Drawing arrows, from the tail to the tip.

use crate::boxes::MIN_SIDE;
use crate::snap::in_steps;
use crate::spanned::{SpanTool, Spanned};
use crate::two_points::Stretch;
use crate::{Context, Hint};
use visionflow_model::{Arrow, Shape};

pub(crate) type ArrowTool = SpanTool<Arrows>;

#[derive(Debug, Default)]
pub(crate) struct Arrows;

impl Spanned for Arrows {
    const START: Hint = Hint::ArrowStart;
    const DRAG: Hint = Hint::ArrowEnd;
    const SECOND_CLICK: Hint = Hint::ArrowEnd;

    fn shape(stretch: Stretch, context: &Context<'_>) -> Option<Shape> {
        Some(Shape::Arrow(arrow(stretch, context)))
    }

    fn is_slip(stretch: Stretch, context: &Context<'_>) -> bool {
        let arrow = arrow(stretch, context);
        context.screen_distance(arrow.from, arrow.to) < MIN_SIDE
    }
}

fn arrow(stretch: Stretch, context: &Context<'_>) -> Arrow {
    let (from, to) = (stretch.start.at, stretch.to);
    let to = if stretch.modifiers.shift {
        in_steps(from, to, context.image)
    } else {
        to
    };
    Arrow { from, to }
}
