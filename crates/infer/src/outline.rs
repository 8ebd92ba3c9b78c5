//! Masks to polygons: traced, freed of specks, with few vertices.

use crate::contour::{self, Field};
use crate::frame::Frame;
use crate::logits::{Logits, MASK_SIDE, SPACING};
use visionflow_geometry::{Point, Polygon, Rect, Simplify};

/// How often a tolerance is halved before the outline stays as it was traced.
const ATTEMPTS: usize = 6;

/// What an outline may leave out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outline {
    /// How far the polygon and the mask's border may lie apart at most (Hausdorff distance), in
    /// pixels of the photograph.
    pub tolerance: f64,
    /// Parts and holes of less than so many square pixels of the photograph are dropped; the largest
    /// part stays in any case.
    pub min_area: f64,
}

impl Outline {
    /// For a photograph: nothing is kept that is smaller than ten pixels of the model's square on each
    /// side, as its authors do.
    pub fn of(frame: &Frame, tolerance: f64) -> Self {
        Self {
            tolerance,
            min_area: 100.0 * frame.pixel_area(),
        }
    }

    /// The mask's parts, the largest first: each polygon's first ring is the outline, the others its
    /// holes. Rings neither cross themselves nor each other, and holes lie in their outlines.
    pub fn polygons(&self, logits: &Logits, frame: &Frame) -> Vec<Polygon> {
        let field = Field {
            values: logits.values(),
            columns: MASK_SIDE,
            rows: MASK_SIDE,
            spacing: (SPACING as f64, SPACING as f64),
            x: 0.0..frame.scaled_width() as f64,
            y: 0.0..frame.scaled_height() as f64,
        };
        self.polygons_of(&field, |p| frame.to_image(p))
    }

    /// The same of a field, whose points are brought to the photograph.
    pub(crate) fn polygons_of(
        &self,
        field: &Field,
        to_image: impl Fn(Point) -> Point,
    ) -> Vec<Polygon> {
        let mut rings: Vec<Ring> = contour::rings(field)
            .into_iter()
            .map(|ring| Ring::new(ring.into_iter().map(&to_image).collect()))
            .collect();
        rings.sort_by(|a, b| b.area.abs().total_cmp(&a.area.abs()));
        let largest = rings.iter().position(|ring| ring.area > 0.0);
        let mut index = 0;
        rings.retain(|ring| {
            index += 1;
            ring.area.abs() >= self.min_area && ring.area != 0.0 || largest == Some(index - 1)
        });
        let whole = Polygon {
            rings: rings.iter().map(|ring| ring.points.clone()).collect(),
        };
        let owners = owners(&rings);
        let simple = self.simplified(&whole, &owners);
        let mut parts: Vec<Polygon> = Vec::new();
        let mut part_of = vec![None; rings.len()];
        for (index, ring) in simple.rings.into_iter().enumerate() {
            // Owners are larger, so they came before.
            if rings[index].area > 0.0 {
                part_of[index] = Some(parts.len());
                parts.push(Polygon::from_ring(ring));
            } else if let Some(part) = owners[index].and_then(|owner| part_of[owner]) {
                parts[part].rings.push(ring);
            }
        }
        parts
    }

    /// Fewer vertices at the tolerance asked for, or at less where rings would change places.
    fn simplified(&self, whole: &Polygon, owners: &[Option<usize>]) -> Polygon {
        let mut tolerance = self.tolerance.max(0.0);
        for _ in 0..ATTEMPTS {
            let simple = whole.simplified(Simplify::Distance(tolerance));
            let rings: Vec<Ring> = simple.rings.iter().cloned().map(Ring::new).collect();
            let turned = whole.rings.iter().zip(&rings);
            let kept = turned.clone().all(|(before, after)| {
                after.area != 0.0 && (area(before) > 0.0) == (after.area > 0.0)
            });
            if kept && self::owners(&rings) == owners && !simple.self_intersects() {
                return simple;
            }
            tolerance /= 2.0;
        }
        whole.clone()
    }
}

struct Ring {
    points: Vec<Point>,
    bounds: Option<Rect>,
    /// Positive for outlines, negative for holes.
    area: f64,
}

impl Ring {
    fn new(points: Vec<Point>) -> Self {
        Self {
            bounds: Rect::around(points.iter().copied()),
            area: area(&points),
            points,
        }
    }

    /// Whether another ring that does not cross this one lies in it.
    fn holds(&self, other: &Self) -> bool {
        let (Some(own), Some(bounds)) = (self.bounds, other.bounds) else {
            return false;
        };
        let around = own.min.x <= bounds.min.x
            && own.min.y <= bounds.min.y
            && own.max.x >= bounds.max.x
            && own.max.y >= bounds.max.y;
        around && encloses(&self.points, other.points[0])
    }
}

/// For every ring the smallest other that it lies in.
fn owners(rings: &[Ring]) -> Vec<Option<usize>> {
    let owner = |(index, ring): (usize, &Ring)| {
        let around = (0..rings.len()).filter(|other| *other != index && rings[*other].holds(ring));
        around.min_by(|a, b| rings[*a].area.abs().total_cmp(&rings[*b].area.abs()))
    };
    rings.iter().enumerate().map(owner).collect()
}

fn edges(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    (0..ring.len()).map(move |i| (ring[i], ring[(i + 1) % ring.len()]))
}

/// With its sign: positive for a ring that runs clockwise on screen.
fn area(ring: &[Point]) -> f64 {
    let Some(origin) = ring.first() else {
        return 0.0;
    };
    let twice: f64 = edges(ring)
        .map(|(a, b)| (a - *origin).cross(b - *origin))
        .sum();
    twice / 2.0
}

fn encloses(ring: &[Point], p: Point) -> bool {
    let crossed = edges(ring).filter(|(a, b)| {
        (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x
    });
    crossed.count() % 2 == 1
}
