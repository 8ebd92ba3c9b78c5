//! A photograph from its URL to a decoded bitmap, by the browser's own decoders; and the ways to
//! tiles for those that are larger or of other kinds.

mod addressed;
mod kind;
mod worker;

pub use addressed::AddressedTiles;
pub use kind::{Way, addressed, way_of};
pub use worker::Decoder;

use crate::EngineError;
use crate::browser::window;
use crate::error::js_message;
use visionflow_geometry::Rect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Blob, ColorSpaceConversion, ImageBitmap, ImageBitmapOptions, ImageOrientation,
    OffscreenCanvas, OffscreenCanvasRenderingContext2d, PremultiplyAlpha, RequestInit,
    ResizeQuality, Response,
};

/// JPEG and PNG of more bytes than this show before all of them have come.
const LARGE_BYTES: f64 = 32.0 * 1024.0 * 1024.0;

/// What is behind a URL.
pub enum Fetched {
    File(Blob),
    /// A TIFF, or a file so large that it is read in parts: not read any further here.
    Ranged,
}

/// Loads the bytes behind a URL, unless they are better read in parts.
pub async fn fetch(url: &str, signal: &AbortSignal) -> Result<Fetched, EngineError> {
    let response = answer(url, Some(signal)).await?;
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let mime = header("content-type").unwrap_or_default();
    let len: f64 = header("content-length").map_or(0.0, |len| len.parse().unwrap_or(0.0));
    let is_tiff = mime.starts_with("image/tiff") || kind::is_tiff_address(url);
    let is_large = matches!(mime.as_str(), "image/jpeg" | "image/png") && len > LARGE_BYTES;
    if (is_tiff || is_large) && !url.starts_with("blob:") {
        if let Some(body) = response.body() {
            // Nobody waits for it.
            let _ = body.cancel();
        }
        return Ok(Fetched::Ranged);
    }
    content(&response).await.map(Fetched::File)
}

async fn answer(url: &str, signal: Option<&AbortSignal>) -> Result<Response, EngineError> {
    let init = RequestInit::new();
    init.set_signal(signal);
    let response = JsFuture::from(window().fetch_with_str_and_init(url, &init)).await;
    let response: Response = response.map_err(not_fetched)?.unchecked_into();
    if !response.ok() {
        let status = response.status();
        return Err(EngineError::Fetch(format!("the server answered {status}")));
    }
    Ok(response)
}

async fn content(response: &Response) -> Result<Blob, EngineError> {
    let blob = JsFuture::from(response.blob().map_err(not_fetched)?).await;
    Ok(blob.map_err(not_fetched)?.unchecked_into())
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn not_fetched(error: JsValue) -> EngineError {
    EngineError::Fetch(js_message(&error))
}

/// Decodes a photograph the way it is meant to be seen: rotated as EXIF says, in sRGB.
pub async fn decode(blob: &Blob) -> Result<ImageBitmap, EngineError> {
    let failed = |error: JsValue| EngineError::Decode(js_message(&error));
    let options = ImageBitmapOptions::new();
    options.set_image_orientation(ImageOrientation::FromImage);
    options.set_color_space_conversion(ColorSpaceConversion::Default);
    options.set_premultiply_alpha(PremultiplyAlpha::None);
    let promise = window()
        .create_image_bitmap_with_blob_and_image_bitmap_options(blob, &options)
        .map_err(failed)?;
    let bitmap = JsFuture::from(promise).await.map_err(failed)?;
    Ok(bitmap.unchecked_into())
}

/// A rectangle of whole image pixels, and how many of them make one that is read.
#[derive(Clone, Copy, Debug)]
pub struct Region {
    pub x: i32,
    pub y: i32,
    width: i32,
    height: i32,
    pub scale: f64,
}

impl Region {
    /// The whole pixels around `rect` (image space).
    pub fn of(rect: Rect, scale: f64) -> Self {
        let (x, y) = (rect.min.x.floor() as i32, rect.min.y.floor() as i32);
        Self {
            x,
            y,
            width: (rect.max.x.ceil() as i32 - x).max(1),
            height: (rect.max.y.ceil() as i32 - y).max(1),
            scale,
        }
    }

    /// A whole picture of so many pixels, at most so many along its longer side.
    pub fn whole((width, height): (u32, u32), long_side: f64) -> Self {
        let rect = Rect::from_size(f64::from(width), f64::from(height));
        let scale = rect.width().max(rect.height()) / long_side;
        Self::of(rect, scale.max(1.0))
    }

    /// Width and height of what is read.
    pub fn size(&self) -> (u32, u32) {
        let read = |length: i32| (f64::from(length) / self.scale).round().max(1.0) as u32;
        (read(self.width), read(self.height))
    }
}

/// RGBA pixels of a whole photograph.
pub struct PhotoPixels {
    pub size: (u32, u32),
    pub rgba: Vec<u8>,
}

/// A photograph of `size` pixels, which need not be the one on a canvas: decoded whole by the browser
/// however many bytes it has, and made smaller with care, for what is lost a model would miss.
pub async fn read_photo(
    url: &str,
    size: (u32, u32),
    long_side: f64,
) -> Result<PhotoPixels, EngineError> {
    let blob = content(&answer(url, None).await?).await?;
    let region = Region::whole(size, long_side);
    let rgba = read_scaled(&blob, region, ResizeQuality::High).await?;
    Ok(PhotoPixels {
        size: region.size(),
        rgba,
    })
}

/// A part of a photograph as RGBA, rotated as EXIF says, in sRGB.
pub async fn read_region(blob: &Blob, region: Region) -> Result<Vec<u8>, EngineError> {
    read_scaled(blob, region, ResizeQuality::Low).await
}

async fn read_scaled(
    blob: &Blob,
    region: Region,
    quality: ResizeQuality,
) -> Result<Vec<u8>, EngineError> {
    let failed = |error: JsValue| EngineError::Decode(js_message(&error));
    let (width, height) = region.size();
    let options = ImageBitmapOptions::new();
    options.set_image_orientation(ImageOrientation::FromImage);
    options.set_resize_width(width);
    options.set_resize_height(height);
    options.set_resize_quality(quality);
    let promise = window()
        .create_image_bitmap_with_blob_and_a_sx_and_a_sy_and_a_sw_and_a_sh_and_a_options(
            blob,
            region.x,
            region.y,
            region.width,
            region.height,
            &options,
        )
        .map_err(failed)?;
    let bitmap: ImageBitmap = JsFuture::from(promise)
        .await
        .map_err(failed)?
        .unchecked_into();
    let canvas = OffscreenCanvas::new(width, height).map_err(failed)?;
    let context = canvas.get_context("2d").map_err(failed)?;
    let context: OffscreenCanvasRenderingContext2d = context
        .ok_or_else(|| EngineError::Decode("there is no 2D canvas".to_owned()))?
        .unchecked_into();
    context
        .draw_image_with_image_bitmap(&bitmap, 0.0, 0.0)
        .map_err(failed)?;
    bitmap.close();
    let data = context
        .get_image_data(0.0, 0.0, f64::from(width), f64::from(height))
        .map_err(failed)?;
    Ok(data.data().0)
}
