//! What an input leads to.

use visionflow_document::Edit;
use visionflow_model::{AnnotationId, Preview};
use visionflow_scene::{Camera, Handle};

/// What the engine is to do now; `None` where nothing changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    /// To be made as one `Document::edit`; `Toolbox::document_changed` wants to hear of it.
    pub edits: Vec<Edit>,
    /// The gesture in progress, drawn in place of the annotations it changes. Others see it too,
    /// except for what [`is_marquee`] says is the selection rectangle.
    pub preview: Option<Vec<Preview>>,
    pub selection: Option<Vec<AnnotationId>>,
    pub hover: Option<Option<AnnotationId>>,
    pub handles: Option<Vec<Handle>>,
    pub cursor: Option<Cursor>,
    pub camera: Option<Camera>,
    /// What can be done next, for the status bar.
    pub hint: Option<Hint>,
    /// Why nothing happened, said once.
    pub notice: Option<Notice>,
    /// Whether the input was meant for the tools: the browser should not act on it too.
    pub handled: bool,
}

/// Whether `preview` is the rectangle that selects: the only one of no label and no annotation.
pub fn is_marquee(preview: &Preview) -> bool {
    preview.annotation.is_none() && preview.label.is_none()
}

/// The pointer's look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cursor {
    #[default]
    Default,
    Pointer,
    Crosshair,
    Move,
    Grab,
    Grabbing,
    ResizeNs,
    ResizeEw,
    ResizeNwse,
    ResizeNesw,
    /// A click adds a vertex here.
    Copy,
}

/// What can be done next. [`Hint::key`] names its text in the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hint {
    #[default]
    SelectNothing,
    SelectOne,
    SelectPolygon,
    SelectMany,
    SelectWatch,
    VertexSelected,
    Moving,
    Resizing,
    MovingVertex,
    Marquee,
    BoxStart,
    BoxDrag,
    BoxSecondCorner,
    PolygonStart,
    PolygonNext,
    PolygonClose,
    Pan,
    Panning,
}

/// Why nothing happened. [`Notice::key`] names its text in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    ChooseLabel,
    ReadOnly,
    TooFewVertices,
    /// Someone deleted what was being changed.
    DeletedMeanwhile,
}

impl Cursor {
    /// The value of the CSS property `cursor`.
    pub const fn css(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Pointer => "pointer",
            Self::Crosshair => "crosshair",
            Self::Move => "move",
            Self::Grab => "grab",
            Self::Grabbing => "grabbing",
            Self::ResizeNs => "ns-resize",
            Self::ResizeEw => "ew-resize",
            Self::ResizeNwse => "nwse-resize",
            Self::ResizeNesw => "nesw-resize",
            Self::Copy => "copy",
        }
    }
}

impl Hint {
    pub const fn key(self) -> &'static str {
        match self {
            Self::SelectNothing => "hint-select-nothing",
            Self::SelectOne => "hint-select-one",
            Self::SelectPolygon => "hint-select-polygon",
            Self::SelectMany => "hint-select-many",
            Self::SelectWatch => "hint-select-watch",
            Self::VertexSelected => "hint-vertex-selected",
            Self::Moving => "hint-moving",
            Self::Resizing => "hint-resizing",
            Self::MovingVertex => "hint-moving-vertex",
            Self::Marquee => "hint-marquee",
            Self::BoxStart => "hint-box-start",
            Self::BoxDrag => "hint-box-drag",
            Self::BoxSecondCorner => "hint-box-second-corner",
            Self::PolygonStart => "hint-polygon-start",
            Self::PolygonNext => "hint-polygon-next",
            Self::PolygonClose => "hint-polygon-close",
            Self::Pan => "hint-pan",
            Self::Panning => "hint-panning",
        }
    }
}

impl Notice {
    pub const fn key(self) -> &'static str {
        match self {
            Self::ChooseLabel => "notice-choose-label",
            Self::ReadOnly => "notice-read-only",
            Self::TooFewVertices => "notice-too-few-vertices",
            Self::DeletedMeanwhile => "notice-deleted-meanwhile",
        }
    }
}
