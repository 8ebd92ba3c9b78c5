//! The tools by name.

/// A tool that a person can choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ToolKind {
    #[default]
    Select,
    /// Selects what a freehand line encloses.
    Lasso,
    Box,
    RotatedBox,
    Ellipse,
    Polygon,
    Polyline,
    Point,
    /// A freehand line.
    Path,
    Arrow,
    Text,
    Cuboid,
    Skeleton,
    Brush,
    Eraser,
    /// Floods an area of like colour.
    Wand,
    /// Draws a polygon along the edges in the photograph.
    Scissors,
    /// Asks a model for the outline of what is clicked.
    Smart,
    /// Cuts areas and lines along a line.
    Slice,
    Measure,
    Pan,
    /// Says where a comment is pinned.
    Comment,
}

impl ToolKind {
    pub const ALL: [Self; 22] = [
        Self::Select,
        Self::Lasso,
        Self::Box,
        Self::RotatedBox,
        Self::Ellipse,
        Self::Polygon,
        Self::Polyline,
        Self::Point,
        Self::Path,
        Self::Arrow,
        Self::Text,
        Self::Cuboid,
        Self::Skeleton,
        Self::Brush,
        Self::Eraser,
        Self::Wand,
        Self::Scissors,
        Self::Smart,
        Self::Slice,
        Self::Measure,
        Self::Pan,
        Self::Comment,
    ];

    /// The name by which embedders and settings know the tool.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Lasso => "lasso",
            Self::Box => "box",
            Self::RotatedBox => "rotated_box",
            Self::Ellipse => "ellipse",
            Self::Polygon => "polygon",
            Self::Polyline => "polyline",
            Self::Point => "point",
            Self::Path => "path",
            Self::Arrow => "arrow",
            Self::Text => "text",
            Self::Cuboid => "cuboid",
            Self::Skeleton => "skeleton",
            Self::Brush => "brush",
            Self::Eraser => "eraser",
            Self::Wand => "wand",
            Self::Scissors => "scissors",
            Self::Smart => "smart",
            Self::Slice => "slice",
            Self::Measure => "measure",
            Self::Pan => "pan",
            Self::Comment => "comment",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether the tool changes the document: of no use to people who watch only.
    pub const fn edits(self) -> bool {
        !matches!(self, Self::Select | Self::Lasso | Self::Measure | Self::Pan)
    }

    /// Whether the tool looks at the photograph: the engine then lends it [`crate::Context::pixels`].
    pub const fn needs_pixels(self) -> bool {
        matches!(self, Self::Wand | Self::Scissors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_tool_has_a_name_of_its_own() {
        let names: HashSet<_> = ToolKind::ALL.map(ToolKind::name).into();
        assert_eq!(names.len(), ToolKind::ALL.len());
        for kind in ToolKind::ALL {
            assert_eq!(ToolKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(ToolKind::from_name("hammer"), None);
    }
}
