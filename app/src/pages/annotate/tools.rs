//! The tools as this page shows them: icons, names, commands, and which stand together.

use crate::assist;
use crate::commands::{Spec, spec};
use crate::components::icon::{self, Icon};
use visionflow_engine::ToolKind;

/// A tool of the rail.
#[derive(Clone, Copy, PartialEq)]
pub struct Tool {
    pub kind: ToolKind,
    /// The catalogue's key for its name.
    pub name: &'static str,
    pub icon: Icon,
    pub spec: Spec,
}

const fn tool(kind: ToolKind, name: &'static str, icon: Icon, spec: Spec) -> Tool {
    Tool {
        kind,
        name,
        icon,
        spec,
    }
}

/// The tools in the order of the rail, in groups that fold into one button where room is short.
pub const GROUP_COUNT: usize = 7;
const GROUPS: [&[Tool]; GROUP_COUNT] = [
    &[
        tool(
            ToolKind::Select,
            "tool-select",
            icon::MOUSE_POINTER_2,
            spec::TOOL_SELECT,
        ),
        tool(ToolKind::Lasso, "tool-lasso", icon::LASSO, spec::TOOL_LASSO),
    ],
    &[
        tool(ToolKind::Box, "tool-box", icon::SQUARE, spec::TOOL_BOX),
        tool(
            ToolKind::RotatedBox,
            "tool-rotated-box",
            icon::DIAMOND,
            spec::TOOL_ROTATED_BOX,
        ),
        tool(
            ToolKind::Ellipse,
            "tool-ellipse",
            icon::CIRCLE,
            spec::TOOL_ELLIPSE,
        ),
        tool(
            ToolKind::Polygon,
            "tool-polygon",
            icon::PENTAGON,
            spec::TOOL_POLYGON,
        ),
        tool(
            ToolKind::Cuboid,
            "tool-cuboid",
            icon::BOX,
            spec::TOOL_CUBOID,
        ),
    ],
    &[
        tool(
            ToolKind::Polyline,
            "tool-polyline",
            icon::WAYPOINTS,
            spec::TOOL_POLYLINE,
        ),
        tool(
            ToolKind::Path,
            "tool-path",
            icon::LINE_SQUIGGLE,
            spec::TOOL_PATH,
        ),
        tool(
            ToolKind::Point,
            "tool-point",
            icon::CIRCLE_DOT,
            spec::TOOL_POINT,
        ),
        tool(
            ToolKind::Arrow,
            "tool-arrow",
            icon::MOVE_UP_RIGHT,
            spec::TOOL_ARROW,
        ),
        tool(ToolKind::Text, "tool-text", icon::TYPE, spec::TOOL_TEXT),
    ],
    &[
        tool(ToolKind::Brush, "tool-brush", icon::BRUSH, spec::TOOL_BRUSH),
        tool(
            ToolKind::Eraser,
            "tool-eraser",
            icon::ERASER,
            spec::TOOL_ERASER,
        ),
    ],
    &[
        tool(
            ToolKind::Wand,
            "tool-wand",
            icon::WAND_SPARKLES,
            spec::TOOL_WAND,
        ),
        tool(
            ToolKind::Scissors,
            "tool-scissors",
            icon::SCISSORS,
            spec::TOOL_SCISSORS,
        ),
        tool(
            ToolKind::Smart,
            "tool-smart",
            icon::SPARKLES,
            spec::TOOL_SMART,
        ),
    ],
    &[
        tool(
            ToolKind::Skeleton,
            "tool-skeleton",
            icon::PERSON_STANDING,
            spec::TOOL_SKELETON,
        ),
        tool(ToolKind::Slice, "tool-slice", icon::SLICE, spec::TOOL_SLICE),
    ],
    &[
        tool(
            ToolKind::Measure,
            "tool-measure",
            icon::RULER,
            spec::TOOL_MEASURE,
        ),
        tool(ToolKind::Pan, "tool-pan", icon::HAND, spec::TOOL_PAN),
        tool(
            ToolKind::Comment,
            "tool-comment",
            icon::MESSAGE_SQUARE_PLUS,
            spec::TOOL_COMMENT,
        ),
    ],
];

/// The tools that work here, in the order and the groups of the rail: the smart polygon needs the
/// model's files in this build.
pub fn groups() -> [&'static [Tool]; GROUP_COUNT] {
    GROUPS.map(|group| match group {
        [rest @ .., last] if last.kind == ToolKind::Smart && !assist::is_available() => rest,
        group => group,
    })
}

pub fn all() -> impl Iterator<Item = &'static Tool> {
    groups().into_iter().flatten()
}
