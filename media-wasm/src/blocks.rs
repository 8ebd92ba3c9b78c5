//! A blob or a URL as a file that is read in place: in a worker the browser answers at once.

use std::collections::VecDeque;
use std::io::{self, Read, Seek, SeekFrom};
use visionflow_media::place_of;
use web_sys::{Blob, FileReaderSync, XmlHttpRequest, XmlHttpRequestResponseType};

/// Bytes that are fetched at once: few where reading jumps, more and more where it goes on.
const LEAST: u64 = 256 << 10;
const MOST: u64 = 1 << 20;
/// The pass over a file and the tiles that are asked for meanwhile read at places of their own.
const BLOCKS: usize = 3;

pub struct BlockReader {
    from: From,
    len: u64,
    at: u64,
    /// The last one used comes first.
    blocks: VecDeque<Block>,
}

enum From {
    Blob(Blob, FileReaderSync),
    Url(String),
}

struct Block {
    at: u64,
    bytes: Vec<u8>,
}

impl Block {
    fn end(&self) -> u64 {
        self.at + self.bytes.len() as u64
    }
}

impl BlockReader {
    pub fn of_blob(blob: Blob) -> Result<Self, String> {
        let reader = FileReaderSync::new().map_err(|_| "the browser cannot read files here")?;
        let len = blob.size() as u64;
        Ok(Self::new(From::Blob(blob, reader), len))
    }

    /// `url` answers ranges, and has `len` bytes.
    pub fn of_url(url: String, len: u64) -> Self {
        Self::new(From::Url(url), len)
    }

    fn new(from: From, len: u64) -> Self {
        Self {
            from,
            len,
            at: 0,
            blocks: VecDeque::new(),
        }
    }

    /// Brings the block that holds the current place to the front.
    fn find(&mut self) -> io::Result<()> {
        let at = self.at;
        let known = |block: &Block| (block.at..block.end()).contains(&at);
        if let Some(n) = self.blocks.iter().position(known) {
            self.blocks.swap(0, n);
            return Ok(());
        }
        let goes_on = |block: &&Block| (block.end()..block.end() + LEAST).contains(&at);
        let before = self.blocks.iter().find(goes_on);
        let size = before.map_or(LEAST, |block| {
            (2 * block.bytes.len() as u64).clamp(LEAST, MOST)
        });
        let bytes = self.from.fetch(at, (at + size).min(self.len))?;
        if bytes.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.blocks.truncate(BLOCKS - 1);
        self.blocks.push_front(Block { at, bytes });
        Ok(())
    }
}

impl From {
    fn fetch(&self, start: u64, end: u64) -> io::Result<Vec<u8>> {
        let buffer = match self {
            Self::Blob(blob, reader) => {
                let failed = |_| io::Error::other("the browser could not read the file");
                let part = blob
                    .slice_with_f64_and_f64(start as f64, end as f64)
                    .map_err(failed)?;
                reader.read_as_array_buffer(&part).map_err(failed)?.into()
            }
            Self::Url(url) => {
                let failed = |_| io::Error::other("the server could not be reached");
                let request = XmlHttpRequest::new().map_err(failed)?;
                request.open_with_async("GET", url, false).map_err(failed)?;
                request.set_response_type(XmlHttpRequestResponseType::Arraybuffer);
                let range = format!("bytes={start}-{}", end - 1);
                request
                    .set_request_header("range", &range)
                    .map_err(failed)?;
                request.send().map_err(failed)?;
                match request.status().map_err(failed)? {
                    206 => request.response().map_err(failed)?,
                    other => {
                        let sentence = format!("the server answered {other}");
                        return Err(io::Error::other(sentence));
                    }
                }
            }
        };
        Ok(js_sys::Uint8Array::new(&buffer).to_vec())
    }
}

impl Read for BlockReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.len || into.is_empty() {
            return Ok(0);
        }
        self.find()?;
        let block = &self.blocks[0];
        let rest = &block.bytes[(self.at - block.at) as usize..];
        let n = rest.len().min(into.len());
        into[..n].copy_from_slice(&rest[..n]);
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for BlockReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = place_of(to, self.at, self.len)?;
        Ok(self.at)
    }
}
