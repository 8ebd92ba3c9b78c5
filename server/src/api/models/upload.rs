//! From objects under `staging/` to a model whose check is due.
//!
//! As with photographs the copy is what is looked at: its key is new and nobody else can write
//! there. Whoever is killed between the steps leaves objects that no row names, for the sweep.

use super::{administered, read};
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use crate::jobs::Job;
use crate::objects::ObjectError;
use crate::store::{ModelFileRow, ModelRow};
use axum::extract::State;
use uuid::Uuid;
use visionflow_api::{Model, Problem};

/// Says that a model's files are there; for admins
///
/// A worker then compares their digests and runs the model once. The same call again answers with
/// the model as it is.
#[utoipa::path(
    post, path = "/api/v1/models/{id}/complete_upload", tag = "models",
    params(("id" = Uuid, Path, description = "The model")),
    responses(
        (status = 200, body = Model),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "A file has not been PUT yet"),
        (status = 422, body = Problem, description = "A file is not as long as announced"),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn complete_upload(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<Model>> {
    let mut tx = app.store().begin(&caller).await?;
    let row = administered(&caller, &mut tx, id).await?;
    if row.status != "uploading" {
        return read(&app, tx, row).await.map(Json);
    }
    let files = tx.model_files(&[id]).await?;
    // Copying takes as long as it takes: nothing is held meanwhile.
    tx.commit().await?;
    let folder = format!(
        "{}/{}/models/{id}/{}",
        row.workspace_id,
        row.project_id,
        Uuid::now_v7()
    );
    let keys: Vec<String> = files
        .iter()
        .map(|file| format!("{folder}/{}.onnx", file.position))
        .collect();
    let taken = match copy(&app, &files, &keys).await {
        Ok(()) => take(&app, &caller, &row, &keys).await,
        Err(error) => Err(error),
    };
    match &taken {
        // Someone else completed it meanwhile.
        Ok((_, false)) | Err(_) => discard(&app, keys.iter()).await,
        Ok((_, true)) => discard(&app, files.iter().filter_map(|f| f.staging_path.as_ref())).await,
    }
    // Whoever was first has also emptied the places under `staging/`.
    let row = match taken {
        Ok((row, _)) => row,
        Err(error) => {
            let mut tx = app.store().begin(&caller).await?;
            let row = tx.model(id).await?.filter(|row| row.status != "uploading");
            row.ok_or(error)?
        }
    };
    let tx = app.store().begin(&caller).await?;
    read(&app, tx, row).await.map(Json)
}

async fn copy(app: &App, files: &[ModelFileRow], keys: &[String]) -> Result<()> {
    for (file, key) in files.iter().zip(keys) {
        let from = file.staging_path.as_deref().unwrap_or_default();
        let absent = |error| match error {
            ObjectError::NotFound => Error::conflict(format!(
                "{} has not been uploaded yet: PUT it to its URL first.",
                file.name
            )),
            failed @ ObjectError::Failed(_) => failed.into(),
        };
        let head = app.objects().head(from).await.map_err(absent)?;
        if head.size_bytes != file.size_bytes {
            return Err(Error::invalid(format!(
                "{} has {} bytes, but {} were announced.",
                file.name, head.size_bytes, file.size_bytes
            )));
        }
        let copied = app.objects().copy(from, key, "application/octet-stream");
        copied.await.map_err(absent)?;
    }
    Ok(())
}

/// Writes the keys down; whether it was this call that did.
async fn take(
    app: &App,
    caller: &Caller,
    model: &ModelRow,
    keys: &[String],
) -> Result<(ModelRow, bool)> {
    let mut tx = app.store().begin(caller).await?;
    let row = administered(caller, &mut tx, model.id).await?;
    if row.status != "uploading" {
        return Ok((row, false));
    }
    tx.begin_model_check(model.id, keys).await?;
    let job = Job::CheckModel {
        workspace_id: model.workspace_id,
        model_id: model.id,
    };
    job.enqueue(&mut tx).await?;
    let row = tx.model(model.id).await?.ok_or_else(Error::not_found)?;
    tx.commit().await?;
    Ok((row, true))
}

/// What stays behind is swept, so a failure here is no one's concern.
async fn discard(app: &App, keys: impl Iterator<Item = &String>) {
    for key in keys {
        if let Err(error) = app.objects().delete(key).await {
            tracing::debug!(%error, key, "left to the sweep");
        }
    }
}
