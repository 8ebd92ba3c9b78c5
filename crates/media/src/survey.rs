//! Large and rare pictures looked through once, part by part: whether all of it can be decoded, and
//! a thumbnail. What [`crate::check`] does with the whole at once is done here within some hundred
//! megabytes, whatever the size.

use crate::decode::{DecodeError, encode_jpeg};
use crate::error::{PictureError, ReadError};
use crate::pixels::{PixelFormat, Pixels, Raster};
use crate::plain::{Plain, TILE, check_size};
use crate::sparse::Sparse;
use crate::tiff::{Tiff, TiffLevel};
use crate::tiles::{Orientation, TileId};
use crate::{Format, MAX_SIDE};
use image::RgbImage;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

/// From so many pixels on, JPEG and PNG are better looked through than decoded at once.
pub const LARGE_PIXELS: u64 = 64_000_000;

/// Decodes everything once; a JPEG of the upright picture with its long side at most `long_side`
/// pixels (512 at most).
///
/// Only TIFF, and JPEG and PNG of any size. [`DecodeError::Unsupported`] says nothing against the
/// file: it may be whole. No more of it is in memory than is looked at.
pub fn survey<R: Read + Seek>(
    file: R,
    format: Format,
    long_side: u32,
) -> Result<Vec<u8>, DecodeError> {
    let small = match format {
        Format::Tiff => tiff(file, long_side)?,
        _ => plain(file, format)?,
    };
    let long = small.width().max(small.height());
    let small = image::DynamicImage::from(small);
    encode_jpeg(&if long > long_side {
        small.thumbnail(long_side, long_side)
    } else {
        small
    })
}

/// The size of a TIFF as stored, and its orientation as EXIF counts it, from the ranges at hand.
pub fn tiff_size(file: &Sparse) -> Result<(u32, u32, u8), ReadError> {
    let tiff = Tiff::open(file)?;
    let level = &tiff.levels[0];
    if level.width > MAX_SIDE || level.height > MAX_SIDE {
        let (width, height) = (level.width.into(), level.height.into());
        return Err(PictureError::Size { width, height }.into());
    }
    check_size(level.width, level.height)?;
    Ok((level.width, level.height, tiff.orientation.exif()))
}

fn plain<R: Read + Seek>(file: R, format: Format) -> Result<RgbImage, DecodeError> {
    let mut plain = Plain::open(file, format)?;
    while plain.step()? < 1.0 {}
    let levels = &plain.pyramid().levels;
    let fits = levels
        .iter()
        .position(|level| level.width.max(level.height) <= TILE);
    let level = fits.unwrap_or(levels.len() - 1) as u8;
    Ok(shown(&plain.tile(TileId::new(level, 0, 0))?))
}

/// The upright picture with its long side at most `long_side` pixels.
pub(crate) fn tiff<R: Read + Seek>(file: R, long_side: u32) -> Result<RgbImage, DecodeError> {
    let mut file = Ranged::new(file)?;
    let tiff = file.ask(Tiff::open)?;
    let level = &tiff.levels[0];
    check_size(level.width, level.height)?;
    let mut means = Means::new(level, long_side);
    for row in 0..level.grid().1 {
        let part = (0, row * level.chunk_height, level.width, 1);
        for chunk in file.ask(|known| tiff.chunks(known, 0, part))? {
            let parts = chunk.ranges.iter().map(|range| file.read(range));
            let parts: Vec<Vec<u8>> = parts.collect::<Result<_, _>>()?;
            let borrowed: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
            let raster = tiff.decode(0, &chunk, &borrowed)?;
            let at = (
                chunk.col * level.chunk_width,
                chunk.row * level.chunk_height,
            );
            means.add(&raster, at);
        }
    }
    Ok(means.shown(tiff.orientation))
}

/// A file whose directories are read as they are asked for.
struct Ranged<R> {
    file: R,
    known: Sparse,
}

impl<R: Read + Seek> Ranged<R> {
    fn new(mut file: R) -> Result<Self, PictureError> {
        let len = file.seek(SeekFrom::End(0));
        let len = len.map_err(|error| crate::png::read_error(&error))?;
        let known = Sparse::new(len);
        Ok(Self { file, known })
    }

    fn ask<T>(
        &mut self,
        question: impl Fn(&Sparse) -> Result<T, ReadError>,
    ) -> Result<T, PictureError> {
        loop {
            match question(&self.known) {
                Ok(answer) => return Ok(answer),
                Err(ReadError::Bad(error)) => return Err(error),
                Err(ReadError::Need(range)) => {
                    let bytes = self.read(&range)?;
                    self.known.supply(range.start, bytes);
                }
            }
        }
    }

    fn read(&mut self, range: &Range<u64>) -> Result<Vec<u8>, PictureError> {
        let failed = |error: std::io::Error| crate::png::read_error(&error);
        self.file
            .seek(SeekFrom::Start(range.start))
            .map_err(failed)?;
        let mut bytes = vec![0; (range.end - range.start) as usize];
        self.file.read_exact(&mut bytes).map_err(failed)?;
        Ok(bytes)
    }
}

/// The mean of all samples that fall on each pixel of a small picture.
struct Means {
    /// Of the large picture as stored, and of the small one.
    from: (u32, u32),
    size: (u32, u32),
    channels: usize,
    depth: usize,
    sums: Vec<f32>,
    counts: Vec<f32>,
}

impl Means {
    fn new(level: &TiffLevel, long_side: u32) -> Self {
        let scale = f64::from(long_side) / f64::from(level.width.max(level.height));
        let side = |side: u32| ((f64::from(side) * scale.min(1.0)).round() as u32).max(1);
        let size = (side(level.width), side(level.height));
        let pixels = size.0 as usize * size.1 as usize;
        Self {
            from: (level.width, level.height),
            size,
            channels: level.channels(),
            depth: level.depth(),
            sums: vec![0.0; pixels * level.channels()],
            counts: vec![0.0; pixels],
        }
    }

    /// Takes in the part of the large picture whose corner lies at `at`.
    fn add(&mut self, part: &Raster, at: (u32, u32)) {
        let place = |at: u32, from: u32, size: u32| {
            (u64::from(at) * u64::from(size) / u64::from(from)) as usize
        };
        let rows = part.height.min(self.from.1.saturating_sub(at.1));
        let columns = part.width.min(self.from.0.saturating_sub(at.0));
        for row in 0..rows {
            let to_row = place(at.1 + row, self.from.1, self.size.1) * self.size.0 as usize;
            for column in 0..columns {
                let to = to_row + place(at.0 + column, self.from.0, self.size.0);
                let pixel = (row as usize * part.width as usize + column as usize) * self.channels;
                for channel in 0..self.channels {
                    let at = pixel + channel;
                    let sample = if self.depth == 1 {
                        f32::from(part.bytes[at])
                    } else {
                        let two = [part.bytes[2 * at], part.bytes[2 * at + 1]];
                        f32::from(u16::from_le_bytes(two))
                    };
                    self.sums[to * self.channels + channel] += sample;
                }
                self.counts[to] += 1.0;
            }
        }
    }

    fn shown(&self, orientation: Orientation) -> RgbImage {
        let mean = |pixel: usize, channel: usize| {
            let channel = if self.channels < 3 { 0 } else { channel };
            self.sums[pixel * self.channels + channel] / self.counts[pixel].max(1.0)
        };
        let pixels = self.counts.len();
        let rgb = (0..pixels).flat_map(|pixel| [0, 1, 2].map(|channel| mean(pixel, channel)));
        let bytes = window(rgb.collect(), self.depth);
        upright(
            orientation.apply(bytes, self.size, 3),
            orientation.size(self.size),
        )
    }
}

/// A tile as RGB of 8 bits.
fn shown(pixels: &Pixels) -> RgbImage {
    let two = |at: &[u8]| f32::from(u16::from_be_bytes([at[0], at[1]]));
    let step = pixels.format.bytes_per_pixel();
    let each = pixels.bytes.chunks_exact(step);
    let (values, depth): (Vec<f32>, usize) = match pixels.format {
        PixelFormat::Rgba8 => (
            each.flat_map(|p| [p[0], p[1], p[2]].map(f32::from))
                .collect(),
            1,
        ),
        PixelFormat::Grey8 => (each.flat_map(|p| [f32::from(p[0]); 3]).collect(), 1),
        PixelFormat::Grey16 => (each.flat_map(|p| [two(p); 3]).collect(), 2),
        PixelFormat::Rgba16 => (
            each.flat_map(|p| [0, 2, 4].map(|at| half([p[at], p[at + 1]])))
                .collect(),
            2,
        ),
    };
    upright(window(values, depth), (pixels.width, pixels.height))
}

fn upright(bytes: Vec<u8>, (width, height): (u32, u32)) -> RgbImage {
    RgbImage::from_raw(width, height, bytes).unwrap_or_default()
}

/// Samples of 16 bits often use a part of their range only: that part is shown.
fn window(values: Vec<f32>, depth: usize) -> Vec<u8> {
    let (low, high) = if depth == 1 {
        (0.0, 255.0)
    } else {
        let ends = |(low, high): (f32, f32), value: &f32| (low.min(*value), high.max(*value));
        values.iter().fold((f32::MAX, f32::MIN), ends)
    };
    let scale = 255.0 / (high - low).max(f32::MIN_POSITIVE);
    values
        .into_iter()
        .map(|value| ((value - low) * scale).round() as u8)
        .collect()
}

/// A half float (IEEE 754 binary16) that is not negative.
fn half(bytes: [u8; 2]) -> f32 {
    let bits = u16::from_le_bytes(bytes);
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    match exponent {
        0 => fraction * 2f32.powi(-24),
        _ => (1024.0 + fraction) * 2f32.powi(exponent - 25),
    }
}

impl From<PictureError> for DecodeError {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::Unsupported(what) => Self::Unsupported(what),
            other => Self::Broken(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, ImageFormat, Luma};
    use std::io::Cursor;

    /// A slope from dark to light, 300 × 100.
    fn slope() -> image::ImageBuffer<Luma<u16>, Vec<u16>> {
        image::ImageBuffer::from_fn(300, 100, |x, _| Luma([1000 + 10 * x as u16]))
    }

    fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture
            .write_to(&mut Cursor::new(&mut bytes), format)
            .unwrap();
        bytes
    }

    #[test]
    fn sixteen_bits_are_windowed_and_sides_kept() {
        let picture = DynamicImage::from(slope());
        for (format, codec) in [
            (Format::Tiff, ImageFormat::Tiff),
            (Format::Png, ImageFormat::Png),
        ] {
            let small = survey(Cursor::new(written(&picture, codec)), format, 150).unwrap();
            let small = image::load_from_memory(&small).unwrap().to_luma8();
            assert_eq!(small.dimensions(), (150, 50), "{format:?}");
            assert!(small.get_pixel(1, 20).0[0] < 12 && small.get_pixel(148, 20).0[0] > 243);
            assert!((110..146).contains(&small.get_pixel(75, 20).0[0]));
        }
    }

    #[test]
    fn every_byte_is_looked_at() {
        let picture = DynamicImage::from(image::RgbImage::from_fn(700, 600, |x, y| {
            image::Rgb([x as u8, y as u8, (x * y) as u8])
        }));
        for (format, codec) in [
            (Format::Tiff, ImageFormat::Tiff),
            (Format::Png, ImageFormat::Png),
        ] {
            let bytes = written(&picture, codec);
            assert!(survey(Cursor::new(&bytes), format, 512).is_ok());
            let cut = bytes[..bytes.len() * 3 / 4].to_vec();
            assert!(
                matches!(
                    survey(Cursor::new(&cut), format, 512),
                    Err(DecodeError::Broken(_))
                ),
                "{format:?}"
            );
        }
        let mut file = Sparse::new(0);
        assert!(tiff_size(&file).is_err());
        let bytes = written(&picture, ImageFormat::Tiff);
        file = Sparse::new(bytes.len() as u64);
        for _ in 0..20 {
            match tiff_size(&file) {
                Err(ReadError::Need(range)) => {
                    let part = bytes[range.start as usize..range.end as usize].to_vec();
                    file.supply(range.start, part);
                }
                done => return assert_eq!(done, Ok((700, 600, 1))),
            }
        }
        panic!("asks for ever");
    }

    #[test]
    fn halves() {
        for (bits, value) in [
            (0x3c00u16, 1.0),
            (0x3800, 0.5),
            (0, 0.0),
            (0x3555, 0.333_251_95),
        ] {
            assert_eq!(half(bits.to_le_bytes()), value);
        }
    }
}
