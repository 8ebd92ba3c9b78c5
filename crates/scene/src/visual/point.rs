//! A point: a dot with a white border, as large at every zoom.

use super::{Part, Visualizer};
use crate::draw_list::{Marker, Primitive, primitive_kind};
use crate::ink::Ink;
use visionflow_geometry::Point;

/// CSS pixels.
pub const SIZE: f32 = 9.0;

pub fn append(visualizer: &Visualizer, at: Point, part: Part, ink: &mut Ink) {
    let marker = Primitive::marker(visualizer.relative(at), SIZE, Marker::Circle);
    match part {
        Part::Whole => ink.push(marker.flagged(primitive_kind::FLAG_SOLID)),
        Part::Outline { .. } => ink.push(marker),
        Part::Fill => {}
    }
}
