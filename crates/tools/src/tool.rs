//! What the toolbox asks of a tool that draws or moves the view, and which one each kind is.
//!
//! Selecting stands apart (`select.rs`): it works beside every other tool.

use crate::arrow::ArrowTool;
use crate::boxes::BoxTool;
use crate::brush::BrushTool;
use crate::comment::CommentTool;
use crate::cuboid::CuboidTool;
use crate::ellipse::EllipseTool;
use crate::measure::MeasureTool;
use crate::pan::Pan;
use crate::path::PathTool;
use crate::point::PointTool;
use crate::polygon::PolygonTool;
use crate::polyline::PolylineTool;
use crate::rotated_box::RotatedBoxTool;
use crate::scissors::ScissorsTool;
use crate::selection::Selection;
use crate::skeleton::SkeletonTool;
use crate::slice::SliceTool;
use crate::smart::SmartTool;
use crate::step::{Step, View};
use crate::text::TextTool;
use crate::wand::WandTool;
use crate::{Context, Input, ToolKind};
use std::fmt::Debug;
use visionflow_document::Document;
use visionflow_geometry::Brush;

/// One tool's state machine. It is made when its tool becomes active and dropped with it, so that
/// no gesture outlives a change of tools.
pub(crate) trait Tool: Debug {
    /// Takes one event; what is not the tool's stays unhandled.
    fn handle(&mut self, input: &Input, selection: &Selection, context: &mut Context<'_>) -> Step;

    /// What the present state shows.
    fn view(&self, selection: &Selection, context: &Context<'_>) -> View;

    /// Ends a gesture without a trace.
    fn cancel(&mut self);

    /// The system took the pointer away, as when a second finger begins a pinch: what is made of
    /// many clicks goes on without the present one.
    fn interrupt(&mut self) {
        self.cancel();
    }

    /// Whether undo takes back a part of the drawing in progress.
    fn can_take_back(&self) -> bool {
        false
    }

    fn take_back(&mut self) {}

    /// Whether people who may not edit can use it.
    fn is_for_watchers(&self) -> bool {
        false
    }

    /// Whether the points that it sets jump onto corners nearby.
    fn snaps(&self) -> bool {
        false
    }

    /// The document changed; whether the gesture in progress ended because its annotation is gone.
    fn document_changed(&mut self, _document: &Document) -> bool {
        false
    }
}

/// The tool of a kind in its first state; `None` for selecting.
pub(crate) fn begin(kind: ToolKind) -> Option<Box<dyn Tool>> {
    Some(match kind {
        ToolKind::Select | ToolKind::Lasso => return None,
        ToolKind::Box => Box::<BoxTool>::default(),
        ToolKind::RotatedBox => Box::<RotatedBoxTool>::default(),
        ToolKind::Ellipse => Box::<EllipseTool>::default(),
        ToolKind::Point => Box::<PointTool>::default(),
        ToolKind::Arrow => Box::<ArrowTool>::default(),
        ToolKind::Cuboid => Box::<CuboidTool>::default(),
        ToolKind::Polyline => Box::<PolylineTool>::default(),
        ToolKind::Path => Box::<PathTool>::default(),
        ToolKind::Text => Box::<TextTool>::default(),
        ToolKind::Skeleton => Box::<SkeletonTool>::default(),
        ToolKind::Brush => Box::new(BrushTool::new(Brush::Paint)),
        ToolKind::Eraser => Box::new(BrushTool::new(Brush::Erase)),
        ToolKind::Wand => Box::<WandTool>::default(),
        ToolKind::Scissors => Box::<ScissorsTool>::default(),
        ToolKind::Smart => Box::<SmartTool>::default(),
        ToolKind::Slice => Box::<SliceTool>::default(),
        ToolKind::Measure => Box::<MeasureTool>::default(),
        ToolKind::Polygon => Box::<PolygonTool>::default(),
        ToolKind::Pan => Box::<Pan>::default(),
        ToolKind::Comment => Box::<CommentTool>::default(),
    })
}
