//! Photographs come in: a presigned URL, a PUT straight to S3, an inspection, a row.

mod complete;
mod filename;
mod inspect;

pub use complete::{complete, complete_in_room};
pub use filename::check as check_filename;

use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use crate::idempotency::Idempotency;
use crate::objects::{PUT_LIFETIME, SignedPut};
use crate::store::{Tx, Upload};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use time::OffsetDateTime;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{CompleteUpload, Image, Problem, UploadRequest, UploadTicket};
use visionflow_media::Format;

/// The largest photograph, in bytes: 500 megapixels of uncompressed RGB fit, 16 bits a sample too,
/// and one PUT to S3 takes it.
pub const MAX_SIZE_BYTES: i64 = 4096 * 1024 * 1024;
/// The same for the formats that are only ever decoded whole.
pub const MAX_WHOLE_SIZE_BYTES: i64 = 200 * 1024 * 1024;
/// What a thumbnail is uploaded as.
const THUMBNAIL_TYPE: &str = "image/jpeg";

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(upload_url))
        .routes(routes!(complete_upload))
}

/// Announces a photograph
///
/// Answers where to PUT it: straight to S3, with the content type and the length announced here.
/// Then call `POST /api/v1/images/complete_upload`.
#[utoipa::path(
    post, path = "/api/v1/projects/{id}/upload_url", tag = "images",
    params(("id" = Uuid, Path, description = "The project")),
    request_body = UploadRequest,
    responses(
        (status = 200, body = UploadTicket),
        (status = 403, body = Problem, description = "The caller has no role in the project"),
        (status = 404, body = Problem),
        (status = 413, body = Problem, description = "The photograph is too large"),
        (status = 422, body = Problem, description = "The name or the type is refused"),
    ),
    security(("bearer" = [])),
)]
async fn upload_url(
    State(app): State<App>,
    caller: Caller,
    idempotency: Idempotency,
    Path(project_id): Path<Uuid>,
    Json(request): Json<UploadRequest>,
) -> Result<Response> {
    let mut tx = app.store().begin(&caller).await?;
    if let Some(answer) = idempotency.replay(&mut tx, &caller, &request).await? {
        return Ok(answer);
    }
    let upload = announce(&mut tx, &caller, project_id, request).await?;
    let ticket = ticket(&app, upload).await?;
    idempotency
        .finish(tx, &caller, StatusCode::OK, &ticket)
        .await
}

/// Turns an upload into a photograph of its project
///
/// The object is inspected first; what is no photograph is refused. The same call again answers
/// with the same photograph.
#[utoipa::path(
    post, path = "/api/v1/images/complete_upload", tag = "images",
    request_body = CompleteUpload,
    responses(
        (status = 200, body = Image),
        (status = 403, body = Problem, description = "The caller has no role in the project"),
        (status = 404, body = Problem, description = "There is no such upload"),
        (status = 409, body = Problem, description = "Nothing has been PUT yet"),
        (status = 422, body = Problem, description = "The object is not the photograph announced"),
    ),
    security(("bearer" = [])),
)]
async fn complete_upload(
    State(app): State<App>,
    caller: Caller,
    Json(request): Json<CompleteUpload>,
) -> Result<Json<Image>> {
    let image = complete(&app, &caller, &request).await?;
    super::images::to_wire(&app, image).await.map(Json)
}

/// Writes the upload down.
pub async fn announce(
    tx: &mut Tx,
    caller: &Caller,
    project_id: Uuid,
    request: UploadRequest,
) -> Result<Upload> {
    let workspace_id = caller.require_any_role(tx, project_id).await?;
    let place = (workspace_id, project_id);
    write_down(tx, caller, place, Uuid::now_v7(), request).await
}

/// Where the bytes of upload `id` lie until they are an image.
pub fn staging_path(workspace_id: Uuid, project_id: Uuid, id: Uuid) -> String {
    format!("staging/{workspace_id}/{project_id}/{id}")
}

/// As [`announce`], in the workspace and the project of `place`, where the caller was found to have
/// a role.
pub async fn write_down(
    tx: &mut Tx,
    caller: &Caller,
    (workspace_id, project_id): (Uuid, Uuid),
    id: Uuid,
    request: UploadRequest,
) -> Result<Upload> {
    filename::check(&request.filename).map_err(Error::invalid)?;
    let format = Format::from_mime(&request.content_type).ok_or_else(|| {
        let known = Format::ALL.map(Format::mime);
        Error::invalid(format!(
            "Files of type “{}” cannot be photographs here; these can: {}.",
            request.content_type,
            known.join(", ")
        ))
    })?;
    if request.size_bytes <= 0 {
        return Err(Error::invalid("The file is empty."));
    }
    let most = match format {
        Format::Jpeg | Format::Png | Format::Tiff => MAX_SIZE_BYTES,
        _ => MAX_WHOLE_SIZE_BYTES,
    };
    if request.size_bytes > most {
        return Err(Error::too_large(format!(
            "The file has {} MB; {} MB are the most for {}.",
            request.size_bytes.div_euclid(1 << 20),
            most >> 20,
            format.mime()
        )));
    }
    let storage_path = staging_path(workspace_id, project_id, id);
    let upload = Upload {
        id,
        workspace_id,
        project_id,
        filename: request.filename,
        content_type: format.mime().to_owned(),
        size_bytes: request.size_bytes,
        thumbnail_path: format!("{storage_path}.thumbnail"),
        storage_path,
        image_id: None,
        created_by: caller.user_id,
        expires_at: OffsetDateTime::now_utc() + PUT_LIFETIME,
    };
    tx.insert_upload(&upload).await?;
    Ok(upload)
}

async fn ticket(app: &App, upload: Upload) -> Result<UploadTicket> {
    let objects = app.objects();
    let SignedPut { url, headers } = objects
        .presign_put(
            &upload.storage_path,
            &upload.content_type,
            Some(upload.size_bytes),
        )
        .await?;
    let thumbnail = objects
        .presign_put(&upload.thumbnail_path, THUMBNAIL_TYPE, None)
        .await?;
    Ok(UploadTicket {
        upload_id: upload.id,
        presigned_url: url,
        headers,
        storage_path: upload.storage_path,
        thumbnail_url: thumbnail.url,
        thumbnail_headers: thumbnail.headers,
        expires_at: upload.expires_at,
    })
}
