//! A photograph as pixels, as large as a model needs it; read by the engine.

use crate::t;
use visionflow_api::Image;

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
    let (width, height) = (image.width.max(1) as u32, image.height.max(1) as u32);
    let pixels = f64::from(width) * f64::from(height);
    if pixels > MAX_PIXELS {
        return Err(t!("run-too-large", n = (pixels / 1e6).round()));
    }
    let (scaled, rgba) = scaled(&image.url, (width, height), long_side).await?;
    Ok(Pixels {
        width,
        height,
        scaled_width: scaled.0,
        scaled_height: scaled.1,
        rgba,
    })
}

type Scaled = ((u32, u32), js_sys::ArrayBuffer);

#[cfg(target_arch = "wasm32")]
async fn scaled(url: &str, size: (u32, u32), long_side: f64) -> Result<Scaled, String> {
    use visionflow_engine::{EngineError, read_photo};
    match read_photo(url, size, long_side).await {
        Ok(read) => Ok((read.size, js_sys::Uint8Array::from(&read.rgba[..]).buffer())),
        Err(EngineError::Fetch(_)) => Err(t!("run-not-fetched")),
        Err(_) => Err(t!("run-not-decoded")),
    }
}

/// Natively, where only tests run, there is no engine.
#[cfg(not(target_arch = "wasm32"))]
async fn scaled(_: &str, _: (u32, u32), _: f64) -> Result<Scaled, String> {
    Err(t!("run-not-decoded"))
}
