//! How far a point is from a mask's outline, for picking.

use super::tile::row_spans;
use super::{Mask, TILE_SIZE, Tile, TileKey};
use crate::{Point, Rect, Vec2};
use std::sync::Arc;

impl Mask {
    /// The distance to the nearest side of a pixel between in and out, where it is less than
    /// `reach` pixels; `None` where it is not.
    ///
    /// Costs what lies within reach, not what the mask holds.
    pub fn distance_to_outline(&self, p: Point, reach: f64) -> Option<f64> {
        let side = f64::from(TILE_SIZE);
        let mut near: Vec<(f64, TileKey)> = self
            .tiles
            .keys()
            .map(|key| {
                let (left, top) = key.origin();
                let min = Point::new(f64::from(left), f64::from(top));
                let square = Rect::from_corners(min, min + Vec2::new(side, side));
                (to_rect(p, square), *key)
            })
            .filter(|(distance, _)| *distance < reach)
            .collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut best = reach;
        for (distance, key) in near {
            if distance >= best {
                break;
            }
            best = Patch::of(self, key).distance(p, best);
        }
        (best < reach).then_some(best)
    }
}

fn to_rect(p: Point, rect: Rect) -> f64 {
    let x = (rect.min.x - p.x).max(p.x - rect.max.x).max(0.0);
    let y = (rect.min.y - p.y).max(p.y - rect.max.y).max(0.0);
    x.hypot(y)
}

/// A tile and those beside it.
struct Patch<'a> {
    origin: (i32, i32),
    tile: Option<&'a Arc<Tile>>,
    left: Option<&'a Arc<Tile>>,
    right: Option<&'a Arc<Tile>>,
    above: Option<&'a Arc<Tile>>,
    below: Option<&'a Arc<Tile>>,
}

impl<'a> Patch<'a> {
    fn of(mask: &'a Mask, key: TileKey) -> Self {
        let at = |dx: i32, dy: i32| {
            mask.tiles.get(&TileKey {
                x: key.x + dx,
                y: key.y + dy,
            })
        };
        Self {
            origin: key.origin(),
            tile: at(0, 0),
            left: at(-1, 0),
            right: at(1, 0),
            above: at(0, -1),
            below: at(0, 1),
        }
    }

    /// The least of `best` and the distance to the borders in the tile and on its sides.
    fn distance(&self, p: Point, mut best: f64) -> f64 {
        let top = f64::from(self.origin.1);
        for row in 0..=256 {
            // The line on top of the row, and the row itself.
            let y = top + f64::from(row);
            if (y - p.y).max(p.y - y - 1.0) >= best {
                continue;
            }
            for (start, end) in self.line(row) {
                let segment = (Point::new(start, y), Point::new(end, y));
                best = best.min(p.distance_to_segment(segment.0, segment.1));
            }
            if row < 256 {
                for x in self.sides(row as u8) {
                    let segment = (Point::new(x, y), Point::new(x, y + 1.0));
                    best = best.min(p.distance_to_segment(segment.0, segment.1));
                }
            }
        }
        best
    }

    /// The pieces of border on the line on top of a row (256: at the bottom), as columns.
    fn line(&self, row: i32) -> impl Iterator<Item = (f64, f64)> {
        let upper = match row {
            0 => words(self.above, 255),
            row => words(self.tile, (row - 1) as u8),
        };
        let lower = match row {
            256 => words(self.below, 0),
            row => words(self.tile, row as u8),
        };
        let changed = std::array::from_fn(|word| upper[word] ^ lower[word]);
        let left = f64::from(self.origin.0);
        row_spans(changed)
            .map(move |span| (left + f64::from(span.start), left + f64::from(span.end)))
    }

    /// The columns at which a row changes between in and out, those of the tile's sides included.
    fn sides(&self, row: u8) -> impl Iterator<Item = f64> {
        let (left, right) = (words(self.left, row), words(self.right, row));
        let own = words(self.tile, row);
        let mut before = left[3] >> 63;
        let mut columns = Vec::new();
        for (i, word) in own.into_iter().enumerate() {
            let mut changes = word ^ (word << 1 | before);
            before = word >> 63;
            while changes != 0 {
                columns.push(i as i32 * 64 + changes.trailing_zeros() as i32);
                changes &= changes - 1;
            }
        }
        if before != right[0] & 1 {
            columns.push(256);
        }
        let origin = self.origin.0;
        columns.into_iter().map(move |x| f64::from(origin + x))
    }
}

fn words(tile: Option<&Arc<Tile>>, row: u8) -> [u64; 4] {
    tile.map_or([0; 4], |tile| tile.row(row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn it_is_the_distance_to_the_polygon(
            spans in proptest::collection::vec((-20..20_i32, -300..300_i32, 0..300_i32), 0..12),
            x in -400.0..400.0, y in -40.0..40.0,
        ) {
            let spans = spans.into_iter().map(|(y, start, length)| Span { y, start, end: start + length });
            let mask = Mask::from_spans(spans);
            let p = Point::new(x, y);
            let expected = mask.to_polygon().distance_to_outline(p);
            let found = mask.distance_to_outline(p, 1e9);
            prop_assert!(found.map_or(expected.is_infinite(), |d| (d - expected).abs() < 1e-9));
            let within = mask.distance_to_outline(p, 5.0);
            prop_assert_eq!(within, found.filter(|d| *d < 5.0));
        }
    }
}
