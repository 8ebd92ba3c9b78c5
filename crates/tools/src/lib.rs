//! What a pointer and a keyboard do to annotations: one small state machine a tool.
//!
//! [`Toolbox`] takes an [`Input`] and answers with [`Effects`]: edits for the document, and what to
//! show.
//! A gesture only previews, and becomes one edit when it ends; until then nothing is written, so
//! that cancelling it leaves nothing behind.
//! What is shown follows from the state alone (each tool's `view`), and the toolbox tells only what
//! is new about it.
//! Tools know no browser and no clock; [`Context`] lends them what they look at.
//!
//! New geometry lies inside the image and on a grid of 1/256 pixel, which the document stores in
//! few bytes and without rounding.

mod arrow;
mod ask;
mod boxes;
mod brush;
mod comment;
mod context;
mod cuboid;
mod effects;
mod ellipse;
mod ghost;
mod input;
mod masks;
mod measure;
mod pan;
mod path;
mod point;
mod polygon;
mod polyline;
mod review;
mod rotated_box;
mod scissors;
mod select;
mod selection;
mod settings;
mod skeleton;
mod slice;
mod smart;
mod snap;
mod spanned;
mod step;
mod text;
mod tool;
mod tool_kind;
mod toolbox;
mod trail;
mod two_points;
mod wand;

pub use ask::{Answer, Ask, Candidate, Prompt, SmartInput, SmartState};
pub use context::Context;
pub use effects::{Cursor, Effects, Hint, Measure, Notice, Pinned, TextEntry, is_marquee};
pub use ghost::shown_to_others;
pub use input::{Button, Input, Modifiers, PointerKind};
pub use settings::{TextSettings, ToolSettings, WandResult};
pub use tool_kind::ToolKind;
pub use toolbox::Toolbox;
