//! The embedding of a photograph, made by a worker.

use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use crate::inference::encoder_sha256;
use crate::jobs::Job;
use axum::extract::State;
use http::StatusCode;
use uuid::Uuid;
use visionflow_api::{ImageEmbedding, Problem};

/// Asks for a photograph's embedding by the built-in encoder
///
/// 202 while a worker encodes: ask again in a second or two. 200 with where to fetch it once it is
/// there; it is kept as long as the photograph is not deleted.
#[utoipa::path(
    post, path = "/api/v1/images/{id}/embedding", tag = "images",
    params(("id" = Uuid, Path, description = "The photograph")),
    responses(
        (status = 200, body = ImageEmbedding),
        (status = 202, body = ImageEmbedding, description = "A worker encodes"),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem, description = "The photograph cannot be encoded"),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn embedding(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<ImageEmbedding>)> {
    let mut tx = app.store().begin(&caller).await?;
    let image = tx.annotated_image(id).await?.ok_or_else(Error::not_found)?;
    let workspace_id = caller.require_any_role(&mut tx, image.project_id).await?;
    let model_sha256 = encoder_sha256().to_owned();
    if tx.want_embedding(workspace_id, id, &model_sha256).await? {
        let job = Job::EncodeImage {
            workspace_id,
            image_id: id,
        };
        job.enqueue(&mut tx).await?;
    }
    let row = tx.embedding(id, &model_sha256).await?;
    let row = row.ok_or_else(Error::not_found)?;
    tx.commit().await?;
    if let Some(error) = row.error {
        return Err(Error::invalid(error));
    }
    let (status, url) = match &row.storage_path {
        Some(key) => (StatusCode::OK, Some(app.objects().presign_get(key).await?)),
        None => (StatusCode::ACCEPTED, None),
    };
    Ok((status, Json(ImageEmbedding { model_sha256, url })))
}
