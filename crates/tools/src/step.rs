//! What passes between the toolbox and a tool.

use crate::{
    Ask, Context, Cursor, Hint, Measure, Notice, Pinned, SmartState, TextEntry, ToolSettings,
};
use visionflow_document::Edit;
use visionflow_geometry::{Ellipse, Point, Polygon, Rect, RotatedBox, Vec2};
use visionflow_model::{AnnotationId, LabelId, Preview, Shape};
use visionflow_scene::{Camera, Handle};

/// What one input leads to beyond the tool's own state.
#[derive(Debug, Default)]
pub(crate) struct Step {
    pub edits: Vec<Edit>,
    pub selection: Option<Vec<AnnotationId>>,
    /// The suggestion that is to be decided about now.
    pub pick: Option<AnnotationId>,
    pub camera: Option<Camera>,
    pub pinned: Option<Pinned>,
    pub settings: Option<ToolSettings>,
    pub notice: Option<Notice>,
    pub handled: bool,
}

/// What a tool shows in its present state.
#[derive(Debug, Default)]
pub(crate) struct View {
    pub preview: Vec<Preview>,
    pub handles: Vec<Handle>,
    pub hover: Option<AnnotationId>,
    pub cursor: Cursor,
    pub hint: Hint,
    pub text: Option<TextEntry>,
    pub measures: Vec<Measure>,
    pub ask: Option<Ask>,
    pub smart: SmartState,
}

impl Step {
    /// The input meant nothing to the tool.
    pub(crate) fn unhandled() -> Self {
        Self::default()
    }

    pub(crate) fn handled() -> Self {
        Self {
            handled: true,
            ..Self::default()
        }
    }

    pub(crate) fn notice(notice: Notice) -> Self {
        Self {
            notice: Some(notice),
            ..Self::handled()
        }
    }

    pub(crate) fn edits(edits: Vec<Edit>) -> Self {
        Self {
            edits,
            ..Self::handled()
        }
    }

    pub(crate) fn select(ids: Vec<AnnotationId>) -> Self {
        Self {
            selection: Some(ids),
            ..Self::handled()
        }
    }
}

/// The nearest place of the grid that new geometry lies on: steps of 1/256 pixel are exact in the
/// document's short number encoding, and finer than any screen shows.
pub(crate) fn snapped(p: Point) -> Point {
    let snap = |v: f64| (v * 256.0).round() / 256.0;
    Point::new(snap(p.x), snap(p.y))
}

pub(crate) fn snapped_vec(v: Vec2) -> Vec2 {
    let snapped = snapped(Point::new(v.x, v.y));
    Vec2::new(snapped.x, snapped.y)
}

pub(crate) fn snapped_shape(shape: &Shape) -> Shape {
    match shape {
        Shape::RotatedBox(rotated) => Shape::RotatedBox(RotatedBox {
            center: snapped(rotated.center),
            size: snapped_vec(rotated.size),
            angle: rotated.angle,
        }),
        Shape::Ellipse(ellipse) => Shape::Ellipse(Ellipse {
            center: snapped(ellipse.center),
            radii: snapped_vec(ellipse.radii),
            angle: ellipse.angle,
        }),
        _ => shape.mapped(snapped),
    }
}

pub(crate) fn clamped(p: Point, bounds: Rect) -> Point {
    Point::new(
        p.x.max(bounds.min.x).min(bounds.max.x),
        p.y.max(bounds.min.y).min(bounds.max.y),
    )
}

/// The label for what is drawn now, or why nothing can be drawn.
pub(crate) fn drawing_label(context: &Context<'_>) -> Result<LabelId, Notice> {
    if !context.can_edit {
        return Err(Notice::ReadOnly);
    }
    context.label.ok_or(Notice::ChooseLabel)
}

/// Adds what was drawn and selects it; with the label that is chosen now, or else was when the
/// drawing began.
pub(crate) fn add(label: LabelId, shape: Shape, context: &mut Context<'_>) -> Step {
    if shape.check().is_err() {
        return Step::handled();
    }
    let label = context.label.unwrap_or(label);
    let annotation = context.new_annotation(label, shape);
    Step {
        selection: Some(vec![annotation.id]),
        edits: vec![Edit::Add(annotation)],
        ..Step::handled()
    }
}

/// The preview of something new.
pub(crate) fn new_preview(
    label: LabelId,
    shape: Shape,
    closed: bool,
    context: &Context<'_>,
) -> Preview {
    Preview {
        annotation: None,
        label: Some(context.label.unwrap_or(label)),
        shape,
        closed,
    }
}

/// What is drawn for one's own eyes only, in no label's colour.
pub(crate) fn private_preview(shape: Shape, closed: bool) -> Preview {
    Preview {
        annotation: None,
        label: None,
        shape,
        closed,
    }
}

/// The preview of an existing annotation in another shape.
pub(crate) fn changed_preview(annotation: AnnotationId, shape: Shape) -> Preview {
    Preview {
        annotation: Some(annotation),
        label: None,
        shape,
        closed: true,
    }
}

/// The edit that gives an annotation another polygon.
pub(crate) fn set_polygon(id: AnnotationId, polygon: Polygon) -> Edit {
    Edit::SetShape(id, Shape::Polygon(polygon))
}
