//! A text: its frame; the words are a sprite above it (`texts.rs`).

use super::{Part, Visualizer, boxes};
use crate::ink::Ink;
use visionflow_model::TextBox;

pub fn append(visualizer: &Visualizer, text: &TextBox, part: Part, ink: &mut Ink) {
    boxes::append(visualizer, text.rect, part, ink);
}
