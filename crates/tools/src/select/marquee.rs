//! Selecting by a rectangle or a freehand line.

use crate::{Context, Modifiers};
use visionflow_geometry::{Point, Polygon, Rect};
use visionflow_model::{AnnotationId, Shape};

/// Points of a freehand line closer than this on the screen are one, in CSS pixels.
const SPACING: f64 = 3.0;
/// An ellipse is looked at as so many points of its outline.
const ELLIPSE: usize = 32;

/// A rectangle: drawn to the right it selects what lies inside, drawn to the left what it touches;
/// Alt asks for the other one.
#[derive(Debug)]
pub(super) struct Marquee {
    /// In image space.
    pub start: Point,
    pub now: Point,
    /// Adds to what is selected.
    pub adds: bool,
}

impl Marquee {
    pub(super) fn rect(&self) -> Rect {
        Rect::from_corners(self.start, self.now)
    }

    pub(super) fn chosen(&self, modifiers: Modifiers, context: &Context<'_>) -> Vec<AnnotationId> {
        let rect = self.rect();
        let touching = (self.now.x < self.start.x) != modifiers.alt;
        let mut found = context.scene.in_rect(rect);
        found.retain(|id| {
            let annotation = context.document.get(*id);
            annotation.is_some_and(|a| {
                let inside = |b: Rect| rect.contains(b.min) && rect.contains(b.max);
                !a.locked && (touching || a.shape.bounds().is_some_and(inside))
            })
        });
        found
    }
}

/// A freehand line, closed by a straight one: selects what lies inside, with Alt what it touches.
#[derive(Debug)]
pub(super) struct Lasso {
    /// In image space.
    points: Vec<Point>,
    pub adds: bool,
}

impl Lasso {
    pub(super) fn begin(at: Point, adds: bool) -> Self {
        Self {
            points: vec![at],
            adds,
        }
    }

    pub(super) fn extend(&mut self, to: Point, context: &Context<'_>) {
        let far = |last: &Point| context.screen_distance(*last, to) >= SPACING;
        if self.points.last().is_none_or(far) {
            self.points.push(to);
        }
    }

    pub(super) fn line(&self) -> &[Point] {
        &self.points
    }

    pub(super) fn chosen(&self, modifiers: Modifiers, context: &Context<'_>) -> Vec<AnnotationId> {
        let lasso = Polygon::from_ring(self.points.clone());
        let Some(bounds) = lasso.bounds().filter(|_| self.points.len() >= 3) else {
            return Vec::new();
        };
        let mut found = context.scene.in_rect(bounds);
        found.retain(|id| {
            let annotation = context.document.get(*id);
            annotation.is_some_and(|a| !a.locked && meets(&a.shape, &lasso, bounds, modifiers.alt))
        });
        found
    }
}

/// Whether the lasso encloses the shape, or at least `touches` it.
fn meets(shape: &Shape, lasso: &Polygon, around: Rect, touches: bool) -> bool {
    let Some(bounds) = shape.bounds() else {
        return false;
    };
    let inside = around.contains(bounds.min) && around.contains(bounds.max);
    if !touches && !inside {
        return false;
    }
    let (lines, closed) = outline(shape, bounds);
    let points = || lines.iter().flatten().copied();
    let crosses = || {
        let mut edges = lines.iter().flat_map(|line| {
            let last = line.last().filter(|_| closed).map(|last| (*last, line[0]));
            line.windows(2).map(|pair| (pair[0], pair[1])).chain(last)
        });
        let near = |a: Point, b: Point| around.intersects(Rect::from_corners(a, b));
        edges.any(|(a, b)| near(a, b) && lasso.edges().any(|(c, d)| cross(a, b, c, d)))
    };
    if touches {
        // A large shape may hold the whole lasso.
        let first = lasso.points().next();
        let holds = |p| {
            closed
                && Polygon {
                    rings: lines.clone(),
                }
                .contains(p)
        };
        points().any(|p| lasso.contains(p)) || crosses() || first.is_some_and(holds)
    } else {
        points().all(|p| lasso.contains(p)) && !crosses()
    }
}

/// The lines that a shape is made of, and whether they are closed.
fn outline(shape: &Shape, bounds: Rect) -> (Vec<Vec<Point>>, bool) {
    let around = || (vec![bounds.corners().to_vec()], true);
    match shape {
        Shape::RotatedBox(rotated) => (vec![rotated.corners().to_vec()], true),
        Shape::Ellipse(ellipse) => (vec![ellipse.points(ELLIPSE).collect()], true),
        Shape::Polygon(polygon) => (polygon.rings.clone(), true),
        Shape::Polyline(points) | Shape::Path(points) => (vec![points.clone()], false),
        Shape::Arrow(arrow) => (vec![vec![arrow.from, arrow.to]], false),
        Shape::Point(p) => (vec![vec![*p]], false),
        Shape::Cuboid(cuboid) => {
            let faces = [cuboid.front(), cuboid.back()];
            (faces.map(<[Point]>::to_vec).to_vec(), true)
        }
        Shape::Skeleton(skeleton) => {
            let present: Vec<_> = skeleton.present().map(|p| vec![p]).collect();
            if present.is_empty() {
                around()
            } else {
                (present, false)
            }
        }
        Shape::Box(_) | Shape::Text(_) | Shape::Mask(_) | Shape::Tag => around(),
    }
}

/// Whether two segments have a point in common that is no mere touch of their ends.
fn cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    let side = |p: Point, q: Point, r: Point| (q - p).cross(r - p);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}
