//! A room's base image: sent here by scripts, and from then on an image like any other.
//!
//! The bytes pass through the server on their way to S3, part by part, since that is how scripts
//! send files; browsers use presigned URLs (`api/uploads.rs`), and so does whoever reads the image.

mod body;
mod form;

use super::find;
use crate::App;
use crate::api::uploads::{self, staging_path};
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::store::{RoomRow, Upload};
use axum::body::Body;
use axum::extract::State;
use axum::response::Redirect;
use body::Received;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{Problem, RoomImage, UploadRequest};
use visionflow_media::Format;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(read, upload))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct UploadQuery {
    /// What the image is called; a multipart part's own name, or the room's, without it.
    filename: Option<String>,
}

/// Gives a room its base image
///
/// The body is the file itself, or `multipart/form-data` whose first file is taken. 100 MiB are the
/// most; larger ones come through `POST /api/v1/projects/{id}/upload_url`. The file is inspected;
/// its content type does not matter. A room has one image: another one is refused with 409.
#[utoipa::path(
    post, path = "/v1/rooms/{roomId}/image", tag = "rooms",
    params(("roomId" = Uuid, Path, description = "The room"), UploadQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 201, body = RoomImage),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "The room has an image already"),
        (status = 413, body = Problem, description = "The file is too large"),
        (status = 422, body = Problem, description = "The file is no image that can be read"),
    ),
    security(("bearer" = [])),
)]
async fn upload(
    State(app): State<App>,
    caller: Caller,
    Path(room_id): Path<Uuid>,
    Query(query): Query<UploadQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<RoomImage>)> {
    let mut tx = app.store().begin(&caller).await?;
    let room = find(&mut tx, room_id).await?;
    caller.require_any_role(&mut tx, room.project_id).await?;
    tx.commit().await?;
    if room.image_id.is_some() {
        return Err(Error::conflict(
            "The room has an image already; it does not change under what is drawn on it.",
        ));
    }
    let id = Uuid::now_v7();
    let key = staging_path(room.workspace_id, room.project_id, id);
    let received = body::receive(&app, &headers, body, &key).await?;
    let upload = match write_down(&app, &caller, &room, id, query.filename, received).await {
        Ok(upload) => upload,
        Err(error) => {
            // What stays behind is swept.
            let _ = app.objects().delete(&key).await;
            return Err(error);
        }
    };
    let image = uploads::complete_in_room(&app, &caller, &upload, room_id).await?;
    let image = RoomImage {
        id: image.id,
        width: image.width,
        height: image.height,
        mime: image.content_type,
        size_bytes: image.size_bytes,
    };
    Ok((StatusCode::CREATED, Json(image)))
}

async fn write_down(
    app: &App,
    caller: &Caller,
    room: &RoomRow,
    id: Uuid,
    filename: Option<String>,
    received: Received,
) -> Result<Upload> {
    let format = Format::from_magic(&received.head).ok_or_else(|| {
        let known = Format::ALL.map(Format::mime);
        Error::invalid(format!(
            "The file is no image that can be read here; these can: {}.",
            known.join(", ")
        ))
    })?;
    let filename = filename
        .or(received.filename)
        .unwrap_or_else(|| default_name(room.name.as_deref(), format));
    let request = UploadRequest {
        filename,
        content_type: format.mime().to_owned(),
        size_bytes: received.size_bytes,
    };
    let mut tx = app.store().begin(caller).await?;
    let place = (room.workspace_id, room.project_id);
    let upload = uploads::write_down(&mut tx, caller, place, id, request).await?;
    tx.commit().await?;
    Ok(upload)
}

/// The room's name with what may not stand in a file's, and the format's extension.
fn default_name(room: Option<&str>, format: Format) -> String {
    let name = room.unwrap_or("image").replace(['/', '\\', ':'], "-");
    let name = name.trim_matches(['.', ' ']);
    let name = if name.is_empty() { "image" } else { name };
    format!("{name}.{}", format.extension())
}

/// A room's base image
///
/// A redirect to the file itself, good for an hour at least.
#[utoipa::path(
    get, path = "/v1/rooms/{roomId}/image", tag = "rooms",
    params(("roomId" = Uuid, Path, description = "The room")),
    responses(
        (status = 307, description = "Where the file is"),
        (status = 404, body = Problem, description = "There is no such room, or it has no image yet"),
    ),
    security(("bearer" = [])),
)]
async fn read(
    State(app): State<App>,
    caller: Caller,
    Path(room_id): Path<Uuid>,
) -> Result<Redirect> {
    let mut tx = app.store().begin(&caller).await?;
    let room = find(&mut tx, room_id).await?;
    tx.commit().await?;
    let Some(key) = room.storage_path else {
        return Err(Error::refused(
            StatusCode::NOT_FOUND,
            "not_found",
            "The room has no image yet.",
        ));
    };
    Ok(Redirect::temporary(&app.objects().presign_get(&key).await?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::uploads::check_filename;

    #[test]
    fn every_room_gives_a_name_for_its_image() {
        let check = |room: Option<&str>, expected: &str| {
            let name = default_name(room, Format::Png);
            assert_eq!(name, expected);
            assert_eq!(check_filename(&name), Ok(()));
        };
        check(None, "image.png");
        check(Some("Poster"), "Poster.png");
        check(Some("a/b\\c"), "a-b-c.png");
        check(Some(".."), "image.png");
        check(Some("C:"), "C-.png");
    }
}
