//! What can be asked of a selection, and the one function that plans it.

use crate::plan::{Plan, Workplace};
use crate::{CommandError, arrange, bulk, choose, combine, convert, copies, group, order, outline};
use crate::{transform, turn};
use serde::{Deserialize, Serialize};
use visionflow_geometry::{Rect, Vec2};
use visionflow_model::{
    AnnotationId, AttributeId, AttributeValue, JointId, JointState, LabelId, ShapeKind, Style,
};

/// One thing done to what is selected.
///
/// As JSON `{"command": "rotate", "with": {"radians": 1.57}}`; `with` is left out where nothing is
/// to be said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", content = "with", rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Command {
    /// By image pixels, as far as the image goes.
    MoveBy {
        x: f64,
        y: f64,
    },
    /// The bounds of all that is selected become this rectangle.
    ResizeTo(Rect),
    /// Clockwise on screen, about the middle of the selection's bounds.
    /// A box stays one at right angles, and becomes a rotated box at others.
    Rotate {
        radians: f64,
    },
    /// Mirrors left and right when horizontal, top and bottom otherwise.
    Flip {
        horizontal: bool,
    },
    BringToFront,
    /// Above the next annotation that lies over the selection.
    BringForward,
    /// Below the next annotation that lies under the selection.
    SendBackward,
    SendToBack,
    Group,
    Ungroup,
    Align(Alignment),
    /// Equal gaps between three or more.
    Distribute(Axis),
    Duplicate,
    Delete,
    SelectAll,
    SelectSameLabel,
    SelectSameKind,
    SelectSameGroup,
    InvertSelection,
    Lock(bool),
    SetLabel(LabelId),
    /// `None` takes the attribute away.
    SetAttribute {
        attribute: AttributeId,
        value: Option<AttributeValue>,
    },
    SetStyle(Style),
    /// Whether a joint is seen, of every selected skeleton that has it.
    SetJoint {
        joint: JointId,
        state: JointState,
    },
    Convert(ShapeKind),
    /// Makes one of several polygons or masks; the first one's id survives.
    Join,
    /// Takes the others away from the first one.
    Subtract,
    /// Leaves of the first one what all share.
    Intersect,
    /// Leaves corners out where the outline stays within `tolerance` image pixels of what it was.
    Simplify {
        tolerance: f64,
    },
    /// Rounds the corners of outlines and lines.
    Smooth,
    FillHoles,
    /// One annotation for every part of a polygon or mask.
    SplitParts,
    /// Makes outlines that cross themselves sound.
    Repair,
}

/// Where the edges or middles of several shapes come to lie: on those of their common bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Alignment {
    Left,
    Center,
    Right,
    Top,
    Middle,
    Bottom,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Axis {
    Horizontal,
    Vertical,
}

/// Plans `command` for the annotations of `selection`; nothing is written yet.
///
/// The edits are to be made as one `Document::edit`: then they are one undo step.
/// Ids that do not exist are passed over.
pub fn plan(
    selection: &[AnnotationId],
    command: &Command,
    workplace: &mut Workplace<'_>,
) -> Result<Plan, CommandError> {
    let planned = match command {
        Command::MoveBy { x, y } => transform::move_by(selection, Vec2::new(*x, *y), workplace),
        Command::ResizeTo(rect) => transform::resize_to(selection, *rect, workplace),
        Command::Rotate { radians } => turn::rotate(selection, *radians, workplace),
        Command::Flip { horizontal } => turn::flip(selection, *horizontal, workplace),
        Command::BringToFront => order::to_end(selection, order::Towards::Front, workplace),
        Command::SendToBack => order::to_end(selection, order::Towards::Back, workplace),
        Command::BringForward => order::by_one(selection, order::Towards::Front, workplace),
        Command::SendBackward => order::by_one(selection, order::Towards::Back, workplace),
        Command::Group => group::group(selection, workplace),
        Command::Ungroup => group::ungroup(selection, workplace),
        Command::Align(alignment) => arrange::align(selection, *alignment, workplace),
        Command::Distribute(axis) => arrange::distribute(selection, *axis, workplace),
        Command::Duplicate => copies::duplicate(selection, workplace),
        Command::Delete => bulk::delete(selection, workplace),
        Command::SelectAll => Ok(choose::all(workplace)),
        Command::SelectSameLabel => choose::same(selection, workplace, |a| a.label),
        Command::SelectSameKind => choose::same(selection, workplace, |a| a.shape.kind()),
        Command::SelectSameGroup => choose::same_group(selection, workplace),
        Command::InvertSelection => Ok(choose::inverse(selection, workplace)),
        Command::Lock(locked) => bulk::lock(selection, *locked, workplace),
        Command::SetLabel(label) => bulk::set_label(selection, *label, workplace),
        Command::SetAttribute { attribute, value } => {
            bulk::set_attribute(selection, *attribute, value.as_ref(), workplace)
        }
        Command::SetStyle(style) => bulk::set_style(selection, *style, workplace),
        Command::SetJoint { joint, state } => bulk::set_joint(selection, *joint, *state, workplace),
        Command::Convert(kind) => convert::convert(selection, *kind, workplace),
        Command::Join => combine::join(selection, workplace),
        Command::Subtract => combine::subtract(selection, workplace),
        Command::Intersect => combine::intersect(selection, workplace),
        Command::Simplify { tolerance } => outline::simplify(selection, *tolerance, workplace),
        Command::Smooth => outline::smooth(selection, workplace),
        Command::FillHoles => outline::fill_holes(selection, workplace),
        Command::SplitParts => outline::split_parts(selection, workplace),
        Command::Repair => outline::repair(selection, workplace),
    };
    Ok(planned?.kept_apart(workplace))
}
