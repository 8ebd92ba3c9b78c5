//! Snapping to outlines, adding a vertex to one, and sharing a border with a neighbour.

use super::{Polygon, ring_edges};
use crate::Point;

/// A place on the outline of a polygon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contact {
    pub at: Point,
    pub ring: usize,
    /// The edge from vertex `edge` to the next; where `on_vertex`, `at` is vertex `edge` itself.
    pub edge: usize,
    pub on_vertex: bool,
    /// How far `at` is from the point that was asked about, in pixels.
    pub distance: f64,
}

impl Polygon {
    /// The nearest place of the outline; `None` without vertices.
    pub fn nearest(&self, p: Point) -> Option<Contact> {
        let rings = self.rings.iter().enumerate();
        let edges = rings.flat_map(|(ring, points)| {
            let edges = ring_edges(points).enumerate();
            edges.map(move |(edge, (a, b))| (ring, edge, points.len(), a, b))
        });
        let places = edges.map(|(ring, edge, count, a, b)| {
            let at = p.nearest_on_segment(a, b);
            Contact {
                at,
                ring,
                edge: if at == b { (edge + 1) % count } else { edge },
                on_vertex: at == a || at == b,
                distance: p.distance(at),
            }
        });
        places.min_by(|a, b| a.distance.total_cmp(&b.distance))
    }

    /// The nearest vertex within `radius`, or else the nearest place of an edge within it.
    pub fn snap(&self, p: Point, radius: f64) -> Option<Contact> {
        let rings = self.rings.iter().enumerate();
        let vertices = rings.flat_map(|(ring, points)| {
            let points = points.iter().enumerate();
            points.map(move |(edge, at)| Contact {
                at: *at,
                ring,
                edge,
                on_vertex: true,
                distance: p.distance(*at),
            })
        });
        let vertex = vertices.min_by(|a, b| a.distance.total_cmp(&b.distance));
        let near = |contact: &Contact| contact.distance <= radius;
        vertex.filter(near).or_else(|| self.nearest(p).filter(near))
    }

    /// Adds `p` as a vertex of the nearest edge; the ring and index at which it stands.
    pub fn insert_vertex(&mut self, p: Point) -> Option<(usize, usize)> {
        let rings = self.rings.iter().enumerate();
        let edges = rings.flat_map(|(ring, points)| {
            let edges = ring_edges(points).enumerate();
            edges.map(move |(edge, (a, b))| (p.distance_to_segment(a, b), ring, edge + 1))
        });
        let (_, ring, index) = edges.min_by(|a, b| a.0.total_cmp(&b.0))?;
        self.rings[ring].insert(index, p);
        Some((ring, index))
    }

    /// The vertices of this polygon's outline strictly between two places on one of its rings, in
    /// the order from `from` to `to`: of the two ways round the one nearest to `drawn`, the path
    /// that was drawn there. `None` where the places are on different rings.
    pub fn border_between(
        &self,
        from: Contact,
        to: Contact,
        drawn: &[Point],
    ) -> Option<Vec<Point>> {
        let ring = self.rings.get(from.ring).filter(|_| from.ring == to.ring)?;
        let forward = walk(ring, from, to);
        let mut backward = walk(ring, to, from);
        backward.reverse();
        let ends = [from.at, to.at];
        let off = |way: &[Point]| {
            let whole = [&ends[..1], way, &ends[1..]].concat();
            apart(&whole, drawn).max(apart(drawn, &whole))
        };
        Some(if off(&forward) <= off(&backward) {
            forward
        } else {
            backward
        })
    }

    /// `ring`, a new outline, with the stretch that runs along this polygon replaced by this
    /// polygon's own vertices, so that the two share a border.
    ///
    /// The stretch is the longest in which no vertex is farther than `radius` from the outline; it
    /// must be between two vertices at least. `None` where there is none.
    pub fn share_border(&self, ring: &[Point], radius: f64) -> Option<Vec<Point>> {
        let contacts: Vec<Option<Contact>> = ring.iter().map(|p| self.snap(*p, radius)).collect();
        let near: Vec<bool> = contacts.iter().map(Option::is_some).collect();
        let (start, count) = longest_stretch(&near)?;
        let at = |i: usize| (start + i) % ring.len();
        let (from, to) = (contacts[at(0)]?, contacts[at(count - 1)]?);
        let drawn: Vec<Point> = (0..count).map(|i| ring[at(i)]).collect();
        let border = self.border_between(from, to, &drawn)?;
        let rest = (count..ring.len()).map(|i| ring[at(i)]);
        let mut shared: Vec<Point> = std::iter::once(from.at)
            .chain(border)
            .chain([to.at])
            .chain(rest)
            .collect();
        shared.dedup();
        Some(shared)
    }
}

/// The vertices strictly between two places, in the direction of the ring.
fn walk(ring: &[Point], from: Contact, to: Contact) -> Vec<Point> {
    if from.at == to.at {
        return Vec::new();
    }
    let n = ring.len();
    let ahead = |contact: Contact, p: Point| contact.at.distance(p);
    let same_edge = from.edge == to.edge && !from.on_vertex;
    let start = ring[from.edge % n];
    if same_edge && ahead(to, start) >= ahead(from, start) && !to.on_vertex {
        return Vec::new();
    }
    // A place within an edge is past its first vertex.
    let last = if to.on_vertex {
        (to.edge + n - 1) % n
    } else {
        to.edge
    };
    if from.on_vertex && from.edge == to.edge && !to.on_vertex {
        return Vec::new();
    }
    let first = (from.edge + 1) % n;
    let count = (last + n - first) % n + 1;
    let count = if to.on_vertex && first == to.edge {
        0
    } else {
        count
    };
    (0..count).map(|i| ring[(first + i) % n]).collect()
}

/// How far the path `a` gets from the path `b`, at its vertices and the middles of its edges.
fn apart(a: &[Point], b: &[Point]) -> f64 {
    let middles = a.windows(2).map(|edge| edge[0] + (edge[1] - edge[0]) * 0.5);
    let to_b = |p: Point| {
        let edges = b
            .windows(2)
            .map(|edge| p.distance_to_segment(edge[0], edge[1]));
        let ends = b.first().map(|q| p.distance(*q));
        edges.chain(ends).fold(f64::INFINITY, f64::min)
    };
    a.iter()
        .copied()
        .chain(middles)
        .map(to_b)
        .fold(0.0, f64::max)
}

/// Where the longest cyclic stretch of `true` begins and how long it is; two at least.
fn longest_stretch(near: &[bool]) -> Option<(usize, usize)> {
    let n = near.len();
    let Some(gap) = near.iter().position(|near| !near) else {
        return (n > 1).then_some((0, n));
    };
    let mut best = (0, 0);
    let mut length = 0;
    for i in 1..=n {
        if near[(gap + i) % n] {
            length += 1;
            if length > best.1 {
                best = ((gap + i + 1 - length) % n, length);
            }
        } else {
            length = 0;
        }
    }
    (best.1 > 1).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(x: f64, y: f64) -> Point {
        Point::new(x, y)
    }

    /// A square with a bulge on its right side.
    fn neighbour() -> Polygon {
        let ring = vec![
            p(0.0, 0.0),
            p(10.0, 0.0),
            p(13.0, 5.0),
            p(10.0, 10.0),
            p(0.0, 10.0),
        ];
        Polygon::from_ring(ring)
    }

    #[test]
    fn vertices_attract_before_edges() {
        let polygon = neighbour();
        let snap = |x, y, radius| polygon.snap(p(x, y), radius).map(|c| (c.at, c.on_vertex));
        assert_eq!(snap(9.0, 0.5, 2.0), Some((p(10.0, 0.0), true)));
        assert_eq!(snap(5.0, 0.5, 2.0), Some((p(5.0, 0.0), false)));
        assert_eq!(snap(5.0, 5.0, 2.0), None);
        assert_eq!(snap(0.0, 5.0, 0.0), Some((p(0.0, 5.0), false)));
        assert_eq!(Polygon::default().snap(p(0.0, 0.0), 9.0), None);
    }

    #[test]
    fn a_vertex_comes_into_the_nearest_edge() {
        let mut polygon = neighbour();
        assert_eq!(polygon.insert_vertex(p(-1.0, 5.0)), Some((0, 5)));
        assert_eq!(polygon.insert_vertex(p(5.0, -1.0)), Some((0, 1)));
        assert_eq!(polygon.vertex_count(), 7);
        assert_eq!(polygon.rings[0][1], p(5.0, -1.0));
    }

    fn check(from: Point, to: Point, drawn: &[Point], expected: &[Point]) {
        let polygon = neighbour();
        let contact = |at: Point| polygon.snap(at, 0.1).unwrap();
        let border = polygon.border_between(contact(from), contact(to), drawn);
        assert_eq!(border.as_deref(), Some(expected), "{from:?} {to:?}");
        // The other way along the same border.
        let drawn: Vec<_> = drawn.iter().rev().copied().collect();
        let border = polygon.border_between(contact(to), contact(from), &drawn);
        let reversed: Vec<_> = expected.iter().rev().copied().collect();
        assert_eq!(border, Some(reversed), "{to:?} {from:?}");
    }

    #[test]
    fn the_border_nearest_to_what_was_drawn_is_taken() {
        let (a, b) = (p(10.0, 0.0), p(10.0, 10.0));
        check(a, b, &[a, p(12.0, 5.0), b], &[p(13.0, 5.0)]);
        let around = [a, p(0.0, -1.0), p(-1.0, 11.0), b];
        check(a, b, &around, &[p(0.0, 0.0), p(0.0, 10.0)]);
        let (c, d) = (p(5.0, 0.0), p(5.0, 10.0));
        check(c, d, &[c, p(11.0, 5.0), d], &[a, p(13.0, 5.0), b]);
        check(p(2.0, 0.0), p(7.0, 0.0), &[p(2.0, 0.0), p(7.0, 0.0)], &[]);
        let all = [p(0.0, 0.0), p(0.0, 10.0), b, p(13.0, 5.0), a];
        let drawn = [
            p(2.0, 0.0),
            p(-1.0, 0.0),
            p(0.0, 11.0),
            p(14.0, 5.0),
            p(7.0, 0.0),
        ];
        check(p(2.0, 0.0), p(7.0, 0.0), &drawn, &all);
        check(a, p(13.0, 5.0), &[a, p(13.0, 5.0)], &[]);
        check(p(0.0, 0.0), c, &[p(0.0, 0.0), c], &[]);
        check(c, a, &[c, a], &[]);
    }

    #[test]
    fn a_new_outline_takes_the_neighbours_vertices() {
        let drawn = [
            p(30.0, -2.0),
            p(30.0, 12.0),
            p(10.4, 9.8),
            p(12.5, 5.2),
            p(9.8, 0.3),
        ];
        let shared = neighbour().share_border(&drawn, 1.0).unwrap();
        let mut expected = vec![p(10.0, 10.0), p(13.0, 5.0), p(10.0, 0.0)];
        expected.extend(&drawn[..2]);
        assert_eq!(shared, expected);
        let polygon = Polygon::from_ring(shared);
        assert_eq!(polygon.intersection(&neighbour()), []);
        assert_eq!(neighbour().share_border(&drawn[..3], 1.0), None);
        assert_eq!(neighbour().share_border(&[], 1.0), None);
    }
}
