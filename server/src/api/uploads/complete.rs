//! From an object under `staging/` to an image: inspected, copied, and only then a row.
//!
//! The copy comes first and is what is inspected: its key is new and nobody else can write there,
//! so what was inspected is what stays. Whoever is killed between the steps leaves an object that
//! no row names, and the sweep takes it.

use super::inspect;
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::jobs::{Job, thumbnail_key};
use crate::objects::ObjectError;
use crate::projection;
use crate::store::{ImageRow, NewImage, RoomIdentity, Tx, Upload};
use uuid::Uuid;
use visionflow_api::CompleteUpload;
use visionflow_media::{Format, Probe};

/// Idempotent: two completions, also at once, give the same image.
pub async fn complete(app: &App, caller: &Caller, request: &CompleteUpload) -> Result<ImageRow> {
    let (upload, image) = find(app, caller, request).await?;
    if let Some(image) = image {
        return Ok(image);
    }
    match attempt(app, caller, &upload, request.has_thumbnail, None).await {
        Ok(image) => Ok(image),
        // Whoever completed it meanwhile has also emptied its place under `staging/`.
        Err(error) => match find(app, caller, request).await?.1 {
            Some(image) => Ok(image),
            None => Err(error),
        },
    }
}

/// An upload of the server's own, as the image of a room that has none; 409 where it has.
pub async fn complete_in_room(
    app: &App,
    caller: &Caller,
    upload: &Upload,
    room_id: Uuid,
) -> Result<ImageRow> {
    let outcome = attempt(app, caller, upload, false, Some(room_id)).await;
    if outcome.is_err() {
        discard(app, &upload.storage_path).await;
    }
    outcome
}

/// The upload, and the image that it has become.
async fn find(
    app: &App,
    caller: &Caller,
    request: &CompleteUpload,
) -> Result<(Upload, Option<ImageRow>)> {
    let mut tx = app.store().begin(caller).await?;
    let upload = tx.upload_at(&request.storage_path).await?;
    let upload = upload.ok_or_else(Error::not_found)?;
    caller.require_any_role(&mut tx, upload.project_id).await?;
    let image = match upload.image_id {
        Some(image_id) => Some(tx.image(image_id).await?.ok_or_else(Error::not_found)?),
        None => None,
    };
    tx.commit().await?;
    Ok((upload, image))
}

async fn attempt(
    app: &App,
    caller: &Caller,
    upload: &Upload,
    has_thumbnail: bool,
    room_id: Option<Uuid>,
) -> Result<ImageRow> {
    check_size(app, upload).await?;
    let image_id = Uuid::now_v7();
    let format = Format::from_mime(&upload.content_type);
    let extension = format.map_or("bin", Format::extension);
    let folder = format!(
        "{}/{}/images/{image_id}",
        upload.workspace_id, upload.project_id
    );
    let key = format!("{folder}/original.{extension}");
    let copied = app
        .objects()
        .copy(&upload.storage_path, &key, &upload.content_type)
        .await;
    copied.map_err(absent)?;
    let target = Target {
        image_id,
        key: &key,
        room_id,
    };
    let finished = finish(app, caller, upload, has_thumbnail, &target).await;
    match &finished {
        Ok(image) if image.id == image_id => {
            discard(app, &upload.storage_path).await;
            discard(app, &upload.thumbnail_path).await;
        }
        _ => discard(app, &key).await,
    }
    finished
}

fn absent(error: ObjectError) -> Error {
    match error {
        ObjectError::NotFound => {
            Error::conflict("Nothing has been uploaded yet: PUT the file to its URL first.")
        }
        failed @ ObjectError::Failed(_) => failed.into(),
    }
}

async fn check_size(app: &App, upload: &Upload) -> Result<()> {
    let head = app.objects().head(&upload.storage_path).await;
    let head = head.map_err(absent)?;
    if head.size_bytes != upload.size_bytes {
        return Err(Error::invalid(format!(
            "The file has {} bytes, but {} were announced.",
            head.size_bytes, upload.size_bytes
        )));
    }
    Ok(())
}

/// What an upload becomes.
struct Target<'a> {
    image_id: Uuid,
    key: &'a str,
    /// A room that waits for its image; a new one without it.
    room_id: Option<Uuid>,
}

async fn finish(
    app: &App,
    caller: &Caller,
    upload: &Upload,
    has_thumbnail: bool,
    target: &Target<'_>,
) -> Result<ImageRow> {
    let (image_id, key) = (target.image_id, target.key);
    let announced = &upload.content_type;
    let probe = inspect::photograph(app.objects(), key, upload.size_bytes, announced).await?;
    let thumbnail_path = if has_thumbnail {
        take_thumbnail(app, upload, image_id, &probe).await?
    } else {
        None
    };
    let (width, height) = probe.oriented_size();
    let mut tx = app.store().begin(caller).await?;
    match tx.lock_upload(upload.id).await? {
        // Someone else completed it meanwhile.
        Some(Some(other)) => return tx.image(other).await?.ok_or_else(Error::not_found),
        Some(None) => {}
        None => return Err(Error::not_found()),
    }
    let room_id = if let Some(room_id) = target.room_id {
        waiting_room(&mut tx, room_id).await?
    } else {
        let room_id = Uuid::now_v7();
        let (workspace_id, project_id) = (upload.workspace_id, upload.project_id);
        tx.insert_room(room_id, workspace_id, project_id, None, caller.user_id)
            .await?;
        room_id
    };
    tx.insert_image(&NewImage {
        id: image_id,
        workspace_id: upload.workspace_id,
        project_id: upload.project_id,
        room_id,
        filename: upload.filename.clone(),
        storage_path: key.to_owned(),
        thumbnail_path,
        width,
        height,
        orientation: probe.orientation,
        content_type: probe.format.mime(),
        size_bytes: upload.size_bytes,
        created_by: caller.user_id,
    })
    .await?;
    tx.finish_upload(upload.id, image_id).await?;
    if target.room_id.is_some() {
        // What was drawn before there was an image gets its rows now.
        let room = RoomIdentity {
            room_id,
            workspace_id: upload.workspace_id,
            project_id: upload.project_id,
        };
        projection::rebuild(&mut tx, &room).await?;
    }
    let job = Job::VerifyImage {
        workspace_id: upload.workspace_id,
        image_id,
    };
    job.enqueue(&mut tx).await?;
    let image = tx.image(image_id).await?.ok_or_else(Error::not_found)?;
    tx.commit().await?;
    Ok(image)
}

/// The room, locked: until its image is there nothing is added to its log, so that rows are made of
/// all that came before.
async fn waiting_room(tx: &mut Tx, room_id: Uuid) -> Result<Uuid> {
    tx.lock_room(room_id).await?;
    let room = tx.room(room_id).await?;
    let room = room.filter(|room| room.deleted_at.is_none());
    match room.ok_or_else(Error::not_found)?.image_id {
        None => Ok(room_id),
        Some(_) => Err(Error::conflict(
            "The room has an image already; it does not change under what is drawn on it.",
        )),
    }
}

/// Copies the browser's thumbnail beside the image, if it is one.
async fn take_thumbnail(
    app: &App,
    upload: &Upload,
    image_id: Uuid,
    probe: &Probe,
) -> Result<Option<String>> {
    let to = thumbnail_key(upload.workspace_id, upload.project_id, image_id);
    let from = &upload.thumbnail_path;
    if app.objects().copy(from, &to, "image/jpeg").await.is_err() {
        return Ok(None);
    }
    if inspect::is_thumbnail(app.objects(), &to, probe.oriented_size()).await? {
        return Ok(Some(to));
    }
    discard(app, &to).await;
    Ok(None)
}

/// What stays behind is swept, so a failure here is no one's concern.
async fn discard(app: &App, key: &str) {
    if let Err(error) = app.objects().delete(key).await {
        tracing::debug!(%error, key, "left to the sweep");
    }
}
