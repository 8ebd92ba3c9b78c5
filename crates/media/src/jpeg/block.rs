//! One block of 8 × 8 coefficients of a sequential scan.

use super::bits::Bits;
use super::damaged;
use super::huffman::Table;
use crate::error::PictureError;
use std::io::{Read, Seek};

/// From the order of the stream to rows of a block (T.81, figure A.6).
pub const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// Coefficients, multiplied by their quantization, row by row.
pub struct Block {
    pub values: [i32; 64],
    /// Whether any but the first is not zero.
    pub has_ac: bool,
}

/// Decodes the next block (T.81, section F.2.2).
#[inline]
pub fn decode<R: Read + Seek>(
    bits: &mut Bits<R>,
    component: usize,
    dc: &Table,
    ac: &Table,
    quantization: &[u16; 64],
) -> Result<Block, PictureError> {
    let mut block = Block {
        values: [0; 64],
        has_ac: false,
    };
    let size = dc.decode(bits)?;
    if size > 11 {
        return Err(damaged("a block is brighter than it can be"));
    }
    let difference = bits.signed(size)?;
    let prediction = bits.dc(component);
    *prediction = prediction.wrapping_add(difference as i16);
    block.values[0] = i32::from(*prediction) * i32::from(quantization[0]);
    let mut at = 1;
    while at < 64 {
        let code = ac.decode(bits)?;
        let (run, size) = (code >> 4, code & 15);
        if size == 0 {
            if run != 15 {
                break;
            }
            at += 16;
            continue;
        }
        at += run as usize;
        if at > 63 {
            return Err(damaged("a block has too many values"));
        }
        let value = bits.signed(size)?;
        block.values[ZIGZAG[at] as usize] = value * i32::from(quantization[at]);
        block.has_ac = true;
        at += 1;
    }
    Ok(block)
}
