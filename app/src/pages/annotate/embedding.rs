//! What the server's model saw in a photograph that it stores, for devices that are too slow to look
//! themselves.

use crate::api_client;
use crate::browser;
use crate::t;
use gloo::timers::future::TimeoutFuture;
use js_sys::ArrayBuffer;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::ImageEmbedding;
use visionflow_engine::{Embedder, Embedding};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// How often the server is asked whether it is done, and how many times.
const POLL_MS: u32 = 500;
const ASKS: u32 = 240;

/// Has the server look at this photograph.
pub fn embedder(image_id: Uuid) -> Embedder {
    Rc::new(move || {
        Box::pin(async move {
            let embedding = ask(image_id).await;
            embedding.map_err(|why| t!("embedding-failed", why = why))
        })
    })
}

async fn ask(image_id: Uuid) -> Result<Embedding, String> {
    let path = format!("/api/v1/images/{image_id}/embedding");
    for asked in 0..ASKS {
        let answer = api_client::post::<_, ImageEmbedding>(&path, &()).await;
        if let Some(url) = answer.map_err(|error| error.words())?.url {
            let f16 = fetch(&url).await.ok_or_else(|| t!("error-offline"))?;
            let was_ready = asked == 0;
            return Ok(Embedding { f16, was_ready });
        }
        TimeoutFuture::new(POLL_MS).await;
    }
    Err(t!("embedding-late"))
}

async fn fetch(url: &str) -> Option<ArrayBuffer> {
    let response = JsFuture::from(browser::window().fetch_with_str(url)).await;
    let response: Response = response.ok()?.dyn_into().ok()?;
    let bytes = response
        .ok()
        .then(|| response.array_buffer().ok())
        .flatten()?;
    JsFuture::from(bytes).await.ok()?.dyn_into().ok()
}
