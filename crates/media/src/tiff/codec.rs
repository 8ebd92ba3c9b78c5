//! Compression schemes of TIFF: bytes of a strip or tile to its raw samples.

use crate::error::PictureError;
use std::io::Read;

/// How a chunk is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    None,
    Lzw,
    Deflate,
    PackBits,
    Zstd,
    Jpeg,
    WebP,
}

impl Compression {
    /// From the value of the tag; schemes that are not read are named.
    pub fn from_tag(value: u64) -> Result<Self, PictureError> {
        Ok(match value {
            1 => Self::None,
            5 => Self::Lzw,
            8 | 32_946 => Self::Deflate,
            32_773 => Self::PackBits,
            7 => Self::Jpeg,
            50_000 => Self::Zstd,
            50_001 => Self::WebP,
            other => {
                let name = match other {
                    2..=4 => "fax compression",
                    6 => "old-style JPEG compression",
                    33_003 | 33_005 | 34_712 => "JPEG 2000 compression",
                    34_887 => "LERC compression",
                    34_925 => "LZMA compression",
                    50_002 | 52_546 => "JPEG XL compression",
                    _ => return Err(unsupported(&format!("compression scheme {other}"))),
                };
                return Err(unsupported(name));
            }
        })
    }
}

fn unsupported(what: &str) -> PictureError {
    PictureError::Unsupported(format!("{what} in TIFF"))
}

/// Exactly `expected` raw bytes of a scheme that knows nothing of pixels.
pub fn decompress(
    scheme: Compression,
    bytes: &[u8],
    expected: usize,
) -> Result<Vec<u8>, PictureError> {
    let damaged = |why: &str| PictureError::damaged("TIFF", why);
    let mut raw = match scheme {
        Compression::None => bytes.to_vec(),
        Compression::PackBits => pack_bits(bytes, expected),
        Compression::Lzw => lzw(bytes, expected),
        Compression::Zstd => {
            zstd(bytes, expected).ok_or_else(|| damaged("a part of it cannot be unpacked"))?
        }
        Compression::Deflate => {
            miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(bytes, expected)
                .or_else(|error| {
                    // Some writers pad the last tile; what there is in excess is not wanted.
                    let status = error.status;
                    let full = status == miniz_oxide::inflate::TINFLStatus::HasMoreOutput;
                    if full { Ok(error.output) } else { Err(status) }
                })
                .map_err(|_| damaged("a part of it cannot be inflated"))?
        }
        Compression::Jpeg | Compression::WebP => {
            return Err(damaged("a scheme of pixels was taken for one of bytes"));
        }
    };
    if raw.len() < expected {
        return Err(damaged("a strip or tile is shorter than it should be"));
    }
    raw.truncate(expected);
    Ok(raw)
}

/// TIFF 6.0, section 9.
fn pack_bits(bytes: &[u8], expected: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(expected);
    let mut rest = bytes;
    while let [control, tail @ ..] = rest {
        if out.len() >= expected {
            break;
        }
        let control = *control as i8;
        if control >= 0 {
            let n = (control as usize + 1).min(tail.len());
            out.extend_from_slice(&tail[..n]);
            rest = &tail[n..];
        } else if control == -128 {
            rest = tail;
        } else {
            let Some((value, tail)) = tail.split_first() else {
                break;
            };
            out.resize(out.len() + 1 + control.unsigned_abs() as usize, *value);
            rest = tail;
        }
    }
    out
}

/// TIFF 6.0, section 13; stops when there is enough.
fn lzw(bytes: &[u8], expected: usize) -> Vec<u8> {
    let mut decoder = weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
    let mut out = vec![0; expected];
    let (mut read, mut written) = (0, 0);
    while written < expected {
        let result = decoder.decode_bytes(&bytes[read..], &mut out[written..]);
        read += result.consumed_in;
        written += result.consumed_out;
        let goes_on = matches!(result.status, Ok(weezl::LzwStatus::Ok));
        if !goes_on || (result.consumed_in == 0 && result.consumed_out == 0) {
            break;
        }
    }
    out.truncate(written);
    out
}

/// RFC 8878; no more than `expected` bytes are made.
fn zstd(bytes: &[u8], expected: usize) -> Option<Vec<u8>> {
    let decoder = ruzstd::decoding::StreamingDecoder::new(bytes).ok()?;
    let mut out = Vec::with_capacity(expected);
    decoder.take(expected as u64).read_to_end(&mut out).ok()?;
    Some(out)
}

/// TIFF 6.0, section 14: each sample is stored as the difference from the one to its left.
/// `row` bytes a row, 16-bit samples little-endian.
pub fn undo_differences(raw: &mut [u8], row: usize, samples: usize, depth: usize) {
    for row in raw.chunks_exact_mut(row) {
        if depth == 1 {
            for at in samples..row.len() {
                row[at] = row[at].wrapping_add(row[at - samples]);
            }
        } else {
            for at in (2 * samples..row.len()).step_by(2) {
                let before = at - 2 * samples;
                let left = u16::from_le_bytes([row[before], row[before + 1]]);
                let here = u16::from_le_bytes([row[at], row[at + 1]]).wrapping_add(left);
                row[at..at + 2].copy_from_slice(&here.to_le_bytes());
            }
        }
    }
}

/// A chunk of JPEG: an abbreviated stream whose tables stand in a tag of their own (TIFF
/// Technical Note 2). The samples, and how many there are to a pixel.
pub fn jpeg(
    bytes: &[u8],
    tables: Option<&[u8]>,
    is_ycbcr: bool,
) -> Result<(u32, u32, usize, Vec<u8>), PictureError> {
    use zune_jpeg::zune_core::bytestream::ZCursor;
    use zune_jpeg::zune_core::colorspace::ColorSpace;
    use zune_jpeg::zune_core::options::DecoderOptions;
    let damaged = |why: String| PictureError::damaged("TIFF", why);
    let body = bytes
        .strip_prefix(&[0xff, 0xd8])
        .ok_or_else(|| damaged("a tile is not the JPEG that it should be".to_owned()))?;
    let mut stream = vec![0xff, 0xd8];
    // Whether colours are YCbCr stands in TIFF's own tag; decoders look for Adobe's marker.
    let transform = u8::from(is_ycbcr);
    stream.extend_from_slice(b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00");
    stream.push(transform);
    if let Some(tables) = tables {
        let tables = tables.strip_prefix(&[0xff, 0xd8]).unwrap_or(tables);
        let tables = tables.strip_suffix(&[0xff, 0xd9]).unwrap_or(tables);
        stream.extend_from_slice(tables);
    }
    stream.extend_from_slice(body);
    let mut decoder = zune_jpeg::JpegDecoder::new(ZCursor::new(&stream));
    decoder
        .decode_headers()
        .map_err(|error| damaged(error.to_string()))?;
    let (channels, space) = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => (1, ColorSpace::Luma),
        Some(ColorSpace::YCCK | ColorSpace::CMYK) => {
            return Err(PictureError::Unsupported("CMYK JPEG in TIFF".to_owned()));
        }
        _ => (3, ColorSpace::RGB),
    };
    let options = DecoderOptions::default().jpeg_set_out_colorspace(space);
    decoder.set_options(options);
    let samples = decoder
        .decode()
        .map_err(|error| damaged(error.to_string()))?;
    let (width, height) = decoder
        .dimensions()
        .ok_or_else(|| damaged("a tile has no size".to_owned()))?;
    Ok((width as u32, height as u32, channels, samples))
}

/// A chunk of WebP.
pub fn webp(bytes: &[u8]) -> Result<(u32, u32, usize, Vec<u8>), PictureError> {
    let damaged =
        |error: image_webp::DecodingError| PictureError::damaged("TIFF", error.to_string());
    let mut decoder = image_webp::WebPDecoder::new(std::io::Cursor::new(bytes)).map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    if u64::from(width) * u64::from(height) > 1 << 26 {
        return Err(PictureError::damaged(
            "TIFF",
            "a WebP tile is far too large",
        ));
    }
    let mut samples = vec![0; width as usize * height as usize * channels];
    decoder.read_image(&mut samples).map_err(damaged)?;
    Ok((width, height, channels, samples))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pack_bits_of_the_specification() {
        // The example of TIFF 6.0, section 9.
        let packed = [
            0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x03, 0x80, 0x00, 0x2a, 0x22, 0xf7,
            0xaa,
        ];
        let raw = decompress(Compression::PackBits, &packed, 24).unwrap();
        assert_eq!(raw[..8], [0xaa, 0xaa, 0xaa, 0x80, 0x00, 0x2a, 0xaa, 0xaa]);
        assert_eq!(raw[14..], [0xaa; 10]);
        assert!(decompress(Compression::PackBits, &packed[..6], 24).is_err());
    }

    #[test]
    fn differences_of_both_depths() {
        let mut bytes = vec![10, 20, 1, 255];
        undo_differences(&mut bytes, 4, 2, 1);
        assert_eq!(bytes, [10, 20, 11, 19]);
        let mut words = vec![0xff, 0x00, 0x02, 0x00];
        undo_differences(&mut words, 4, 1, 2);
        assert_eq!(words, [0xff, 0x00, 0x01, 0x01]);
    }

    #[test]
    fn schemes_that_are_not_read_are_named() {
        let check = |value: u64, expected: &str| {
            let error = Compression::from_tag(value).unwrap_err().to_string();
            assert_eq!(error, expected);
        };
        check(34_887, "LERC compression in TIFF is not supported");
        check(4242, "compression scheme 4242 in TIFF is not supported");
    }
}
