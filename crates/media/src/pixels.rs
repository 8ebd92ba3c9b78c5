//! Decoded parts of a picture: samples as files hold them, and pixels as the GPU takes them.

use crate::tiles::Orientation;

/// Samples of a part of a picture, chunky, row by row; 16-bit samples are little-endian.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    pub width: u32,
    pub height: u32,
    /// 1 grey, 3 RGB, 4 RGBA with straight alpha.
    pub channels: usize,
    /// Bytes of a sample: 1 or 2.
    pub depth: usize,
    pub bytes: Vec<u8>,
}

/// How the bytes of a tile are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixelFormat {
    /// Four bytes, straight alpha.
    Rgba8,
    /// One byte.
    Grey8,
    /// Two bytes, the high one first, so that a texture of two channels filters them exactly.
    Grey16,
    /// Four half floats, straight alpha.
    Rgba16,
}

/// A tile as the GPU takes it, upright.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    pub width: u32,
    pub height: u32,
    pub format: PixelFormat,
    pub bytes: Vec<u8>,
}

impl PixelFormat {
    /// A stable number for messages between threads.
    pub const fn number(self) -> u8 {
        match self {
            Self::Rgba8 => 0,
            Self::Grey8 => 1,
            Self::Grey16 => 2,
            Self::Rgba16 => 3,
        }
    }

    pub const fn bytes_per_pixel(self) -> usize {
        match self {
            Self::Rgba8 => 4,
            Self::Grey8 => 1,
            Self::Grey16 => 2,
            Self::Rgba16 => 8,
        }
    }
}

impl Raster {
    /// All samples zero.
    pub fn new(width: u32, height: u32, channels: usize, depth: usize) -> Self {
        let bytes = vec![0; width as usize * height as usize * channels * depth];
        Self {
            width,
            height,
            channels,
            depth,
            bytes,
        }
    }

    /// Bytes of one pixel.
    pub const fn pixel(&self) -> usize {
        self.channels * self.depth
    }

    /// Copies the overlap of `part`, whose corner lies at `at` (may be negative), into this.
    pub fn paste(&mut self, part: &Self, at: (i64, i64)) {
        debug_assert_eq!(self.pixel(), part.pixel());
        let span = |at: i64, size: u32, limit: u32| {
            let low = at.clamp(0, i64::from(limit));
            let high = (at + i64::from(size)).clamp(0, i64::from(limit));
            (low, (high - low).max(0) as usize)
        };
        let (x, columns) = span(at.0, part.width, self.width);
        let (y, rows) = span(at.1, part.height, self.height);
        let pixel = self.pixel();
        for row in 0..rows {
            let from_row = (y - at.1) as usize + row;
            let from = (from_row * part.width as usize + (x - at.0) as usize) * pixel;
            let to = ((y as usize + row) * self.width as usize + x as usize) * pixel;
            let len = columns * pixel;
            self.bytes[to..to + len].copy_from_slice(&part.bytes[from..from + len]);
        }
    }

    /// The mean of each 2 × 2 pixels; a last odd row or column is its own mean.
    pub fn halved(&self) -> Self {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let mut out = Self::new(width, height, self.channels, self.depth);
        let stride = self.width as usize * self.channels;
        let last = (self.width as usize - 1, self.height as usize - 1);
        let mut at = 0;
        for y in 0..height as usize {
            let (y0, y1) = (2 * y, (2 * y + 1).min(last.1));
            for x in 0..width as usize {
                let (x0, x1) = (2 * x, (2 * x + 1).min(last.0));
                for c in 0..self.channels {
                    let sum = self.sample(y0 * stride + x0 * self.channels + c)
                        + self.sample(y0 * stride + x1 * self.channels + c)
                        + self.sample(y1 * stride + x0 * self.channels + c)
                        + self.sample(y1 * stride + x1 * self.channels + c);
                    out.set_sample(at, (sum + 2) / 4);
                    at += 1;
                }
            }
        }
        out
    }

    /// The sample with this number, counted over all channels.
    #[inline]
    pub fn sample(&self, at: usize) -> u32 {
        if self.depth == 1 {
            u32::from(self.bytes[at])
        } else {
            u32::from(u16::from_le_bytes([
                self.bytes[2 * at],
                self.bytes[2 * at + 1],
            ]))
        }
    }

    #[inline]
    pub fn set_sample(&mut self, at: usize, value: u32) {
        if self.depth == 1 {
            self.bytes[at] = value as u8;
        } else {
            self.bytes[2 * at..2 * at + 2].copy_from_slice(&(value as u16).to_le_bytes());
        }
    }

    /// Upright, in a format that the GPU takes.
    pub fn into_pixels(self, orientation: Orientation) -> Pixels {
        let stored = (self.width, self.height);
        let (format, bytes) = match (self.channels, self.depth) {
            (1, 1) => (PixelFormat::Grey8, self.bytes),
            (1, _) => {
                let mut bytes = self.bytes;
                for pair in bytes.chunks_exact_mut(2) {
                    pair.swap(0, 1);
                }
                (PixelFormat::Grey16, bytes)
            }
            (3, 1) => {
                let mut rgba = Vec::with_capacity(self.bytes.len() / 3 * 4);
                for rgb in self.bytes.chunks_exact(3) {
                    rgba.extend_from_slice(&[rgb[0], rgb[1], rgb[2], 255]);
                }
                (PixelFormat::Rgba8, rgba)
            }
            (_, 1) => (PixelFormat::Rgba8, self.bytes),
            (channels, _) => {
                let mut halves = Vec::with_capacity(self.bytes.len() / channels * 4);
                for pixel in self.bytes.chunks_exact(channels * 2) {
                    for c in 0..4 {
                        let value = pixel
                            .get(2 * c..2 * c + 2)
                            .map_or(u16::MAX, |two| u16::from_le_bytes([two[0], two[1]]));
                        halves.extend_from_slice(&half_of_unorm(value).to_le_bytes());
                    }
                }
                (PixelFormat::Rgba16, halves)
            }
        };
        let bytes = orientation.apply(bytes, stored, format.bytes_per_pixel());
        let (width, height) = orientation.size(stored);
        Pixels {
            width,
            height,
            format,
            bytes,
        }
    }

    /// The range in which all but a thousandth of the samples at each end lie, 0 to 1: what a
    /// window shows of a picture that uses a part of its 16 bits only. Alpha does not count.
    pub fn usual_range(&self) -> (f32, f32) {
        let colors = self.channels.min(3);
        let mut counts = vec![0_u32; 4096];
        let mut total = 0_u64;
        for at in 0..self.width as usize * self.height as usize {
            for c in 0..colors {
                let value = self.sample(at * self.channels + c);
                let bucket = if self.depth == 1 {
                    value << 4
                } else {
                    value >> 4
                };
                counts[bucket as usize] += 1;
                total += 1;
            }
        }
        let rare = total / 1000;
        let end = |buckets: &mut dyn Iterator<Item = usize>| {
            let mut sum = 0;
            for bucket in buckets {
                sum += u64::from(counts[bucket]);
                if sum > rare {
                    return bucket;
                }
            }
            0
        };
        let low = end(&mut (0..4096)) as f32 / 4096.0;
        let high = (end(&mut (0..4096).rev()) + 1) as f32 / 4096.0;
        (low, high)
    }
}

/// IEEE 754 binary16 of `value / 65535`, rounded to nearest.
fn half_of_unorm(value: u16) -> u16 {
    let bits = (f32::from(value) / 65535.0).to_bits();
    let exponent = (bits >> 23) as i32 - 127 + 15;
    if exponent <= 0 {
        // Subnormal: multiples of 2^-24.
        return (f32::from(value) / 65535.0 * 16_777_216.0).round() as u16;
    }
    // A carry out of the mantissa runs into the exponent, as it should.
    let half = (bits & 0x007f_ffff) + 0x1000;
    (((exponent as u32) << 10) + (half >> 13)) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raster(width: u32, height: u32, channels: usize, bytes: &[u8]) -> Raster {
        Raster {
            width,
            height,
            channels,
            depth: 1,
            bytes: bytes.to_vec(),
        }
    }

    #[test]
    fn halves_of_the_ends_and_the_middle() {
        let f16 = |half: u16| {
            let (exponent, mantissa) = (i32::from(half >> 10), f32::from(half & 1023));
            if exponent == 0 {
                mantissa * 2_f32.powi(-24)
            } else {
                (1.0 + mantissa / 1024.0) * 2_f32.powi(exponent - 15)
            }
        };
        for value in [0_u16, 1, 2, 4, 255, 4096, 32_767, 32_768, 65_534, 65_535] {
            let expected = f32::from(value) / 65535.0;
            let close = (f16(half_of_unorm(value)) - expected).abs() <= expected / 1024.0 + 6e-8;
            assert!(close, "{value}");
        }
        assert_eq!(half_of_unorm(65_535), 0x3c00);
    }

    #[test]
    fn means_keep_odd_edges() {
        let small = raster(3, 1, 1, &[10, 20, 77]).halved();
        assert_eq!(
            (small.width, small.height, small.bytes),
            (2, 1, vec![15, 77])
        );
    }

    #[test]
    fn pasting_cuts_at_the_edges() {
        let mut whole = Raster::new(3, 2, 1, 1);
        whole.paste(&raster(2, 2, 1, &[1, 2, 3, 4]), (-1, 1));
        assert_eq!(whole.bytes, [0, 0, 0, 2, 0, 0]);
        whole.paste(&raster(2, 2, 1, &[1, 2, 3, 4]), (2, -1));
        assert_eq!(whole.bytes, [0, 0, 3, 2, 0, 0]);
        whole.paste(&raster(1, 1, 1, &[9]), (5, 5));
        assert_eq!(whole.bytes, [0, 0, 3, 2, 0, 0]);
    }

    #[test]
    fn colours_get_an_alpha_and_16_bits_their_high_byte_first() {
        let pixels = raster(1, 1, 3, &[1, 2, 3]).into_pixels(Orientation::UPRIGHT);
        assert_eq!(
            (pixels.format, pixels.bytes),
            (PixelFormat::Rgba8, vec![1, 2, 3, 255])
        );
        let mut deep = Raster::new(1, 1, 1, 2);
        deep.set_sample(0, 0x1234);
        let pixels = deep.into_pixels(Orientation::UPRIGHT);
        assert_eq!(
            (pixels.format, pixels.bytes),
            (PixelFormat::Grey16, vec![0x12, 0x34])
        );
    }

    #[test]
    fn the_usual_range_leaves_out_what_is_rare() {
        let mut deep = Raster::new(100, 100, 1, 2);
        for at in 0..10_000 {
            deep.set_sample(at, 1000 + at as u32 % 3000);
        }
        deep.set_sample(17, 65_535);
        let (low, high) = deep.usual_range();
        assert!((low * 65_535.0 - 1000.0).abs() < 40.0, "{low}");
        assert!((high * 65_535.0 - 4000.0).abs() < 40.0, "{high}");
    }
}
