//! What an input leads to.

use crate::{Ask, SmartState, ToolSettings};
use visionflow_document::Edit;
use visionflow_geometry::Point;
use visionflow_model::{AnnotationId, Preview, TextBox};
use visionflow_scene::{Camera, Handle};

/// What the engine is to do now; `None` where nothing changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    /// To be made as one `Document::edit`; `Toolbox::document_changed` wants to hear of it.
    pub edits: Vec<Edit>,
    /// The gesture in progress, drawn in place of the annotations it changes. Others see it too,
    /// as far as [`crate::shown_to_others`] lets them.
    pub preview: Option<Vec<Preview>>,
    pub selection: Option<Vec<AnnotationId>>,
    /// The suggestion that keys decide about; never together with a selection.
    pub picked: Option<Option<AnnotationId>>,
    /// The annotation or suggestion under the pointer.
    pub hover: Option<Option<AnnotationId>>,
    pub handles: Option<Vec<Handle>>,
    pub cursor: Option<Cursor>,
    pub camera: Option<Camera>,
    /// A comment is to be pinned here: the embedder asks for its words.
    pub pinned: Option<Pinned>,
    /// What can be done next, for the status bar.
    pub hint: Option<Hint>,
    /// A text is being typed: the embedder lays an input over it, and hands what is typed back as
    /// [`crate::Input::Typed`] and [`crate::Input::TypingDone`]. `Some(None)` takes it away.
    pub text: Option<Option<TextEntry>>,
    /// The measuring tool's figures.
    pub measures: Option<Vec<Measure>>,
    /// The corner that the point in hand has jumped to, in image space; `Some(None)` for none.
    pub snap: Option<Option<Point>>,
    /// What the segmentation model is asked from now on; its answers are handed back as
    /// [`crate::SmartInput::Answer`]. `Some(None)` asks nothing any more.
    pub ask: Option<Option<Ask>>,
    /// How far the smart tool is.
    pub smart: Option<SmartState>,
    /// A tool changed what a person has set.
    pub settings: Option<ToolSettings>,
    /// Why nothing happened, said once.
    pub notice: Option<Notice>,
    /// Whether the input was meant for the tools: the browser should not act on it too.
    pub handled: bool,
}

/// Where a comment is to be pinned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pinned {
    /// In image space, inside the image.
    pub at: Point,
    /// The shape that it is about.
    pub annotation: Option<AnnotationId>,
}

/// A text that is being typed.
#[derive(Clone, Debug, PartialEq)]
pub struct TextEntry {
    /// The annotation whose text it is; `None` for a new one.
    pub annotation: Option<AnnotationId>,
    /// Its frame in image space, how it is set, and what is typed so far.
    pub text: TextBox,
}

/// A figure of the measuring tool.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// Where it is shown, in image space.
    pub at: Point,
    /// The number with its unit: pixels, degrees, square pixels.
    pub text: String,
}

/// Whether `preview` is for one's own eyes: the rectangle that selects, the brush's rim, what is
/// being measured. They are the only ones of no label and no annotation.
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
    /// A click begins a text here.
    Text,
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
    LassoStart,
    Lasso,
    SelectLocked,
    SelectSkeleton,
    SelectText,
    JointSelected,
    Turning,
    Duplicating,
    RotatedBoxStart,
    RotatedBoxSide,
    RotatedBoxWidth,
    EllipseStart,
    EllipseDrag,
    EllipseSecondCorner,
    /// A polygon is selected, and may get holes and parts.
    PolygonMore,
    PolygonHole,
    PolygonPart,
    Freehand,
    PolylineStart,
    PolylineNext,
    PointStart,
    PointPlacing,
    PathStart,
    PathDrawing,
    ArrowStart,
    ArrowEnd,
    TextStart,
    TextDrag,
    TextTyping,
    CuboidStart,
    CuboidFront,
    CuboidDepth,
    BrushStart,
    BrushPainting,
    EraserStart,
    EraserErasing,
    WandStart,
    WandTolerance,
    ScissorsStart,
    ScissorsNext,
    ScissorsClose,
    SkeletonStart,
    SkeletonDrag,
    SliceStart,
    SliceNext,
    MeasureStart,
    MeasureNext,
    SmartStart,
    /// A polygon or mask is selected, and clicks go on with it.
    SmartRefine,
    SmartBox,
    SmartNext,
    SmartProposals,
    /// A suggestion is picked.
    Suggestion,
    Comment,
}

/// Why nothing happened. [`Notice::key`] names its text in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    ChooseLabel,
    ReadOnly,
    TooFewVertices,
    /// Someone deleted what was being changed.
    DeletedMeanwhile,
    TooFewPoints,
    /// The photograph cannot be looked into: it is not there yet.
    NoPixels,
    /// The label has no skeleton template.
    NoSkeleton,
    NothingToSlice,
    NothingToErase,
    NoHole,
    /// What was to be changed is locked.
    Locked,
    /// Locked masks keep all the pixels that a mask would get.
    UnderLocked,
    /// Nothing of what is drawn would be left.
    NothingLeft,
    /// The model sees no object where it was asked for one.
    NoObject,
    /// Something was to be taken away from an object before there is one.
    NoPrompt,
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
            Self::Text => "text",
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
            Self::LassoStart => "hint-lasso-start",
            Self::Lasso => "hint-lasso",
            Self::SelectLocked => "hint-select-locked",
            Self::SelectSkeleton => "hint-select-skeleton",
            Self::SelectText => "hint-select-text",
            Self::JointSelected => "hint-joint-selected",
            Self::Turning => "hint-turning",
            Self::Duplicating => "hint-duplicating",
            Self::RotatedBoxStart => "hint-rotated-box-start",
            Self::RotatedBoxSide => "hint-rotated-box-side",
            Self::RotatedBoxWidth => "hint-rotated-box-width",
            Self::EllipseStart => "hint-ellipse-start",
            Self::EllipseDrag => "hint-ellipse-drag",
            Self::EllipseSecondCorner => "hint-ellipse-second-corner",
            Self::PolygonMore => "hint-polygon-more",
            Self::PolygonHole => "hint-polygon-hole",
            Self::PolygonPart => "hint-polygon-part",
            Self::Freehand => "hint-freehand",
            Self::PolylineStart => "hint-polyline-start",
            Self::PolylineNext => "hint-polyline-next",
            Self::PointStart => "hint-point-start",
            Self::PointPlacing => "hint-point-placing",
            Self::PathStart => "hint-path-start",
            Self::PathDrawing => "hint-path-drawing",
            Self::ArrowStart => "hint-arrow-start",
            Self::ArrowEnd => "hint-arrow-end",
            Self::TextStart => "hint-text-start",
            Self::TextDrag => "hint-text-drag",
            Self::TextTyping => "hint-text-typing",
            Self::CuboidStart => "hint-cuboid-start",
            Self::CuboidFront => "hint-cuboid-front",
            Self::CuboidDepth => "hint-cuboid-depth",
            Self::BrushStart => "hint-brush-start",
            Self::BrushPainting => "hint-brush-painting",
            Self::EraserStart => "hint-eraser-start",
            Self::EraserErasing => "hint-eraser-erasing",
            Self::WandStart => "hint-wand-start",
            Self::WandTolerance => "hint-wand-tolerance",
            Self::ScissorsStart => "hint-scissors-start",
            Self::ScissorsNext => "hint-scissors-next",
            Self::ScissorsClose => "hint-scissors-close",
            Self::SkeletonStart => "hint-skeleton-start",
            Self::SkeletonDrag => "hint-skeleton-drag",
            Self::SliceStart => "hint-slice-start",
            Self::SliceNext => "hint-slice-next",
            Self::MeasureStart => "hint-measure-start",
            Self::MeasureNext => "hint-measure-next",
            Self::SmartStart => "hint-smart-start",
            Self::SmartRefine => "hint-smart-refine",
            Self::SmartBox => "hint-smart-box",
            Self::SmartNext => "hint-smart-next",
            Self::SmartProposals => "hint-smart-proposals",
            Self::Suggestion => "hint-suggestion",
            Self::Comment => "hint-comment",
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
            Self::TooFewPoints => "notice-too-few-points",
            Self::NoPixels => "notice-no-pixels",
            Self::NoSkeleton => "notice-no-skeleton",
            Self::NothingToSlice => "notice-nothing-to-slice",
            Self::NothingToErase => "notice-nothing-to-erase",
            Self::NoHole => "notice-no-hole",
            Self::Locked => "notice-locked",
            Self::UnderLocked => "notice-under-locked",
            Self::NothingLeft => "notice-nothing-left",
            Self::NoObject => "notice-no-object",
            Self::NoPrompt => "notice-no-prompt",
        }
    }
}
