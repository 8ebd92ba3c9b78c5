//! The full decode of a photograph: header and tail were good, now all between.

use crate::App;
use crate::objects::ObjectError;
use bytes::Bytes;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;
use visionflow_media::{DecodeError, Format, LARGE_PIXELS};

/// The long side of a thumbnail, in pixels.
pub const THUMBNAIL_SIDE: u32 = 512;

/// From so many bytes on, JPEG and PNG are looked through in parts.
const LARGE_BYTES: i64 = 128 << 20;

/// What the decode showed.
enum Verdict {
    Whole { thumbnail: Option<Vec<u8>> },
    Damaged(DecodeError),
}

/// Sets the image's status, and its thumbnail where the browser has not sent one.
pub async fn run(app: &App, workspace_id: Uuid, image_id: Uuid) -> anyhow::Result<()> {
    let mut tx = app.store().begin_as_tenant(workspace_id).await?;
    let Some(image) = tx.image(image_id).await? else {
        return Ok(());
    };
    tx.commit().await?;
    let format = Format::from_mime(&image.content_type);
    let Some(format) = format else {
        anyhow::bail!("an image of type {}", image.content_type);
    };
    let pixels = image.width as u64 * image.height as u64;
    let make = image.thumbnail_path.is_none();
    let is_large = pixels >= LARGE_PIXELS || image.size_bytes >= LARGE_BYTES;
    let in_parts =
        format == Format::Tiff || is_large && matches!(format, Format::Jpeg | Format::Png);
    let Some(source) = fetched(app, &image.storage_path, in_parts).await? else {
        return Ok(());
    };
    let verdict = app
        .jobs()
        .decode(pixels, move || look(source, format, make))
        .await?;
    let (status, thumbnail) = match verdict {
        Verdict::Whole { thumbnail } => ("ready", thumbnail),
        Verdict::Damaged(error) => {
            tracing::info!(%image_id, %error, "a photograph is damaged");
            ("damaged", None)
        }
    };
    let thumbnail_path = match thumbnail {
        Some(bytes) => {
            let path = thumbnail_key(image.workspace_id, image.project_id, image.id);
            app.objects()
                .write(&path, "image/jpeg", Bytes::from(bytes))
                .await?;
            Some(path)
        }
        None => None,
    };
    let mut tx = app.store().begin_as_tenant(workspace_id).await?;
    if let Some(path) = thumbnail_path {
        tx.set_image_thumbnail(image_id, &path).await?;
    }
    tx.set_image_status(image_id, status).await?;
    tx.commit().await?;
    Ok(())
}

/// Where an image's thumbnail lies.
pub fn thumbnail_key(workspace_id: Uuid, project_id: Uuid, image_id: Uuid) -> String {
    format!("{workspace_id}/{project_id}/images/{image_id}/thumbnail.jpg")
}

/// What is looked at whole lies in memory; what is looked at in parts, on the disk.
pub(super) enum Source {
    Memory(Bytes),
    Disk(std::fs::File),
}

/// `None` when it was purged meanwhile.
pub(super) async fn fetched(
    app: &App,
    path: &str,
    in_parts: bool,
) -> anyhow::Result<Option<Source>> {
    let body = match app.objects().stream(path).await {
        Err(ObjectError::NotFound) => return Ok(None),
        other => other?,
    };
    if !in_parts {
        return Ok(Some(Source::Memory(body.collect().await?.into_bytes())));
    }
    let mut file = tokio::fs::File::from_std(tempfile::tempfile()?);
    tokio::io::copy(&mut body.into_async_read(), &mut file).await?;
    file.flush().await?;
    Ok(Some(Source::Disk(file.into_std().await)))
}

fn look(source: Source, format: Format, make_thumbnail: bool) -> Verdict {
    let done = match source {
        Source::Disk(file) => visionflow_media::survey(file, format, THUMBNAIL_SIDE)
            .map(|thumbnail| Some(thumbnail).filter(|_| make_thumbnail)),
        Source::Memory(bytes) if make_thumbnail => {
            visionflow_media::thumbnail(&bytes, format, THUMBNAIL_SIDE).map(Some)
        }
        Source::Memory(bytes) => visionflow_media::check(&bytes, format).map(|_| None),
    };
    match done {
        Ok(thumbnail) => Verdict::Whole { thumbnail },
        // Kept as it is: other tools may read what is not read here.
        Err(DecodeError::Unsupported(_)) => Verdict::Whole { thumbnail: None },
        Err(error) => Verdict::Damaged(error),
    }
}
