//! Commands as a person gives them: what they plan, and that undo takes all of it back.
#![allow(clippy::unwrap_used)]

mod any_command;
mod areas;
mod arranging;
mod bench;
mod clipboard;
mod conversion;
mod moving;
mod order;
mod panoptic;
mod properties;
