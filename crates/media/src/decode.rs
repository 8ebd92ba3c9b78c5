//! The whole picture: checked, made small, turned upright.
//!
//! Memory is bounded by [`MAX_PIXELS`]; all of this is CPU work of up to seconds and never runs on
//! a request's path.

use crate::{Format, MAX_PIXELS};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};
use std::io::Cursor;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum DecodeError {
    #[error("the picture has {0} pixels; {MAX_PIXELS} are the most that are decoded")]
    TooManyPixels(u64),
    #[error("the picture cannot be decoded: {0}")]
    Broken(String),
    /// Nothing against the picture: it may be whole.
    #[error("{0} is not supported")]
    Unsupported(String),
    #[error("the picture cannot be written: {0}")]
    Encode(String),
}

/// Decodes everything once; the size after the EXIF rotation.
pub fn check(bytes: &[u8], format: Format) -> Result<(u32, u32), DecodeError> {
    let picture = oriented(bytes, format)?;
    Ok((picture.width(), picture.height()))
}

/// A JPEG, upright, with its long side at most `long_side` pixels.
pub fn thumbnail(bytes: &[u8], format: Format, long_side: u32) -> Result<Vec<u8>, DecodeError> {
    let picture = oriented(bytes, format)?;
    let small = if picture.width().max(picture.height()) > long_side {
        picture.thumbnail(long_side, long_side)
    } else {
        picture
    };
    encode_jpeg(&small)
}

/// The same picture with the EXIF rotation applied to its pixels, in the same format; a JPEG is
/// written at quality 95.
pub fn upright(bytes: &[u8], format: Format) -> Result<Vec<u8>, DecodeError> {
    let picture = oriented(bytes, format)?;
    if format == Format::Jpeg {
        return jpeg(&picture, 95);
    }
    let mut out = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut out), format.codec())
        .map_err(|error| DecodeError::Encode(error.to_string()))?;
    Ok(out)
}

/// A thumbnail's JPEG.
pub(crate) fn encode_jpeg(picture: &DynamicImage) -> Result<Vec<u8>, DecodeError> {
    jpeg(picture, 80)
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, DecodeError> {
    let mut out = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut out, quality);
    let written = if picture.color().has_color() {
        picture.to_rgb8().write_with_encoder(encoder)
    } else {
        picture.to_luma8().write_with_encoder(encoder)
    };
    written.map_err(|error| DecodeError::Encode(error.to_string()))?;
    Ok(out)
}

pub(crate) fn oriented(bytes: &[u8], format: Format) -> Result<DynamicImage, DecodeError> {
    let broken = |error: image::ImageError| DecodeError::Broken(error.to_string());
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format.codec());
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_PIXELS * 4);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS {
        return Err(DecodeError::TooManyPixels(pixels));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::RgbImage;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        DynamicImage::from(RgbImage::new(width, height))
            .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png)
            .unwrap();
        bytes
    }

    #[test]
    fn a_thumbnail_keeps_the_ratio_and_never_grows() {
        let size = |bytes: &[u8]| check(bytes, Format::Jpeg).unwrap();
        assert_eq!(
            size(&thumbnail(&png(400, 100), Format::Png, 200).unwrap()),
            (200, 50)
        );
        assert_eq!(
            size(&thumbnail(&png(40, 10), Format::Png, 200).unwrap()),
            (40, 10)
        );
    }

    #[test]
    fn a_damaged_middle_is_found() {
        let mut bytes = png(64, 64);
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0xff;
        assert!(check(&bytes, Format::Png).is_err());
        assert_eq!(check(&png(64, 64), Format::Png).unwrap(), (64, 64));
    }
}
