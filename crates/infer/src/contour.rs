//! Where a mask's logits cross zero: marching squares (Lorensen and Cline 1987 in the plane) over the
//! logits interpolated to the model's resolution.
//!
//! Samples stand in the middles of whole units (the model's pixels) and, repeated, on the border of
//! the part that counts (the photograph, a detection's box); beyond it all is outside, so that what
//! reaches the border is closed along it.

use std::ops::Range;
use visionflow_geometry::Point;

/// What counts for a sample beyond the photograph.
const OUTSIDE: f32 = -1.0;
/// How near a vertex may come to a sample, as a part of the way to the next: vertices on different
/// edges never coincide, so rings neither touch nor cross.
const MARGIN: f64 = 1e-3;

/// Logits at the centres of squares, and the part of the plane in which they count.
pub(crate) struct Field<'a> {
    pub values: &'a [f32],
    /// Values in a row, and rows.
    pub columns: usize,
    pub rows: usize,
    /// A square's sides in the unit in which rings are given.
    pub spacing: (f64, f64),
    pub x: Range<f64>,
    pub y: Range<f64>,
}

/// Closed rings; outlines run clockwise on screen, holes against it. No two of them touch, but for
/// pieces along the border.
pub(crate) fn rings(field: &Field) -> Vec<Vec<Point>> {
    let columns = Axis::new(&field.x, field.spacing.0, field.columns);
    let rows = Axis::new(&field.y, field.spacing.1, field.rows);
    let mut tracer = Tracer {
        columns: &columns,
        rows: &rows,
        segments: Vec::new(),
    };
    let mut above = vec![OUTSIDE; columns.len()];
    for y in 1..rows.len() {
        let below = sample_row(field, &columns, &rows, y);
        tracer.between(&above, &below, y - 1);
        above = below;
    }
    linked(tracer.segments)
}

/// The places of samples along one axis: beyond, border, the middles of whole units, border, beyond.
struct Axis {
    positions: Vec<f64>,
    /// For each the logit before it, and how far it is on the way to the next.
    between: Vec<(usize, f32)>,
}

impl Axis {
    fn new(range: &Range<f64>, spacing: f64, count: usize) -> Self {
        let first = (range.start - 0.5).floor() as i64 + 1;
        let middles = (first..)
            .map(|i| i as f64 + 0.5)
            .take_while(|middle| *middle < range.end);
        let positions: Vec<f64> = [range.start; 2]
            .into_iter()
            .chain(middles)
            .chain([range.end; 2])
            .collect();
        let between = positions.iter().map(|position| {
            let at = (position / spacing - 0.5).clamp(0.0, (count - 1) as f64);
            let first = (at as usize).min(count.saturating_sub(2));
            (first, (at - first as f64) as f32)
        });
        Self {
            between: between.collect(),
            positions,
        }
    }

    fn len(&self) -> usize {
        self.positions.len()
    }
}

fn sample_row(field: &Field, columns: &Axis, rows: &Axis, y: usize) -> Vec<f32> {
    if y == 0 || y + 1 == rows.len() {
        return vec![OUTSIDE; columns.len()];
    }
    let (first, part) = rows.between[y];
    let row = |y: usize| &field.values[y.min(field.rows - 1) * field.columns..][..field.columns];
    let pairs = row(first).iter().zip(row(first + 1));
    let row: Vec<f32> = pairs.map(|(a, b)| a + (b - a) * part).collect();
    let across = columns.between.iter();
    let mut samples: Vec<f32> = across
        .map(|(first, part)| {
            let next = row[(first + 1).min(row.len() - 1)];
            row[*first] + (next - row[*first]) * part
        })
        .collect();
    let last = samples.len() - 1;
    (samples[0], samples[last]) = (OUTSIDE, OUTSIDE);
    samples
}

/// A piece of outline through one cell, with the inside on its right.
struct Segment {
    /// The grid's edges that it leads from and to.
    from: usize,
    to: usize,
    start: Point,
}

struct Tracer<'a> {
    columns: &'a Axis,
    rows: &'a Axis,
    segments: Vec<Segment>,
}

impl Tracer<'_> {
    /// Goes through the cells between two rows of samples, the upper one at `y`.
    fn between(&mut self, above: &[f32], below: &[f32], y: usize) {
        for x in 0..above.len() - 1 {
            let values = [above[x], above[x + 1], below[x + 1], below[x]];
            let inside = values.map(|value| value > 0.0);
            if inside == [inside[0]; 4] {
                continue;
            }
            // Of a saddle's inside corners the middle says whether they are joined.
            let joined = values.iter().sum::<f32>() > 0.0;
            for corner in 0..4 {
                // Going round clockwise, the outline begins where the inside ends.
                if !inside[corner] || inside[(corner + 1) % 4] {
                    continue;
                }
                let enters = |edge: usize| !inside[edge % 4] && inside[(edge + 1) % 4];
                let order = if joined { [1, 2, 3] } else { [3, 2, 1] };
                let end = order
                    .map(|step| corner + step)
                    .into_iter()
                    .find(|edge| enters(*edge));
                let Some(end) = end else { continue };
                self.segments.push(Segment {
                    from: self.edge(x, y, corner),
                    to: self.edge(x, y, end % 4),
                    start: self.crossing(x, y, corner, &values),
                });
            }
        }
    }

    /// The number of a cell's edge: top, right, bottom, left.
    fn edge(&self, x: usize, y: usize, side: usize) -> usize {
        let at = |x: usize, y: usize| (y * self.columns.len() + x) * 2;
        match side {
            0 => at(x, y),
            1 => at(x + 1, y) + 1,
            2 => at(x, y + 1),
            _ => at(x, y) + 1,
        }
    }

    fn crossing(&self, x: usize, y: usize, side: usize, values: &[f32; 4]) -> Point {
        let corner = |index: usize| {
            let (x, y) = match index % 4 {
                0 => (x, y),
                1 => (x + 1, y),
                2 => (x + 1, y + 1),
                _ => (x, y + 1),
            };
            Point::new(self.columns.positions[x], self.rows.positions[y])
        };
        let (a, b) = (values[side], values[(side + 1) % 4]);
        let part = (f64::from(a) / (f64::from(a) - f64::from(b))).clamp(MARGIN, 1.0 - MARGIN);
        let (from, to) = (corner(side), corner(side + 1));
        from + (to - from) * part
    }
}

/// Follows the segments round; each edge that is crossed begins one and ends one.
fn linked(mut segments: Vec<Segment>) -> Vec<Vec<Point>> {
    segments.sort_by_key(|segment| segment.from);
    let mut done = vec![false; segments.len()];
    let mut rings = Vec::new();
    for first in 0..segments.len() {
        let mut ring: Vec<Point> = Vec::new();
        let mut at = first;
        while !done[at] {
            done[at] = true;
            let segment = &segments[at];
            // In the photograph's corners vertices fall together.
            if ring.last() != Some(&segment.start) {
                ring.push(segment.start);
            }
            let next = segments.binary_search_by_key(&segment.to, |segment| segment.from);
            at = next.expect("an outline goes on wherever it crosses an edge");
        }
        if ring.first() == ring.last() {
            ring.pop();
        }
        if ring.len() >= 3 {
            rings.push(ring);
        }
    }
    rings
}
