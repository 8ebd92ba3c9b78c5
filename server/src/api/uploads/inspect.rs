//! The inspection of an object by its first and last bytes.

use crate::error::{Error, Result};
use crate::objects::Objects;
use visionflow_media::{Format, MAX_PIXELS, Probe, ReadError, Sparse, probe, tiff_size};

/// Bytes read from either end; EXIF stands in the first.
const HEAD: i64 = 256 * 1024;
const TAIL: i64 = 64 * 1024;
/// More parts of a TIFF than this are not read to find its size.
const TIFF_READS: usize = 24;
const TIFF_PART: u64 = 8 << 20;
/// A thumbnail's most bytes, and the most pixels of its long side.
const THUMBNAIL_BYTES: i64 = 512 * 1024;
const THUMBNAIL_SIDE: u32 = 1024;

/// What the photograph at `key` is; refused when it is none, or not the one announced.
pub async fn photograph(
    objects: &Objects,
    key: &str,
    size_bytes: i64,
    announced: &str,
) -> Result<Probe> {
    let found = look(objects, key, size_bytes).await?;
    let probe = found.map_err(|error| Error::invalid(sentence(&error)))?;
    if probe.format.mime() != announced {
        return Err(Error::invalid(format!(
            "The file is {}, but was announced as {announced}.",
            probe.format.mime()
        )));
    }
    let pixels = u64::from(probe.stored_width) * u64::from(probe.stored_height);
    if pixels > MAX_PIXELS {
        return Err(Error::invalid(format!(
            "The picture has {} × {} pixels; {} megapixels are the most.",
            probe.stored_width,
            probe.stored_height,
            MAX_PIXELS / 1_000_000
        )));
    }
    Ok(probe)
}

/// Whether the object at `key` is a small JPEG in the shape of the photograph. What a browser sent
/// may be anything: then a job makes the thumbnail.
pub async fn is_thumbnail(objects: &Objects, key: &str, size: (u32, u32)) -> Result<bool> {
    let Ok(head) = objects.head(key).await else {
        return Ok(false);
    };
    if head.size_bytes > THUMBNAIL_BYTES {
        return Ok(false);
    }
    let Ok(probe) = look(objects, key, head.size_bytes).await? else {
        return Ok(false);
    };
    let (width, height) = probe.oriented_size();
    let ratio = |(w, h): (u32, u32)| f64::from(w) / f64::from(h);
    // A very flat picture's thumbnail is rounded to one pixel.
    let alike = width.min(height) <= 8
        || (ratio((width, height)) / ratio(size) - 1.0).abs() < 1.5 / f64::from(width.min(height));
    Ok(probe.format == Format::Jpeg && width.max(height) <= THUMBNAIL_SIDE && alike)
}

async fn look(objects: &Objects, key: &str, size_bytes: i64) -> Result<Result<Probe, String>> {
    let head = objects.read_range(key, 0, HEAD.min(size_bytes)).await?;
    if Format::from_magic(&head) == Some(Format::Tiff) {
        return look_at_tiff(objects, key, size_bytes, &head).await;
    }
    let tail = if size_bytes <= HEAD {
        let from = head.len().saturating_sub(TAIL as usize);
        head.slice(from..)
    } else {
        objects
            .read_range(key, size_bytes - TAIL, size_bytes)
            .await?
    };
    Ok(probe(&head, &tail, size_bytes as u64).map_err(|error| error.to_string()))
}

/// The directory of a TIFF may lie anywhere: its parts are read as they are asked for.
async fn look_at_tiff(
    objects: &Objects,
    key: &str,
    size_bytes: i64,
    head: &[u8],
) -> Result<Result<Probe, String>> {
    let mut file = Sparse::new(size_bytes as u64);
    file.supply(0, head.to_vec());
    for _ in 0..TIFF_READS {
        match tiff_size(&file) {
            Ok((stored_width, stored_height, orientation)) => {
                return Ok(Ok(Probe {
                    format: Format::Tiff,
                    stored_width,
                    stored_height,
                    orientation,
                }));
            }
            Err(ReadError::Need(range)) if range.end - range.start > TIFF_PART => break,
            Err(ReadError::Need(range)) => {
                let (from, to) = (range.start as i64, range.end as i64);
                let part = objects.read_range(key, from, to).await?;
                file.supply(range.start, part.to_vec());
            }
            Err(ReadError::Bad(error)) => return Ok(Err(error.to_string())),
        }
    }
    Ok(Err(
        "the directory of the TIFF is too large or too scattered to be read".to_owned(),
    ))
}

/// An error's text as a sentence.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    format!(
        "{}{}.",
        first.into_iter().flatten().collect::<String>(),
        chars.as_str()
    )
}
