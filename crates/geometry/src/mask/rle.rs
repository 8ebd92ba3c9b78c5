//! COCO's run lengths, in and out: the `counts` of a segmentation, plain or as a string.
//!
//! Runs stand column by column from the top left, outside and inside in turn, outside first
//! (pycocotools' `maskApi.c`; its string packs differences into characters of five bits).

use super::{Mask, Span, TileKey};
use thiserror::Error;

/// No picture holds more pixels.
const MAX_PIXELS: u64 = 1 << 32;
/// No mask has more tiles; twice what a document takes.
const MAX_TILES: usize = 1 << 14;

/// Why run lengths are no mask.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadRle {
    #[error("{width} × {height} pixels are more than a mask can hold")]
    Size { width: u32, height: u32 },
    #[error("the counts cover {covered} pixels, the image has {pixels}")]
    Length { covered: u64, pixels: u64 },
    #[error("character {at} of the counts is none of COCO's")]
    Character { at: usize },
    #[error("the counts end within a number")]
    Short,
    #[error("count {index} is negative or too large")]
    Count { index: usize },
}

impl Mask {
    /// The counts for an image of `width` × `height` pixels; what lies outside the image is cut off.
    pub fn to_rle(&self, width: u32, height: u32) -> Vec<u64> {
        let height = u64::from(height);
        let mut counts = Vec::new();
        // Where the last run ended, and the inside run that may go on in the next column.
        let (mut done, mut inside) = (0, 0..0);
        for span in self.transposed().runs() {
            let (column, start) = (i64::from(span.y), i64::from(span.start).max(0) as u64);
            let end = (i64::from(span.end).max(0) as u64).min(height);
            if column < 0 || column >= i64::from(width) || start >= end {
                continue;
            }
            let first = column as u64 * height;
            if !inside.is_empty() && inside.end == first + start {
                inside.end = first + end;
                continue;
            }
            push_run(&mut counts, &mut done, &inside);
            inside = first + start..first + end;
        }
        push_run(&mut counts, &mut done, &inside);
        let rest = u64::from(width) * height - done;
        if rest > 0 || counts.is_empty() {
            counts.push(rest);
        }
        counts
    }

    /// Reads the counts of an image of `width` × `height` pixels.
    pub fn from_rle(counts: &[u64], width: u32, height: u32) -> Result<Self, BadRle> {
        let pixels = u64::from(width) * u64::from(height);
        let side = (TileKey::LIMIT as u32) << 8;
        if pixels > MAX_PIXELS || width > side || height > side {
            return Err(BadRle::Size { width, height });
        }
        let covered = counts.iter().fold(0, |sum: u64, c| sum.saturating_add(*c));
        if covered != pixels {
            return Err(BadRle::Length { covered, pixels });
        }
        let mut at = 0;
        let runs = counts.iter().enumerate().filter_map(move |(index, count)| {
            let run = at..at + count;
            at = run.end;
            (index % 2 == 1).then_some(run)
        });
        // Columns are the rows of the transposed mask.
        let columns = runs.flat_map(|run| Span::of_run(run, u64::from(height)));
        let mask = Self::from_spans_limited(columns, MAX_TILES);
        let mask = mask.ok_or(BadRle::Size { width, height })?;
        Ok(mask.transposed())
    }

    /// The counts packed into COCO's string.
    pub fn to_rle_string(&self, width: u32, height: u32) -> String {
        pack(&self.to_rle(width, height))
    }

    /// Reads COCO's string of an image of `width` × `height` pixels.
    pub fn from_rle_string(text: &str, width: u32, height: u32) -> Result<Self, BadRle> {
        Self::from_rle(&unpack(text)?, width, height)
    }
}

fn push_run(counts: &mut Vec<u64>, done: &mut u64, inside: &std::ops::Range<u64>) {
    if !inside.is_empty() {
        counts.push(inside.start - *done);
        counts.push(inside.end - inside.start);
        *done = inside.end;
    }
}

/// `rleToString` of maskApi.c.
fn pack(counts: &[u64]) -> String {
    let mut text = String::new();
    for (index, count) in counts.iter().enumerate() {
        let before = if index > 2 { counts[index - 2] } else { 0 };
        let mut value = *count as i64 - before as i64;
        loop {
            let bits = (value & 0x1f) as u8;
            value >>= 5;
            let more = value != if bits & 0x10 == 0 { 0 } else { -1 };
            text.push(char::from(48 + (bits | if more { 0x20 } else { 0 })));
            if !more {
                break;
            }
        }
    }
    text
}

/// `rleFrString` of maskApi.c.
fn unpack(text: &str) -> Result<Vec<u64>, BadRle> {
    let mut counts: Vec<u64> = Vec::new();
    let mut bytes = text.bytes().enumerate();
    while let Some(first) = bytes.next() {
        let index = counts.len();
        let (mut value, mut shift, mut next) = (0_i64, 0, Some(first));
        loop {
            let (at, byte) = next.ok_or(BadRle::Short)?;
            let bits = byte.wrapping_sub(48);
            if bits > 0x3f {
                return Err(BadRle::Character { at });
            }
            if shift > 50 {
                return Err(BadRle::Count { index });
            }
            value |= i64::from(bits & 0x1f) << shift;
            shift += 5;
            if bits & 0x20 == 0 {
                if bits & 0x10 != 0 {
                    value |= -1 << shift;
                }
                break;
            }
            next = bytes.next();
        }
        let before = if index > 2 { counts[index - 2] } else { 0 };
        let count = u64::try_from(before as i64 + value).ok();
        let count = count.filter(|count| *count <= MAX_PIXELS);
        counts.push(count.ok_or(BadRle::Count { index })?);
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Counts and strings as pycocotools 2.0 writes them.
    fn check(rows: &[&str], counts: &[u64], text: &str) {
        let (width, height) = (rows[0].len() as u32, rows.len() as u32);
        let mask = super::super::tests::drawn(rows);
        assert_eq!(mask.to_rle(width, height), counts);
        assert_eq!(mask.to_rle_string(width, height), text);
        assert_eq!(Mask::from_rle(counts, width, height).as_ref(), Ok(&mask));
        assert_eq!(Mask::from_rle_string(text, width, height), Ok(mask));
    }

    #[test]
    fn counts_are_those_of_coco() {
        check(&["...", "..."], &[6], "6");
        check(&["###", "###"], &[0, 6], "06");
        check(&["#..", ".##"], &[0, 1, 2, 1, 1, 1], "0120O0");
        check(&[".#.", ".#.", "##."], &[2, 4, 3], "243");
    }

    #[test]
    fn bad_counts_are_told() {
        let read = |text: &str| Mask::from_rle_string(text, 3, 2);
        assert_eq!(
            read("5"),
            Err(BadRle::Length {
                covered: 5,
                pixels: 6
            })
        );
        assert_eq!(read("6é"), Err(BadRle::Character { at: 1 }));
        assert_eq!(read("P"), Err(BadRle::Short));
        assert_eq!(read("O"), Err(BadRle::Count { index: 0 }));
        assert_eq!(read(&"o".repeat(40)), Err(BadRle::Count { index: 0 }));
        let huge = Mask::from_rle(&[0], u32::MAX, u32::MAX);
        assert!(matches!(huge, Err(BadRle::Size { .. })));
        let thin = Mask::from_rle(&[0, 1 << 28], 1, 1 << 28);
        assert!(matches!(thin, Err(BadRle::Size { .. })));
        // Columns so far apart that each has tiles of its own.
        let tall = 1 << 21;
        let counts = [&[0][..], &[tall, 255 * tall].repeat(4)].concat();
        let far = Mask::from_rle(&counts, 1024, tall as u32);
        assert!(matches!(far, Err(BadRle::Size { .. })));
        assert_eq!(Mask::from_rle(&[], 0, 5), Ok(Mask::default()));
        assert!(Mask::from_rle(&[u64::MAX, u64::MAX], 3, 2).is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(spans in proptest::collection::vec(
            (0..700_i32, 0..600_i32, 0..300_i32), 0..20,
        )) {
            let spans = spans.into_iter().map(|(y, start, length)| Span {
                y, start, end: (start + length).min(600),
            });
            let mask = Mask::from_spans(spans);
            let counts = mask.to_rle(600, 700);
            prop_assert_eq!(counts.iter().skip(1).step_by(2).sum::<u64>(), mask.area());
            prop_assert_eq!(counts.iter().sum::<u64>(), 600 * 700);
            let text = mask.to_rle_string(600, 700);
            prop_assert_eq!(Mask::from_rle_string(&text, 600, 700), Ok(mask));
        }
    }
}
