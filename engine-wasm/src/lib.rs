//! The engine on the web: it owns a canvas and everything between a pointer event and a pixel,
//! and between an edit and the server's acknowledgement.
//!
//! Where it stands: DOM events ([`input`]) become tool inputs, the tools' effects become one edit
//! of the document, the document's change set updates the scene, and the frame loop draws what
//! changed ([`engine`]).
//! Beside that path, [`room`] keeps the document in step with its room over a socket and keeps a
//! journal of what the server has not made durable yet, and [`image`] brings photographs to the
//! GPU.
//!
//! The workbench uses [`Engine`] as a Rust library; `annotator-wasm` makes the JavaScript class
//! `Annotator` of it.
//! Nothing here needs the workbench.
#![cfg(target_arch = "wasm32")]

mod browser;
mod engine;
mod error;
mod events;
mod ids;
mod image;
mod inference;
mod input;
mod locks;
mod options;
mod room;
mod sprites;

pub use engine::{
    AssistPhase, AssistSpeed, Detecting, Detection, Embedder, Embedding, EmbeddingFuture, EncodeAt,
    Engine, GpuTrial, Like, Look, ModelFile, ModelToRun, PastView, Proposal, Run, Seen, Speed,
    Speeds, SuggestionCounts, ViewOptions, WeakEngine,
};
pub use error::{EngineError, js_message};
pub use events::{EngineEvent, SaveState, Subscription};
pub use ids::new_id;
pub use image::{PhotoPixels, read_photo};
pub use inference::{AssistOptions, ModelWorker, Progress, PromptModel};
pub use options::{
    Backend, EngineOptions, Peer, RoomConfig, RoomServer, Theme, TokenFuture, TokenSource,
};

pub use visionflow_commands::{Alignment, Axis, Clipboard, Command, Placement};
pub use visionflow_document::{Change, Difference, Edit, EditError, UpdateError};
pub use visionflow_scene::{Channel, ImageLook, Standing};
pub use visionflow_tools::{
    Hint, Measure, Notice, Pinned, SmartInput, SmartState, TextEntry, ToolKind, ToolSettings,
    WandResult,
};
