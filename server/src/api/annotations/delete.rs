//! Deleting an annotation.

use super::image_of;
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::Path;
use axum::extract::State;
use http::StatusCode;
use uuid::Uuid;
use visionflow_api::Problem;
use visionflow_document::{Document, Edit};
use visionflow_model::AnnotationId;

/// Deletes an annotation for everyone.
#[utoipa::path(
    delete,
    path = "/api/v1/annotations/{id}",
    tag = "annotations",
    params(("id" = Uuid, Path)),
    responses(
        (status = 204, description = "It is gone"),
        (status = 403, description = "The caller may only look", body = Problem),
        (status = 404, description = "No such annotation", body = Problem),
    ),
    security(("bearer" = []))
)]
pub(super) async fn delete_annotation(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    let mut tx = app.store().begin(&caller).await?;
    let image = image_of(&mut tx, &caller, id).await?;
    tx.commit().await?;
    let make = move |document: &Document| match document.get(AnnotationId(id)) {
        Some(_) => Ok(vec![Edit::Delete(AnnotationId(id))]),
        None => Err(Error::not_found()),
    };
    let edited = app.relay().edit(image.room(), caller.user_id, make).await?;
    app.relay().projected(image.room(), edited.seq).await?;
    Ok(StatusCode::NO_CONTENT)
}
