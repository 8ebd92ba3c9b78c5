//! A box: one primitive, fill and stroke in one.

use super::{Part, Visualizer};
use crate::ink::Ink;
use visionflow_geometry::Rect;

/// The white line inside it is drawn beside the stroke, which keeps its width.
pub const SELECTED_WIDTH: f32 = 2.0;

pub fn append(visualizer: &Visualizer, rect: Rect, part: Part, ink: &mut Ink) {
    match part {
        Part::Whole | Part::Fill => visualizer.dot(rect, ink),
        Part::Outline { .. } => visualizer.line(&rect.corners(), true, ink),
    }
}
