//! A file of which only some ranges are at hand.
//!
//! Parsers of files behind a network read through [`Sparse`]; where bytes are missing they end
//! with [`ReadError::Need`], the caller supplies the range and asks again.

use crate::error::{PictureError, ReadError};
use std::collections::BTreeMap;
use std::ops::Range;

/// Reads are rounded out to this, so that neighbouring values come with one request.
const BLOCK: u64 = 64 * 1024;

/// The ranges that were supplied so far.
#[derive(Clone, Debug, Default)]
pub struct Sparse {
    len: u64,
    parts: BTreeMap<u64, Vec<u8>>,
}

impl Sparse {
    /// A file of `len` bytes, none of them here yet.
    pub fn new(len: u64) -> Self {
        Self {
            len,
            parts: BTreeMap::new(),
        }
    }

    pub fn len(&self) -> u64 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Takes in bytes that start at `offset`.
    pub fn supply(&mut self, offset: u64, bytes: Vec<u8>) {
        let longer = self
            .parts
            .get(&offset)
            .is_none_or(|part| part.len() < bytes.len());
        if longer {
            self.parts.insert(offset, bytes);
        }
    }

    /// Exactly these bytes.
    pub fn get(&self, offset: u64, len: u64) -> Result<&[u8], ReadError> {
        let end = offset.checked_add(len).ok_or(PictureError::Truncated)?;
        if end > self.len {
            return Err(PictureError::Truncated.into());
        }
        // A part that starts earlier may be the one that reaches far enough.
        for (start, bytes) in self.parts.range(..=offset).rev() {
            let from = (offset - start) as usize;
            if from + len as usize <= bytes.len() {
                return Ok(&bytes[from..from + len as usize]);
            }
        }
        Err(ReadError::Need(self.rounded(offset, end)))
    }

    fn rounded(&self, offset: u64, end: u64) -> Range<u64> {
        let start = offset / BLOCK * BLOCK;
        start..(end.div_ceil(BLOCK) * BLOCK).min(self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_and_what_is_beyond_the_end_is_an_error() {
        let mut file = Sparse::new(200_000);
        assert_eq!(file.get(70_000, 10), Err(ReadError::Need(65_536..131_072)));
        file.supply(65_536, vec![7; 65_536]);
        assert_eq!(file.get(70_000, 3), Ok(&[7, 7, 7][..]));
        assert_eq!(file.get(131_070, 10), Err(ReadError::Need(65_536..196_608)));
        let beyond = ReadError::Bad(PictureError::Truncated);
        assert_eq!(file.get(199_999, 2), Err(beyond.clone()));
        assert_eq!(file.get(u64::MAX, 2), Err(beyond));
    }
}
