//! Masks as runs of pixels: reading them row by row over all tiles, and writing them.

use super::tile::row_spans;
use super::{Mask, Span, TILE_SIZE, Tile, TileKey};
use std::ops::Range;
use std::sync::Arc;

/// After so many writes the tiles are packed, lest a huge area be held bit by bit.
const MANY: usize = 1 << 14;

impl Mask {
    /// The runs of pixels in the order of rows and columns, each as long as it can be,
    /// whatever tiles it crosses.
    pub fn runs(&self) -> Vec<Span> {
        let mut keys: Vec<TileKey> = self.tiles.keys().copied().collect();
        keys.sort_unstable_by_key(|key| (key.y, key.x));
        let mut runs = Vec::new();
        for band in keys.chunk_by(|a, b| a.y == b.y) {
            self.push_band(band, &mut runs);
        }
        runs
    }

    /// The runs of the tiles of one row of tiles, which stand from left to right.
    fn push_band(&self, band: &[TileKey], runs: &mut Vec<Span>) {
        let tiles: Vec<_> = band
            .iter()
            .filter_map(|key| Some((key.origin(), self.tiles.get(key)?)))
            .collect();
        for row in 0..=255_u8 {
            for ((left, top), tile) in &tiles {
                let y = top + i32::from(row);
                for columns in row_spans(tile.row(row)) {
                    let start = left + i32::from(columns.start);
                    let end = left + i32::from(columns.end);
                    match runs.last_mut() {
                        Some(last) if last.y == y && last.end == start => last.end = end,
                        _ => runs.push(Span { y, start, end }),
                    }
                }
            }
        }
    }

    /// A mask of spans, in whatever order they come.
    pub fn from_spans(spans: impl IntoIterator<Item = Span>) -> Self {
        let mut mask = Self::default();
        mask.insert_spans(spans);
        mask
    }

    /// A mask of spans from outside, of which a few can mean more tiles than there is memory:
    /// `None` where they are more than `max_tiles`.
    pub fn from_spans_limited(
        spans: impl IntoIterator<Item = Span>,
        max_tiles: usize,
    ) -> Option<Self> {
        let mut mask = Self::default();
        mask.insert_limited(spans, max_tiles).then_some(mask)
    }

    /// Puts the pixels of many spans in.
    ///
    /// Pixels beyond [`TileKey::LIMIT`] are left out.
    pub fn insert_spans(&mut self, spans: impl IntoIterator<Item = Span>) {
        self.insert_limited(spans, usize::MAX);
    }

    /// Whether all pixels are in; some are not where that takes more than `max_tiles`.
    fn insert_limited(&mut self, spans: impl IntoIterator<Item = Span>, max_tiles: usize) -> bool {
        let mut touched = Touched::default();
        for (key, y, columns) in spans.into_iter().flat_map(parts) {
            let tile = self.tiles.entry(key).or_default();
            if !Arc::ptr_eq(tile, &touched.full) {
                Arc::make_mut(tile).insert(y, columns);
                touched.push(key);
            }
            if self.tiles.len() > max_tiles {
                return false;
            }
            if touched.keys.len() > MANY {
                self.settle(touched.take_keys());
            }
        }
        self.settle(touched.take_keys());
        true
    }

    /// Packs tiles that were written to, and takes those away that became empty.
    fn settle(&mut self, keys: Vec<TileKey>) {
        for key in keys {
            let Some(tile) = self.tiles.get_mut(&key) else {
                continue;
            };
            match tile.packed() {
                Some(packed) if packed.is_empty() => {
                    self.tiles.remove(&key);
                }
                Some(packed) if packed.is_full() => *tile = Tile::shared_full(),
                Some(packed) => *tile = Arc::new(packed),
                None if tile.is_full() => *tile = Tile::shared_full(),
                None => {}
            }
        }
    }

    /// Takes the pixels of many spans out.
    pub fn remove_spans(&mut self, spans: impl IntoIterator<Item = Span>) {
        let mut touched = Touched::default();
        for (key, y, columns) in spans.into_iter().flat_map(parts) {
            if let Some(tile) = self.tiles.get_mut(&key) {
                Arc::make_mut(tile).remove(y, columns);
                touched.push(key);
            }
            if touched.keys.len() > MANY {
                self.settle(touched.take_keys());
            }
        }
        self.settle(touched.take_keys());
    }
}

impl Span {
    /// The parts of a run, one a row, of pixels that are counted row by row over rows of `width`.
    pub fn of_run(run: Range<u64>, width: u64) -> impl Iterator<Item = Self> {
        let mut at = run.start;
        std::iter::from_fn(move || {
            if at >= run.end {
                return None;
            }
            let row = at / width;
            let end = run.end.min((row + 1) * width);
            let span = Self {
                y: row as i32,
                start: (at - row * width) as i32,
                end: (end - row * width) as i32,
            };
            at = end;
            Some(span)
        })
    }
}

/// The tiles that a series of spans wrote to.
struct Touched {
    keys: Vec<TileKey>,
    full: Arc<Tile>,
}

impl Default for Touched {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            full: Tile::shared_full(),
        }
    }
}

impl Touched {
    fn push(&mut self, key: TileKey) {
        let recent = self.keys.iter().rev().take(8);
        if !recent.clone().any(|seen| *seen == key) {
            self.keys.push(key);
        }
    }

    fn take_keys(&mut self) -> Vec<TileKey> {
        let mut keys = std::mem::take(&mut self.keys);
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// Cuts a span where tiles meet: the tile, the row in it and the columns.
fn parts(span: Span) -> impl Iterator<Item = (TileKey, u8, Range<u16>)> {
    let limit = TileKey::LIMIT * TILE_SIZE;
    let last = span.end.min(limit);
    let mut x = span.start.max(-limit);
    std::iter::from_fn(move || {
        if x >= last || !(-limit..limit).contains(&span.y) {
            return None;
        }
        let key = TileKey::of_pixel(x, span.y);
        let (left, top) = key.origin();
        let end = last.min(left + TILE_SIZE);
        let columns = (x - left) as u16..(end - left) as u16;
        x = end;
        Some((key, (span.y - top) as u8, columns))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(y: i32, start: i32, end: i32) -> Span {
        Span { y, start, end }
    }

    #[test]
    fn runs_are_whole_over_tiles_and_in_order() {
        let spans = [span(-3, -700, 700), span(0, 1, 2), span(0, 5, 600)];
        let mask = Mask::from_spans(spans.into_iter().rev());
        assert_eq!(mask.runs(), spans);
    }

    #[test]
    fn full_tiles_are_one() {
        let mask = Mask::from_spans((0..512).map(|y| span(y, 0, 512)));
        let full = Tile::shared_full();
        assert!(mask.tiles().all(|(_, tile)| Arc::ptr_eq(tile, &full)));
        assert_eq!(mask.area(), 512 * 512);
    }

    #[test]
    fn a_long_series_is_settled_in_between() {
        let wide = |y| span(y, 0, 6000 * TILE_SIZE);
        let checked = |mask: &Mask, expected: &[Span]| {
            assert_eq!(mask.runs(), expected);
            assert!(mask.tiles().all(|(_, tile)| tile.packed().is_none()));
        };
        let rows = [wide(0), wide(2), wide(3), wide(250)];
        let mut mask = Mask::from_spans(rows);
        checked(&mask, &rows);
        // Backwards, which needs bitmaps.
        checked(&Mask::from_spans(rows.into_iter().rev()), &rows);
        mask.remove_spans([wide(250), wide(2), wide(9), wide(0)]);
        checked(&mask, &[wide(3)]);
        mask.remove_spans([wide(3)]);
        assert!(mask.is_empty());
    }

    #[test]
    fn too_many_tiles_are_refused() {
        let read = |spans: &[Span], limit| {
            let mask = Mask::from_spans_limited(spans.iter().copied(), limit);
            mask.map(|mask| mask.tiles().len())
        };
        assert_eq!(read(&[span(0, 0, 700), span(9, 0, 700)], 3), Some(3));
        assert_eq!(read(&[span(0, 0, 700)], 2), None);
        assert_eq!(read(&[span(0, 0, i32::MAX)], 8192), None);
        assert_eq!(read(&[], 0), Some(0));
    }

    #[test]
    fn spans_beyond_the_limit_are_left_out() {
        let mask = Mask::from_spans([
            span(i32::MAX, 0, 10),
            span(3, i32::MAX - 5, i32::MAX),
            span(3, i32::MIN, i32::MIN + 100),
        ]);
        assert!(mask.is_empty());
    }

    #[test]
    fn removing_where_nothing_is_makes_no_tiles() {
        let mut mask = Mask::from_spans([span(0, 0, 5)]);
        mask.remove_spans([span(0, -5000, 0), span(0, 2, 5000)]);
        assert_eq!(mask.runs(), [span(0, 0, 2)]);
        assert_eq!(mask.tiles().len(), 1);
    }
}
