//! A blob as a file that is read in place: in a worker the browser answers at once.

use std::io::{self, Read, Seek, SeekFrom};
use web_sys::{Blob, FileReaderSync};

/// Bytes that are fetched at once.
const BLOCK: u64 = 1 << 20;

pub struct BlobReader {
    blob: Blob,
    reader: FileReaderSync,
    at: u64,
    block: Vec<u8>,
    block_at: u64,
}

impl BlobReader {
    pub fn new(blob: Blob) -> Result<Self, String> {
        let reader = FileReaderSync::new().map_err(|_| "the browser cannot read files here")?;
        Ok(Self {
            blob,
            reader,
            at: 0,
            block: Vec::new(),
            block_at: 0,
        })
    }

    fn len(&self) -> u64 {
        self.blob.size() as u64
    }

    fn fetch(&mut self) -> io::Result<()> {
        let end = (self.at + BLOCK).min(self.len());
        let failed = |_| io::Error::other("the browser could not read the file");
        let part = self
            .blob
            .slice_with_f64_and_f64(self.at as f64, end as f64)
            .map_err(failed)?;
        let buffer = self.reader.read_as_array_buffer(&part).map_err(failed)?;
        self.block = js_sys::Uint8Array::new(&buffer).to_vec();
        self.block_at = self.at;
        Ok(())
    }
}

impl Read for BlobReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.len() || into.is_empty() {
            return Ok(0);
        }
        let end = self.block_at + self.block.len() as u64;
        if self.at < self.block_at || self.at >= end {
            self.fetch()?;
        }
        let rest = &self.block[(self.at - self.block_at) as usize..];
        let n = rest.len().min(into.len());
        into[..n].copy_from_slice(&rest[..n]);
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for BlobReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(at) => i128::from(at),
            SeekFrom::End(by) => i128::from(self.len()) + i128::from(by),
            SeekFrom::Current(by) => i128::from(self.at) + i128::from(by),
        };
        self.at = u64::try_from(place)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "before the beginning"))?;
        Ok(self.at)
    }
}
