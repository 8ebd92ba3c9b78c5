//! Where bytes come from: a blob, or a URL that answers ranges.

use std::ops::Range;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Blob, DedicatedWorkerGlobalScope, RequestInit, Response};

/// The first request: most headers lie in it whole.
const FIRST: u64 = 128 * 1024;

#[derive(Clone)]
pub enum Source {
    Blob(Blob),
    Url { url: String, len: u64 },
}

pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// The message of a thrown value.
fn message(value: &JsValue) -> String {
    js_sys::Reflect::get(value, &JsValue::from_str("message"))
        .ok()
        .and_then(|message| message.as_string())
        .unwrap_or_else(|| format!("{value:?}"))
}

impl Source {
    /// Looks at what is behind a URL; the source, and its first bytes. A server that answers no
    /// ranges has sent everything, which then is the source.
    pub async fn open(from: &JsValue) -> Result<(Self, Vec<u8>), String> {
        if let Some(blob) = from.dyn_ref::<Blob>() {
            let source = Self::Blob(blob.clone());
            let end = FIRST.min(source.len());
            let head = source.read(0..end, None).await?;
            return Ok((source, head));
        }
        let url = from.as_string().ok_or("there is nothing to open")?;
        let response = request(&url, &(0..FIRST), None).await?;
        let total = response
            .headers()
            .get("content-range")
            .ok()
            .flatten()
            .and_then(|range| range.rsplit('/').next()?.parse::<u64>().ok());
        if let Some(len) = total.filter(|_| response.status() == 206) {
            let head = bytes(&response).await?;
            return Ok((Self::Url { url, len }, head));
        }
        let blob: Blob = if response.status() == 206 {
            // The length is hidden from pages: the whole file tells it.
            Self::whole(from).await?
        } else {
            let blob = response.blob().map_err(|error| message(&error))?;
            let blob = JsFuture::from(blob).await;
            blob.map_err(|error| message(&error))?.unchecked_into()
        };
        Box::pin(Self::open(&blob)).await
    }

    /// The whole file, where a server answers no ranges.
    async fn whole(from: &JsValue) -> Result<Blob, String> {
        let url = from.as_string().ok_or("there is nothing to open")?;
        let response = JsFuture::from(scope().fetch_with_str(&url))
            .await
            .map_err(|error| message(&error))?;
        let response: Response = response.unchecked_into();
        if !response.ok() {
            return Err(format!("the server answered {}", response.status()));
        }
        let blob = response.blob().map_err(|error| message(&error))?;
        let blob = JsFuture::from(blob)
            .await
            .map_err(|error| message(&error))?;
        Ok(blob.unchecked_into())
    }

    pub fn len(&self) -> u64 {
        match self {
            Self::Blob(blob) => blob.size() as u64,
            Self::Url { len, .. } => *len,
        }
    }

    /// Exactly these bytes.
    pub async fn read(
        &self,
        range: Range<u64>,
        signal: Option<&AbortSignal>,
    ) -> Result<Vec<u8>, String> {
        if range.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = (range.end - range.start) as usize;
        let bytes = match self {
            Self::Blob(blob) => {
                let part = blob
                    .slice_with_f64_and_f64(range.start as f64, range.end as f64)
                    .map_err(|error| message(&error))?;
                let buffer = JsFuture::from(part.array_buffer())
                    .await
                    .map_err(|error| message(&error))?;
                js_sys::Uint8Array::new(&buffer).to_vec()
            }
            Self::Url { url, .. } => bytes(&request(url, &range, signal).await?).await?,
        };
        if bytes.len() == wanted {
            Ok(bytes)
        } else {
            Err("the server sent another part of the file than was asked for".to_owned())
        }
    }
}

async fn request(
    url: &str,
    range: &Range<u64>,
    signal: Option<&AbortSignal>,
) -> Result<Response, String> {
    let init = RequestInit::new();
    init.set_signal(signal);
    let headers = js_sys::Object::new();
    let value = format!("bytes={}-{}", range.start, range.end - 1);
    js_sys::Reflect::set(&headers, &"range".into(), &value.into()).map_err(|e| message(&e))?;
    init.set_headers(&headers);
    let response = JsFuture::from(scope().fetch_with_str_and_init(url, &init))
        .await
        .map_err(|error| message(&error))?;
    let response: Response = response.unchecked_into();
    if response.ok() {
        Ok(response)
    } else {
        Err(format!("the server answered {}", response.status()))
    }
}

async fn bytes(response: &Response) -> Result<Vec<u8>, String> {
    let buffer = response.array_buffer().map_err(|error| message(&error))?;
    let buffer = JsFuture::from(buffer).await.map_err(|e| message(&e))?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}
