//! A thumbnail made in the browser, so that the gallery shows it at once and the server need not.

use crate::browser;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

/// The long side, pixels.
const LONG_SIDE: f64 = 512.0;

pub struct Thumbnail {
    pub blob: Blob,
    /// The photograph's own size with its EXIF rotation applied.
    pub width: u32,
    pub height: u32,
}

/// A file of more bytes may have hundreds of megapixels, which the browser would decode at once.
const MAX_BYTES: f64 = 64.0 * 1024.0 * 1024.0;

/// `None` where the browser cannot decode the file (a damaged one), or should not: the server
/// makes it then.
pub async fn make(file: &Blob, content_type: &str) -> Option<Thumbnail> {
    if file.size() > MAX_BYTES {
        return None;
    }
    let bitmap = browser::window().create_image_bitmap_with_blob(file).ok()?;
    let bitmap: ImageBitmap = JsFuture::from(bitmap).await.ok()?.dyn_into().ok()?;
    let (width, height) = (bitmap.width(), bitmap.height());
    let blob = shrink(&bitmap, content_type).await;
    bitmap.close();
    Some(Thumbnail {
        blob: blob?,
        width,
        height,
    })
}

async fn shrink(bitmap: &ImageBitmap, content_type: &str) -> Option<Blob> {
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let scale = (LONG_SIDE / width.max(height)).min(1.0);
    let (w, h) = (
        (width * scale).round().max(1.0),
        (height * scale).round().max(1.0),
    );
    let canvas: HtmlCanvasElement = browser::document()
        .create_element("canvas")
        .ok()?
        .dyn_into()
        .ok()?;
    canvas.set_width(w as u32);
    canvas.set_height(h as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    if content_type == "image/jpeg" {
        // JPEG has no transparency; white is what paper shows.
        context.set_fill_style_str("#ffffff");
        context.fill_rect(0.0, 0.0, w, h);
    }
    context
        .draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, w, h)
        .ok()?;
    let blob = Promise::new(&mut |resolve, _| {
        let quality = JsValue::from_f64(0.82);
        // A canvas that cannot be read rejects by giving null below.
        let _ = canvas.to_blob_with_type_and_encoder_options(
            resolve.unchecked_ref(),
            content_type,
            &quality,
        );
    });
    let blob: Blob = JsFuture::from(blob).await.ok()?.dyn_into().ok()?;
    // A browser that cannot write the type writes PNG, which the signed URL would refuse.
    (blob.type_() == content_type).then_some(blob)
}
