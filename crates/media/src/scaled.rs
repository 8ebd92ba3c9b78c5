//! The whole picture as pixels for a model: upright, RGBA, and no larger than it looks at.

use crate::Format;
use crate::decode::{DecodeError, oriented};
use crate::survey::tiff;
use image::DynamicImage;
use image::imageops::FilterType;
use std::io::{Read, Seek};

/// RGBA of 8 bits, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scaled {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<u8>,
}

/// Decodes everything and scales it down so that its long side has at most `long_side` pixels;
/// what is smaller stays as it is.
///
/// Of a TIFF only a part is in memory at a time; any other is decoded at once.
pub fn scaled<R: Read + Seek>(
    mut file: R,
    format: Format,
    long_side: u32,
) -> Result<Scaled, DecodeError> {
    let picture = if format == Format::Tiff {
        DynamicImage::from(tiff(file, long_side)?)
    } else {
        let mut bytes = Vec::new();
        let read = file.read_to_end(&mut bytes);
        read.map_err(|error| crate::png::read_error(&error))?;
        oriented(&bytes, format)?
    };
    let (width, height) = (picture.width(), picture.height());
    let scale = f64::from(long_side) / f64::from(width.max(height));
    let side = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
    let picture = if scale < 1.0 {
        picture.resize_exact(side(width), side(height), FilterType::Triangle)
    } else {
        picture
    };
    Ok(Scaled {
        width: picture.width(),
        height: picture.height(),
        rgba: picture.into_rgba8().into_raw(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::RgbImage;
    use std::io::Cursor;

    fn encoded(width: u32, height: u32, format: image::ImageFormat) -> Cursor<Vec<u8>> {
        let mut bytes = Cursor::new(Vec::new());
        let colour = |x, _| image::Rgb([if x < width / 2 { 200 } else { 0 }, 100, 50]);
        DynamicImage::from(RgbImage::from_fn(width, height, colour))
            .write_to(&mut bytes, format)
            .unwrap();
        bytes.set_position(0);
        bytes
    }

    #[test]
    fn pictures_come_no_larger_than_asked_for() {
        for (format, codec) in [
            (Format::Png, image::ImageFormat::Png),
            (Format::Tiff, image::ImageFormat::Tiff),
        ] {
            let small = scaled(encoded(400, 100, codec), format, 40).unwrap();
            assert_eq!((small.width, small.height), (40, 10), "{format:?}");
            assert_eq!(small.rgba.len(), 40 * 10 * 4);
            assert_eq!(small.rgba[..4], [200, 100, 50, 255], "{format:?}");
            assert_eq!(small.rgba[39 * 4..][..4], [0, 100, 50, 255], "{format:?}");
            let whole = scaled(encoded(40, 10, codec), format, 400).unwrap();
            assert_eq!((whole.width, whole.height), (40, 10), "{format:?}");
        }
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        let bytes = encoded(64, 64, image::ImageFormat::Png).into_inner();
        let half = Cursor::new(&bytes[..bytes.len() / 2]);
        assert!(scaled(half, Format::Png, 40).is_err());
    }
}
