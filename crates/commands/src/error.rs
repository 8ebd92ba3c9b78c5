//! Why a command does nothing, and what is to be said about one that did.

use std::fmt;
use thiserror::Error;
use visionflow_model::{Invalid, ShapeKind};

/// Why a command cannot be done; then nothing is.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CommandError {
    #[error("nothing is selected")]
    NothingSelected,
    #[error("everything selected is locked")]
    AllLocked,
    #[error("a number is not finite")]
    NotFinite,
    #[error("the width and the height must be above zero")]
    EmptySize,
    #[error("at least {needed} shapes must be selected; {found} can be used")]
    TooFew { needed: usize, found: usize },
    #[error("what is selected has no place on the image")]
    NoPlace,
    #[error("it would not fit into the image")]
    DoesNotFit,
    #[error("the result would be refused: {0}")]
    Refused(#[from] Invalid),
    #[error("{} cannot become {}", words(*.from), words(*.to))]
    Conversion { from: ShapeKind, to: ShapeKind },
    #[error("only polygons and masks can be joined, cut and split")]
    NoArea,
    #[error("the first one selected is locked")]
    FirstLocked,
    #[error("everything selected is in one piece")]
    OnePiece,
    #[error("nothing would be left")]
    NothingLeft,
    #[error("no outline or line is selected")]
    NoOutline,
    #[error("none of the selected skeletons has this joint")]
    NoJoint,
    #[error("nothing selected belongs to a group")]
    NoGroup,
    #[error("the label does not exist in this project")]
    NoLabel,
    #[error("the clipboard holds no annotations")]
    NotOurs,
    #[error("the clipboard was filled by a newer version ({0})")]
    TooNew(u32),
    #[error("the clipboard is damaged: {0}")]
    Damaged(String),
}

/// Something that a person should know about what a command did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// So many were locked and left alone.
    Locked(usize),
    /// So many were of a kind that the command has no meaning for.
    Unsuited(usize),
    /// So many lost something by becoming another shape.
    Lost(Loss, usize),
    /// So many labels of the clipboard are not known here and were replaced.
    LabelReplaced(String),
    /// So many annotations were left out: their label is not known here and none is chosen.
    LabelMissing(String),
    /// So many values of attributes that are not known here were left out.
    AttributesMissing(usize),
    /// So many masks were left as they are: locked ones lie on all that they would cover.
    UnderLocked(usize),
    /// What was pasted was made smaller to fit the image.
    Shrunk,
}

/// What a conversion could not keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// The new shape covers another area than the old one.
    Area,
    /// The new outline is only like the old one.
    Outline,
    /// Holes, or all outlines but the largest.
    Rings,
    /// What lies between the ends of a line.
    Bends,
    Text,
    Depth,
    /// Everything but the place.
    Extent,
}

/// The name of a kind with its article.
const fn words(kind: ShapeKind) -> &'static str {
    match kind {
        ShapeKind::Box => "a box",
        ShapeKind::RotatedBox => "a rotated box",
        ShapeKind::Ellipse => "an ellipse",
        ShapeKind::Polygon => "a polygon",
        ShapeKind::Polyline => "a polyline",
        ShapeKind::Point => "a point",
        ShapeKind::Path => "a path",
        ShapeKind::Arrow => "an arrow",
        ShapeKind::Text => "a text",
        ShapeKind::Cuboid => "a cuboid",
        ShapeKind::Mask => "a mask",
        ShapeKind::Skeleton => "a skeleton",
        ShapeKind::Tag => "a label of the whole image",
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Locked(1) => f.write_str("1 locked annotation was left as it is"),
            Self::Locked(n) => write!(f, "{n} locked annotations were left as they are"),
            Self::Unsuited(1) => f.write_str("1 annotation of another kind was left as it is"),
            Self::Unsuited(n) => {
                write!(f, "{n} annotations of other kinds were left as they are")
            }
            Self::Lost(loss, 1) => write!(f, "1 shape {loss}"),
            Self::Lost(loss, n) => write!(f, "{n} shapes {loss}"),
            Self::LabelReplaced(name) => {
                write!(
                    f,
                    "the label “{name}” is not known here; the current one is used"
                )
            }
            Self::LabelMissing(name) => {
                write!(
                    f,
                    "the label “{name}” is not known here; choose one and paste again"
                )
            }
            Self::AttributesMissing(1) => f.write_str("1 attribute is not known here"),
            Self::AttributesMissing(n) => write!(f, "{n} attributes are not known here"),
            Self::UnderLocked(1) => f.write_str("locked masks keep all that 1 mask would cover"),
            Self::UnderLocked(n) => {
                write!(f, "locked masks keep all that {n} masks would cover")
            }
            Self::Shrunk => f.write_str("made smaller to fit the image"),
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Area => "could not keep the exact area",
            Self::Outline => "followed the old outline only roughly",
            Self::Rings => "kept the largest outline only",
            Self::Bends => "kept the two ends only",
            Self::Text => "lost the text",
            Self::Depth => "lost the depth",
            Self::Extent => "kept the middle only",
        })
    }
}
