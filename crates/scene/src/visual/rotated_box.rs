//! A rotated box: an outline of four points, or two triangles and four segments when it is large.

use super::{Detail, Part, Visualizer};
use crate::draw_list::Primitive;
use crate::ink::Ink;
use visionflow_geometry::RotatedBox;

pub fn append(
    visualizer: &mut Visualizer,
    rotated: &RotatedBox,
    part: Part,
    detail: Detail,
    ink: &mut Ink,
) {
    let corners = rotated.corners();
    if part == Part::Whole && visualizer.compact(&corners, true, detail, ink) {
        return;
    }
    if part == Part::Whole || part == Part::Fill {
        let [a, b, c, d] = corners.map(|p| visualizer.relative(p));
        ink.push(Primitive::triangle(a, b, c));
        ink.push(Primitive::triangle(a, c, d));
    }
    if part != Part::Fill {
        visualizer.line(&corners, true, ink);
    }
}
