//! A box: one primitive, fill and stroke in one.

use super::{Part, Visualizer};
use crate::draw_list::Primitive;
use visionflow_geometry::Rect;

/// The white line inside it is drawn beside the stroke, which keeps its width.
pub const SELECTED_WIDTH: f32 = 2.0;

pub fn append(visualizer: &Visualizer, rect: Rect, part: Part, out: &mut Vec<Primitive>) {
    match part {
        Part::Whole | Part::Fill => out.push(Primitive::rect(
            visualizer.relative(rect.min),
            visualizer.relative(rect.max),
        )),
        Part::Outline { .. } => visualizer.line(&rect.corners(), true, out),
    }
}
