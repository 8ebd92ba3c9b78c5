//! What the probe says of whole, cut and hostile files.

use super::*;
use image::{DynamicImage, ImageFormat, RgbImage};
use proptest::prelude::*;
use std::io::Cursor;

fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    let noise = RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([x as u8, y as u8, (x * y) as u8])
    });
    DynamicImage::from(noise)
        .write_to(&mut Cursor::new(&mut bytes), format)
        .unwrap();
    bytes
}

fn check(bytes: &[u8]) -> Result<Probe, ProbeError> {
    let tail = &bytes[bytes.len().saturating_sub(64)..];
    probe(&bytes[..bytes.len().min(4096)], tail, bytes.len() as u64)
}

/// A JPEG with an EXIF segment that says `orientation`.
fn rotated_jpeg(orientation: u8) -> Vec<u8> {
    let plain = encoded(40, 20, ImageFormat::Jpeg);
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    tiff.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let mut segment = vec![0xff, 0xe1, 0, (2 + 6 + tiff.len()) as u8];
    segment.extend(b"Exif\0\0");
    segment.extend(tiff);
    [&plain[..2], &segment, &plain[2..]].concat()
}

#[test]
fn every_format_tells_its_size() {
    for format in Format::ALL {
        let probe = check(&encoded(40, 20, format.codec())).unwrap();
        assert_eq!((probe.format, probe.oriented_size()), (format, (40, 20)));
    }
}

#[test]
fn a_quarter_turn_swaps_the_sides() {
    for (orientation, size) in [(1, (40, 20)), (3, (40, 20)), (6, (20, 40)), (8, (20, 40))] {
        let probe = check(&rotated_jpeg(orientation)).unwrap();
        assert_eq!(
            (probe.orientation, probe.oriented_size()),
            (orientation, size)
        );
    }
}

#[test]
fn a_cut_file_is_refused() {
    for format in [Format::Jpeg, Format::Png, Format::WebP, Format::Bmp] {
        let bytes = encoded(200, 200, format.codec());
        let cut = check(&bytes[..bytes.len() * 2 / 3]);
        assert_eq!(cut, Err(ProbeError::Truncated), "{format:?}");
    }
}

#[test]
fn lies_are_refused_in_words() {
    assert_eq!(check(b""), Err(ProbeError::Empty));
    assert_eq!(check(b"<html>hello</html>"), Err(ProbeError::NotAnImage));
    assert_eq!(
        check(&[0xff, 0xd8, 0xff, 0xe0]),
        Err(ProbeError::BadHeader("image/jpeg"))
    );

    let mut png = encoded(8, 8, ImageFormat::Png);
    png[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    png[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    assert!(matches!(check(&png), Err(ProbeError::Bomb { .. })));
    png[16..20].copy_from_slice(&70_000_u32.to_be_bytes());
    assert!(matches!(check(&png), Err(ProbeError::TooLarge { .. })));
    png[16..20].copy_from_slice(&0_u32.to_be_bytes());
    assert!(check(&png).is_err());
}

proptest! {
    /// Whatever the bytes, the answer is a value: never a panic, never an endless loop.
    #[test]
    fn hostile_bytes_are_answered(
        format in 0..Format::ALL.len(),
        flips in prop::collection::vec((0..2000_usize, any::<u8>()), 0..20),
        len in 0..2000_usize,
        claimed in any::<u64>(),
    ) {
        let mut bytes = encoded(24, 16, Format::ALL[format].codec());
        for (at, value) in flips {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        bytes.truncate(len);
        let _ = probe(&bytes, &bytes[bytes.len() / 2..], claimed);
        let _ = check(&bytes);
        for format in Format::ALL {
            let _ = crate::check(&bytes, format);
        }
    }
}
