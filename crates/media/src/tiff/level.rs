//! One resolution of a TIFF: how its samples are laid out, and a strip or tile of it decoded.

use super::codec::{self, Compression, decompress, undo_differences};
use super::directory::{Directory, Layout, Values, tag};
use crate::error::{PictureError, ReadError};
use crate::pixels::Raster;
use crate::sparse::Sparse;
use std::ops::Range;

/// A strip or tile of more decoded bytes than this is not read.
const MAX_CHUNK_BYTES: u64 = 256 << 20;
/// No side may be longer: what coordinates in `f32` bear on the GPU after an origin is taken off.
const MAX_SIDE: u64 = 1 << 24;

/// What the samples of a pixel mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Photometric {
    WhiteIsZero,
    BlackIsZero,
    Rgb,
    Palette,
    Cmyk,
    YCbCr,
}

/// A directory that holds an image, understood.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a tag of the format, independent of the others"
)]
pub struct TiffLevel {
    pub width: u32,
    pub height: u32,
    /// Strips are tiles as wide as the image.
    pub chunk_width: u32,
    pub chunk_height: u32,
    pub is_tiled: bool,
    layout: Layout,
    compression: Compression,
    photometric: Photometric,
    bits: u32,
    samples: usize,
    is_planar: bool,
    has_predictor: bool,
    is_bit_reversed: bool,
    /// The sample that is alpha, and whether colours are multiplied by it.
    alpha: Option<(usize, bool)>,
    offsets: Values,
    counts: Values,
    tables: Option<Vec<u8>>,
    palette: Vec<u64>,
}

impl TiffLevel {
    pub fn read(file: &Sparse, layout: Layout, directory: &Directory) -> Result<Self, ReadError> {
        let uint = |tag| directory.uint(file, tag);
        let or = |tag, default| Ok::<_, ReadError>(uint(tag)?.unwrap_or(default));
        let (width, height) = (or(tag::IMAGE_WIDTH, 0)?, or(tag::IMAGE_LENGTH, 0)?);
        if width == 0 || height == 0 || width > MAX_SIDE || height > MAX_SIDE {
            return Err(PictureError::Size { width, height }.into());
        }
        let tile_width = uint(tag::TILE_WIDTH)?;
        let (chunk_width, chunk_height, offsets, counts) = match tile_width {
            Some(tile_width) => (
                tile_width,
                or(tag::TILE_LENGTH, 0)?,
                directory.values(tag::TILE_OFFSETS),
                directory.values(tag::TILE_BYTE_COUNTS),
            ),
            None => (
                width,
                or(tag::ROWS_PER_STRIP, height)?.min(height),
                directory.values(tag::STRIP_OFFSETS),
                directory.values(tag::STRIP_BYTE_COUNTS),
            ),
        };
        let damaged = |why: &str| ReadError::from(PictureError::damaged("TIFF", why));
        if chunk_width == 0
            || chunk_height == 0
            || chunk_width > MAX_SIDE
            || chunk_height > MAX_SIDE
        {
            return Err(damaged("its strips or tiles have no size"));
        }
        let (Some(offsets), Some(counts)) = (offsets, counts) else {
            return Err(damaged("it does not say where its pixels are"));
        };
        let samples = or(tag::SAMPLES_PER_PIXEL, 1)?;
        let bits = sample_bits(&directory.uints(file, tag::BITS_PER_SAMPLE)?)?;
        if samples == 0 || samples > 16 {
            return Err(unsupported(&format!("{samples} samples to a pixel")));
        }
        let (samples, bits) = (samples as usize, bits as u32);
        let chunk_bytes = chunk_width * chunk_height * samples as u64 * 2;
        if chunk_bytes > MAX_CHUNK_BYTES {
            let why = "TIFF whose strips or tiles are of more than 256 MB";
            return Err(PictureError::Unsupported(why.to_owned()).into());
        }
        if or(tag::SAMPLE_FORMAT, 1)? != 1 {
            return Err(unsupported("signed or floating-point samples"));
        }
        let photometric = photometric(uint(tag::PHOTOMETRIC)?, samples)?;
        let compression = Compression::from_tag(or(tag::COMPRESSION, 1)?)?;
        let predictor = or(tag::PREDICTOR, 1)?;
        if predictor > 2 {
            return Err(unsupported("the floating-point predictor"));
        }
        let palette = directory.uints(file, tag::COLOR_MAP)?;
        if photometric == Photometric::Palette && (bits > 8 || palette.len() < 3 << bits) {
            return Err(damaged("its palette is too short"));
        }
        if photometric == Photometric::YCbCr && compression != Compression::Jpeg {
            return Err(unsupported("YCbCr without JPEG compression"));
        }
        if compression == Compression::Jpeg && bits != 8 {
            return Err(unsupported(&format!("JPEG compression of {bits} bits")));
        }
        Ok(Self {
            width: width as u32,
            height: height as u32,
            chunk_width: chunk_width as u32,
            chunk_height: chunk_height as u32,
            is_tiled: tile_width.is_some(),
            layout,
            compression,
            photometric,
            bits,
            samples,
            is_planar: samples > 1 && or(tag::PLANAR_CONFIGURATION, 1)? == 2,
            has_predictor: predictor == 2 && bits >= 8,
            is_bit_reversed: or(tag::FILL_ORDER, 1)? == 2,
            alpha: alpha(
                &directory.uints(file, tag::EXTRA_SAMPLES)?,
                photometric,
                samples,
            ),
            offsets,
            counts,
            tables: directory.bytes(file, tag::JPEG_TABLES)?,
            palette,
        })
    }

    /// How many chunks lie beside and above each other.
    pub fn grid(&self) -> (u32, u32) {
        (
            self.width.div_ceil(self.chunk_width),
            self.height.div_ceil(self.chunk_height),
        )
    }

    /// Channels of the decoded rasters.
    pub fn channels(&self) -> usize {
        match (self.photometric, self.alpha) {
            (_, Some(_)) => 4,
            (Photometric::WhiteIsZero | Photometric::BlackIsZero, None) => 1,
            _ => 3,
        }
    }

    /// Bytes of a decoded sample.
    pub fn depth(&self) -> usize {
        if self.bits == 16 { 2 } else { 1 }
    }

    /// Where the bytes of a chunk lie in the file, one range for each plane; an empty range is a
    /// chunk that was never written.
    pub fn ranges(&self, file: &Sparse, col: u32, row: u32) -> Result<Vec<Range<u64>>, ReadError> {
        let (cols, rows) = self.grid();
        if col >= cols || row >= rows {
            return Err(PictureError::damaged("TIFF", "there is no such tile").into());
        }
        let chunks = u64::from(cols) * u64::from(rows);
        let chunk = u64::from(row) * u64::from(cols) + u64::from(col);
        let planes = if self.is_planar {
            self.samples as u64
        } else {
            1
        };
        (0..planes)
            .map(|plane| {
                let n = plane * chunks + chunk;
                let start = self.offsets.get(file, self.layout, n)?;
                let len = self.counts.get(file, self.layout, n)?;
                let end = start.checked_add(len).filter(|end| *end <= file.len());
                Ok(start..end.ok_or(PictureError::Truncated)?)
            })
            .collect()
    }

    /// Decodes a chunk from the bytes of its [ranges](Self::ranges); tiles at the far edges are
    /// cut to the image.
    pub fn decode(&self, col: u32, row: u32, parts: &[&[u8]]) -> Result<Raster, PictureError> {
        let height = if self.is_tiled {
            self.chunk_height
        } else {
            self.chunk_height.min(self.height - row * self.chunk_height)
        };
        let mut out = Raster::new(self.chunk_width, height, self.channels(), self.depth());
        if parts.iter().all(|part| part.is_empty()) {
            return Ok(self.cut(out, col, row));
        }
        let samples = match parts {
            [one] => self.samples_of(one, self.samples, height)?,
            planes => {
                let mut chunky = Vec::new();
                for (n, plane) in planes.iter().enumerate() {
                    let plane = self.samples_of(plane, 1, height)?;
                    let depth = self.depth();
                    chunky.resize(plane.len() * planes.len(), 0);
                    for (at, sample) in plane.chunks_exact(depth).enumerate() {
                        let to = (at * planes.len() + n) * depth;
                        chunky[to..to + depth].copy_from_slice(sample);
                    }
                }
                chunky
            }
        };
        self.to_colors(&samples, &mut out);
        Ok(self.cut(out, col, row))
    }

    /// A whole row of chunks side by side.
    pub(super) fn joined(&self, chunks: &[Raster]) -> Raster {
        let height = chunks.iter().map(|chunk| chunk.height).max().unwrap_or(0);
        let mut joined = Raster::new(self.width, height, self.channels(), self.depth());
        for (col, chunk) in chunks.iter().enumerate() {
            joined.paste(chunk, (col as i64 * i64::from(self.chunk_width), 0));
        }
        joined
    }

    fn cut(&self, chunk: Raster, col: u32, row: u32) -> Raster {
        let width = chunk.width.min(self.width - col * self.chunk_width);
        let height = chunk.height.min(self.height - row * self.chunk_height);
        if (width, height) == (chunk.width, chunk.height) {
            return chunk;
        }
        let mut cut = Raster::new(width, height, chunk.channels, chunk.depth);
        cut.paste(&chunk, (0, 0));
        cut
    }

    /// The samples of one plane, each in one byte or two, little-endian.
    fn samples_of(
        &self,
        bytes: &[u8],
        samples: usize,
        height: u32,
    ) -> Result<Vec<u8>, PictureError> {
        let damaged = |why: &str| PictureError::damaged("TIFF", why);
        let (width, height) = (self.chunk_width as usize, height as usize);
        if matches!(self.compression, Compression::Jpeg | Compression::WebP) {
            let (w, h, channels, decoded) = if self.compression == Compression::Jpeg {
                let is_ycbcr = self.photometric == Photometric::YCbCr;
                codec::jpeg(bytes, self.tables.as_deref(), is_ycbcr)?
            } else {
                codec::webp(bytes)?
            };
            if (w as usize) < width || (h as usize) < height || channels != samples {
                return Err(damaged("a tile is not of the size that it should be"));
            }
            // Both may be padded to whole blocks.
            let row = width * channels;
            let rows = decoded.chunks_exact(w as usize * channels).take(height);
            return Ok(rows.flat_map(|line| &line[..row]).copied().collect());
        }
        let row = (width * samples * self.bits as usize).div_ceil(8);
        let mut source = std::borrow::Cow::Borrowed(bytes);
        if self.is_bit_reversed {
            for byte in source.to_mut() {
                *byte = byte.reverse_bits();
            }
        }
        let mut raw = decompress(self.compression, &source, row * height)?;
        if self.bits == 16 && !self.layout.is_little {
            for pair in raw.chunks_exact_mut(2) {
                pair.swap(0, 1);
            }
        }
        if self.has_predictor {
            undo_differences(&mut raw, row, samples, self.depth());
        }
        if self.bits < 8 {
            raw = self.unpacked(&raw, row, width * samples);
        }
        Ok(raw)
    }

    /// Samples of less than a byte, each in a byte of its own; greys are spread over its range.
    fn unpacked(&self, raw: &[u8], row: usize, samples: usize) -> Vec<u8> {
        let max = (1_u32 << self.bits) - 1;
        let scale = if self.photometric == Photometric::Palette {
            1
        } else {
            255 / max
        };
        let per_byte = 8 / self.bits as usize;
        let mut out = Vec::with_capacity(raw.len() * per_byte);
        for line in raw.chunks_exact(row) {
            for at in 0..samples {
                let shift = 8 - self.bits as usize * (at % per_byte + 1);
                let value = u32::from(line[at / per_byte]) >> shift & max;
                out.push((value * scale) as u8);
            }
        }
        out
    }

    fn to_colors(&self, samples: &[u8], out: &mut Raster) {
        let (depth, channels) = (self.depth(), out.channels);
        let max = if depth == 1 { 255 } else { 65_535 };
        let pixels = out.width as usize * out.height as usize;
        let source = Raster {
            width: out.width,
            height: out.height,
            channels: self.samples,
            depth,
            bytes: Vec::new(),
        };
        let plain = self.samples == channels
            && self.alpha.is_none_or(|(_, multiplied)| !multiplied)
            && !matches!(
                self.photometric,
                Photometric::WhiteIsZero | Photometric::Palette | Photometric::Cmyk
            );
        if plain {
            out.bytes
                .copy_from_slice(&samples[..pixels * source.pixel()]);
            return;
        }
        let read = |at: usize| -> u32 {
            if depth == 1 {
                u32::from(samples[at])
            } else {
                u32::from(u16::from_le_bytes([samples[2 * at], samples[2 * at + 1]]))
            }
        };
        for pixel in 0..pixels {
            let at = pixel * self.samples;
            let mut color = match self.photometric {
                Photometric::WhiteIsZero => [max - read(at); 3],
                Photometric::BlackIsZero => [read(at); 3],
                Photometric::Palette => {
                    let index = read(at) as usize;
                    let part = |n: usize| (self.palette[n << self.bits | index] >> 8) as u32;
                    [part(0), part(1), part(2)]
                }
                Photometric::Cmyk => {
                    let light = max - read(at + 3);
                    [0, 1, 2].map(|n| (max - read(at + n)) * light / max)
                }
                Photometric::Rgb | Photometric::YCbCr => [read(at), read(at + 1), read(at + 2)],
            };
            if let Some((n, is_multiplied)) = self.alpha {
                let alpha = read(at + n);
                if is_multiplied && alpha > 0 {
                    color = color.map(|part| (part.min(alpha) * max + alpha / 2) / alpha);
                }
                out.set_sample(pixel * channels + 3, alpha);
            }
            for (n, part) in color.iter().take(channels.min(3)).enumerate() {
                out.set_sample(pixel * channels + n, *part);
            }
        }
    }
}

fn unsupported(what: &str) -> ReadError {
    PictureError::Unsupported(format!("TIFF with {what}")).into()
}

fn sample_bits(all: &[u64]) -> Result<u64, ReadError> {
    let bits = all.first().copied().unwrap_or(1);
    if all.iter().any(|other| *other != bits) {
        return Err(unsupported("samples of different sizes"));
    }
    if matches!(bits, 1 | 2 | 4 | 8 | 16) {
        Ok(bits)
    } else {
        Err(unsupported(&format!("{bits} bits to a sample")))
    }
}

fn photometric(value: Option<u64>, samples: usize) -> Result<Photometric, ReadError> {
    let usual = if samples >= 3 { 2 } else { 1 };
    let (photometric, needed) = match value.unwrap_or(usual) {
        0 => (Photometric::WhiteIsZero, 1),
        1 => (Photometric::BlackIsZero, 1),
        2 => (Photometric::Rgb, 3),
        3 => (Photometric::Palette, 1),
        5 => (Photometric::Cmyk, 4),
        6 => (Photometric::YCbCr, 3),
        8..=10 => return Err(unsupported("Lab colours")),
        other => return Err(unsupported(&format!("colours of kind {other}"))),
    };
    if samples < needed {
        let why = format!("a pixel has {samples} samples where its colours need {needed}");
        return Err(PictureError::damaged("TIFF", why).into());
    }
    Ok(photometric)
}

/// The sample that is alpha: the first extra one that says so.
fn alpha(extra: &[u64], photometric: Photometric, samples: usize) -> Option<(usize, bool)> {
    let colors = match photometric {
        Photometric::Rgb | Photometric::YCbCr => 3,
        Photometric::Cmyk => 4,
        _ => 1,
    };
    let (n, kind) = extra
        .iter()
        .enumerate()
        .find(|(_, kind)| matches!(kind, 1 | 2))?;
    (colors + n < samples).then_some((colors + n, *kind == 1))
}
