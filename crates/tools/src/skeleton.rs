//! Drawing skeletons: the box of the label's template, whose joints fall into their places.

pub(crate) mod joints;

use crate::boxes::{self, is_slip};
use crate::spanned::{SpanTool, Spanned};
use crate::step::snapped;
use crate::two_points::Stretch;
use crate::{Context, Hint, Notice};
use visionflow_model::{LabelId, Shape, SkeletonTemplate};

pub(crate) type SkeletonTool = SpanTool<Skeletons>;

#[derive(Debug, Default)]
pub(crate) struct Skeletons;

impl Spanned for Skeletons {
    const START: Hint = Hint::SkeletonStart;
    const DRAG: Hint = Hint::SkeletonDrag;
    const SECOND_CLICK: Hint = Hint::SkeletonDrag;

    /// The skeleton in the spanned rectangle, by the template of the label that is chosen.
    fn shape(stretch: Stretch, context: &Context<'_>) -> Option<Shape> {
        let template = template(context.label.unwrap_or(stretch.start.label), context)?;
        let skeleton = template.instance(boxes::rect(stretch, context));
        Some(Shape::Skeleton(skeleton.mapped(snapped)))
    }

    fn is_slip(stretch: Stretch, context: &Context<'_>) -> bool {
        is_slip(boxes::rect(stretch, context), context)
    }

    fn refusal(label: LabelId, context: &Context<'_>) -> Option<Notice> {
        template(label, context)
            .is_none()
            .then_some(Notice::NoSkeleton)
    }
}

fn template<'a>(label: LabelId, context: &Context<'a>) -> Option<&'a SkeletonTemplate> {
    context.ontology.label(label)?.skeleton.as_ref()
}
