//! Visualizers: one file per annotation kind says of which primitives it is made.

mod boxes;
mod polygon;

use crate::draw_list::Primitive;
use lyon_tessellation::FillTessellator;
use visionflow_geometry::Point;
use visionflow_model::Shape;

/// Makes primitives relative to an origin; keeps what tessellation needs between shapes.
pub struct Visualizer {
    pub origin: Point,
    tessellator: FillTessellator,
}

/// What of a shape to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it, in as few primitives as can be.
    Whole,
    /// Its inside only.
    Fill,
    /// Its outline as segments, which can be dashed; without the last side when open.
    Outline { closed: bool },
}

impl Visualizer {
    /// Appends the primitives of `part` of `shape`; their style is left zero.
    pub fn append(&mut self, shape: &Shape, part: Part, out: &mut Vec<Primitive>) {
        match shape {
            Shape::Box(rect) => boxes::append(self, *rect, part, out),
            Shape::Polygon(polygon) => polygon::append(self, polygon, part, out),
            // The host shows tags of the whole image beside it.
            _ => {}
        }
    }

    /// The width of a selected shape's stroke, in CSS pixels.
    pub fn selected_width(shape: &Shape) -> f32 {
        match shape {
            Shape::Box(_) => boxes::SELECTED_WIDTH,
            _ => polygon::SELECTED_WIDTH,
        }
    }

    /// Where the shape's name tag hangs, in image space.
    pub fn tag_anchor(shape: &Shape) -> Option<Point> {
        match shape {
            Shape::Box(rect) => Some(rect.min),
            Shape::Polygon(polygon) => polygon::tag_anchor(polygon),
            other => other.bounds().map(|bounds| bounds.min),
        }
    }

    pub fn relative(&self, p: Point) -> [f32; 2] {
        [(p.x - self.origin.x) as f32, (p.y - self.origin.y) as f32]
    }

    /// The segments of one ring or line.
    fn line(&self, points: &[Point], closed: bool, out: &mut Vec<Primitive>) {
        let count = if closed {
            points.len()
        } else {
            points.len().saturating_sub(1)
        };
        let mut before = 0.0;
        for i in 0..count {
            let (from, to) = (points[i], points[(i + 1) % points.len()]);
            let starts_line = i == 0 && !closed;
            let (a, b) = (self.relative(from), self.relative(to));
            out.push(Primitive::segment(a, b, before as f32, starts_line));
            before += from.distance(to);
        }
    }
}

impl Default for Visualizer {
    fn default() -> Self {
        Self {
            origin: Point::default(),
            tessellator: FillTessellator::new(),
        }
    }
}

impl std::fmt::Debug for Visualizer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Visualizer")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}
