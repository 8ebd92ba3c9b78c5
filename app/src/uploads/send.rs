//! One file's way: ticket, thumbnail, bytes, inspection.

use super::{UploadState, kind, thumbnail};
use crate::api_client::{self, ApiError};
use gloo::timers::future::TimeoutFuture;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::{CompleteUpload, Image, UploadRequest, UploadTicket};
use web_sys::File;

type Progress = Rc<dyn Fn(UploadState)>;

/// A lost connection is tried again so often by itself.
const TRIES: u32 = 3;

pub async fn send(
    project_id: Uuid,
    name: String,
    file: File,
    progress: Progress,
) -> Result<Image, ApiError> {
    let mut tried = 0;
    loop {
        tried += 1;
        match once(project_id, &name, &file, &progress).await {
            Err(error) if tried < TRIES && may_pass(&error) => {
                progress(UploadState::Preparing);
                TimeoutFuture::new(1_000 * tried * tried).await;
            }
            other => return other,
        }
    }
}

fn may_pass(error: &ApiError) -> bool {
    matches!(error, ApiError::Offline) || matches!(error.status(), Some(429 | 500..))
}

async fn once(
    project_id: Uuid,
    name: &str,
    file: &File,
    progress: &Progress,
) -> Result<Image, ApiError> {
    let content_type =
        kind::content_type(name, &file.type_()).unwrap_or("application/octet-stream");
    let request = UploadRequest {
        filename: name.to_owned(),
        content_type: content_type.to_owned(),
        size_bytes: file.size() as i64,
    };
    let ticket: UploadTicket = api_client::post(
        &format!("/api/v1/projects/{project_id}/upload_url"),
        &request,
    )
    .await?;
    let thumbnail = thumbnail::make(file, thumbnail_type(&ticket)).await;
    let total = file.size().max(1.0);
    let on_progress = {
        let progress = progress.clone();
        Rc::new(move |sent: f64| progress(UploadState::Sending((sent / total).min(1.0))))
    };
    on_progress(0.0);
    api_client::put_blob(&ticket.presigned_url, &ticket.headers, file, on_progress).await?;
    progress(UploadState::Checking);
    let has_thumbnail = match &thumbnail {
        Some(made) => {
            let quiet = Rc::new(|_| {});
            // Without it the server makes one; that is no reason to fail.
            api_client::put_blob(
                &ticket.thumbnail_url,
                &ticket.thumbnail_headers,
                &made.blob,
                quiet,
            )
            .await
            .is_ok()
        }
        None => false,
    };
    let complete = CompleteUpload {
        storage_path: ticket.storage_path,
        width: thumbnail.as_ref().map(|made| made.width),
        height: thumbnail.as_ref().map(|made| made.height),
        has_thumbnail,
    };
    api_client::post("/api/v1/images/complete_upload", &complete).await
}

/// The type that the thumbnail's URL was signed for.
fn thumbnail_type(ticket: &UploadTicket) -> &str {
    let header = ticket
        .thumbnail_headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    header.map_or("image/jpeg", |(_, value)| value.as_str())
}
