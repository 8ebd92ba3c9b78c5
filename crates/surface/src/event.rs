//! Events as plain objects.

use crate::{SuggestionCount, ToolName};
use serde::Serialize;
use visionflow_geometry::Point;
use visionflow_model::{AnnotationId, PresenceUser};

/// Something happened; the getters already answer with the new state.
#[derive(Clone, Debug, Serialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum AnnotatorEvent {
    /// Annotations were added, changed or removed, by whomever.
    Change {
        added: Vec<AnnotationId>,
        updated: Vec<AnnotationId>,
        removed: Vec<AnnotationId>,
    },
    Selection {
        ids: Vec<AnnotationId>,
    },
    /// Suggestions came, went or were decided about, another one is picked, or other ones are shown.
    Suggestions {
        counts: Vec<SuggestionCount>,
        /// So many are drawn.
        shown: usize,
        /// What Enter accepts and Delete rejects.
        picked: Option<AnnotationId>,
    },
    /// The annotation or suggestion under the pointer.
    Hover {
        id: Option<AnnotationId>,
    },
    Tool {
        tool: ToolName,
    },
    /// Someone else came, left, moved or selected.
    Presence {
        peers: Vec<Peer>,
    },
    SaveState {
        state: SaveStateName,
        /// Edits that the server does not have yet.
        edits: usize,
    },
    /// The pointer in image space; `null` when it left the canvas.
    Pointer {
        x: Option<f64>,
        y: Option<f64>,
    },
    /// The view moved; `scale` is CSS pixels per pixel of the photograph.
    Camera {
        scale: f64,
    },
    /// Whether undo and redo are possible may have changed.
    History {
        can_undo: bool,
        can_redo: bool,
    },
    /// What can be done next, by a key.
    Hint {
        hint: String,
    },
    /// One sentence for the person, or the key of one.
    Notice {
        detail: String,
    },
    /// A text is to be typed; the package shows an editor for it.
    EditText(TextToEdit),
    /// Nothing is typed any more.
    EditTextEnd,
    /// The settings of the tools changed, by a tool or from outside.
    Settings,
    /// What the measuring tool shows; the package lays it over the canvas.
    Measures {
        figures: Vec<Figure>,
    },
    /// How far the smart tool and its model are.
    Assist(AssistState),
    /// The project's labels changed on the server to this version.
    Ontology {
        version: i64,
    },
    /// What this person may do in the room, as the server says.
    Role {
        can_edit: bool,
    },
    /// The server refused an edit; it is no longer there.
    Refused {
        detail: String,
    },
    ItemDeleted,
    ItemRestored,
    /// There is no such room, or not for this person.
    RoomNotFound,
    /// The server refused the sign-in even after a fresh token.
    Unauthenticated,
    /// The graphics were lost; they are restored by themselves.
    DeviceLost,
    DeviceRestored,
}

/// How far the smart tool and its model are.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AssistState {
    pub phase: AssistPhaseName,
    /// Bytes of the model that have come, and all of them; 0 while that is not known.
    pub received: f64,
    pub total: f64,
    /// Why it does not work.
    pub reason: Option<String>,
    /// Prompts for the object that is meant.
    pub prompts: usize,
    /// So many objects they may mean, and which of them is shown, from 0.
    pub alternatives: usize,
    pub alternative: usize,
    /// The next answer is on its way.
    pub waiting: bool,
    /// Clicks say what does not belong to the object, without Alt too.
    pub removes: bool,
    /// What is accepted replaces the shape of an annotation.
    pub refines: bool,
    /// Proposals that are neither accepted nor rejected yet.
    pub proposals: Option<usize>,
}

/// How far the model of the smart tool is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "AssistPhase"))]
pub enum AssistPhaseName {
    /// There is none.
    #[default]
    Off,
    /// Not loaded, as nobody has needed it.
    Idle,
    Loading,
    /// It has to see the whole photograph once.
    ZoomOut,
    /// It looks at the photograph.
    Encoding,
    Ready,
    Failed,
}

/// Someone else in the room.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Peer {
    /// The Yjs client's id, in decimal digits.
    pub client_id: String,
    pub user: PresenceUser,
    /// The pointer in image space.
    pub cursor: Option<Point>,
    pub selection: Vec<AnnotationId>,
}

/// A figure of the measuring tool.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Figure {
    /// Where it is shown, in image space.
    pub at: Point,
    /// The number with its unit.
    pub text: String,
}

/// A text annotation that is being typed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TextToEdit {
    /// The annotation whose text it is; `null` for a new one.
    pub id: Option<AnnotationId>,
    /// `x, y, width, height` in image space.
    #[serde(rename = "box")]
    pub xywh: [f64; 4],
    pub text: String,
    /// The font's size in image pixels.
    pub size: f64,
    pub bold: bool,
    pub align: visionflow_model::Align,
}

/// Where this person's edits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "SaveState"))]
pub enum SaveStateName {
    /// No room is connected; edits live in this page only.
    Local,
    /// The document has not arrived yet.
    Opening,
    /// The server has everything.
    Saved,
    /// Connected, and some edits are on their way.
    Saving,
    /// Not connected.
    Offline,
    /// Connected without the right to edit.
    ReadOnly,
}
