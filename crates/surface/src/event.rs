//! Events as plain objects.

use crate::ToolName;
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
    /// The annotation under the pointer.
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
