//! `/v1/rooms/{roomId}/exports` and `/v1/exports`: rendered pictures for scripts, in camelCase.

use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use crate::idempotency::Idempotency;
use crate::renders::{begin, download_url, format_of, status_of};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{JobStatus, NewRender, NewRoomExport, Problem, RoomExport, RoomExportJob};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(create))
        .routes(routes!(get))
        .routes(routes!(download))
}

/// Has a picture of a room drawn
///
/// From the latest state, a `seq` or a version's `tag`. The same input gives the same bytes.
#[utoipa::path(
    post, path = "/v1/rooms/{roomId}/exports", tag = "rooms",
    params(("roomId" = Uuid, Path, description = "The room")),
    request_body = NewRoomExport,
    responses(
        (status = 202, body = RoomExportJob),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "The room has no image yet"),
        (status = 410, body = Problem, description = "That moment is no longer kept"),
        (status = 422, body = Problem, description = "Too large, no such moment, or no transparency"),
    ),
    security(("bearer" = [])),
)]
async fn create(
    State(app): State<App>,
    caller: Caller,
    idempotency: Idempotency,
    Path(room_id): Path<Uuid>,
    Json(request): Json<NewRoomExport>,
) -> Result<Response> {
    let mut tx = app.store().begin(&caller).await?;
    let heads = tx.room_heads(room_id).await?.ok_or_else(Error::not_found)?;
    let Some(image_id) = heads.image_id else {
        return Err(Error::conflict(
            "The room has no image yet: upload one first.",
        ));
    };
    let image = tx.image(image_id).await?.ok_or_else(Error::not_found)?;
    caller.project_role(&mut tx, image.project_id).await?;
    if let Some(answer) = idempotency.replay(&mut tx, &caller, &request).await? {
        return Ok(answer);
    }
    let job_id = begin(&mut tx, &caller, &image, &NewRender::from(request)).await?;
    let job = RoomExportJob { job_id };
    idempotency
        .finish(tx, &caller, StatusCode::ACCEPTED, &job)
        .await
}

/// One picture and how far it is
#[utoipa::path(
    get, path = "/v1/exports/{jobId}", tag = "rooms",
    params(("jobId" = Uuid, Path, description = "The job")),
    responses((status = 200, body = RoomExport), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(job_id): Path<Uuid>,
) -> Result<Json<RoomExport>> {
    let mut tx = app.store().begin(&caller).await?;
    let row = tx.render(job_id).await?.ok_or_else(Error::not_found)?;
    tx.commit().await?;
    let status = status_of(&row);
    let succeeded = status == JobStatus::Succeeded;
    Ok(Json(RoomExport {
        status,
        progress: row.progress,
        seq: row.seq,
        mime: succeeded.then(|| format_of(&row).mime().to_owned()),
        size: row.size_bytes,
        error: row.error,
    }))
}

/// The finished picture
///
/// Leads on to the storage, which hands out the bytes.
#[utoipa::path(
    get, path = "/v1/exports/{jobId}/download", tag = "rooms",
    params(("jobId" = Uuid, Path, description = "The job")),
    responses(
        (status = 307, description = "To a URL that is good for a while"),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "Not finished, or failed"),
    ),
    security(("bearer" = [])),
)]
async fn download(
    State(app): State<App>,
    caller: Caller,
    Path(job_id): Path<Uuid>,
) -> Result<Response> {
    let mut tx = app.store().begin(&caller).await?;
    let row = tx.render(job_id).await?.ok_or_else(Error::not_found)?;
    tx.commit().await?;
    match download_url(&app, &row).await? {
        Some(url) => Ok(Redirect::temporary(&url).into_response()),
        None if status_of(&row).is_over() => {
            Err(Error::conflict(row.error.unwrap_or_else(|| {
                "The picture could not be made.".to_owned()
            })))
        }
        None => Err(Error::conflict("The picture is not finished yet.")),
    }
}
