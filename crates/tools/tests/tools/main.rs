//! The tools as a person uses them: sequences of inputs, and what the document and the screen show.
#![allow(clippy::unwrap_used)]

mod any_inputs;
mod boxes;
mod desk;
mod others;
mod polygon;
mod select;
mod vertices;
