//! Tiles with addresses of their own (Deep Zoom, IIIF): fetched here, decoded by the browser.

use super::kind::Addressed;
use crate::EngineError;
use crate::browser::window;
use crate::error::js_message;
use std::collections::HashMap;
use visionflow_media::deep_zoom::DeepZoom;
use visionflow_media::iiif::Iiif;
use visionflow_media::tiles::{Pyramid, TileId};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, Blob, ImageBitmap, ImageBitmapOptions, PremultiplyAlpha,
    RequestInit, Response,
};

/// A description, and the tiles that are on their way.
pub struct AddressedTiles {
    kind: Kind,
    loading: HashMap<TileId, AbortController>,
}

enum Kind {
    DeepZoom { zoom: DeepZoom, url: String },
    Iiif(Iiif),
}

/// Where a tile is, and which part of its picture it is.
pub struct Request {
    url: String,
    /// x, y, width, height; `None` for all of it.
    inner: Option<(u32, u32, u32, u32)>,
    signal: AbortSignal,
}

impl AddressedTiles {
    /// Reads the description at `url`.
    pub async fn open(
        what: Addressed,
        url: &str,
        signal: &AbortSignal,
    ) -> Result<Self, EngineError> {
        let failed = |error: JsValue| EngineError::Fetch(js_message(&error));
        let response = response(url, signal).await?;
        let text = JsFuture::from(response.text().map_err(failed)?).await;
        let text = text.map_err(failed)?.as_string().unwrap_or_default();
        let kind = match what {
            Addressed::DeepZoom => DeepZoom::parse(&text).map(|zoom| Kind::DeepZoom {
                zoom,
                url: url.to_owned(),
            }),
            Addressed::Iiif => Iiif::parse(&text).map(Kind::Iiif),
        };
        Ok(Self {
            kind: kind.map_err(|error| EngineError::Decode(error.to_string()))?,
            loading: HashMap::new(),
        })
    }

    pub fn pyramid(&self) -> Pyramid {
        match &self.kind {
            Kind::DeepZoom { zoom, .. } => zoom.pyramid(),
            Kind::Iiif(iiif) => iiif.pyramid(),
        }
    }

    /// What to fetch for a tile; it counts as on its way from here on.
    pub fn request(&mut self, pyramid: &Pyramid, tile: TileId) -> Option<Request> {
        let abort = AbortController::new().ok()?;
        let signal = abort.signal();
        self.loading.insert(tile, abort);
        let (url, inner) = match &self.kind {
            Kind::DeepZoom { zoom, url } => {
                let level = pyramid.levels.get(tile.level as usize)?;
                (zoom.tile_url(url, tile), Some(zoom.inner(level, tile)))
            }
            Kind::Iiif(iiif) => (iiif.tile_url(tile), None),
        };
        Some(Request { url, inner, signal })
    }

    pub fn done(&mut self, tile: TileId) {
        self.loading.remove(&tile);
    }

    pub fn cancel(&mut self, tile: TileId) {
        if let Some(abort) = self.loading.remove(&tile) {
            abort.abort();
        }
    }
}

impl Drop for AddressedTiles {
    fn drop(&mut self) {
        for abort in self.loading.values() {
            abort.abort();
        }
    }
}

impl Request {
    /// `None` when it was cancelled.
    pub async fn fetch(&self) -> Option<Result<ImageBitmap, EngineError>> {
        let answer = self.fetched().await;
        (!self.signal.aborted()).then_some(answer)
    }

    async fn fetched(&self) -> Result<ImageBitmap, EngineError> {
        let failed = |error: JsValue| EngineError::Decode(js_message(&error));
        let response = response(&self.url, &self.signal).await?;
        let blob: Blob = JsFuture::from(response.blob().map_err(failed)?)
            .await
            .map_err(failed)?
            .unchecked_into();
        let options = ImageBitmapOptions::new();
        options.set_premultiply_alpha(PremultiplyAlpha::None);
        let promise = match self.inner {
            None => {
                window().create_image_bitmap_with_blob_and_image_bitmap_options(&blob, &options)
            }
            Some((x, y, width, height)) => window()
                .create_image_bitmap_with_blob_and_a_sx_and_a_sy_and_a_sw_and_a_sh_and_a_options(
                    &blob,
                    x as i32,
                    y as i32,
                    width as i32,
                    height as i32,
                    &options,
                ),
        };
        let bitmap = JsFuture::from(promise.map_err(failed)?).await;
        Ok(bitmap.map_err(failed)?.unchecked_into())
    }
}

async fn response(url: &str, signal: &AbortSignal) -> Result<Response, EngineError> {
    let init = RequestInit::new();
    init.set_signal(Some(signal));
    let response = JsFuture::from(window().fetch_with_str_and_init(url, &init))
        .await
        .map_err(|error| EngineError::Fetch(js_message(&error)))?;
    let response: Response = response.unchecked_into();
    if response.ok() {
        Ok(response)
    } else {
        let status = response.status();
        Err(EngineError::Fetch(format!("the server answered {status}")))
    }
}
