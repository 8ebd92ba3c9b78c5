//! The bytes that stand for a tile in a document.

use super::pixels::{Bitmap, WORDS};
use super::{PIXELS, Tile};
use thiserror::Error;

const RAW: u8 = 0;
const RUNS: u8 = 1;

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

impl Tile {
    /// The bytes that stand for the tile in a document: runs, row by row, alternately out and in, as
    /// variable-length integers; or the bitmap where that is shorter.
    pub fn to_bytes(&self) -> Vec<u8> {
        let bits = self.words();
        let mut bytes = vec![RUNS];
        let (mut at, mut value) = (0_u32, false);
        while at < PIXELS {
            let end = run_end(&bits, at, value);
            write_var_uint(&mut bytes, end - at);
            (at, value) = (end, !value);
            if bytes.len() > WORDS * 8 {
                let raw = bits.iter().flat_map(|word| word.to_le_bytes());
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
        let mut bits = [0; WORDS];
        for (word, bytes) in bits.iter_mut().zip(bytes.chunks_exact(8)) {
            *word = bytes
                .iter()
                .rev()
                .fold(0, |word, byte| word << 8 | u64::from(*byte));
        }
        Ok(Self::from_words(&bits))
    }

    fn from_runs(mut bytes: &[u8]) -> Result<Self, BadTile> {
        let mut bits = [0; WORDS];
        let (mut at, mut value) = (0_u32, false);
        while at < PIXELS {
            let length = read_var_uint(&mut bytes)?;
            let end = at.checked_add(length).filter(|end| *end <= PIXELS);
            let end = end.ok_or(BadTile::Runs)?;
            if length == 0 && at != 0 {
                return Err(BadTile::Runs);
            }
            if value {
                insert_run(&mut bits, at, end);
            }
            (at, value) = (end, !value);
        }
        if bytes.is_empty() {
            Ok(Self::from_words(&bits))
        } else {
            Err(BadTile::Long)
        }
    }
}

fn insert_run(bits: &mut Bitmap, start: u32, end: u32) {
    let mut at = start;
    while at < end {
        let count = (64 - (at & 63)).min(end - at);
        bits[at as usize >> 6] |= u64::MAX >> (64 - count) << (at & 63);
        at += count;
    }
}

/// Where the run of `value` that begins at pixel `at` ends.
fn run_end(bits: &Bitmap, at: u32, value: bool) -> u32 {
    let mut at = at;
    while at < PIXELS {
        let word = bits[at as usize >> 6];
        let word = (if value { !word } else { word }) >> (at & 63);
        if word != 0 {
            return at + word.trailing_zeros();
        }
        at = (at | 63) + 1;
    }
    PIXELS
}

pub(in crate::mask) fn write_var_uint(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

pub(in crate::mask) fn read_var_uint(bytes: &mut &[u8]) -> Result<u32, BadTile> {
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
}
