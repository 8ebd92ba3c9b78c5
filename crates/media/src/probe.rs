//! What an object is, from its first and last bytes.

use crate::{Ends, Format};
use std::io::{Read, Seek, SeekFrom};
use thiserror::Error;

/// No side may be longer, in pixels: a JPEG's own limit, and what 32-bit tile numbers bear.
pub const MAX_SIDE: u32 = 65_535;
/// A picture with more pixels to a byte than this is made to exhaust whoever decodes it.
/// A blank PNG reaches about 8,000 at most (deflate's 1032 to 1, one bit a pixel).
const MAX_PIXELS_PER_BYTE: u64 = 10_000;

/// What the header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    pub format: Format,
    /// Pixels as stored, before the EXIF rotation.
    pub stored_width: u32,
    pub stored_height: u32,
    /// EXIF orientation, 1 (upright) to 8.
    pub orientation: u8,
}

/// Why an object cannot become an item.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ProbeError {
    #[error("the file is empty")]
    Empty,
    #[error("the file is not an image that can be read here (JPEG, PNG, WebP, BMP, GIF or TIFF)")]
    NotAnImage,
    #[error("the header of the {0} cannot be read")]
    BadHeader(&'static str),
    #[error("the file ends before the picture does: it was cut off")]
    Truncated,
    #[error("the picture claims {width} × {height} pixels; {MAX_SIDE} a side are the most")]
    TooLarge { width: u32, height: u32 },
    #[error("the picture claims {width} × {height} pixels in a file of {len} bytes")]
    Bomb { width: u32, height: u32, len: u64 },
}

impl Probe {
    /// Width and height after the EXIF rotation: the space that annotations live in.
    pub fn oriented_size(&self) -> (u32, u32) {
        if self.orientation >= 5 {
            (self.stored_height, self.stored_width)
        } else {
            (self.stored_width, self.stored_height)
        }
    }
}

/// Looks at the first bytes (256 KiB serve well) and the last (64 KiB) of an object of `len` bytes.
///
/// The whole decode stays to be checked by [`crate::check`]; this catches what is no image, lies
/// about its size or was cut off.
pub fn probe(head: &[u8], tail: &[u8], len: u64) -> Result<Probe, ProbeError> {
    if len == 0 {
        return Err(ProbeError::Empty);
    }
    let format = Format::from_magic(head).ok_or(ProbeError::NotAnImage)?;
    let bad_header = ProbeError::BadHeader(format.mime());
    let size =
        imagesize::reader_size(Ends::new(head, tail, len)).map_err(|_| bad_header.clone())?;
    let side = |side: usize| u32::try_from(side).ok().filter(|side| *side > 0);
    let (Some(width), Some(height)) = (side(size.width), side(size.height)) else {
        return Err(bad_header);
    };
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(ProbeError::TooLarge { width, height });
    }
    if u64::from(width) * u64::from(height) / MAX_PIXELS_PER_BYTE > len {
        return Err(ProbeError::Bomb { width, height, len });
    }
    if !is_whole(format, head, tail, len) {
        return Err(ProbeError::Truncated);
    }
    Ok(Probe {
        format,
        stored_width: width,
        stored_height: height,
        orientation: orientation(format, head, tail, len),
    })
}

/// Whether the end of the file is the end that its format wants.
fn is_whole(format: Format, head: &[u8], tail: &[u8], len: u64) -> bool {
    let u32_at = |at: usize| {
        let bytes = head.get(at..at + 4)?;
        Some(u64::from(u32::from_le_bytes(bytes.try_into().ok()?)))
    };
    match format {
        // Cameras append further data after the end marker, so it is sought in the whole tail.
        Format::Jpeg => tail.windows(2).any(|pair| pair == [0xff, 0xd9]),
        Format::Png => tail.windows(4).any(|name| name == b"IEND"),
        Format::WebP => u32_at(4).is_some_and(|size| size + 8 <= len),
        // Some writers leave the size at zero.
        Format::Bmp => u32_at(2).is_some_and(|size| size <= len),
        Format::Gif => tail.contains(&0x3b),
        // The offsets of a TIFF are followed by the full decode.
        Format::Tiff => true,
    }
}

fn orientation(format: Format, head: &[u8], tail: &[u8], len: u64) -> u8 {
    let exif = match format {
        Format::WebP => webp_exif(Ends::new(head, tail, len))
            .and_then(|raw| exif::Reader::new().read_raw(raw).ok()),
        Format::Jpeg | Format::Png | Format::Tiff => exif::Reader::new()
            .read_from_container(&mut Ends::new(head, tail, len))
            .ok(),
        Format::Bmp | Format::Gif => None,
    };
    exif.and_then(|exif| {
        exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?
            .value
            .get_uint(0)
    })
    .and_then(|value| u8::try_from(value).ok())
    .filter(|value| (1..=8).contains(value))
    .unwrap_or(1)
}

/// Whether a picture has further frames, which are not shown; `head` are its first bytes.
pub fn is_animated(format: Format, head: &[u8]) -> bool {
    let has = |name: &[u8]| head.windows(name.len()).any(|part| part == name);
    match format {
        Format::Gif => has(b"NETSCAPE2.0"),
        Format::Png => has(b"acTL"),
        // The header's flags (WebP container specification, "Extended file format").
        Format::WebP => {
            head.get(12..16) == Some(b"VP8X") && head.get(20).is_some_and(|f| f & 2 != 0)
        }
        _ => false,
    }
}

/// The orientation that a raw EXIF block (a TIFF structure) names.
#[cfg(feature = "stream")]
pub(crate) fn exif_orientation(raw: &[u8]) -> Option<u32> {
    let exif = exif::Reader::new().read_raw(raw.to_vec()).ok()?;
    let field = exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?;
    field.value.get_uint(0)
}

/// The EXIF chunk of a WebP, which stands after the pixels: seeks over the chunks before it.
fn webp_exif(mut file: Ends) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(12)).ok()?;
    loop {
        let mut header = [0; 8];
        file.read_exact(&mut header).ok()?;
        let size = u32::from_le_bytes(header[4..].try_into().ok()?);
        if &header[..4] == b"EXIF" && size <= 1 << 16 {
            let mut raw = vec![0; size as usize];
            file.read_exact(&mut raw).ok()?;
            // Some writers keep the JPEG's prefix.
            return Some(
                raw.strip_prefix(b"Exif\0\0")
                    .map(<[u8]>::to_vec)
                    .unwrap_or(raw),
            );
        }
        file.seek(SeekFrom::Current(i64::from(size) + i64::from(size % 2)))
            .ok()?;
    }
}

#[cfg(test)]
mod tests;
