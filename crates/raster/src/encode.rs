//! Pictures as files, at settings that never change: the same pixels are the same bytes.

use crate::canvas::Canvas;
use crate::error::RasterError;
use crate::picture::Picture;
use image::codecs::jpeg::{JpegEncoder, PixelDensity};
use image::{GenericImageView, ImageError, Rgb};
use std::cell::RefCell;
use std::io::{self, Write};

/// High enough that thin lines keep their colours.
const JPEG_QUALITY: u8 = 92;

/// Which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    Png,
    Jpeg,
}

/// Writes a picture; `dpi` is how large it says it is on paper, and `told` hears how far it is.
pub fn write(
    picture: Picture<'_>,
    output: Output,
    dpi: Option<u16>,
    writer: impl Write,
    told: impl FnMut(f64),
) -> Result<(), RasterError> {
    match output {
        Output::Png => write_png(picture, dpi, writer, told),
        Output::Jpeg => write_jpeg(picture, dpi, writer, told),
    }
}

fn write_png(
    mut picture: Picture<'_>,
    dpi: Option<u16>,
    writer: impl Write,
    mut told: impl FnMut(f64),
) -> Result<(), RasterError> {
    let is_opaque = picture.is_opaque();
    let size = picture.size();
    let mut encoder = png::Encoder::new(writer, size.width, size.height);
    encoder.set_color(if is_opaque {
        png::ColorType::Rgb
    } else {
        png::ColorType::Rgba
    });
    encoder.set_depth(png::BitDepth::Eight);
    // Of its own making; for more the encoder uses whatever zlib the program is linked with, and each
    // has other bytes.
    encoder.set_compression(png::Compression::Fast);
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    encoder.set_pixel_dims(dpi.map(|dpi| {
        let per_meter = (f64::from(dpi) / 0.0254).round() as u32;
        png::PixelDimensions {
            xppu: per_meter,
            yppu: per_meter,
            unit: png::Unit::Meter,
        }
    }));
    let mut writer = encoder.write_header().map_err(png_error)?;
    let mut stream = writer.stream_writer().map_err(png_error)?;
    let mut bytes = Vec::new();
    while let Some(band) = picture.next_band()? {
        for y in 0..band.size().1 {
            bytes.clear();
            for pixel in band.row(y) {
                bytes.extend_from_slice(if is_opaque { &pixel[..3] } else { &pixel });
            }
            stream.write_all(&bytes)?;
        }
        told(picture.progress());
    }
    stream.finish().map_err(png_error)?;
    writer.finish().map_err(png_error)
}

fn png_error(error: png::EncodingError) -> RasterError {
    RasterError::Write(match error {
        png::EncodingError::IoError(error) => error,
        other => io::Error::other(other),
    })
}

fn write_jpeg(
    picture: Picture<'_>,
    dpi: Option<u16>,
    writer: impl Write,
    told: impl FnMut(f64),
) -> Result<(), RasterError> {
    if !picture.is_opaque() {
        return Err(RasterError::NoTransparency);
    }
    let size = picture.size();
    let bands = Bands {
        size: (size.width, size.height),
        current: RefCell::new(Current {
            picture,
            told,
            top: 0,
            band: None,
            failed: None,
        }),
    };
    let mut encoder = JpegEncoder::new_with_quality(writer, JPEG_QUALITY);
    if let Some(dpi) = dpi {
        encoder.set_pixel_density(PixelDensity::dpi(dpi));
    }
    let written = encoder.encode_image(&bands);
    if let Some(failed) = bands.current.into_inner().failed {
        return Err(failed);
    }
    written.map_err(|error| {
        RasterError::Write(match error {
            ImageError::IoError(error) => error,
            other => io::Error::other(other),
        })
    })
}

/// A picture that is made while it is looked at, from the top down, as the encoder does.
struct Bands<'a, F> {
    size: (u32, u32),
    current: RefCell<Current<'a, F>>,
}

struct Current<'a, F> {
    picture: Picture<'a>,
    told: F,
    /// The row that the band begins with.
    top: u32,
    band: Option<Canvas>,
    failed: Option<RasterError>,
}

impl<F: FnMut(f64)> Current<'_, F> {
    fn pixel(&mut self, x: u32, y: u32) -> Rgb<u8> {
        while self.failed.is_none() {
            if let Some(band) = &self.band {
                let rows = band.size().1;
                if y < self.top + rows {
                    return Rgb(band.opaque(x, y - self.top));
                }
                self.top += rows;
            }
            self.band = self.picture.next_band().unwrap_or_else(|error| {
                self.failed = Some(error);
                None
            });
            (self.told)(self.picture.progress());
            if self.band.is_none() {
                break;
            }
        }
        Rgb([0; 3])
    }
}

impl<F: FnMut(f64)> GenericImageView for Bands<'_, F> {
    type Pixel = Rgb<u8>;

    fn dimensions(&self) -> (u32, u32) {
        self.size
    }

    fn get_pixel(&self, x: u32, y: u32) -> Rgb<u8> {
        self.current.borrow_mut().pixel(x, y)
    }
}
