//! The tools as a person uses them: sequences of inputs, and what the document and the screen show.
#![allow(clippy::unwrap_used)]

mod any_inputs;
mod boxes;
mod commenting;
mod cuboid;
mod defaults;
mod desk;
mod ellipse;
mod lines;
mod measuring;
mod others;
mod painting;
mod polygon;
mod rings;
mod rotated_box;
mod scissors;
mod select;
mod select_many;
mod select_points;
mod select_random;
mod select_turn;
mod skeletons;
mod slicing;
mod smart;
mod snapping;
mod suggestions;
mod texts;
mod vertices;
mod wand;
