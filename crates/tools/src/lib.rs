//! What a pointer and a keyboard do to annotations: one small state machine a tool.
//!
//! [`Toolbox`] takes an [`Input`] and answers with [`Effects`]: edits for the document, and what to
//! show.
//! A gesture only previews, and becomes one edit when it ends; until then nothing is written, so
//! that cancelling it leaves nothing behind.
//! Tools know no browser and no clock; [`Context`] lends them what they look at.

mod context;
mod effects;
mod input;
mod toolbox;

pub use context::Context;
pub use effects::{Cursor, Effects, Hint, Notice, is_marquee};
pub use input::{Button, Input, Modifiers, PointerKind};
pub use toolbox::{ToolKind, Toolbox};
