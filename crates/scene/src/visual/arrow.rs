//! An arrow: a segment and a head, which keeps its size at every zoom.

use super::{Part, Visualizer};
use crate::draw_list::{Marker, Primitive, primitive_kind};
use crate::ink::Ink;
use visionflow_model::Arrow;

/// The length of the head in CSS pixels.
const HEAD: f32 = 14.0;

pub fn append(visualizer: &Visualizer, arrow: &Arrow, part: Part, ink: &mut Ink) {
    if part == Part::Fill {
        return;
    }
    let (from, to) = (
        visualizer.relative(arrow.from),
        visualizer.relative(arrow.to),
    );
    let shaft = Primitive::segment(from, to, 0.0, true);
    ink.push(shaft.flagged(primitive_kind::FLAG_SHORT_END));
    let along = arrow.to - arrow.from;
    let length = along.length();
    if length > 0.0 {
        let mut head = Primitive::marker(to, HEAD, Marker::Head);
        head.b = [(along.x / length) as f32, (along.y / length) as f32];
        ink.push(head.flagged(primitive_kind::FLAG_SOLID));
    }
}
