//! Union, difference and intersection of polygons with holes, cutting along a line, and repair.
//!
//! Carried out by i_overlay (a sweep over edges on an integer grid, as by Martínez, Rueda and Feito).
//! The grid's step is 2⁻²⁰ pixels: a vertex of the operands that survives comes back unchanged, and
//! a crossing is at most a millionth of a pixel off.

use super::{Polygon, ring_contains, ring_edges, twice_signed_area};
use crate::Point;
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::string::overlay::StringOverlay;
use i_overlay::string::rule::StringRule;
use std::collections::HashMap;

/// Steps of the grid in a pixel.
const STEPS: f64 = 1_048_576.0;
/// Coordinates beyond it, in pixels, are drawn to it: so the sums of the sweep fit.
const FARTHEST: f64 = 1e12;

type Place = IntPoint<i64>;

impl Polygon {
    /// What either covers, as parts that do not touch along an edge: each an outline and its holes.
    ///
    /// As in all operations here, insides follow the even-odd rule, outlines run clockwise on
    /// screen and holes against it, and vertices on a straight line are dropped.
    pub fn union(&self, other: &Self) -> Vec<Self> {
        self.overlay(other, OverlayRule::Union)
    }

    /// What this one covers and `other` does not.
    pub fn difference(&self, other: &Self) -> Vec<Self> {
        self.overlay(other, OverlayRule::Difference)
    }

    /// What both cover.
    pub fn intersection(&self, other: &Self) -> Vec<Self> {
        self.overlay(other, OverlayRule::Intersect)
    }

    /// What exactly one covers.
    pub fn xor(&self, other: &Self) -> Vec<Self> {
        self.overlay(other, OverlayRule::Xor)
    }

    /// What any of the polygons covers.
    pub fn union_all<'a>(polygons: impl IntoIterator<Item = &'a Self>) -> Vec<Self> {
        let mut grid = Grid::default();
        let mut all = overlay();
        for polygon in polygons {
            // Outlines that run one way let overlaps add up, where the even-odd rule would cancel.
            let mut one = overlay();
            grid.add(&mut one, polygon, ShapeType::Subject);
            for shape in one.overlay(OverlayRule::Subject, FillRule::EvenOdd) {
                all.add_source(&shape, ShapeType::Subject);
            }
        }
        grid.polygons(all.overlay(OverlayRule::Subject, FillRule::NonZero))
    }

    /// The same area as simple outlines with simple holes: self-intersections resolved, repeated
    /// vertices and parts without area dropped, vertices that are no numbers left out.
    pub fn repaired(&self) -> Vec<Self> {
        let mut grid = Grid::default();
        let mut overlay = overlay();
        grid.add(&mut overlay, self, ShapeType::Subject);
        grid.polygons(overlay.overlay(OverlayRule::Subject, FillRule::EvenOdd))
    }

    /// The parts into which the path `line` cuts the polygon; together they cover it.
    ///
    /// Where the path ends inside, it cuts nothing off; one part means that nothing was cut.
    pub fn sliced(&self, line: &[Point]) -> Vec<Self> {
        let mut grid = Grid::default();
        let options = options();
        let mut overlay = StringOverlay::with_options(self.vertex_count() + line.len(), options);
        for ring in grid.rings(self) {
            overlay.add_shape_contour(&ring);
        }
        let path = grid.path(line);
        overlay.add_string_path(&path);
        let graph = overlay.build_graph_view(FillRule::EvenOdd);
        let parts = graph.map(|graph| graph.extract_shapes(StringRule::Slice));
        grid.polygons(parts.unwrap_or_default())
    }

    fn overlay(&self, other: &Self, rule: OverlayRule) -> Vec<Self> {
        let mut grid = Grid::default();
        let mut overlay = overlay();
        grid.add(&mut overlay, self, ShapeType::Subject);
        grid.add(&mut overlay, other, ShapeType::Clip);
        grid.polygons(overlay.overlay(rule, FillRule::EvenOdd))
    }
}

fn options() -> IntOverlayOptions<u128> {
    IntOverlayOptions::ogc()
}

fn overlay() -> Overlay<i64> {
    Overlay::new_custom(64, options(), i_overlay::core::solver::Solver::default())
}

/// The way onto the grid and back to the very points that came from there.
#[derive(Default)]
struct Grid {
    points: HashMap<(i64, i64), Point>,
}

impl Grid {
    fn add(&mut self, overlay: &mut Overlay<i64>, polygon: &Polygon, kind: ShapeType) {
        overlay.add_source(&self.rings(polygon), kind);
    }

    fn rings(&mut self, polygon: &Polygon) -> Vec<Vec<Place>> {
        let rings = polygon.rings.iter().map(|ring| self.path(ring));
        rings.filter(|ring| ring.len() > 2).collect()
    }

    fn path(&mut self, points: &[Point]) -> Vec<Place> {
        let finite = points.iter().filter(|p| p.is_finite());
        finite
            .map(|p| {
                let step = |v: f64| (v.clamp(-FARTHEST, FARTHEST) * STEPS).round() as i64;
                let place = Place::new(step(p.x), step(p.y));
                self.points.entry((place.x, place.y)).or_insert(*p);
                place
            })
            .collect()
    }

    fn point(&self, place: Place) -> Point {
        let known = self.points.get(&(place.x, place.y)).copied();
        known.unwrap_or_else(|| Point::new(place.x as f64 / STEPS, place.y as f64 / STEPS))
    }

    fn polygons(&self, shapes: Vec<Vec<Vec<Place>>>) -> Vec<Polygon> {
        let ring = |ring: Vec<Place>| ring.into_iter().map(|at| self.point(at)).collect();
        let polygon = |shape: Vec<Vec<Place>>| Polygon {
            rings: shape.into_iter().map(ring).collect(),
        };
        regrouped(shapes.into_iter().map(polygon).collect())
    }
}

/// Comparisons of a hole with an outline's edge beyond which the grouping is taken on trust.
const MOST_COMPARISONS: usize = 100_000_000;

/// The parts with each hole in the outline around it: where outlines touch within a step of the
/// grid, i_overlay 9.1 now and then gives a hole to the wrong part.
fn regrouped(mut parts: Vec<Polygon>) -> Vec<Polygon> {
    let holes: usize = parts.iter().map(|part| part.rings.len() - 1).sum();
    let edges: usize = parts.iter().map(|part| part.rings[0].len()).sum();
    if parts.len() < 2 || holes * edges > MOST_COMPARISONS {
        return parts;
    }
    for index in 0..parts.len() {
        let mut ring = 1;
        while ring < parts[index].rings.len() {
            let hole = &parts[index].rings[ring];
            let home = if lies_in(hole, &parts[index].rings[0]) {
                index
            } else {
                let around = (0..parts.len()).filter(|i| lies_in(hole, &parts[*i].rings[0]));
                around
                    .min_by(|a, b| {
                        let size = |i: &usize| twice_signed_area(&parts[*i].rings[0]).abs();
                        size(a).total_cmp(&size(b))
                    })
                    .unwrap_or(index)
            };
            if home == index {
                ring += 1;
            } else {
                let hole = parts[index].rings.remove(ring);
                parts[home].rings.push(hole);
            }
        }
    }
    parts
}

/// Whether a hole lies in an outline, judged by the middle of an edge that is farthest from it.
fn lies_in(hole: &[Point], outline: &[Point]) -> bool {
    let off = |p: &Point| {
        let edges = ring_edges(outline);
        edges
            .map(|(a, b)| p.distance_to_segment(a, b))
            .fold(f64::INFINITY, f64::min)
    };
    // A few edges are enough to find one that does not run along the outline.
    let middles = ring_edges(hole).map(|(a, b)| a + (b - a) * 0.5).take(16);
    let clear = middles.max_by(|p, q| off(p).total_cmp(&off(q)));
    clear.is_some_and(|p| ring_contains(outline, p))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rect;

    fn square(x: f64, y: f64, side: f64) -> Polygon {
        let min = Point::new(x, y);
        let max = Point::new(x + side, y + side);
        Polygon::from_ring(Rect::from_corners(min, max).corners().to_vec())
    }

    fn areas(parts: &[Polygon]) -> Vec<f64> {
        let mut areas: Vec<f64> = parts.iter().map(Polygon::area).collect();
        areas.sort_by(f64::total_cmp);
        areas
    }

    #[test]
    fn squares_combine() {
        let (a, b) = (square(0.0, 0.0, 10.0), square(5.0, 5.0, 10.0));
        assert_eq!(areas(&a.union(&b)), [175.0]);
        assert_eq!(areas(&a.intersection(&b)), [25.0]);
        assert_eq!(areas(&a.difference(&b)), [75.0]);
        assert_eq!(areas(&a.xor(&b)), [75.0, 75.0]);
        assert_eq!(areas(&a.difference(&square(4.0, 4.0, 2.0))), [96.0]);
        assert_eq!(a.difference(&square(4.0, 4.0, 2.0))[0].rings.len(), 2);
        assert_eq!(a.intersection(&square(50.0, 0.0, 1.0)), []);
        let row: Vec<_> = (0..9)
            .map(|i| square(f64::from(i) * 5.0, 0.0, 10.0))
            .collect();
        assert_eq!(areas(&Polygon::union_all(&row)), [500.0]);
    }

    #[test]
    fn vertices_survive_to_the_last_bit() {
        let odd = Point::new(0.1 + 0.2, 1.0 / 3.0);
        let ring = vec![odd, Point::new(30.7, 0.3), Point::new(17.1, 29.9)];
        let parts = Polygon::from_ring(ring).difference(&square(20.0, 0.0, 100.0));
        assert!(parts[0].points().any(|p| p == odd));
    }

    #[test]
    fn a_bow_tie_is_repaired() {
        let p = Point::new;
        let tie = vec![p(0.0, 0.0), p(10.0, 10.0), p(10.0, 0.0), p(0.0, 10.0)];
        let mut nonsense = tie.clone();
        nonsense.insert(2, p(f64::NAN, 1.0));
        assert_eq!(areas(&Polygon::from_ring(tie).repaired()), [25.0, 25.0]);
        assert_eq!(
            areas(&Polygon::from_ring(nonsense).repaired()),
            [25.0, 25.0]
        );
        let line = vec![p(0.0, 0.0), p(5.0, 5.0), p(9.0, 9.0)];
        assert_eq!(Polygon::from_ring(line).repaired(), []);
        let far = vec![p(-1e300, 0.0), p(1e300, 0.0), p(0.0, 1e300)];
        assert_eq!(Polygon::from_ring(far).repaired().len(), 1);
    }

    #[test]
    fn a_line_cuts_and_a_loose_end_does_not() {
        let p = Point::new;
        let frame = Polygon {
            rings: [square(0.0, 0.0, 10.0), square(4.0, 4.0, 2.0)]
                .map(|square| square.rings[0].clone())
                .to_vec(),
        };
        let check = |line: &[Point], expected: &[f64]| {
            assert_eq!(areas(&frame.sliced(line)), expected, "{line:?}");
        };
        check(&[p(-1.0, 5.0), p(11.0, 5.0)], &[48.0, 48.0]);
        check(&[p(-1.0, 2.0), p(11.0, 2.0)], &[20.0, 76.0]);
        check(&[p(-1.0, 2.0), p(8.0, 2.0), p(8.0, -1.0)], &[16.0, 80.0]);
        check(&[p(-1.0, 2.0), p(5.0, 2.0)], &[96.0]);
        check(&[p(20.0, 2.0), p(25.0, 2.0)], &[96.0]);
        check(
            &[p(1.0, 1.0), p(3.0, 1.0), p(3.0, 3.0), p(1.0, 2.0)],
            &[96.0],
        );
        check(&[], &[96.0]);
    }
}
