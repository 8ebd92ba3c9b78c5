//! Which way a photograph goes: the browser's decoder, the worker, or tiles by address.

use crate::EngineError;
use visionflow_media::{Format, MAX_SIDE, ProbeError, is_animated, probe};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// What the browser decodes whole; its pixels take four bytes, and a third more on the GPU.
const WHOLE_PIXELS: u64 = 32_000_000;
/// The same for formats that cannot be read in parts.
const WHOLE_PIXELS_AT_MOST: u64 = 80_000_000;
const HEAD_BYTES: f64 = 256.0 * 1024.0;
const TAIL_BYTES: f64 = 64.0 * 1024.0;

/// Sources whose tiles have addresses of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addressed {
    DeepZoom,
    Iiif,
}

/// How a file is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// By the browser's decoder, all at once; with a word for the person.
    Whole(Option<&'static str>),
    /// By the worker, in tiles.
    Tiles,
}

/// What a URL says about itself by its ending.
pub fn addressed(url: &str) -> Option<Addressed> {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    if path.to_ascii_lowercase().ends_with(".dzi") {
        Some(Addressed::DeepZoom)
    } else if path.ends_with("/info.json") {
        Some(Addressed::Iiif)
    } else {
        None
    }
}

/// Whether a URL's path ends like a TIFF's.
pub fn is_tiff_address(url: &str) -> bool {
    let path = url
        .split(['?', '#'])
        .next()
        .unwrap_or(url)
        .to_ascii_lowercase();
    [".tif", ".tiff", ".btf", ".svs"]
        .iter()
        .any(|ending| path.ends_with(ending))
}

/// Looks at the ends of a file; a file that is none of ours is left to the browser.
pub async fn way_of(blob: &Blob) -> Result<Way, EngineError> {
    let len = blob.size();
    let head = bytes(blob, 0.0, HEAD_BYTES.min(len)).await?;
    let format = Format::from_magic(&head);
    if format == Some(Format::Tiff) {
        return Ok(Way::Tiles);
    }
    let tail = bytes(blob, (len - TAIL_BYTES).max(0.0), len).await?;
    let refused = |error: ProbeError| Err(EngineError::Decode(error.to_string()));
    let probe = match probe(&head, &tail, len as u64) {
        Ok(probe) => probe,
        Err(ProbeError::NotAnImage | ProbeError::BadHeader(_)) => return Ok(Way::Whole(None)),
        Err(error) => return refused(error),
    };
    let pixels = u64::from(probe.stored_width) * u64::from(probe.stored_height);
    let note = is_animated(probe.format, &head)
        .then_some("The picture is animated; its first frame is shown.");
    let in_parts = matches!(probe.format, Format::Jpeg | Format::Png);
    // 16 bits would be lost in the browser's decoder.
    let is_deep = probe.format == Format::Png && head.get(24) == Some(&16);
    let is_interlaced = probe.format == Format::Png && head.get(28) == Some(&1);
    if in_parts && (pixels > WHOLE_PIXELS || (is_deep && !is_interlaced)) {
        return Ok(Way::Tiles);
    }
    if pixels > WHOLE_PIXELS_AT_MOST {
        let (width, height) = (probe.stored_width, probe.stored_height);
        debug_assert!(width.max(height) <= MAX_SIDE);
        return Err(EngineError::Decode(format!(
            "{} of {width} × {height} pixels is too large to be decoded at once; JPEG, PNG and \
             TIFF of this size are read in parts",
            probe.format.mime()
        )));
    }
    Ok(Way::Whole(note))
}

async fn bytes(blob: &Blob, start: f64, end: f64) -> Result<Vec<u8>, EngineError> {
    let failed = |error: JsValue| EngineError::Fetch(crate::error::js_message(&error));
    let part = blob.slice_with_f64_and_f64(start, end).map_err(failed)?;
    let buffer = JsFuture::from(part.array_buffer()).await.map_err(failed)?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}
