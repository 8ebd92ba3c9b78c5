//! Visualizers: one file per annotation kind says of which primitives it is made.

mod arrow;
mod boxes;
mod cuboid;
mod ellipse;
mod mask;
mod path;
mod point;
mod polygon;
mod polyline;
mod rotated_box;
mod skeleton;
mod text;

pub use skeleton::present_bones;

use crate::draw_list::Primitive;
use crate::ink::{Ink, MAX_OUTLINE};
use crate::masks::{MaskAtlas, Owner};
use lyon_tessellation::FillTessellator;
use visionflow_geometry::{Point, Rect};
use visionflow_model::{JointId, Shape};

/// Makes primitives relative to an origin; keeps what tessellation needs between shapes.
pub struct Visualizer {
    pub origin: Point,
    /// What masks show of themselves.
    pub masks: MaskAtlas,
    tessellator: FillTessellator,
    /// Refilled for every line.
    points: Vec<[f32; 2]>,
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

/// How finely to make it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Detail {
    /// As it is at any zoom: triangles and segments.
    Full,
    /// Small on the screen: one outline primitive where it has few enough points.
    Compact,
    /// So small that points nearer to each other than this (image pixels) are one.
    Coarse(f64),
}

/// A shape to be drawn.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub shape: &'a Shape,
    /// Which joints of a skeleton are joined.
    pub bones: &'a [[JointId; 2]],
    pub part: Part,
    pub detail: Detail,
    pub owner: Owner,
}

impl Visualizer {
    /// Appends the primitives of a shape; their style is left zero.
    pub fn append(&mut self, subject: Subject<'_>, ink: &mut Ink) {
        let Subject { part, detail, .. } = subject;
        match subject.shape {
            Shape::Box(rect) => boxes::append(self, *rect, part, ink),
            Shape::RotatedBox(rotated) => rotated_box::append(self, rotated, part, detail, ink),
            Shape::Ellipse(ellipse) => ellipse::append(self, ellipse, part, ink),
            Shape::Polygon(polygon) => polygon::append(self, polygon, part, detail, ink),
            Shape::Polyline(points) => polyline::append(self, points, part, detail, ink),
            Shape::Point(at) => point::append(self, *at, part, ink),
            Shape::Path(points) => path::append(self, points, part, detail, ink),
            Shape::Arrow(arrow) => arrow::append(self, arrow, part, ink),
            Shape::Text(text) => text::append(self, text, part, ink),
            Shape::Cuboid(cuboid) => cuboid::append(self, cuboid, part, ink),
            Shape::Mask(mask) => mask::append(self, mask, part, subject.owner, ink),
            Shape::Skeleton(skeleton) => skeleton::append(self, skeleton, subject.bones, part, ink),
            // The host shows tags of the whole image beside it.
            Shape::Tag => {}
        }
    }

    /// The width of a selected shape's stroke, in CSS pixels.
    pub fn selected_width(shape: &Shape) -> f32 {
        match shape {
            Shape::Box(_) | Shape::Text(_) => boxes::SELECTED_WIDTH,
            Shape::Mask(_) => mask::SELECTED_WIDTH,
            _ => polygon::SELECTED_WIDTH,
        }
    }

    /// Where the shape's name tag hangs, in image space.
    pub fn tag_anchor(shape: &Shape) -> Option<Point> {
        match shape {
            Shape::Polygon(polygon) => topmost(polygon.points()),
            Shape::RotatedBox(rotated) => topmost(rotated.corners()),
            Shape::Polyline(points) | Shape::Path(points) => topmost(points.iter().copied()),
            Shape::Cuboid(cuboid) => topmost(cuboid.points),
            Shape::Arrow(arrow) => topmost([arrow.from, arrow.to]),
            Shape::Skeleton(skeleton) => topmost(skeleton.present()),
            other => other.bounds().map(|bounds| bounds.min),
        }
    }

    pub fn relative(&self, p: Point) -> [f32; 2] {
        [(p.x - self.origin.x) as f32, (p.y - self.origin.y) as f32]
    }

    /// The rectangle in place of a shape that is too small to see.
    pub fn dot(&self, bounds: Rect, ink: &mut Ink) {
        let rect = Primitive::rect(self.relative(bounds.min), self.relative(bounds.max));
        ink.push(rect);
    }

    /// One ring or line as a single primitive; whether it has few enough points for that.
    fn compact(&mut self, points: &[Point], closed: bool, detail: Detail, ink: &mut Ink) -> bool {
        let mut relative = std::mem::take(&mut self.points);
        relative.clear();
        match detail {
            Detail::Full => {}
            Detail::Compact if points.len() > MAX_OUTLINE => {}
            Detail::Compact => relative.extend(points.iter().map(|p| self.relative(*p))),
            Detail::Coarse(gap) => {
                let kept = thinned(points, gap).take(MAX_OUTLINE + 1);
                relative.extend(kept.map(|p| self.relative(p)));
            }
        }
        let fits = (2..=MAX_OUTLINE).contains(&relative.len());
        if fits {
            ink.outline(&relative, closed);
        }
        self.points = relative;
        fits
    }

    /// A line that is never closed, whatever its kind.
    fn open_line(&mut self, points: &[Point], part: Part, detail: Detail, ink: &mut Ink) {
        match part {
            Part::Fill => {}
            Part::Outline { .. } => self.line(points, false, ink),
            Part::Whole if self.compact(points, false, detail, ink) => {}
            Part::Whole => match detail {
                Detail::Coarse(gap) => {
                    let kept: Vec<_> = thinned(points, gap).collect();
                    self.line(&kept, false, ink);
                }
                _ => self.line(points, false, ink),
            },
        }
    }

    /// The segments of one ring or line.
    fn line(&self, points: &[Point], closed: bool, ink: &mut Ink) {
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
            ink.push(Primitive::segment(a, b, before as f32, starts_line));
            before += from.distance(to);
        }
    }
}

/// The points that lie at least `gap` from the one kept before; the last is always kept.
fn thinned(points: &[Point], gap: f64) -> impl Iterator<Item = Point> + '_ {
    let mut kept: Option<Point> = None;
    points.iter().enumerate().filter_map(move |(i, &p)| {
        let is_last = i + 1 == points.len();
        let keep = is_last || kept.is_none_or(|before| before.distance(p) >= gap);
        keep.then(|| {
            kept = Some(p);
            p
        })
    })
}

/// The topmost point, the leftmost of several.
fn topmost(points: impl IntoIterator<Item = Point>) -> Option<Point> {
    points
        .into_iter()
        .min_by(|p, q| p.y.total_cmp(&q.y).then(p.x.total_cmp(&q.x)))
}

impl Default for Visualizer {
    fn default() -> Self {
        Self {
            origin: Point::default(),
            masks: MaskAtlas::default(),
            tessellator: FillTessellator::new(),
            points: Vec::new(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_the_ends() {
        let line: Vec<_> = (0..10).map(|i| Point::new(f64::from(i), 0.0)).collect();
        let kept: Vec<_> = thinned(&line, 4.0).map(|p| p.x).collect();
        assert_eq!(kept, [0.0, 4.0, 8.0, 9.0]);
    }
}
