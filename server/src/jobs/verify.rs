//! The full decode of a photograph: header and tail were good, now all between.

use crate::App;
use crate::objects::ObjectError;
use bytes::Bytes;
use uuid::Uuid;
use visionflow_media::{DecodeError, Format, LARGE_PIXELS};

/// The long side of a thumbnail, in pixels.
pub const THUMBNAIL_SIDE: u32 = 512;

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
    let bytes = match app.objects().read(&image.storage_path).await {
        // Purged meanwhile.
        Err(ObjectError::NotFound) => return Ok(()),
        other => other?,
    };
    let format = Format::from_mime(&image.content_type);
    let Some(format) = format else {
        anyhow::bail!("an image of type {}", image.content_type);
    };
    let pixels = image.width as u64 * image.height as u64;
    let make = image.thumbnail_path.is_none();
    let verdict = app
        .jobs()
        .decode(pixels, move || look(bytes, format, pixels, make))
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

fn look(bytes: Bytes, format: Format, pixels: u64, make_thumbnail: bool) -> Verdict {
    let large = pixels >= LARGE_PIXELS && matches!(format, Format::Jpeg | Format::Png);
    let done = if format == Format::Tiff || large {
        visionflow_media::survey(bytes.into(), format, THUMBNAIL_SIDE)
            .map(|thumbnail| Some(thumbnail).filter(|_| make_thumbnail))
    } else if make_thumbnail {
        visionflow_media::thumbnail(&bytes, format, THUMBNAIL_SIDE).map(Some)
    } else {
        visionflow_media::check(&bytes, format).map(|_| None)
    };
    match done {
        Ok(thumbnail) => Verdict::Whole { thumbnail },
        // Kept as it is: other tools may read what is not read here.
        Err(DecodeError::Unsupported(_)) => Verdict::Whole { thumbnail: None },
        Err(error) => Verdict::Damaged(error),
    }
}
