//! Tools whose shape follows from two points alone: boxes, ellipses, arrows, skeletons.

use crate::selection::Selection;
use crate::step::{Step, View, add, new_preview};
use crate::tool::Tool;
use crate::two_points::{Outcome, Stretch, TwoPoints};
use crate::{Button, Context, Cursor, Hint, Input, Notice};
use std::fmt::Debug;
use std::marker::PhantomData;
use visionflow_model::{LabelId, Shape};

/// A kind of shape between two points.
pub(crate) trait Spanned: Debug + Default {
    const START: Hint;
    /// While the second point follows a button that is held down.
    const DRAG: Hint;
    /// While it follows after a click on the first.
    const SECOND_CLICK: Hint;

    /// What is drawn; `None` where [`Spanned::refusal`] has a reason.
    fn shape(stretch: Stretch, context: &Context<'_>) -> Option<Shape>;

    /// Whether the points lie too near on the screen to be meant.
    fn is_slip(stretch: Stretch, context: &Context<'_>) -> bool;

    /// Why nothing can be drawn with this label.
    fn refusal(_label: LabelId, _context: &Context<'_>) -> Option<Notice> {
        None
    }
}

/// The tool that draws it.
#[derive(Debug, Default)]
pub(crate) struct SpanTool<S> {
    points: TwoPoints,
    shape: PhantomData<S>,
}

impl<S: Spanned> Tool for SpanTool<S> {
    fn handle(&mut self, input: &Input, _: &Selection, context: &mut Context<'_>) -> Step {
        if is_press(input)
            && context.can_edit
            && let Some(label) = context.label
            && let Some(notice) = S::refusal(label, context)
        {
            self.points.cancel();
            return Step::notice(notice);
        }
        let stretch = match self.points.handle(input, context) {
            Outcome::Step(step) => return step,
            Outcome::Done(stretch) => stretch,
        };
        if S::is_slip(stretch, context) {
            return Step::handled();
        }
        let label = stretch.start.label;
        match S::shape(stretch, context) {
            Some(shape) => add(label, shape, context),
            None => S::refusal(context.label.unwrap_or(label), context)
                .map_or_else(Step::handled, Step::notice),
        }
    }

    fn snaps(&self) -> bool {
        true
    }

    fn cancel(&mut self) {
        self.points.cancel();
    }

    fn interrupt(&mut self) {
        self.points.interrupt();
    }

    fn view(&self, _: &Selection, context: &Context<'_>) -> View {
        let mut view = View {
            cursor: Cursor::Crosshair,
            hint: S::START,
            ..View::default()
        };
        if let Some(stretch) = self.points.stretch() {
            view.hint = if stretch.by_clicks {
                S::SECOND_CLICK
            } else {
                S::DRAG
            };
            let preview = |shape| new_preview(stretch.start.label, shape, true, context);
            view.preview = S::shape(stretch, context)
                .map(preview)
                .into_iter()
                .collect();
        }
        view
    }

    fn can_take_back(&self) -> bool {
        self.points.is_half_set()
    }

    fn take_back(&mut self) {
        self.cancel();
    }
}

fn is_press(input: &Input) -> bool {
    matches!(
        input,
        Input::PointerDown {
            button: Button::Primary,
            ..
        }
    )
}
