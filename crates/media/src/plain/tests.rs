//! Large pictures in parts against the same pictures decoded whole by the `image` crate.

use super::*;
use image::codecs::jpeg::{JpegEncoder, PixelDensity};
use image::{DynamicImage, ExtendedColorType, ImageBuffer, Luma, Rgb, RgbImage, Rgba};
use proptest::prelude::*;
use std::io::Cursor;

fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let wave = |a: f64, b: f64| {
            let value = (f64::from(x) / a).sin() + (f64::from(y) / b).cos();
            (value * 60.0 + 128.0) as u8
        };
        Rgb([wave(40.0, 60.0), wave(90.0, 30.0), wave(25.0, 110.0)])
    })
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 92);
    encoder.set_pixel_density(PixelDensity::dpi(72));
    let (width, height) = picture.dimensions();
    encoder
        .encode(picture, width, height, ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture
        .into()
        .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png)
        .unwrap();
    bytes
}

fn open(bytes: &[u8]) -> Result<Plain<Cursor<&[u8]>>, PictureError> {
    let format = Format::from_magic(bytes).unwrap_or(Format::Jpeg);
    Plain::open(Cursor::new(bytes), format)
}

fn read_to_end(bytes: &[u8]) -> Result<Plain<Cursor<&[u8]>>, PictureError> {
    let mut plain = open(bytes)?;
    for _ in 0..100_000 {
        if plain.step()? >= 1.0 {
            return Ok(plain);
        }
    }
    panic!("never ends");
}

/// Every tile of every level against the whole picture, made smaller by means.
fn check(bytes: &[u8], tolerance: f64) {
    let mut whole = image::load_from_memory(bytes).unwrap().to_rgba8();
    let mut plain = read_to_end(bytes).unwrap();
    let pyramid = plain.pyramid().clone();
    assert_eq!(pyramid.size(), whole.dimensions());
    for (n, level) in pyramid.levels.iter().enumerate() {
        let (cols, rows) = level.grid();
        for tile in (0..rows).flat_map(|row| (0..cols).map(move |col| (col, row))) {
            let id = TileId::new(n as u8, tile.0, tile.1);
            assert!(plain.has(id), "{id:?}");
            let pixels = plain.tile(id).unwrap();
            let (x, y, width, height) = level.pixels(tile.0, tile.1);
            assert_eq!((pixels.width, pixels.height), (width, height));
            let mut far = 0.0;
            for (at, rgba) in pixels
                .bytes
                .chunks_exact(pixels.format.bytes_per_pixel())
                .enumerate()
            {
                let (px, py) = (x + at as u32 % width, y + at as u32 / width);
                let expected = whole.get_pixel(px, py).0;
                for c in 0..3 {
                    let value = match pixels.format {
                        crate::PixelFormat::Grey8 | crate::PixelFormat::Grey16 => rgba[0],
                        _ => rgba[c],
                    };
                    far += f64::from(value.abs_diff(expected[c]));
                }
            }
            let mean = far / f64::from(width * height * 3);
            assert!(mean <= tolerance, "{id:?} is off by {mean}");
        }
        let (width, height) = whole.dimensions();
        whole = RgbaHalf::of(&whole, width.div_ceil(2), height.div_ceil(2));
    }
}

struct RgbaHalf;

impl RgbaHalf {
    fn of(whole: &image::RgbaImage, width: u32, height: u32) -> image::RgbaImage {
        let (w, h) = whole.dimensions();
        image::RgbaImage::from_fn(width, height, |x, y| {
            let at = |dx: u32, dy: u32| {
                whole
                    .get_pixel((2 * x + dx).min(w - 1), (2 * y + dy).min(h - 1))
                    .0
            };
            let all = [at(0, 0), at(1, 0), at(0, 1), at(1, 1)];
            Rgba(
                [0, 1, 2, 3]
                    .map(|c| (all.iter().map(|p| u32::from(p[c])).sum::<u32>().div_ceil(4)) as u8),
            )
        })
    }
}

#[test]
fn jpeg_in_parts() {
    check(&jpeg(&picture(1500, 1300)), 2.5);
    check(&jpeg(&picture(37, 1030)), 3.5);
}

#[test]
fn grey_jpeg_in_parts() {
    let grey = DynamicImage::from(picture(1100, 700)).to_luma8();
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 92)
        .encode(&grey, 1100, 700, ExtendedColorType::L8)
        .unwrap();
    check(&bytes, 2.5);
}

#[test]
fn png_in_parts() {
    check(&png(picture(1500, 1300)), 0.7);
    check(&png(DynamicImage::from(picture(700, 1100)).to_luma8()), 0.7);
    check(&png(DynamicImage::from(picture(700, 600)).to_rgba8()), 0.7);
    check(
        &png(DynamicImage::from(picture(700, 600)).to_luma_alpha8()),
        0.7,
    );
}

#[test]
fn deep_png_keeps_its_bits() {
    let deep =
        ImageBuffer::<Luma<u16>, _>::from_fn(600, 550, |x, y| Luma([(x * 7 + y * 3) as u16]));
    let bytes = png(DynamicImage::from(deep));
    let mut plain = read_to_end(&bytes).unwrap();
    assert_eq!((plain.depth(), plain.channels()), (2, 1));
    let tile = plain.tile(TileId::new(0, 1, 1)).unwrap();
    assert_eq!(tile.format, crate::PixelFormat::Grey16);
    let at = 2 * (5 * tile.width as usize + 9);
    let expected = ((512 + 9) * 7 + (512 + 5) * 3_u16).to_be_bytes();
    assert_eq!(tile.bytes[at..at + 2], expected);
    let (low, high) = plain.so_far().unwrap().range;
    assert!(
        low < 0.01 && (high - 5850.0 / 65_535.0).abs() < 0.01,
        "{low} {high}"
    );
}

#[test]
fn the_first_pass_lets_tiles_out_from_the_top() {
    let bytes = png(picture(600, 3000));
    let mut plain = open(&bytes).unwrap();
    let (first, last) = (TileId::new(0, 0, 0), TileId::new(0, 0, 5));
    assert!(!plain.has(first) && plain.tile(first).is_err());
    while !plain.has(first) {
        plain.step().unwrap();
    }
    assert!(!plain.has(last));
    assert_eq!(plain.tile(first).unwrap().width, 512);
}

fn refused(bytes: &[u8], words: &str) {
    let error = read_to_end(bytes).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains(words), "{error}");
}

#[test]
fn bad_files_are_refused_in_words() {
    let photo = jpeg(&picture(600, 500));
    refused(&photo[..photo.len() / 2], "cut off");
    refused(&photo[..30], "cut off");
    let drawing = png(picture(600, 500));
    refused(&drawing[..drawing.len() / 2], "cut off");
    let mut broken = drawing.clone();
    broken[drawing.len() / 2..][..200].fill(0xff);
    refused(&broken, "PNG file is damaged");
    let mut none = drawing.clone();
    none[16..20].fill(0);
    refused(&none, "0 × 500");
    let mut huge = drawing;
    huge[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    refused(&huge, "megapixels");
    refused(b"\xff\xd8\xff\xe0", "cut off");
}

#[test]
fn exif_turns_the_tiles() {
    let plain = jpeg(&picture(640, 360));
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    tiff.extend([6, 0, 0, 0, 0, 0, 0]);
    let mut segment = vec![0xff, 0xe1, 0, (2 + 6 + tiff.len()) as u8];
    segment.extend(b"Exif\0\0");
    segment.extend(tiff);
    let turned = [&plain[..2], &segment, &plain[2..]].concat();
    let mut reader = read_to_end(&turned).unwrap();
    assert_eq!(reader.pyramid().size(), (360, 640));
    let tile = reader.tile(TileId::new(0, 1, 0)).unwrap();
    assert_eq!((tile.width, tile.height), (360, 128));
    let flat = image::load_from_memory(&plain).unwrap().to_rgb8();
    // Upright (x, y) of the tile is stored (512 + y, 359 - x).
    let at = (20 * 360 + 30) * 4;
    let expected = flat.get_pixel(532, 329).0;
    for (value, expected) in tile.bytes[at..at + 3].iter().zip(expected) {
        assert!(value.abs_diff(expected) < 12);
    }
}

proptest! {
    /// Whatever the bytes, the answer is a value: never a panic, never without end.
    #[test]
    fn hostile_bytes_are_answered(
        is_png in any::<bool>(),
        flips in prop::collection::vec((0..3000_usize, any::<u8>()), 1..12),
        cut in 0..3000_usize,
    ) {
        let small = picture(60, 50);
        let mut bytes = if is_png { png(small) } else { jpeg(&small) };
        for (at, value) in flips {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        bytes.truncate(bytes.len().saturating_sub(cut % 800).max(8));
        if let Ok(mut plain) = open(&bytes)
            && plain.pyramid().levels[0].width < 4000
            && plain.pyramid().levels[0].height < 4000
        {
            for _ in 0..500 {
                match plain.step() {
                    Ok(done) if done < 1.0 => {}
                    _ => break,
                }
            }
            let _ = plain.has(TileId::new(0, 0, 0)).then(|| plain.tile(TileId::new(0, 0, 0)));
        }
    }
}
