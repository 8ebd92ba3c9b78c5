//! Rows for columns: what column-major run lengths and quarter turns need.

use super::{Mask, Tile, TileKey};
use std::sync::Arc;

impl Mask {
    /// The mask mirrored at the diagonal: pixel (x, y) becomes (y, x).
    pub fn transposed(&self) -> Self {
        let full = Tile::shared_full();
        let tiles = self.tiles.iter().map(|(key, tile)| {
            let key = TileKey { x: key.y, y: key.x };
            if Arc::ptr_eq(tile, &full) {
                (key, tile.clone())
            } else {
                (key, Arc::new(tile.transposed()))
            }
        });
        Self {
            tiles: tiles.collect(),
        }
    }
}

impl Tile {
    /// The tile mirrored at its diagonal.
    pub fn transposed(&self) -> Self {
        let words = self.words();
        let mut result = [0; 1024];
        for column in 0..4 {
            for block in 0..4 {
                let mut square = [0; 64];
                for (i, word) in square.iter_mut().enumerate() {
                    *word = words[(block * 64 + i) * 4 + column];
                }
                transpose_square(&mut square);
                for (i, word) in square.into_iter().enumerate() {
                    result[(column * 64 + i) * 4 + block] = word;
                }
            }
        }
        Self::from_words(&result)
    }
}

/// Transposes 64 × 64 bits (H. S. Warren, Hacker's Delight, 7-3), the lowest bit leftmost.
fn transpose_square(rows: &mut [u64; 64]) {
    let mut width = 32;
    let mut mask = 0x0000_0000_ffff_ffff_u64;
    while width != 0 {
        let mut at = 0;
        while at < 64 {
            let swapped = (rows[at] >> width ^ rows[at + width]) & mask;
            rows[at] ^= swapped << width;
            rows[at + width] ^= swapped;
            at = (at + width + 1) & !width;
        }
        width /= 2;
        mask ^= mask << width;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    #[test]
    fn every_pixel_changes_places() {
        let spans = (-20..300).map(|y| Span {
            y,
            start: y * 3 % 97,
            end: y * 3 % 97 + 400 - y,
        });
        let mask = Mask::from_spans(spans);
        let turned = mask.transposed();
        assert_eq!(turned.area(), mask.area());
        for span in mask.runs() {
            for x in span.start..span.end {
                assert!(turned.get(span.y, x), "({x}, {})", span.y);
            }
        }
        assert_eq!(turned.transposed(), mask);
    }
}
