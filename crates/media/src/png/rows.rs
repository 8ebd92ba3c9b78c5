//! The pixels of a PNG, one row after another, from a state that can be copied.

use super::{chunk, damaged, read_error};
use crate::error::PictureError;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};
use std::io::{Read, Seek, SeekFrom};

/// The window of deflate, as the circular buffer that the decompressor writes into.
const WINDOW: usize = 32 * 1024;
/// Bytes of the file that are read at once.
const INPUT: usize = 64 * 1024;

/// How pixels are stored.
#[derive(Clone, Debug)]
pub struct Shape {
    pub width: u32,
    pub height: u32,
    bits: u8,
    color: u8,
    is_interlaced: bool,
    palette: Vec<[u8; 4]>,
    has_transparency: bool,
}

impl Shape {
    pub fn parse(header: &[u8]) -> Result<Self, PictureError> {
        let [w0, w1, w2, w3, h0, h1, h2, h3, bits, color, 0, 0, interlace] = *header else {
            return Err(damaged("its header cannot be read"));
        };
        let allowed: &[u8] = match color {
            0 => &[1, 2, 4, 8, 16],
            3 => &[1, 2, 4, 8],
            2 | 4 | 6 => &[8, 16],
            _ => &[],
        };
        if !allowed.contains(&bits) {
            return Err(damaged("its header names colours that do not exist"));
        }
        Ok(Self {
            width: u32::from_be_bytes([w0, w1, w2, w3]),
            height: u32::from_be_bytes([h0, h1, h2, h3]),
            bits,
            color,
            is_interlaced: interlace != 0,
            palette: Vec::new(),
            has_transparency: false,
        })
    }

    pub fn set_palette(&mut self, bytes: &[u8]) {
        let colors = bytes.chunks_exact(3).take(256);
        self.palette = colors.map(|c| [c[0], c[1], c[2], 255]).collect();
    }

    /// Only palettes: a single transparent colour of a photograph is not kept.
    pub fn set_transparency(&mut self, bytes: &[u8]) {
        if self.color == 3 {
            self.has_transparency = true;
            for (color, alpha) in self.palette.iter_mut().zip(bytes) {
                color[3] = *alpha;
            }
        }
    }

    pub fn check(&self) -> Result<(), PictureError> {
        crate::plain::check_size(self.width, self.height)?;
        if self.color == 3 && self.palette.is_empty() {
            return Err(damaged("it has no palette"));
        }
        if self.is_interlaced {
            return Err(PictureError::Unsupported(
                "interlaced PNG of this size (save it without interlacing)".to_owned(),
            ));
        }
        Ok(())
    }

    /// 1 grey, 3 RGB, 4 RGBA.
    pub fn channels(&self) -> usize {
        match (self.color, self.has_transparency) {
            (0, _) => 1,
            (2, _) | (3, false) => 3,
            _ => 4,
        }
    }

    pub fn depth(&self) -> usize {
        if self.bits == 16 { 2 } else { 1 }
    }

    /// Samples of a stored pixel.
    fn samples(&self) -> usize {
        match self.color {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        }
    }

    /// Bytes of a stored row, without its filter.
    fn row_bytes(&self) -> usize {
        (self.width as usize * self.samples() * self.bits as usize).div_ceil(8)
    }

    /// A stored row as samples of a raster.
    fn unpacked(&self, row: &[u8]) -> Vec<u8> {
        let width = self.width as usize;
        let index = |at: usize| {
            if self.bits == 8 {
                return row[at];
            }
            let per_byte = 8 / self.bits as usize;
            let shift = 8 - self.bits as usize * (at % per_byte + 1);
            row[at / per_byte] >> shift & ((1_u16 << self.bits) - 1) as u8
        };
        match (self.color, self.bits) {
            (3, _) => {
                let channels = self.channels();
                let color = |at| {
                    let color = self.palette.get(index(at) as usize);
                    &color.unwrap_or(&[0, 0, 0, 255])[..channels]
                };
                (0..width).flat_map(color).copied().collect()
            }
            (0, 1 | 2 | 4) => {
                let scale = 255 / ((1_u16 << self.bits) - 1) as u8;
                (0..width).map(|at| index(at) * scale).collect()
            }
            (4, 8) => row
                .chunks_exact(2)
                .flat_map(|pair| [pair[0], pair[0], pair[0], pair[1]])
                .collect(),
            (4, _) => row
                .chunks_exact(4)
                .flat_map(|p| [p[1], p[0], p[1], p[0], p[1], p[0], p[3], p[2]])
                .collect(),
            (_, 16) => row
                .chunks_exact(2)
                .flat_map(|two| [two[1], two[0]])
                .collect(),
            _ => row.to_vec(),
        }
    }
}

/// The decompressor between two rows.
#[derive(Clone)]
pub struct Rows {
    inflate: DecompressorOxide,
    window: Vec<u8>,
    /// Where in the window the next byte goes.
    window_at: usize,
    /// Where the next byte of the file is read from; at a chunk's head when `left` is 0.
    file_at: u64,
    /// Bytes that the current chunk still has.
    left: u32,
    /// Read, and not used yet: they lie before `file_at`.
    pending: Vec<u8>,
    /// The row before, unfiltered, behind the byte that named its filter.
    before: Vec<u8>,
    /// Bytes that came out beyond the last row.
    extra: Vec<u8>,
}

impl Rows {
    /// `data_at` is the head of the first IDAT chunk.
    pub fn new(data_at: u64, shape: &Shape) -> Self {
        Self {
            inflate: DecompressorOxide::new(),
            window: vec![0; WINDOW],
            window_at: 0,
            file_at: data_at,
            left: 0,
            pending: Vec::new(),
            before: vec![0; shape.row_bytes() + 1],
            extra: Vec::new(),
        }
    }

    /// The next row, as samples of a raster.
    pub fn next<R: Read + Seek>(
        &mut self,
        reader: &mut R,
        shape: &Shape,
    ) -> Result<Vec<u8>, PictureError> {
        let needed = shape.row_bytes() + 1;
        let mut raw = std::mem::take(&mut self.extra);
        raw.reserve(needed.saturating_sub(raw.len()) + WINDOW);
        while raw.len() < needed {
            self.inflate_some(reader, &mut raw)?;
        }
        self.extra = raw.split_off(needed);
        let step = (shape.samples() * shape.bits as usize).div_ceil(8);
        unfilter(raw[0], &mut raw[1..], &self.before[1..], step)?;
        self.before = raw;
        Ok(shape.unpacked(&self.before[1..]))
    }

    fn inflate_some<R: Read + Seek>(
        &mut self,
        reader: &mut R,
        out: &mut Vec<u8>,
    ) -> Result<(), PictureError> {
        if self.pending.is_empty() {
            self.read_some(reader)?;
        }
        let flags = inflate_flags::TINFL_FLAG_PARSE_ZLIB_HEADER
            | inflate_flags::TINFL_FLAG_HAS_MORE_INPUT
            | inflate_flags::TINFL_FLAG_IGNORE_ADLER32;
        let (status, used, written) = decompress(
            &mut self.inflate,
            &self.pending,
            &mut self.window,
            self.window_at,
            flags,
        );
        out.extend_from_slice(&self.window[self.window_at..self.window_at + written]);
        self.window_at = (self.window_at + written) % WINDOW;
        self.pending.drain(..used);
        match status {
            TINFLStatus::HasMoreOutput | TINFLStatus::NeedsMoreInput if used + written > 0 => {
                Ok(())
            }
            TINFLStatus::NeedsMoreInput if self.pending.is_empty() => Ok(()),
            TINFLStatus::Done if written > 0 => Ok(()),
            TINFLStatus::Done => Err(PictureError::Truncated),
            _ => Err(damaged("its pixels cannot be inflated")),
        }
    }

    /// Reads on through the IDAT chunks.
    fn read_some<R: Read + Seek>(&mut self, reader: &mut R) -> Result<(), PictureError> {
        let io = |error: std::io::Error| read_error(&error);
        reader.seek(SeekFrom::Start(self.file_at)).map_err(io)?;
        while self.left == 0 {
            let (kind, len, at) = chunk(reader)?;
            if &kind != b"IDAT" {
                return Err(PictureError::Truncated);
            }
            self.left = len;
            self.file_at = at;
            if len == 0 {
                // An empty chunk: past its checksum.
                self.file_at = at + 4;
                reader.seek(SeekFrom::Start(self.file_at)).map_err(io)?;
            }
        }
        let len = INPUT.min(self.left as usize);
        self.pending = vec![0; len];
        reader.read_exact(&mut self.pending).map_err(io)?;
        self.left -= len as u32;
        self.file_at += len as u64;
        if self.left == 0 {
            self.file_at += 4;
        }
        Ok(())
    }
}

/// PNG specification, section 9.
fn unfilter(filter: u8, row: &mut [u8], before: &[u8], step: usize) -> Result<(), PictureError> {
    match filter {
        0 => {}
        1 => {
            for at in step..row.len() {
                row[at] = row[at].wrapping_add(row[at - step]);
            }
        }
        2 => {
            for (byte, up) in row.iter_mut().zip(before) {
                *byte = byte.wrapping_add(*up);
            }
        }
        3 | 4 => {
            let is_paeth = filter == 4;
            match step {
                1 => from_three_sides::<1>(row, before, is_paeth),
                2 => from_three_sides::<2>(row, before, is_paeth),
                3 => from_three_sides::<3>(row, before, is_paeth),
                4 => from_three_sides::<4>(row, before, is_paeth),
                6 => from_three_sides::<6>(row, before, is_paeth),
                _ => from_three_sides::<8>(row, before, is_paeth),
            }
        }
        _ => return Err(damaged("a row has a filter that does not exist")),
    }
    Ok(())
}

/// The filters that look left and up, for pixels of `STEP` bytes: what was just decoded stays at hand.
fn from_three_sides<const STEP: usize>(row: &mut [u8], before: &[u8], is_paeth: bool) {
    let (mut left, mut corner) = ([0; STEP], [0; STEP]);
    let pixels = row.as_chunks_mut::<STEP>().0;
    for (pixel, up) in pixels.iter_mut().zip(before.as_chunks::<STEP>().0) {
        for c in 0..STEP {
            let guess = if is_paeth {
                paeth(left[c], up[c], corner[c])
            } else {
                u8::midpoint(left[c], up[c])
            };
            left[c] = pixel[c].wrapping_add(guess);
        }
        *pixel = left;
        corner = *up;
    }
}

#[inline]
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let guess = a + b - c;
    let (to_a, to_b, to_c) = ((guess - a).abs(), (guess - b).abs(), (guess - c).abs());
    if to_a <= to_b && to_a <= to_c {
        left
    } else if to_b <= to_c {
        up
    } else {
        corner
    }
}
