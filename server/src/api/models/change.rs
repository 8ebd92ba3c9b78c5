//! Changing and archiving a model.

use super::{administered, check, read};
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use crate::store::ModelUpdate;
use axum::extract::State;
use http::StatusCode;
use serde_json::json;
use uuid::Uuid;
use visionflow_api::{Model, ModelChange, Problem};

/// Changes a model's name, class map, thresholds or whether it runs by itself; for admins
#[utoipa::path(
    patch, path = "/api/v1/models/{id}", tag = "models",
    params(("id" = Uuid, Path, description = "The model")),
    request_body = ModelChange,
    responses(
        (status = 200, body = Model),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "The name is taken, or the model is archived"),
        (status = 422, body = Problem, description = "The spec or the class map is refused"),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(change): Json<ModelChange>,
) -> Result<Json<Model>> {
    let mut tx = app.store().begin(&caller).await?;
    let row = administered(&caller, &mut tx, id).await?;
    if row.archived_at.is_some() {
        return Err(Error::conflict("The model is archived."));
    }
    let name = change.name.as_deref().map(check::name).transpose()?;
    let spec = match (&change.spec, &row.spec) {
        (Some(change), Some(own)) => Some(check::merged(own, change)?),
        (Some(_), None) => {
            return Err(Error::conflict(
                "What the model is has not been found out yet: wait for its check.",
            ));
        }
        (None, _) => None,
    };
    if let Some(map) = &change.class_map {
        let spec = spec.as_ref().or(row.spec.as_ref());
        check::class_map(&mut tx, row.project_id, map, spec).await?;
    }
    let update = ModelUpdate {
        name,
        class_map: change.class_map.as_ref(),
        spec: spec.as_ref(),
        run_on_open: change.run_on_open,
    };
    tx.change_model(id, &update).await?;
    let row = tx.model(id).await?.ok_or_else(Error::not_found)?;
    read(&app, tx, row).await.map(Json)
}

/// Archives a model; for admins
///
/// It proposes nothing any more; what it proposed stays, and what became of that can still be read.
#[utoipa::path(
    delete, path = "/api/v1/models/{id}", tag = "models",
    params(("id" = Uuid, Path, description = "The model")),
    responses(
        (status = 204, description = "It is archived"),
        (status = 403, body = Problem), (status = 404, body = Problem),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn archive(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    let mut tx = app.store().begin(&caller).await?;
    let row = administered(&caller, &mut tx, id).await?;
    if row.archived_at.is_none() {
        tx.archive_model(id).await?;
        let details = json!({ "name": row.name });
        caller
            .audit(&mut tx, row.workspace_id, "model.archived", id, details)
            .await?;
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
