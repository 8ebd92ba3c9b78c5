//! Drawing skeletons: the box of the label's template, whose joints fall into their places.

pub(crate) mod joints;

use crate::boxes::{self, is_slip};
use crate::selection::Selection;
use crate::step::{Step, View, add, new_preview, snapped};
use crate::tool::Tool;
use crate::two_points::{Outcome, Stretch, TwoPoints};
use crate::{Button, Context, Cursor, Hint, Input, Notice};
use visionflow_model::{LabelId, Shape, SkeletonTemplate};

#[derive(Debug, Default)]
pub(crate) struct SkeletonTool {
    corners: TwoPoints,
}

impl Tool for SkeletonTool {
    fn handle(&mut self, input: &Input, _: &Selection, context: &mut Context<'_>) -> Step {
        if matches!(
            input,
            Input::PointerDown {
                button: Button::Primary,
                ..
            }
        ) && context.can_edit
            && let Some(label) = context.label
            && template(label, context).is_none()
        {
            self.corners.cancel();
            return Step::notice(Notice::NoSkeleton);
        }
        let stretch = match self.corners.handle(input, context) {
            Outcome::Step(step) => return step,
            Outcome::Done(stretch) => stretch,
        };
        if is_slip(boxes::rect(stretch, context), context) {
            return Step::handled();
        }
        match skeleton(stretch, context) {
            Some(shape) => add(stretch.start.label, shape, context),
            None => Step::notice(Notice::NoSkeleton),
        }
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
            hint: Hint::SkeletonStart,
            ..View::default()
        };
        if let Some(stretch) = self.corners.stretch() {
            let shape = skeleton(stretch, context);
            let preview = shape.map(|shape| new_preview(stretch.start.label, shape, true, context));
            view.preview = preview.into_iter().collect();
            view.hint = Hint::SkeletonDrag;
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

/// The skeleton in the spanned rectangle, by the template of the label that is chosen.
fn skeleton(stretch: Stretch, context: &Context<'_>) -> Option<Shape> {
    let template = template(context.label.unwrap_or(stretch.start.label), context)?;
    let skeleton = template.instance(boxes::rect(stretch, context));
    Some(Shape::Skeleton(skeleton.mapped(snapped)))
}

fn template<'a>(label: LabelId, context: &Context<'a>) -> Option<&'a SkeletonTemplate> {
    context.ontology.label(label)?.skeleton.as_ref()
}
