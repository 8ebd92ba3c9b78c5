//! A cuboid: its front face filled, and its twelve edges.

use super::{Part, Visualizer};
use crate::draw_list::Primitive;
use crate::ink::Ink;
use visionflow_geometry::Cuboid;

pub fn append(visualizer: &Visualizer, cuboid: &Cuboid, part: Part, ink: &mut Ink) {
    if part == Part::Whole || part == Part::Fill {
        let corner = |i: usize| visualizer.relative(cuboid.points[i]);
        ink.push(Primitive::triangle(corner(0), corner(1), corner(2)));
        ink.push(Primitive::triangle(corner(0), corner(2), corner(3)));
    }
    if part != Part::Fill {
        for (a, b) in cuboid.edges() {
            visualizer.line(&[a, b], false, ink);
        }
    }
}
