//! A polyline: an open line without an inside.

use super::{Detail, Part, Visualizer};
use crate::ink::Ink;
use visionflow_geometry::Point;

pub fn append(
    visualizer: &mut Visualizer,
    points: &[Point],
    part: Part,
    detail: Detail,
    ink: &mut Ink,
) {
    visualizer.open_line(points, part, detail, ink);
}
