//! A photograph as pixels, as large as a model needs it.

use crate::{browser, t};
use js_sys::{Promise, Uint8Array};
use visionflow_api::Image;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap, Response};

/// The browser decodes a photograph whole, four bytes for each pixel.
const MAX_PIXELS: f64 = 50e6;

/// RGBA of a photograph of `width` × `height` pixels, perhaps made smaller.
pub struct Pixels {
    pub width: u32,
    pub height: u32,
    pub scaled_width: u32,
    pub scaled_height: u32,
    pub rgba: js_sys::ArrayBuffer,
}

/// Fetches and decodes a photograph, at most so many pixels along its longer side; what cannot be
/// is said in words.
pub async fn read(image: &Image, long_side: f64) -> Result<Pixels, String> {
    let (width, height) = (
        f64::from(image.width.max(1)),
        f64::from(image.height.max(1)),
    );
    if width * height > MAX_PIXELS {
        return Err(t!("run-too-large", n = (width * height / 1e6).round()));
    }
    let blob = fetch(&image.url)
        .await
        .ok_or_else(|| t!("run-not-fetched"))?;
    let bitmap = decode(&blob).await.ok_or_else(|| t!("run-not-decoded"))?;
    let scale = (long_side / width.max(height)).min(1.0);
    let scaled = [width, height].map(|side| (side * scale).round().max(1.0));
    let rgba = draw(&bitmap, scaled).ok_or_else(|| t!("run-not-decoded"));
    bitmap.close();
    Ok(Pixels {
        width: width as u32,
        height: height as u32,
        scaled_width: scaled[0] as u32,
        scaled_height: scaled[1] as u32,
        rgba: rgba?,
    })
}

async fn fetch(url: &str) -> Option<Blob> {
    let response = JsFuture::from(browser::window().fetch_with_str(url))
        .await
        .ok()?;
    let response: Response = response.dyn_into().ok()?;
    let blob = response.ok().then(|| response.blob().ok()).flatten()?;
    JsFuture::from(blob).await.ok()?.dyn_into().ok()
}

async fn decode(blob: &Blob) -> Option<ImageBitmap> {
    let bitmap: Promise = browser::window().create_image_bitmap_with_blob(blob).ok()?;
    JsFuture::from(bitmap).await.ok()?.dyn_into().ok()
}

fn draw(bitmap: &ImageBitmap, [width, height]: [f64; 2]) -> Option<js_sys::ArrayBuffer> {
    let canvas = browser::document().create_element("canvas").ok()?;
    let canvas: HtmlCanvasElement = canvas.dyn_into().ok()?;
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    // What the usual quality leaves out, a model would miss. An old browser knows no other.
    let _ = js_sys::Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into());
    context
        .draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, width, height)
        .ok()?;
    let data = context.get_image_data(0.0, 0.0, width, height).ok()?.data();
    Some(Uint8Array::from(&data[..]).buffer())
}
