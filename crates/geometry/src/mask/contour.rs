//! Mask to polygons: the outlines of pixels, with holes.
//!
//! The border between in and out is followed along the sides of pixels with the mask on the right,
//! so that outlines run clockwise on screen and holes against it, and the area is exact.
//! Horizontal pieces of border are found by comparing neighbouring rows of runs; each ends at a
//! corner, from where a vertical piece leads to the next one.
//! Where two pixels meet at a corner only, the border turns right: it keeps them apart.

use super::label::{Connectivity, Labels};
use super::{Mask, Span};
use crate::polygon::twice_signed_area;
use crate::{Point, Polygon};
use std::collections::{HashMap, HashSet};

type Corner = (i32, i32);

impl Mask {
    /// The mask's outlines: a polygon for each part joined side by side, its first ring the outline,
    /// the others its holes. Rings are simple and their areas add up to the mask's exactly.
    pub fn to_polygons(&self) -> Vec<Polygon> {
        let runs = self.runs();
        let labels = Labels::of(&runs, Connectivity::Four);
        let border = Border::of(&runs);
        let mut parts = vec![Polygon::default(); labels.count];
        for (ring, run) in border.rings() {
            let part = &mut parts[labels.of_run[run]].rings;
            if twice_signed_area(&ring) > 0.0 {
                part.insert(0, ring);
            } else {
                part.push(ring);
            }
        }
        parts
    }

    /// The same as one polygon of many rings, whose inside follows the even-odd rule.
    pub fn to_polygon(&self) -> Polygon {
        let parts = self.to_polygons().into_iter();
        Polygon {
            rings: parts.flat_map(|part| part.rings).collect(),
        }
    }
}

/// A horizontal piece of border, from corner to corner.
struct Piece {
    from: Corner,
    to: Corner,
    /// The run that it borders.
    run: usize,
    /// The piece that the vertical border at `to` leads to.
    next: usize,
}

#[derive(Default)]
struct Border {
    pieces: Vec<Piece>,
    /// Where two pixels meet at a corner only.
    crossings: HashSet<Corner>,
    /// The pieces from whose corners at a column a vertical border goes down.
    open: HashMap<i32, usize>,
}

impl Border {
    /// `runs` in the order of rows and columns.
    fn of(runs: &[Span]) -> Self {
        let mut border = Self::default();
        let rows: Vec<&[Span]> = runs.chunk_by(|a, b| a.y == b.y).collect();
        let mut first = 0;
        for (index, row) in rows.iter().enumerate() {
            let after_gap = index == 0 || rows[index - 1][0].y + 1 != row[0].y;
            let above = if after_gap { &[] } else { rows[index - 1] };
            border.between(above, first - above.len(), row, first, row[0].y);
            first += row.len();
            let before_gap = rows.get(index + 1).is_none_or(|r| r[0].y != row[0].y + 1);
            if before_gap {
                border.between(row, first - row.len(), &[], first, row[0].y + 1);
            }
        }
        border
    }

    /// Adds the pieces on the line `y` between two rows, whose runs begin at the given indices.
    fn between(
        &mut self,
        above: &[Span],
        above_at: usize,
        below: &[Span],
        below_at: usize,
        y: i32,
    ) {
        let start = self.pieces.len();
        let ends = |runs: &[Span]| -> Vec<i32> {
            let ends = runs.iter().flat_map(|run| [run.start, run.end]);
            ends.collect()
        };
        let (upper, lower) = (ends(above), ends(below));
        let (mut u, mut l) = (0, 0);
        let mut x = i32::MIN;
        while u < upper.len() || l < lower.len() {
            let upper_x = upper.get(u).copied().unwrap_or(i32::MAX);
            let lower_x = lower.get(l).copied().unwrap_or(i32::MAX);
            let to = upper_x.min(lower_x);
            // An odd number of ends to the left: within a run.
            let (in_above, in_below) = (u % 2 == 1, l % 2 == 1);
            if in_below && !in_above {
                self.add((x, y), (to, y), below_at + l / 2);
            } else if in_above && !in_below {
                self.add((to, y), (x, y), above_at + u / 2);
            }
            u += usize::from(upper_x == to);
            l += usize::from(lower_x == to);
            x = to;
        }
        self.link(start);
    }

    fn add(&mut self, from: Corner, to: Corner, run: usize) {
        self.pieces.push(Piece {
            from,
            to,
            run,
            next: usize::MAX,
        });
    }

    /// Joins the new pieces of one line, from left to right, to the vertical borders above them.
    fn link(&mut self, start: usize) {
        let mut index = start;
        while index < self.pieces.len() {
            let (left, right) = self.extent(index);
            // The corner to the left was dealt with if the piece before ends there.
            let shared = index > start && self.extent(index - 1).1 == left;
            if !shared {
                self.meet(left, index);
            }
            let follows = self.pieces.get(index + 1).is_some();
            if follows && self.extent(index + 1).0 == right {
                let y = self.pieces[index].from.1;
                self.crossings.insert((right, y));
                let borders_above = self.pieces[index].to.0 == left;
                let (up, down) = if borders_above {
                    (index, index + 1)
                } else {
                    (index + 1, index)
                };
                self.meet(right, up);
                self.meet(right, down);
            } else {
                self.meet(right, index);
            }
            index += 1;
        }
    }

    fn extent(&self, index: usize) -> (i32, i32) {
        let (a, b) = (self.pieces[index].from.0, self.pieces[index].to.0);
        (a.min(b), a.max(b))
    }

    /// Joins the corner of a piece at column `x` to the vertical border that comes down there, or
    /// begins one.
    fn meet(&mut self, x: i32, index: usize) {
        match self.open.remove(&x) {
            // Of the two pieces one begins here and the other ends.
            Some(other) if self.pieces[other].to.0 == x => self.pieces[other].next = index,
            Some(other) => self.pieces[index].next = other,
            None => {
                self.open.insert(x, index);
            }
        }
    }

    /// The rings, each with a run that it borders.
    fn rings(&self) -> Vec<(Vec<Point>, usize)> {
        let mut done = vec![false; self.pieces.len()];
        let mut rings = Vec::new();
        for start in 0..self.pieces.len() {
            if done[start] {
                continue;
            }
            let mut corners = Vec::new();
            let mut index = start;
            while !done[index] {
                done[index] = true;
                corners.extend([self.pieces[index].from, self.pieces[index].to]);
                index = self.pieces[index].next;
            }
            let run = self.pieces[start].run;
            let simple = self.cut(corners).into_iter();
            rings.extend(simple.map(|ring| (points(&ring), run)));
        }
        rings
    }

    /// Cuts a ring where it comes by a corner again, so that each part is simple.
    fn cut(&self, corners: Vec<Corner>) -> Vec<Vec<Corner>> {
        let mut rings = Vec::new();
        let mut ring: Vec<Corner> = Vec::with_capacity(corners.len());
        let mut seen: HashMap<Corner, usize> = HashMap::new();
        for corner in corners {
            if self.crossings.contains(&corner) {
                if let Some(at) = seen.get(&corner).copied() {
                    let part = ring.split_off(at);
                    seen.retain(|_, index| *index < at);
                    rings.push(part);
                }
                seen.insert(corner, ring.len());
            }
            ring.push(corner);
        }
        rings.push(ring);
        rings
    }
}

fn points(corners: &[Corner]) -> Vec<Point> {
    let corners = corners.iter();
    corners
        .map(|(x, y)| Point::new(f64::from(*x), f64::from(*y)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::drawn;
    use super::*;
    use crate::Rect;
    use proptest::prelude::*;

    /// Rings by part, as numbers of vertices.
    fn check(rows: &[&str], expected: &[&[usize]]) {
        let mask = drawn(rows);
        let parts = mask.to_polygons();
        let counts: Vec<Vec<usize>> = parts
            .iter()
            .map(|part| part.rings.iter().map(Vec::len).collect())
            .collect();
        assert_eq!(counts, expected, "{rows:?}");
        check_area(&mask);
    }

    fn check_area(mask: &Mask) {
        let parts = mask.to_polygons();
        let area: f64 = parts.iter().map(Polygon::area).sum();
        assert_eq!(area, mask.area() as f64);
        let clip = Rect::from_corners(Point::new(-500.0, -500.0), Point::new(900.0, 900.0));
        let whole = mask.to_polygon();
        assert_eq!(&Mask::from_polygon(&whole, clip), mask);
        for part in parts {
            let signs = part.rings.iter().map(|ring| twice_signed_area(ring) > 0.0);
            let outlines: Vec<bool> = signs.collect();
            assert!(outlines[0] && !outlines[1..].contains(&true), "{part:?}");
            for ring in &part.rings {
                let corners: HashSet<_> = ring.iter().map(|p| (p.x as i32, p.y as i32)).collect();
                assert_eq!(corners.len(), ring.len(), "a corner is met twice");
            }
        }
    }

    #[test]
    fn outlines_follow_the_pixels() {
        check(&["#"], &[&[4]]);
        check(&["###", "###"], &[&[4]]);
        check(&["#..", "##."], &[&[6]]);
        check(&["###", "#.#", "###"], &[&[4, 4]]);
        check(&["#.", ".#"], &[&[4], &[4]]);
        check(&[".#", "#."], &[&[4], &[4]]);
        check(&["####", "#.##", "##.#", "####"], &[&[4, 4, 4]]);
        check(&["####", "##.#", "#.##", "####"], &[&[4, 4, 4]]);
        check(&["###", "#.#", "##."], &[&[6, 4]]);
        check(&["###", "#.#", ".##"], &[&[6, 4]]);
        check(
            &["#####", "#...#", "#.#.#", "#...#", "#####"],
            &[&[4, 4], &[4]],
        );
        check(&["#.#", "#.#", "###"], &[&[8]]);
        check(&["#", ".", "#"], &[&[4], &[4]]);
        check(&[], &[]);
    }

    proptest! {
        #[test]
        fn noise_keeps_its_area(rows in proptest::collection::vec("[#.]{12}", 1..12)) {
            let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
            check_area(&drawn(&rows));
        }

        #[test]
        fn large_masks_keep_their_area(spans in proptest::collection::vec(
            (-300..300_i32, -300..300_i32, 0..400_i32), 0..60,
        )) {
            let spans = spans.into_iter().map(|(y, start, length)| Span {
                y: y / 30, start, end: start + length,
            });
            check_area(&Mask::from_spans(spans));
        }
    }
}
