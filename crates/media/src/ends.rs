//! A file of which only the beginning and the end are at hand.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

/// Reads as the whole file would; what lies between head and tail is an error of kind
/// [`io::ErrorKind::UnexpectedEof`].
pub struct Ends<'a> {
    head: &'a [u8],
    tail: &'a [u8],
    len: u64,
    at: u64,
}

impl<'a> Ends<'a> {
    /// `tail` holds the last bytes of the `len` in all; the two may overlap.
    pub fn new(head: &'a [u8], tail: &'a [u8], len: u64) -> Self {
        Self {
            head,
            tail,
            len,
            at: 0,
        }
    }

    /// What is at hand from the current place on.
    fn rest(&self) -> io::Result<&'a [u8]> {
        let tail_start = self.len.saturating_sub(self.tail.len() as u64);
        if self.at >= self.len {
            Ok(&[])
        } else if self.at < self.head.len() as u64 {
            Ok(&self.head[self.at as usize..])
        } else if self.at >= tail_start {
            Ok(&self.tail[(self.at - tail_start) as usize..])
        } else {
            Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "between the parts that were read",
            ))
        }
    }
}

impl Read for Ends<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let rest = self.rest()?;
        let n = rest.len().min(into.len());
        into[..n].copy_from_slice(&rest[..n]);
        self.at += n as u64;
        Ok(n)
    }
}

impl BufRead for Ends<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.rest()
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount as u64;
    }
}

impl Seek for Ends<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = place_of(to, self.at, self.len)?;
        Ok(self.at)
    }
}

/// Where in a file of `len` bytes a seek from byte `at` ends; an error for a place before the first.
pub fn place_of(to: SeekFrom, at: u64, len: u64) -> io::Result<u64> {
    let place = match to {
        SeekFrom::Start(at) => i128::from(at),
        SeekFrom::End(by) => i128::from(len) + i128::from(by),
        SeekFrom::Current(by) => i128::from(at) + i128::from(by),
    };
    u64::try_from(place)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "before the beginning"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_an_error_and_the_ends_read() {
        let mut ends = Ends::new(b"abc", b"xyz", 10);
        let mut three = [0; 3];
        ends.read_exact(&mut three).unwrap();
        assert_eq!(&three, b"abc");
        assert!(ends.read_exact(&mut three).is_err());
        ends.seek(SeekFrom::End(-3)).unwrap();
        ends.read_exact(&mut three).unwrap();
        assert_eq!(&three, b"xyz");
        assert_eq!(ends.read(&mut three).unwrap(), 0);
    }
}
