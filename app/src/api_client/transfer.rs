//! Bytes straight to S3: a PUT to a presigned URL that tells how far it is and can be stopped.
//!
//! `fetch` has no upload progress, so this is an `XMLHttpRequest`.

use super::ApiError;
use crate::t;
use js_sys::Promise;
use std::rc::Rc;
use visionflow_api::Problem;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ProgressEvent, XmlHttpRequest};

/// Bytes sent so far.
pub type PutProgress = Rc<dyn Fn(f64)>;

/// Aborts the transfer when the future is dropped before it ends.
struct Guard(XmlHttpRequest);

impl Drop for Guard {
    fn drop(&mut self) {
        if self.0.ready_state() != XmlHttpRequest::DONE {
            // Aborting a request that has just ended is harmless.
            let _ = self.0.abort();
        }
    }
}

/// PUTs `blob` with exactly `headers`. Dropping the future stops the transfer.
pub async fn put_blob(
    url: &str,
    headers: &[(String, String)],
    blob: &Blob,
    progress: PutProgress,
) -> Result<(), ApiError> {
    let broken = |_| ApiError::Unreadable(String::new());
    let xhr = XmlHttpRequest::new().map_err(broken)?;
    xhr.open("PUT", url).map_err(broken)?;
    for (name, value) in headers {
        // The browser sets these two by itself and refuses to be told.
        if !matches!(
            name.to_ascii_lowercase().as_str(),
            "host" | "content-length"
        ) {
            xhr.set_request_header(name, value).map_err(broken)?;
        }
    }
    let on_progress =
        Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| progress(event.loaded()));
    if let Ok(upload) = xhr.upload() {
        upload.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
    }
    let ended = Promise::new(&mut |resolve, _| xhr.set_onloadend(Some(&resolve)));
    let guard = Guard(xhr);
    guard.0.send_with_opt_blob(Some(blob)).map_err(broken)?;
    JsFuture::from(ended)
        .await
        .map_err(|_| ApiError::Cancelled)?;
    match guard.0.status() {
        Ok(status) if (200..300).contains(&status) => Ok(()),
        Ok(0) | Err(_) => Err(ApiError::Offline),
        Ok(status) => Err(ApiError::Problem(Problem {
            status,
            code: "storage".to_owned(),
            title: String::new(),
            detail: t!("error-storage", status = i64::from(status)),
            request_id: String::new(),
        })),
    }
}
