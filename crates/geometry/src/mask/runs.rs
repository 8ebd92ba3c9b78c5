//! Masks as runs of pixels: reading them row by row over all tiles, and writing them.

use super::{Mask, Span, TILE_SIZE, Tile, TileKey};
use std::sync::Arc;

/// After so many writes tiles that became full are shared, lest a huge filled area be held bit by bit.
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
                for columns in tile.row_spans(row) {
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

    /// Puts the pixels of many spans in.
    ///
    /// Pixels beyond [`TileKey::LIMIT`] are left out.
    pub fn insert_spans(&mut self, spans: impl IntoIterator<Item = Span>) {
        let mut touched = Touched::default();
        for span in spans {
            for_each_part(span, |key, y, columns| {
                let tile = self.tiles.entry(key).or_default();
                if !Arc::ptr_eq(tile, &touched.full) {
                    Arc::make_mut(tile).insert(y, columns);
                    touched.push(key);
                }
            });
            if touched.keys.len() > MANY {
                self.share_full(touched.take_keys());
            }
        }
        self.share_full(touched.take_keys());
    }

    fn share_full(&mut self, keys: Vec<TileKey>) {
        for key in keys {
            if let Some(tile) = self.tiles.get_mut(&key)
                && tile.is_full()
            {
                *tile = Tile::shared_full();
            }
        }
    }

    /// Takes the pixels of many spans out.
    pub fn remove_spans(&mut self, spans: impl IntoIterator<Item = Span>) {
        let mut touched = Touched::default();
        for span in spans {
            for_each_part(span, |key, y, columns| {
                if let Some(tile) = self.tiles.get_mut(&key) {
                    Arc::make_mut(tile).remove(y, columns);
                    touched.push(key);
                }
            });
        }
        for key in touched.take_keys() {
            if self.tiles.get(&key).is_some_and(|tile| tile.is_empty()) {
                self.tiles.remove(&key);
            }
        }
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

/// Cuts a span where tiles meet.
fn for_each_part(span: Span, mut part: impl FnMut(TileKey, u8, std::ops::Range<u16>)) {
    let limit = TileKey::LIMIT * TILE_SIZE;
    if !(-limit..limit).contains(&span.y) {
        return;
    }
    let last = span.end.min(limit);
    let mut x = span.start.max(-limit);
    while x < last {
        let key = TileKey::of_pixel(x, span.y);
        let (left, top) = key.origin();
        let end = last.min(left + TILE_SIZE);
        let columns = (x - left) as u16..(end - left) as u16;
        part(key, (span.y - top) as u8, columns);
        x = end;
    }
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
