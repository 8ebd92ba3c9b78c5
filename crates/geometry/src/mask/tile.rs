//! One tile of a mask: a bitmap, and its bytes in the document.

use std::ops::Range;
use std::sync::{Arc, LazyLock};
use thiserror::Error;

/// The side of a tile in pixels.
pub const TILE_SIZE: i32 = 256;
const WORDS: usize = 1024;
const ROW_WORDS: usize = 4;
const PIXELS: u32 = 65_536;

const RAW: u8 = 0;
const RUNS: u8 = 1;

/// 256 × 256 pixels, each in or out.
#[derive(Clone, PartialEq, Eq)]
pub struct Tile(Box<[u64; WORDS]>);

/// Why bytes are no tile.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadTile {
    #[error("the bytes end too early")]
    Short,
    #[error("bytes are left over")]
    Long,
    #[error("the runs do not add up to a tile")]
    Runs,
    #[error("encoding {0} is unknown")]
    Encoding(u8),
}

impl Default for Tile {
    fn default() -> Self {
        Self(Box::new([0; WORDS]))
    }
}

impl std::fmt::Debug for Tile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tile({} of {PIXELS} pixels)", self.count())
    }
}

impl Tile {
    pub fn full() -> Self {
        Self(Box::new([u64::MAX; WORDS]))
    }

    /// The one full tile that all masks share, so that a large filled area costs no memory.
    pub fn shared_full() -> Arc<Self> {
        static FULL: LazyLock<Arc<Tile>> = LazyLock::new(|| Arc::new(Tile::full()));
        FULL.clone()
    }

    pub fn is_full(&self) -> bool {
        self.0.iter().all(|word| *word == u64::MAX)
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// The number of pixels that are in.
    pub fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    pub fn get(&self, x: u8, y: u8) -> bool {
        self.0[usize::from(y) * ROW_WORDS + usize::from(x >> 6)] >> (x & 63) & 1 == 1
    }

    /// The bitmap: four words a row, the lowest bit leftmost.
    pub fn words(&self) -> &[u64; WORDS] {
        &self.0
    }

    pub fn words_mut(&mut self) -> &mut [u64; WORDS] {
        &mut self.0
    }

    /// Puts columns of a row in; `columns` ends at 256 at most.
    pub fn insert(&mut self, y: u8, columns: Range<u16>) {
        self.row_words(y, columns, |word, bits| *word |= bits);
    }

    /// Takes columns of a row out.
    pub fn remove(&mut self, y: u8, columns: Range<u16>) {
        self.row_words(y, columns, |word, bits| *word &= !bits);
    }

    /// The columns and rows around all pixels; `None` when empty.
    pub fn extent(&self) -> Option<(Range<u16>, Range<u16>)> {
        let mut any = [0_u64; ROW_WORDS];
        let mut rows: Option<Range<u16>> = None;
        for (y, row) in self.0.chunks_exact(ROW_WORDS).enumerate() {
            if row.iter().any(|word| *word != 0) {
                let y = y as u16;
                rows.get_or_insert(y..y).end = y + 1;
                for (any, word) in any.iter_mut().zip(row) {
                    *any |= word;
                }
            }
        }
        let first = any.iter().position(|word| *word != 0)?;
        let last = any.iter().rposition(|word| *word != 0)?;
        let start = first as u32 * 64 + any[first].trailing_zeros();
        let end = last as u32 * 64 + 64 - any[last].leading_zeros();
        Some((start as u16..end as u16, rows?))
    }

    /// The runs of each row: the row and the columns.
    pub fn spans(&self) -> impl Iterator<Item = (u8, Range<u16>)> + '_ {
        (0..=255_u8).flat_map(|y| self.row_spans(y).map(move |columns| (y, columns)))
    }

    /// The runs of one row.
    pub fn row_spans(&self, y: u8) -> impl Iterator<Item = Range<u16>> + '_ {
        let mut x = 0;
        std::iter::from_fn(move || {
            let start = self.next(y, x, true)?;
            x = self.next(y, start, false).unwrap_or(256);
            Some(start..x)
        })
    }

    /// The bytes that stand for the tile in a document: runs, row by row, alternately out and in, as
    /// variable-length integers; or the bitmap where that is shorter.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![RUNS];
        let (mut at, mut value) = (0_u32, false);
        while at < PIXELS {
            let end = self.run_end(at, value);
            write_var_uint(&mut bytes, end - at);
            (at, value) = (end, !value);
            if bytes.len() > WORDS * 8 {
                let raw = self.0.iter().flat_map(|word| word.to_le_bytes());
                return std::iter::once(RAW).chain(raw).collect();
            }
        }
        bytes
    }

    /// Reads [`Tile::to_bytes`]; never panics, whatever the bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadTile> {
        let (encoding, bytes) = bytes.split_first().ok_or(BadTile::Short)?;
        match *encoding {
            RAW => Self::from_raw(bytes),
            RUNS => Self::from_runs(bytes),
            encoding => Err(BadTile::Encoding(encoding)),
        }
    }

    fn from_raw(bytes: &[u8]) -> Result<Self, BadTile> {
        if bytes.len() != WORDS * 8 {
            return Err(if bytes.len() < WORDS * 8 {
                BadTile::Short
            } else {
                BadTile::Long
            });
        }
        let mut tile = Self::default();
        for (word, bytes) in tile.0.iter_mut().zip(bytes.chunks_exact(8)) {
            *word = bytes
                .iter()
                .rev()
                .fold(0, |word, byte| word << 8 | u64::from(*byte));
        }
        Ok(tile)
    }

    fn from_runs(mut bytes: &[u8]) -> Result<Self, BadTile> {
        let mut tile = Self::default();
        let (mut at, mut value) = (0_u32, false);
        while at < PIXELS {
            let length = read_var_uint(&mut bytes)?;
            let end = at.checked_add(length).filter(|end| *end <= PIXELS);
            let end = end.ok_or(BadTile::Runs)?;
            if length == 0 && at != 0 {
                return Err(BadTile::Runs);
            }
            if value {
                tile.insert_run(at, end);
            }
            (at, value) = (end, !value);
        }
        if bytes.is_empty() {
            Ok(tile)
        } else {
            Err(BadTile::Long)
        }
    }

    fn insert_run(&mut self, start: u32, end: u32) {
        let mut at = start;
        while at < end {
            let y = at >> 8;
            let row_end = end.min((y + 1) << 8);
            self.insert(y as u8, (at & 255) as u16..(row_end - (y << 8)) as u16);
            at = row_end;
        }
    }

    /// Where the run of `value` that begins at pixel `at` ends.
    fn run_end(&self, at: u32, value: bool) -> u32 {
        let mut at = at;
        while at < PIXELS {
            let word = self.0[at as usize >> 6];
            let word = (if value { !word } else { word }) >> (at & 63);
            if word != 0 {
                return at + word.trailing_zeros();
            }
            at = (at | 63) + 1;
        }
        PIXELS
    }

    /// The first column from `x` on that is `value`.
    fn next(&self, y: u8, x: u16, value: bool) -> Option<u16> {
        let row = usize::from(y) * ROW_WORDS;
        let mut x = x;
        while x < 256 {
            let word = self.0[row + usize::from(x >> 6)];
            let word = (if value { word } else { !word }) >> (x & 63);
            if word != 0 {
                return Some(x + word.trailing_zeros() as u16);
            }
            x = (x | 63) + 1;
        }
        None
    }

    fn row_words(&mut self, y: u8, columns: Range<u16>, change: impl Fn(&mut u64, u64)) {
        let row = usize::from(y) * ROW_WORDS;
        for (index, word) in self.0[row..row + ROW_WORDS].iter_mut().enumerate() {
            let first = index as u16 * 64;
            let start = columns.start.clamp(first, first + 64) - first;
            let end = columns.end.clamp(first, first + 64) - first;
            if start < end {
                let bits = u64::MAX >> (64 - (end - start)) << start;
                change(word, bits);
            }
        }
    }
}

pub(super) fn write_var_uint(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

pub(super) fn read_var_uint(bytes: &mut &[u8]) -> Result<u32, BadTile> {
    let mut value = 0_u32;
    for shift in [0, 7, 14] {
        let (byte, rest) = bytes.split_first().ok_or(BadTile::Short)?;
        *bytes = rest;
        value |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(BadTile::Runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tile: &Tile) {
        assert_eq!(Tile::from_bytes(&tile.to_bytes()).as_ref(), Ok(tile));
    }

    #[test]
    fn bytes_hold_every_tile() {
        check(&Tile::default());
        check(&Tile::full());
        let mut tile = Tile::default();
        tile.insert(3, 60..200);
        tile.insert(255, 255..256);
        check(&tile);
        assert!(tile.to_bytes().len() < 16);
        let mut board = Tile::default();
        board.words_mut().fill(0x5555_5555_5555_5555);
        check(&board);
        assert_eq!(board.to_bytes().len(), 8193);
    }

    #[test]
    fn bad_bytes_are_refused() {
        let check = |bytes: &[u8], expected| assert_eq!(Tile::from_bytes(bytes), Err(expected));
        check(&[], BadTile::Short);
        check(&[7], BadTile::Encoding(7));
        check(&[0, 1, 2], BadTile::Short);
        check(&[1, 5], BadTile::Short);
        check(&[1, 0xff, 0xff, 0x7f], BadTile::Runs);
        check(&[1, 5, 0, 5], BadTile::Runs);
        let mut long = Tile::full().to_bytes();
        long.push(0);
        check(&long, BadTile::Long);
    }

    #[test]
    fn spans_and_extent_agree() {
        let mut tile = Tile::default();
        tile.insert(10, 63..65);
        tile.insert(12, 0..256);
        let spans: Vec<_> = tile.spans().collect();
        assert_eq!(spans, [(10, 63..65), (12, 0..256)]);
        assert_eq!(tile.extent(), Some((0..256, 10..13)));
    }
}
