//! Photographs: what they are, their pixels, and the descriptions of tiled sources.

use crate::{Target, exact, kind, outcome, outcome_of};
use image::{DynamicImage, ImageFormat};
use std::io::Cursor;
use visionflow_media::deep_zoom::DeepZoom;
use visionflow_media::iiif::Iiif;
use visionflow_media::plain::Plain;
use visionflow_media::tiff::Tiff;
use visionflow_media::tiles::TileId;
use visionflow_media::{Format, ReadError, Sparse, check, probe, thumbnail};

pub const PROBE: Target = Target {
    name: "media_probe",
    run: |bytes| {
        // As the server asks: the first and the last bytes, which may overlap or not.
        let (head, tail) = (bytes.len().min(512), bytes.len().saturating_sub(64));
        let probed = probe(&bytes[..head], &bytes[tail..], bytes.len() as u64);
        outcome_of(&probed, |probe| probe.format)
    },
    seeds: pictures,
};

pub const DECODE: Target = Target {
    name: "media_decode",
    run: |bytes| {
        let Ok(found) = probe(bytes, bytes, bytes.len() as u64) else {
            return 0;
        };
        let (width, height) = found.oriented_size();
        // Large ones are refused by their size elsewhere and would only slow this down.
        if u64::from(width) * u64::from(height) > 4_000_000 {
            return 1;
        }
        let checked = check(bytes, found.format);
        let small = thumbnail(bytes, found.format, 32).map(|bytes| bytes.len() > 200);
        let small = small.map_err(|error| kind(&error));
        exact(&(
            found.format,
            checked.map(|_| ()).map_err(|error| kind(&error)),
            small,
        ))
    },
    seeds: pictures,
};

pub const PLAIN: Target = Target {
    name: "media_plain",
    run: |bytes| {
        let format = match bytes {
            [0xff, ..] => Format::Jpeg,
            [b'I' | b'M', ..] => Format::Tiff,
            _ => Format::Png,
        };
        let mut plain = match Plain::open(Cursor::new(bytes), format) {
            Ok(plain) => plain,
            Err(error) => return outcome(&(format, error)),
        };
        let size = plain.pyramid().size();
        if u64::from(size.0) * u64::from(size.1) > 4_000_000 {
            return 1;
        }
        let mut end = plain.step();
        for _ in 0..400 {
            if !matches!(end, Ok(done) if done < 1.0) {
                break;
            }
            end = plain.step();
        }
        let first = TileId {
            level: 0,
            col: 0,
            row: 0,
        };
        let tile = plain.has(first).then(|| plain.tile(first).map(|_| ()));
        outcome(&(format, end.map(|done| done < 1.0), tile, plain.note()))
    },
    seeds: || {
        [ImageFormat::Jpeg, ImageFormat::Png]
            .into_iter()
            .flat_map(|format| [picture(format, false), picture(format, true)])
            .collect()
    },
};

pub const TIFF: Target = Target {
    name: "media_tiff",
    run: |bytes| {
        let mut file = Sparse::new(bytes.len() as u64);
        let opened = loop {
            match Tiff::open(&file) {
                Err(ReadError::Need(range)) => {
                    let range = range.start as usize..range.end as usize;
                    file.supply(range.start as u64, bytes[range].to_vec());
                }
                other => break other,
            }
        };
        file.supply(0, bytes.to_vec());
        let decoded = opened.as_ref().ok().map(|tiff| {
            let chunks = tiff.chunks(&file, 0, (0, 0, 64, 64));
            let chunks = chunks.unwrap_or_default().into_iter().take(4);
            let decoded = chunks.map(|chunk| {
                let parts = chunk.ranges.iter().map(|range| {
                    let (from, to) = (range.start as usize, range.end as usize);
                    bytes.get(from..to).unwrap_or_default()
                });
                let parts: Vec<&[u8]> = parts.collect();
                tiff.decode(0, &chunk, &parts).map(|_| ())
            });
            decoded.collect::<Vec<_>>()
        });
        outcome(&(opened.map(|tiff| tiff.levels.len()), decoded))
    },
    seeds: || {
        vec![
            picture(ImageFormat::Tiff, false),
            picture(ImageFormat::Tiff, true),
        ]
    },
};

pub const DESCRIPTOR: Target = Target {
    name: "media_descriptor",
    run: |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let zoom = DeepZoom::parse(&text).map(|zoom| zoom.pyramid().levels.len());
        let iiif = Iiif::parse(&text).map(|iiif| iiif.pyramid().levels.len());
        outcome(&(zoom, iiif))
    },
    seeds: || {
        let texts = [
            r#"<?xml version="1.0"?><Image xmlns="http://schemas.microsoft.com/deepzoom/2008" Format="jpg" Overlap="1" TileSize="254"><Size Width="9000" Height="6000"/></Image>"#,
            r#"{"@context":"http://iiif.io/api/image/3/context.json","id":"https://example.org/i","type":"ImageService3","protocol":"http://iiif.io/api/image","profile":"level1","width":6000,"height":4000,"tiles":[{"width":512,"scaleFactors":[1,2,4,8]}],"sizes":[{"width":600,"height":400}]}"#,
            r#"{"@context":"http://iiif.io/api/image/2/context.json","@id":"https://example.org/i","protocol":"http://iiif.io/api/image","width":600,"height":400,"profile":["http://iiif.io/api/image/2/level2.json"],"tiles":[{"width":256,"scaleFactors":[1,2]}]}"#,
        ];
        texts.map(|text| text.as_bytes().to_vec()).to_vec()
    },
};

/// A small picture of each format, in colour and grey.
pub fn pictures() -> Vec<Vec<u8>> {
    let formats = [
        ImageFormat::Jpeg,
        ImageFormat::Png,
        ImageFormat::WebP,
        ImageFormat::Bmp,
        ImageFormat::Gif,
        ImageFormat::Tiff,
    ];
    let all = formats
        .into_iter()
        .flat_map(|format| [(format, false), (format, true)]);
    all.map(|(format, grey)| picture(format, grey))
        .filter(|bytes| !bytes.is_empty())
        .collect()
}

fn picture(format: ImageFormat, grey: bool) -> Vec<u8> {
    let colours = image::RgbImage::from_fn(24, 17, |x, y| {
        image::Rgb([(x * 10) as u8, (y * 15) as u8, (x * y) as u8])
    });
    let picture = DynamicImage::ImageRgb8(colours);
    let picture = if grey {
        DynamicImage::ImageLuma8(picture.into_luma8())
    } else {
        picture
    };
    let mut bytes = Cursor::new(Vec::new());
    let written = picture.write_to(&mut bytes, format);
    // Not every format has grey pixels.
    written.map(|()| bytes.into_inner()).unwrap_or_default()
}
