//! A photograph from its URL to a decoded bitmap, by the browser's own decoders.

use crate::EngineError;
use crate::browser::window;
use crate::error::js_message;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Blob, ColorSpaceConversion, ImageBitmap, ImageBitmapOptions, ImageOrientation,
    PremultiplyAlpha, RequestInit, Response,
};

/// Loads the bytes behind a URL.
pub async fn fetch(url: &str, signal: &AbortSignal) -> Result<Blob, EngineError> {
    let failed = |error: JsValue| EngineError::Fetch(js_message(&error));
    let init = RequestInit::new();
    init.set_signal(Some(signal));
    let response = JsFuture::from(window().fetch_with_str_and_init(url, &init))
        .await
        .map_err(failed)?;
    let response: Response = response.unchecked_into();
    if !response.ok() {
        let status = response.status();
        return Err(EngineError::Fetch(format!("the server answered {status}")));
    }
    let blob = JsFuture::from(response.blob().map_err(failed)?)
        .await
        .map_err(failed)?;
    Ok(blob.unchecked_into())
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
