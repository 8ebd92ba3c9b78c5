//! Huffman codes (T.81, annex C and section F.2.2.3).

use super::bits::Bits;
use super::damaged;
use crate::error::PictureError;
use std::io::{Read, Seek};

/// Codes of up to so many bits are found by one look.
const FAST_BITS: u8 = 9;

/// A table of codes.
#[derive(Clone, Debug)]
pub struct Table {
    /// Length and value by the first bits; length 0 for longer codes.
    fast: Vec<(u8, u8)>,
    /// For each length: the first code beyond it, left-aligned to 16 bits.
    limits: [u32; 17],
    /// For each length: what makes an index of a code.
    offsets: [i32; 17],
    values: Vec<u8>,
}

impl Table {
    /// From the numbers of codes of each length and their values.
    pub fn new(counts: &[u8; 16], values: Vec<u8>) -> Result<Self, PictureError> {
        let total: usize = counts.iter().map(|count| *count as usize).sum();
        if total > 256 || total > values.len() {
            return Err(damaged("a table of codes is too long"));
        }
        let mut fast = vec![(0, 0); 1 << FAST_BITS];
        let (mut limits, mut offsets) = ([0; 17], [0; 17]);
        let (mut code, mut index) = (0_u32, 0_usize);
        for length in 1..=16_u8 {
            offsets[length as usize] = index as i32 - code as i32;
            for _ in 0..counts[length as usize - 1] {
                if code >= 1 << length {
                    return Err(damaged("a table of codes is impossible"));
                }
                if length <= FAST_BITS {
                    let shift = FAST_BITS - length;
                    let from = (code as usize) << shift;
                    fast[from..from + (1 << shift)].fill((length, values[index]));
                }
                code += 1;
                index += 1;
            }
            limits[length as usize] = code << (16 - length);
            code <<= 1;
        }
        Ok(Self {
            fast,
            limits,
            offsets,
            values,
        })
    }

    /// The next value.
    #[inline]
    pub fn decode<R: Read + Seek>(&self, bits: &mut Bits<R>) -> Result<u8, PictureError> {
        let next = bits.peek16()?;
        let (length, value) = self.fast[(next >> (16 - FAST_BITS)) as usize];
        if length > 0 {
            bits.drop_bits(length)?;
            return Ok(value);
        }
        for length in FAST_BITS + 1..=16 {
            if next < self.limits[length as usize] {
                bits.drop_bits(length)?;
                let code = (next >> (16 - length)) as i32;
                let index = code + self.offsets[length as usize];
                let value = self.values.get(index as usize);
                return value.copied().ok_or_else(|| damaged("a code has no value"));
            }
        }
        bits.drop_bits(16)?;
        Err(damaged("its pixels hold a code that does not exist"))
    }
}
