//! The JavaScript surface as plain values: what goes into the class `Annotator` and what comes out.
//!
//! `annotator-wasm` reads and writes these; the TypeScript types of the npm package are generated from
//! them and from the crates they are made of (`cargo xtask generate`), so that the two cannot differ.
//! Geometry and labels have the same JSON as in the HTTP API, in `snake_case`; what only JavaScript
//! sees is in `camelCase`.

mod annotation;
mod detect;
mod event;
mod mount;
mod read;
mod suggestion;
mod tool_name;
#[cfg(feature = "ts")]
mod typescript;
mod view;

pub use annotation::{AnnotationPatch, AnnotationValue, NewAnnotation};
pub use detect::{DetectOptions, ModelFile};
pub use event::{
    AnnotatorEvent, AssistPhaseName, AssistState, Figure, Peer, SaveStateName, TextToEdit,
};
pub use mount::{AssistFiles, Backend, Connection, EngineMount, SmartAction, Theme};
pub use read::{BadValue, merged, read};
pub use suggestion::{
    NewSuggestion, SuggestOptions, SuggestionCount, SuggestionFilter, SuggestionValue,
};
pub use tool_name::ToolName;
#[cfg(feature = "ts")]
pub use typescript::declarations;
pub use view::{ChannelName, ViewOptions};
