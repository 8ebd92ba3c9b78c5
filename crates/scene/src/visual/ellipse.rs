//! An ellipse: one primitive at any zoom; a ghost's dashes need segments.

use super::{Part, Visualizer};
use crate::draw_list::Primitive;
use crate::ink::Ink;
use visionflow_geometry::{Ellipse, Point};

/// Sides of the outline that can be dashed.
const SIDES: usize = 96;

pub fn append(visualizer: &Visualizer, ellipse: &Ellipse, part: Part, ink: &mut Ink) {
    match part {
        Part::Whole | Part::Fill => ink.push(Primitive::ellipse(
            visualizer.relative(ellipse.center),
            [ellipse.radii.x as f32, ellipse.radii.y as f32],
            ellipse.angle,
        )),
        Part::Outline { .. } => {
            let points: Vec<Point> = ellipse.points(SIDES).collect();
            visualizer.line(&points, true, ink);
        }
    }
}
