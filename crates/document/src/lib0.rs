//! The primitive encodings of lib0, the byte format of Yjs and of the y-protocols.
//!
//! The reader is for bytes from outside: it never reads past the end, never allocates more than
//! the bytes at hand could fill, and turns every fault into a [`ReadError`].

use thiserror::Error;

/// Why bytes are not what they claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    #[error("the bytes end too early, at {0}")]
    End(usize),
    #[error("a variable-length integer at {0} is too long")]
    VarInt(usize),
    #[error("the text at {0} is not UTF-8")]
    Utf8(usize),
}

/// Reads from the front of a slice.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes have been read.
    pub fn position(&self) -> usize {
        self.at
    }

    /// How many bytes are left.
    pub fn remaining(&self) -> usize {
        self.bytes.len() - self.at
    }

    pub fn is_at_end(&self) -> bool {
        self.remaining() == 0
    }

    pub fn u8(&mut self) -> Result<u8, ReadError> {
        let byte = *self.bytes.get(self.at).ok_or(ReadError::End(self.at))?;
        self.at += 1;
        Ok(byte)
    }

    /// An unsigned integer, seven bits a byte, the lowest first; at most 63 bits.
    pub fn var_uint(&mut self) -> Result<u64, ReadError> {
        let start = self.at;
        let mut value = 0u64;
        for shift in (0..63).step_by(7) {
            let byte = self.u8()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(ReadError::VarInt(start))
    }

    /// A length or count that must fit what is left at `least` bytes an item.
    pub fn count(&mut self, least: usize) -> Result<usize, ReadError> {
        let start = self.at;
        let count = usize::try_from(self.var_uint()?).map_err(|_| ReadError::VarInt(start))?;
        match count.checked_mul(least) {
            Some(bytes) if bytes <= self.remaining() => Ok(count),
            _ => Err(ReadError::End(self.bytes.len())),
        }
    }

    pub fn take(&mut self, length: usize) -> Result<&'a [u8], ReadError> {
        if length > self.remaining() {
            return Err(ReadError::End(self.bytes.len()));
        }
        let slice = &self.bytes[self.at..self.at + length];
        self.at += length;
        Ok(slice)
    }

    /// Bytes with their length in front.
    pub fn buffer(&mut self) -> Result<&'a [u8], ReadError> {
        let length = self.count(1)?;
        self.take(length)
    }

    /// Text with its length in bytes in front.
    pub fn string(&mut self) -> Result<&'a str, ReadError> {
        let start = self.at;
        std::str::from_utf8(self.buffer()?).map_err(|_| ReadError::Utf8(start))
    }
}

pub fn write_var_uint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Bytes with their length in front; text is written the same way.
pub fn write_buffer(out: &mut Vec<u8>, bytes: &[u8]) {
    write_var_uint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: u64) {
        let mut bytes = Vec::new();
        write_var_uint(&mut bytes, value);
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.var_uint(), Ok(value));
        assert!(reader.is_at_end());
        assert_eq!(
            Reader::new(&bytes[..bytes.len() - 1]).var_uint(),
            Err(ReadError::End(bytes.len() - 1))
        );
    }

    #[test]
    fn integers_survive_the_round_trip() {
        for value in [0, 1, 127, 128, 16_384, (1 << 53) - 1, (1 << 63) - 1] {
            check(value);
        }
        assert_eq!(
            Reader::new(&[0xff; 12]).var_uint(),
            Err(ReadError::VarInt(0))
        );
    }

    #[test]
    fn lengths_never_exceed_what_is_there() {
        assert_eq!(Reader::new(&[5, 1, 2]).buffer(), Err(ReadError::End(3)));
        assert_eq!(
            Reader::new(&[2, 0xc3, 0x28]).string(),
            Err(ReadError::Utf8(0))
        );
        assert_eq!(Reader::new(&[2, 0, 0]).count(2), Err(ReadError::End(3)));
    }
}
