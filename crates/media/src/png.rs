//! PNG row by row, with marks to come back to (PNG specification, third edition).
//!
//! The compressed stream can only be read from its start, but the decompressor's state is small:
//! a copy of it at each row of tiles lets any part be decoded again from the nearest one.

mod rows;

use crate::error::PictureError;
use crate::pixels::Raster;
use crate::plain::{Overview, Reducer};
use crate::tiles::Orientation;
use rows::{Rows, Shape};
use std::collections::VecDeque;
use std::io::{Read, Seek, SeekFrom};

/// Chunks other than pixels are at most this long; longer ones are passed over.
const MAX_CHUNK: u32 = 8 << 20;
/// Rows of tiles that are kept decoded.
const BANDS: usize = 2;
/// Samples that one step decodes: a few hundredths of a second.
const STEP_SAMPLES: u64 = 4 << 20;

/// What stands before the pixels.
#[derive(Clone, Debug, Default)]
struct Header {
    orientation: Orientation,
    icc_profile: Option<Vec<u8>>,
    is_animated: bool,
}

/// A PNG file and how far its first pass has come.
pub struct Png<R> {
    reader: R,
    shape: Shape,
    header: Header,
    /// The state before each row of tiles.
    marks: Vec<Rows>,
    first_pass: Option<(Rows, Reducer)>,
    rows_done: u32,
    tile: u32,
    /// Decoded rows of tiles: level, row, pixels.
    bands: VecDeque<(u32, u32, Raster)>,
}

fn damaged(why: impl Into<String>) -> PictureError {
    PictureError::damaged("PNG", why)
}

pub(crate) fn read_error(error: &std::io::Error) -> PictureError {
    if error.kind() == std::io::ErrorKind::UnexpectedEof {
        PictureError::Truncated
    } else {
        PictureError::TooMuch(format!("the file could not be read: {error}"))
    }
}

impl<R: Read + Seek> Png<R> {
    /// Reads everything before the first pixel.
    pub fn open(mut reader: R, tile: u32) -> Result<Self, PictureError> {
        let mut signature = [0; 8];
        reader.rewind().map_err(|error| read_error(&error))?;
        reader
            .read_exact(&mut signature)
            .map_err(|error| read_error(&error))?;
        if signature != *b"\x89PNG\r\n\x1a\n" {
            return Err(damaged("its first bytes are not PNG's"));
        }
        let mut shape = None;
        let mut header = Header::default();
        let data_at = loop {
            let (kind, len, at) = chunk(&mut reader)?;
            if &kind == b"IDAT" {
                break at - 8;
            }
            if &kind == b"IEND" {
                return Err(damaged("it has no pixels"));
            }
            if len <= MAX_CHUNK {
                let mut bytes = vec![0; len as usize];
                reader
                    .read_exact(&mut bytes)
                    .map_err(|error| read_error(&error))?;
                take_chunk(kind, &bytes, &mut shape, &mut header)?;
            }
            reader
                .seek(SeekFrom::Start(at + u64::from(len) + 4))
                .map_err(|error| read_error(&error))?;
        };
        let shape = shape.ok_or_else(|| damaged("it has no header"))?;
        shape.check()?;
        Ok(Self {
            reader,
            marks: Vec::new(),
            first_pass: Some((
                Rows::new(data_at, &shape),
                Reducer::new(shape.width, 0, shape.channels(), shape.depth()),
            )),
            rows_done: 0,
            shape,
            header,
            tile,
            bands: VecDeque::new(),
        })
    }

    pub fn size(&self) -> (u32, u32) {
        (self.shape.width, self.shape.height)
    }

    pub fn orientation(&self) -> Orientation {
        self.header.orientation
    }

    pub fn icc_profile(&self) -> Option<Vec<u8>> {
        self.header.icc_profile.clone()
    }

    pub fn is_animated(&self) -> bool {
        self.header.is_animated
    }

    pub fn channels(&self) -> usize {
        self.shape.channels()
    }

    pub fn depth(&self) -> usize {
        self.shape.depth()
    }

    /// Whether the first pass has gone past so many rows.
    pub fn has_rows(&self, rows: u64) -> bool {
        u64::from(self.rows_done) >= rows.min(u64::from(self.shape.height))
    }

    /// Decodes some rows for the first time.
    pub fn step(&mut self, overview: &mut Overview) -> Result<(), PictureError> {
        let Some((rows, reducer)) = &mut self.first_pass else {
            return Ok(());
        };
        if self.rows_done == 0 {
            let (channels, depth) = (self.shape.channels(), self.shape.depth());
            *reducer = Reducer::new(self.shape.width, overview.first(), channels, depth);
        }
        let row_samples = u64::from(self.shape.width) * self.shape.channels() as u64;
        let count = (STEP_SAMPLES / row_samples).max(1) as u32;
        for _ in 0..count.min(self.shape.height - self.rows_done) {
            if self.rows_done.is_multiple_of(self.tile) {
                self.marks.push(rows.clone());
            }
            let row = rows.next(&mut self.reader, &self.shape)?;
            reducer.push(&row);
            self.rows_done += 1;
        }
        let is_done = self.rows_done == self.shape.height;
        if is_done {
            reducer.finish();
        }
        overview.push(&reducer.take());
        if is_done {
            self.first_pass = None;
        }
        Ok(())
    }

    /// A part of a level, which must lie in rows that the first pass has gone past.
    pub fn region(
        &mut self,
        level: u32,
        (x, y, width, height): (u32, u32, u32, u32),
    ) -> Result<Raster, PictureError> {
        let band_row = y / self.tile;
        let known = self
            .bands
            .iter()
            .position(|(l, row, _)| (*l, *row) == (level, band_row));
        let at = if let Some(at) = known {
            at
        } else {
            if self.bands.len() == BANDS {
                self.bands.pop_front();
            }
            let band = self.band(level, band_row)?;
            self.bands.push_back((level, band_row, band));
            self.bands.len() - 1
        };
        let band = &self.bands[at].2;
        let mut out = Raster::new(width, height, band.channels, band.depth);
        out.paste(
            band,
            (
                -i64::from(x),
                i64::from(band_row * self.tile) - i64::from(y),
            ),
        );
        Ok(out)
    }

    /// A whole row of tiles.
    fn band(&mut self, level: u32, row: u32) -> Result<Raster, PictureError> {
        let first = row << level;
        let mark = self.marks.get(first as usize);
        let mut rows = mark
            .ok_or_else(|| damaged("these rows were not read yet"))?
            .clone();
        let start = first * self.tile;
        let count = (self.tile << level).min(self.shape.height - start);
        let (channels, depth) = (self.shape.channels(), self.shape.depth());
        let mut reducer =
            Reducer::new(self.shape.width, level, channels, depth).with_room_for(count);
        for _ in 0..count {
            reducer.push(&rows.next(&mut self.reader, &self.shape)?);
        }
        reducer.finish();
        Ok(reducer.take())
    }
}

/// The next chunk's name, its length and where its content starts.
fn chunk<R: Read + Seek>(reader: &mut R) -> Result<([u8; 4], u32, u64), PictureError> {
    let mut head = [0; 8];
    reader
        .read_exact(&mut head)
        .map_err(|error| read_error(&error))?;
    let len = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
    if len > i32::MAX as u32 {
        return Err(damaged("a chunk has an impossible length"));
    }
    let at = reader
        .stream_position()
        .map_err(|error| read_error(&error))?;
    Ok(([head[4], head[5], head[6], head[7]], len, at))
}

fn take_chunk(
    kind: [u8; 4],
    bytes: &[u8],
    shape: &mut Option<Shape>,
    header: &mut Header,
) -> Result<(), PictureError> {
    match &kind {
        b"IHDR" => *shape = Some(Shape::parse(bytes)?),
        b"PLTE" => {
            if let Some(shape) = shape {
                shape.set_palette(bytes);
            }
        }
        b"tRNS" => {
            if let Some(shape) = shape {
                shape.set_transparency(bytes);
            }
        }
        b"acTL" => header.is_animated = true,
        b"eXIf" => {
            if let Some(value) = crate::probe::exif_orientation(bytes) {
                header.orientation = Orientation::from_exif(value);
            }
        }
        b"iCCP" => {
            // A name, a zero, the method, and then the profile.
            if let Some(end) = bytes.iter().position(|byte| *byte == 0)
                && let Some(packed) = bytes.get(end + 2..)
            {
                let limit = 16 << 20;
                header.icc_profile =
                    miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(packed, limit).ok();
            }
        }
        _ => {}
    }
    Ok(())
}
