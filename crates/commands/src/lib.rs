//! What is done to a selection, planned as edits.
//!
//! [`plan`] takes a [`Command`] and answers with a [`Plan`]: the edits for one undo step, what is
//! selected afterwards, and what a person should be told.
//! Pure functions over a document: nothing is written here, and what is planned is valid by
//! `Shape::check`.
//! Locked annotations are left alone, and the plan says so.
//! [`Clipboard`] carries annotations to other photographs and projects.
//!
//! The tools use the same functions for their gestures ([`turned`], [`stretched`], [`copied`]), so
//! that a handle and a command do the same.
//! What is deliberately absent: drawing, and looking at the screen; that is the tools'.

mod area;
mod arrange;
mod bulk;
mod choose;
mod clipboard;
mod combine;
mod command;
mod convert;
mod copies;
mod error;
mod group;
mod order;
mod outline;
mod panoptic;
mod plan;
mod transform;
mod turn;

pub use area::is_area;
pub use clipboard::{Clipboard, Destination, Placement, paste};
pub use command::{Alignment, Axis, Command, plan};
pub use convert::converted;
pub use copies::copied;
pub use error::{CommandError, Loss, Note};
pub use panoptic::{kept_apart, without};
pub use plan::{Plan, Workplace};
pub use transform::{kept_inside, on_grid, shape_on_grid, stretched, way_inside};
pub use turn::{mirrored, turned, turned_inside, wrapped};
