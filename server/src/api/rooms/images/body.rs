//! The body of an upload, on its way to S3: never more than a few parts of it in memory.

use super::form::{Form, FormError};
use crate::App;
use crate::error::{Error, Result};
use crate::objects::SinkWriter;
use axum::body::Body;
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::{HeaderMap, header};

/// The largest file that is taken through the server.
pub const MAX_BYTES: u64 = 100 << 20;
/// Enough to tell formats apart.
const HEAD: usize = 64;

/// What lies in S3 now.
pub struct Received {
    pub size_bytes: i64,
    /// The first bytes.
    pub head: Vec<u8>,
    pub filename: Option<String>,
}

/// Stores the body, or the first file of a form, under `key`. What is refused half-way leaves
/// nothing behind.
pub async fn receive(app: &App, headers: &HeaderMap, body: Body, key: &str) -> Result<Received> {
    let announced = headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    // A little more, for what stands around the file of a form.
    if announced.is_some_and(|length| length > MAX_BYTES + (1 << 20)) {
        return Err(too_large());
    }
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let chunks = body.into_data_stream();
    let chunks =
        chunks.map(|chunk| chunk.map_err(|error| FormError::Interrupted(error.to_string())));
    if !kind
        .trim_start()
        .to_ascii_lowercase()
        .starts_with("multipart/")
    {
        return store(app, chunks, key, None).await;
    }
    let mut form = Form::new(kind, chunks).map_err(malformed)?;
    let Some(filename) = form.file().await.map_err(malformed)? else {
        return Err(Error::invalid("The form holds no file."));
    };
    let file = stream::try_unfold(form, async |mut form| {
        Ok(form.content().await?.map(|chunk| (chunk, form)))
    });
    store(app, file, key, Some(filename)).await
}

async fn store(
    app: &App,
    chunks: impl Stream<Item = Result<Bytes, FormError>>,
    key: &str,
    filename: Option<String>,
) -> Result<Received> {
    let (writer, sink) = app.objects().sink(key, "application/octet-stream");
    let (fed, uploaded) = tokio::join!(feed(chunks, writer), sink.upload());
    let uploaded = uploaded?;
    match fed {
        Ok((size_bytes, head)) if size_bytes > 0 => {
            uploaded.finish().await?;
            Ok(Received {
                size_bytes: size_bytes as i64,
                head,
                filename,
            })
        }
        refused => {
            uploaded.abort().await;
            refused.and(Err(Error::invalid("The file is empty.")))
        }
    }
}

async fn feed(
    chunks: impl Stream<Item = Result<Bytes, FormError>>,
    mut writer: SinkWriter,
) -> Result<(u64, Vec<u8>)> {
    let mut chunks = std::pin::pin!(chunks);
    let (mut size, mut head) = (0, Vec::with_capacity(HEAD));
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(malformed)?;
        size += chunk.len() as u64;
        if size > MAX_BYTES {
            return Err(too_large());
        }
        let more = chunk.len().min(HEAD - head.len());
        head.extend_from_slice(&chunk[..more]);
        writer.push(&chunk).await?;
    }
    writer.end().await?;
    Ok((size, head))
}

fn too_large() -> Error {
    Error::too_large(format!(
        "{} MiB are the most for an image sent to its room; larger ones are uploaded to their project.",
        MAX_BYTES >> 20
    ))
}

/// By value, to stand in `map_err`.
#[allow(clippy::needless_pass_by_value)]
fn malformed(error: FormError) -> Error {
    Error::malformed(format!("The body cannot be read: {error}."))
}
