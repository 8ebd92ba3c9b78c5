//! How a tile keeps its pixels: rows that are alike as one band, or a bitmap where few are.
//!
//! A mask that somebody else wrote can name thousands of tiles in a few bytes each. As bands they
//! take little more than those bytes; as bitmaps each would take eight kilobytes.

use std::borrow::Cow;
use std::ops::Range;

pub(super) const ROW_WORDS: usize = 4;
pub(super) const WORDS: usize = 1024;

/// More bands than these are kept as a bitmap: from here on it costs little more, and is quicker.
const MAX_BANDS: usize = 64;

/// 256 pixels, the lowest bit leftmost.
pub type Row = [u64; ROW_WORDS];
/// Four words a row, the lowest bit leftmost.
pub type Bitmap = [u64; WORDS];

#[derive(Clone)]
pub(super) enum Pixels {
    /// From top to bottom; what lies between them is empty.
    Bands(Vec<Band>),
    Bits(Box<Bitmap>),
}

/// Rows that are alike, and not empty.
#[derive(Clone)]
pub(super) struct Band {
    first: u8,
    last: u8,
    row: Row,
}

impl Pixels {
    pub fn of(bits: &Bitmap) -> Self {
        bands(bits).map_or_else(|| Self::Bits(Box::new(*bits)), Self::Bands)
    }

    pub fn full() -> Self {
        Self::Bands(vec![Band {
            first: 0,
            last: 255,
            row: [u64::MAX; ROW_WORDS],
        }])
    }

    /// What they take beyond themselves.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Bands(bands) => size_of_val(&**bands),
            Self::Bits(bits) => size_of_val(&**bits),
        }
    }

    /// Puts pixels into a row.
    pub fn insert(&mut self, y: u8, pixels: &Row) {
        // What comes row by row, as most does, needs no bitmap.
        if let Self::Bands(bands) = self
            && append(bands, y, pixels)
        {
            return;
        }
        let start = usize::from(y) * ROW_WORDS;
        let row = &mut self.bits_mut()[start..start + ROW_WORDS];
        row.iter_mut()
            .zip(pixels)
            .for_each(|(word, new)| *word |= new);
    }

    /// The same in less memory; nothing where there is none to be saved.
    pub fn packed(&self) -> Option<Self> {
        match self {
            Self::Bands(_) => None,
            Self::Bits(bits) => bands(bits).map(Self::Bands),
        }
    }

    pub fn bits(&self) -> Cow<'_, Bitmap> {
        match self {
            Self::Bands(bands) => Cow::Owned(unpacked(bands)),
            Self::Bits(bits) => Cow::Borrowed(bits),
        }
    }

    pub fn bits_mut(&mut self) -> &mut Bitmap {
        if let Self::Bands(bands) = self {
            *self = Self::Bits(Box::new(unpacked(bands)));
        }
        match self {
            Self::Bits(bits) => bits,
            Self::Bands(_) => unreachable!("unpacked above"),
        }
    }

    pub fn row(&self, y: u8) -> Row {
        match self {
            Self::Bands(bands) => {
                let at = bands.partition_point(|band| band.last < y);
                let band = bands.get(at).filter(|band| band.first <= y);
                band.map_or([0; ROW_WORDS], |band| band.row)
            }
            Self::Bits(bits) => row_at(bits, y.into()),
        }
    }

    /// The rows that are not empty, from top to bottom, those that are alike at once where they are
    /// kept so.
    pub fn rows(&self) -> impl Iterator<Item = (Range<u16>, Row)> + '_ {
        let (bands, bits) = match self {
            Self::Bands(bands) => (&**bands, None),
            Self::Bits(bits) => (&[][..], Some(bits)),
        };
        let bands = bands
            .iter()
            .map(|band| (band.first.into()..u16::from(band.last) + 1, band.row));
        let rows = bits
            .into_iter()
            .flat_map(|bits| (0..=255_u16).map(|y| (y..y + 1, row_at(bits, y.into()))));
        bands.chain(rows.filter(|(_, row)| *row != [0; ROW_WORDS]))
    }
}

/// Puts pixels into the last row that has any, or one below it; `false` where that is not so, or where
/// the bands become too many.
fn append(bands: &mut Vec<Band>, y: u8, pixels: &Row) -> bool {
    let mut row = *pixels;
    let mut count = bands.len();
    match bands.last_mut() {
        Some(band) if band.last > y => return false,
        Some(band) if band.last == y => {
            let with = std::array::from_fn(|word| band.row[word] | pixels[word]);
            if with == band.row {
                return true;
            }
            row = with;
            // The row leaves its band, to be what it has become.
            if band.first == y {
                bands.pop();
                count -= 1;
            } else if count < MAX_BANDS {
                band.last = y - 1;
            }
        }
        _ if *pixels == [0; ROW_WORDS] => return true,
        _ => {}
    }
    match bands.last_mut() {
        Some(band) if band.last < y && y - band.last == 1 && band.row == row => band.last = y,
        _ if count == MAX_BANDS => return false,
        _ => bands.push(Band {
            first: y,
            last: y,
            row,
        }),
    }
    true
}

fn row_at(bits: &Bitmap, y: usize) -> Row {
    std::array::from_fn(|word| bits[y * ROW_WORDS + word])
}

/// The bands of a bitmap; nothing where there are too many.
fn bands(bits: &Bitmap) -> Option<Vec<Band>> {
    let mut bands: Vec<Band> = Vec::new();
    for y in 0..=255_u8 {
        let row = row_at(bits, y.into());
        if row == [0; ROW_WORDS] {
            continue;
        }
        if let Some(band) = bands.last_mut()
            && band.last + 1 == y
            && band.row == row
        {
            band.last = y;
            continue;
        }
        if bands.len() == MAX_BANDS {
            return None;
        }
        bands.push(Band {
            first: y,
            last: y,
            row,
        });
    }
    bands.shrink_to_fit();
    Some(bands)
}

fn unpacked(bands: &[Band]) -> Bitmap {
    let mut bits = [0; WORDS];
    for band in bands {
        let rows = usize::from(band.first) * ROW_WORDS..(usize::from(band.last) + 1) * ROW_WORDS;
        for row in bits[rows].chunks_exact_mut(ROW_WORDS) {
            row.copy_from_slice(&band.row);
        }
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bitmaps() -> impl Strategy<Value = Bitmap> {
        // Few kinds of row in few or many stretches, so that both ways of keeping them come up.
        proptest::collection::vec((0..4_u64, 1..20_usize), 1..120).prop_map(|stretches| {
            let mut bits = [0; WORDS];
            let rows = stretches.into_iter().flat_map(|(kind, count)| {
                std::iter::repeat_n(kind.wrapping_mul(0x8000_0000_0000_0001), count)
            });
            for (row, word) in bits.chunks_exact_mut(ROW_WORDS).zip(rows) {
                row[1] = word;
            }
            bits
        })
    }

    proptest! {
        #[test]
        fn what_is_packed_is_what_it_was(bits in bitmaps()) {
            let packed = Pixels::of(&bits);
            prop_assert_eq!(*packed.bits(), bits);
            prop_assert_eq!(*packed.clone().bits_mut(), bits);
            let loose = Pixels::Bits(Box::new(bits));
            for y in 0..=255 {
                prop_assert_eq!(packed.row(y), loose.row(y));
            }
            let each = |pixels: &Pixels| -> Vec<_> {
                let rows = pixels.rows();
                rows.flat_map(|(rows, row)| rows.map(move |y| (y, row))).collect()
            };
            prop_assert_eq!(each(&packed), each(&loose));
            prop_assert_eq!(loose.packed().is_some(), matches!(packed, Pixels::Bands(_)));
        }
    }

    proptest! {
        #[test]
        fn what_comes_row_by_row_is_what_comes_at_once(
            rows in proptest::collection::vec((0..=255_u8, 0..3_u64, 0..4_usize), 0..150),
            sorted in proptest::bool::weighted(0.8),
        ) {
            let mut rows = rows;
            if sorted {
                rows.sort_unstable();
            }
            let (mut pixels, mut bits) = (Pixels::of(&[0; WORDS]), [0; WORDS]);
            for (y, kind, word) in rows {
                let mut row = [0; ROW_WORDS];
                row[word] = kind;
                pixels.insert(y, &row);
                bits[usize::from(y) * ROW_WORDS + word] |= kind;
                prop_assert_eq!(*pixels.bits(), bits);
            }
            let is_bands = |pixels: &Pixels| matches!(pixels, Pixels::Bands(_));
            // What was inserted in order is as small as it can be.
            if sorted && is_bands(&Pixels::of(&bits)) {
                prop_assert!(is_bands(&pixels));
                prop_assert_eq!(pixels.bytes(), Pixels::of(&bits).bytes());
            }
        }
    }

    #[test]
    fn few_kinds_of_row_take_little() {
        let mut bits = [0; WORDS];
        let check = |bits: &Bitmap, expected: Option<usize>| {
            let count = match Pixels::of(bits) {
                Pixels::Bands(bands) => Some(bands.len()),
                Pixels::Bits(_) => None,
            };
            assert_eq!(count, expected);
        };
        check(&bits, Some(0));
        bits[40] = 7;
        check(&bits, Some(1));
        bits.fill(u64::MAX);
        check(&bits, Some(1));
        (0..WORDS).for_each(|word| bits[word] = word as u64 / 8);
        check(&bits, None);
    }
}
