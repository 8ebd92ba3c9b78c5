//! Polygon to mask: scan conversion at the centres of pixels.

use super::paint::PixelRect;
use super::{Mask, Span};
use crate::{Point, Polygon, Rect};

impl Mask {
    /// The pixels within `clip` whose centres lie inside the polygon, by the even-odd rule.
    ///
    /// A centre exactly on an outline belongs to the polygon on its right or below it, so that
    /// neighbours that share a border share no pixel.
    /// Edges with a coordinate that is no number are left out.
    pub fn from_polygon(polygon: &Polygon, clip: Rect) -> Self {
        let Some(clip) = PixelRect::within(clip) else {
            return Self::default();
        };
        let mut edges: Vec<Edge> = polygon
            .edges()
            .filter_map(|(a, b)| Edge::new(a, b, clip))
            .collect();
        edges.sort_unstable_by_key(|edge| edge.first_row);
        let mut mask = Self::default();
        mask.insert_spans(Scan {
            edges: &edges,
            next: 0,
            active: Vec::new(),
            row: clip.top,
            clip,
            crossings: Vec::new(),
            span: 0,
        });
        mask
    }
}

/// An edge that crosses the centre lines of the rows from `first_row` to before `end_row`.
struct Edge {
    first_row: i32,
    end_row: i32,
    from: Point,
    /// Columns for one row.
    slope: f64,
}

impl Edge {
    fn new(a: Point, b: Point, clip: PixelRect) -> Option<Self> {
        let (upper, lower) = if a.y <= b.y { (a, b) } else { (b, a) };
        let row = |y: f64| {
            let (top, bottom) = (f64::from(clip.top), f64::from(clip.bottom));
            (y - 0.5).ceil().clamp(top, bottom) as i32
        };
        let edge = Self {
            first_row: row(upper.y),
            end_row: row(lower.y),
            from: upper,
            slope: (lower.x - upper.x) / (lower.y - upper.y),
        };
        let sound = a.is_finite() && b.is_finite() && edge.slope.is_finite();
        (sound && edge.first_row < edge.end_row).then_some(edge)
    }

    fn column(&self, row: i32) -> f64 {
        self.from.x + (f64::from(row) + 0.5 - self.from.y) * self.slope
    }
}

/// Goes down the rows with the edges that cross each.
struct Scan<'a> {
    edges: &'a [Edge],
    next: usize,
    active: Vec<usize>,
    row: i32,
    clip: PixelRect,
    /// Where edges cross the centre line of `row`, from left to right, and which pair is due.
    crossings: Vec<f64>,
    span: usize,
}

impl Iterator for Scan<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        loop {
            while let Some(pair) = self.crossings.get(self.span * 2..self.span * 2 + 2) {
                self.span += 1;
                let (left, right) = (f64::from(self.clip.left), f64::from(self.clip.right));
                let column = |x: f64| (x - 0.5).ceil().clamp(left, right) as i32;
                let (start, end) = (column(pair[0]), column(pair[1]));
                if start < end {
                    return Some(Span {
                        y: self.row - 1,
                        start,
                        end,
                    });
                }
            }
            self.descend()?;
        }
    }
}

impl Scan<'_> {
    /// Finds the crossings of the next row that has any; `None` at the end.
    fn descend(&mut self) -> Option<()> {
        let row = self.row;
        self.active.retain(|edge| self.edges[*edge].end_row > row);
        let row = match self.edges.get(self.next) {
            Some(edge) if self.active.is_empty() => edge.first_row,
            None if self.active.is_empty() => return None,
            _ => row,
        };
        while self.next < self.edges.len() && self.edges[self.next].first_row <= row {
            self.active.push(self.next);
            self.next += 1;
        }
        let columns = self.active.iter().map(|edge| self.edges[*edge].column(row));
        self.crossings.clear();
        self.crossings.extend(columns);
        self.crossings.sort_unstable_by(f64::total_cmp);
        (self.span, self.row) = (0, row + 1);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ring() -> impl Strategy<Value = Vec<Point>> {
        let point = (-20.0..320.0, -20.0..320.0).prop_map(|(x, y)| Point::new(x, y));
        proptest::collection::vec(point, 0..9)
    }

    #[test]
    fn shared_borders_share_no_pixel_and_leave_none() {
        let image = Rect::from_size(64.0, 64.0);
        let p = Point::new;
        let left = vec![p(0.0, 0.0), p(30.5, 0.0), p(20.5, 64.0), p(0.0, 64.0)];
        let right = vec![p(30.5, 0.0), p(64.0, 0.0), p(64.0, 64.0), p(20.5, 64.0)];
        let left = Mask::from_polygon(&Polygon::from_ring(left), image);
        let right = Mask::from_polygon(&Polygon::from_ring(right), image);
        assert!(!left.overlaps(&right));
        assert_eq!(left.area() + right.area(), 64 * 64);
    }

    #[test]
    fn nonsense_gives_nothing() {
        let image = Rect::from_size(64.0, 64.0);
        let p = Point::new;
        let check = |ring: Vec<Point>, area: u64| {
            let mask = Mask::from_polygon(&Polygon::from_ring(ring), image);
            assert_eq!(mask.area(), area);
        };
        check(vec![], 0);
        check(vec![p(f64::NAN, 0.0), p(f64::INFINITY, 3.0)], 0);
        check(
            vec![
                p(-1e18, -1e18),
                p(1e18, -1e18),
                p(1e18, 1e18),
                p(-1e18, 1e18),
            ],
            64 * 64,
        );
        check(vec![p(1e9, 1e9), p(1e9, 2e9), p(2e9, 1e9)], 0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_pixel_is_in_when_its_centre_is(rings in proptest::collection::vec(ring(), 0..4)) {
            let polygon = Polygon { rings };
            let mask = Mask::from_polygon(&polygon, Rect::from_size(300.0, 280.0));
            let mut area = 0;
            for y in 0..280 {
                for x in 0..300 {
                    let inside = polygon.contains(Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5));
                    prop_assert_eq!(mask.get(x, y), inside, "({}, {})", x, y);
                    area += u64::from(inside);
                }
            }
            prop_assert_eq!(mask.area(), area);
        }
    }
}
