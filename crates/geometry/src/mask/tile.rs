//! One tile of a mask.

mod bytes;
mod pixels;

pub use bytes::BadTile;
pub(super) use bytes::{read_var_uint, write_var_uint};
use pixels::{Bitmap, Pixels, ROW_WORDS, Row};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

/// The side of a tile in pixels.
pub const TILE_SIZE: i32 = 256;
const PIXELS: u32 = 65_536;

/// 256 × 256 pixels, each in or out.
#[derive(Clone)]
pub struct Tile(Pixels);

impl Default for Tile {
    fn default() -> Self {
        Self(Pixels::Bands(Vec::new()))
    }
}

impl PartialEq for Tile {
    fn eq(&self, other: &Self) -> bool {
        self.words() == other.words()
    }
}

impl Eq for Tile {}

impl std::fmt::Debug for Tile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tile({} of {PIXELS} pixels)", self.count())
    }
}

impl Tile {
    pub fn full() -> Self {
        Self(Pixels::full())
    }

    /// A tile of a bitmap: four words a row, the lowest bit leftmost.
    pub fn from_words(words: &Bitmap) -> Self {
        Self(Pixels::of(words))
    }

    /// The one full tile that all masks share, so that full tiles are known by their address.
    pub fn shared_full() -> Arc<Self> {
        static FULL: LazyLock<Arc<Tile>> = LazyLock::new(|| Arc::new(Tile::full()));
        FULL.clone()
    }

    pub fn is_full(&self) -> bool {
        let mut count = 0;
        let full = |(rows, row): (Range<u16>, Row)| {
            count += rows.len();
            row == [u64::MAX; ROW_WORDS]
        };
        self.0.rows().all(full) && count == 256
    }

    pub fn is_empty(&self) -> bool {
        self.0.rows().next().is_none()
    }

    /// The number of pixels that are in.
    pub fn count(&self) -> u32 {
        let rows = self.0.rows();
        let count = |row: Row| row.into_iter().map(u64::count_ones).sum::<u32>();
        rows.map(|(rows, row)| rows.len() as u32 * count(row)).sum()
    }

    pub fn get(&self, x: u8, y: u8) -> bool {
        self.row(y)[usize::from(x >> 6)] >> (x & 63) & 1 == 1
    }

    /// The pixels of a row, the lowest bit leftmost.
    pub fn row(&self, y: u8) -> Row {
        self.0.row(y)
    }

    /// The bitmap: four words a row, the lowest bit leftmost.
    pub fn words(&self) -> Cow<'_, Bitmap> {
        self.0.bits()
    }

    /// The bitmap, to be written to, which is kept as it is until the tile is
    /// [packed](Self::packed).
    pub fn words_mut(&mut self) -> &mut Bitmap {
        self.0.bits_mut()
    }

    /// The same pixels in less memory, as they are after [`Tile::from_words`]; `None` where they are
    /// that already.
    pub fn packed(&self) -> Option<Self> {
        self.0.packed().map(Self)
    }

    /// Puts columns of a row in; `columns` ends at 256 at most.
    pub fn insert(&mut self, y: u8, columns: Range<u16>) {
        self.0.insert(y, &row_of(columns));
    }

    /// Takes columns of a row out.
    pub fn remove(&mut self, y: u8, columns: Range<u16>) {
        let start = usize::from(y) * ROW_WORDS;
        let row = &mut self.words_mut()[start..start + ROW_WORDS];
        for (word, taken) in row.iter_mut().zip(row_of(columns)) {
            *word &= !taken;
        }
    }

    /// The bytes of memory that it takes.
    pub fn memory(&self) -> usize {
        size_of::<Self>() + self.0.bytes()
    }

    /// The columns and rows around all pixels; `None` when empty.
    pub fn extent(&self) -> Option<(Range<u16>, Range<u16>)> {
        let mut any = [0_u64; ROW_WORDS];
        let mut extent: Option<Range<u16>> = None;
        for (rows, row) in self.0.rows() {
            extent.get_or_insert(rows.clone()).end = rows.end;
            for (any, word) in any.iter_mut().zip(row) {
                *any |= word;
            }
        }
        let first = any.iter().position(|word| *word != 0)?;
        let last = any.iter().rposition(|word| *word != 0)?;
        let start = first as u32 * 64 + any[first].trailing_zeros();
        let end = last as u32 * 64 + 64 - any[last].leading_zeros();
        Some((start as u16..end as u16, extent?))
    }

    /// The runs of each row: the row and the columns.
    pub fn spans(&self) -> impl Iterator<Item = (u8, Range<u16>)> + '_ {
        let rows = self.0.rows();
        let each = rows.flat_map(|(rows, row)| rows.map(move |y| (y as u8, row)));
        each.flat_map(|(y, row)| row_spans(row).map(move |columns| (y, columns)))
    }
}

/// The pixels of a row in these columns.
fn row_of(columns: Range<u16>) -> Row {
    std::array::from_fn(|word| {
        let first = word as u16 * 64;
        let start = columns.start.clamp(first, first + 64) - first;
        let end = columns.end.clamp(first, first + 64) - first;
        if start < end {
            u64::MAX >> (64 - (end - start)) << start
        } else {
            0
        }
    })
}

/// The runs of one row.
pub(super) fn row_spans(row: Row) -> impl Iterator<Item = Range<u16>> {
    let mut x = 0;
    std::iter::from_fn(move || {
        let start = next(row, x, true)?;
        x = next(row, start, false).unwrap_or(256);
        Some(start..x)
    })
}

/// The first column from `x` on that is `value`.
fn next(row: Row, mut x: u16, value: bool) -> Option<u16> {
    while x < 256 {
        let word = row[usize::from(x >> 6)];
        let word = (if value { word } else { !word }) >> (x & 63);
        if word != 0 {
            return Some(x + word.trailing_zeros() as u16);
        }
        x = (x | 63) + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_extent_agree() {
        let mut tile = Tile::default();
        tile.insert(10, 63..65);
        tile.insert(12, 0..256);
        let check = |tile: &Tile| {
            let spans: Vec<_> = tile.spans().collect();
            assert_eq!(spans, [(10, 63..65), (12, 0..256)]);
            assert_eq!(tile.extent(), Some((0..256, 10..13)));
            assert_eq!(tile.count(), 258);
        };
        check(&tile);
        assert!(tile.packed().is_none());
        tile.words_mut();
        check(&tile);
        let packed = tile.packed().unwrap();
        check(&packed);
        assert_eq!(packed, tile);
        assert!(packed.packed().is_none());
    }
}
