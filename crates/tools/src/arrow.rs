//! Drawing arrows, from the tail to the tip.

use crate::boxes::MIN_SIDE;
use crate::selection::Selection;
use crate::snap::in_steps;
use crate::step::{Step, View, add, new_preview};
use crate::tool::Tool;
use crate::two_points::{Outcome, Stretch, TwoPoints};
use crate::{Context, Cursor, Hint, Input};
use visionflow_model::{Arrow, Shape};

#[derive(Debug, Default)]
pub(crate) struct ArrowTool {
    ends: TwoPoints,
}

impl Tool for ArrowTool {
    fn handle(&mut self, input: &Input, _: &Selection, context: &mut Context<'_>) -> Step {
        let stretch = match self.ends.handle(input, context) {
            Outcome::Step(step) => return step,
            Outcome::Done(stretch) => stretch,
        };
        let arrow = arrow(stretch, context);
        if context.screen_distance(arrow.from, arrow.to) < MIN_SIDE {
            return Step::handled();
        }
        add(stretch.start.label, Shape::Arrow(arrow), context)
    }

    fn cancel(&mut self) {
        self.ends.cancel();
    }

    fn interrupt(&mut self) {
        self.ends.interrupt();
    }

    fn view(&self, _: &Selection, context: &Context<'_>) -> View {
        let mut view = View {
            cursor: Cursor::Crosshair,
            hint: Hint::ArrowStart,
            ..View::default()
        };
        if let Some(stretch) = self.ends.stretch() {
            let shape = Shape::Arrow(arrow(stretch, context));
            view.preview = vec![new_preview(stretch.start.label, shape, true, context)];
            view.hint = Hint::ArrowEnd;
        }
        view
    }

    fn can_take_back(&self) -> bool {
        self.ends.is_half_set()
    }

    fn take_back(&mut self) {
        self.cancel();
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
