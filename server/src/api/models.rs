//! `/api/v1/models`: ONNX models for label assist, registered by a project's admins.
//!
//! An upload takes the way of photographs: tickets, PUTs straight to S3 under `staging/`, then
//! `complete_upload`, which copies the files to where nobody else can write and has a worker check
//! them. A model by address is fetched by browsers only; what they report of it is what is known.

mod acceptance;
mod change;
mod check;
mod create;
mod upload;

use super::images::page_limit;
use super::paging::next_cursor;
use super::projects::id_cursor;
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::store::{ModelFileRow, ModelRow, Tx};
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{Model, ModelFile, ModelQuery, ModelSource, ModelStatus, Page, Problem};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list, create::create))
        .routes(routes!(get, change::change, change::archive))
        .routes(routes!(upload::complete_upload))
        .routes(routes!(acceptance::acceptance))
}

/// The models of a project, the newest first
#[utoipa::path(
    get, path = "/api/v1/projects/{id}/models", tag = "models",
    params(("id" = Uuid, Path, description = "The project"), ModelQuery),
    responses((status = 200, body = Page<Model>), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(project_id): Path<Uuid>,
    Query(query): Query<ModelQuery>,
) -> Result<Json<Page<Model>>> {
    let limit = page_limit(query.limit)?;
    let before = query.cursor.as_deref().map(id_cursor).transpose()?;
    let archived = query.archived.unwrap_or(false);
    let mut tx = app.store().begin(&caller).await?;
    caller.project_role(&mut tx, project_id).await?;
    let mut rows = tx.models(project_id, archived, before, limit + 1).await?;
    let next_cursor = next_cursor(&mut rows, limit, |last| last.id.to_string());
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let files = tx.model_files(&ids).await?;
    tx.commit().await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.id;
        let own = files.iter().filter(|file| file.model_id == id);
        items.push(to_wire(&app, row, own).await?);
    }
    Ok(Json(Page { items, next_cursor }))
}

/// One model, with the addresses of its files
#[utoipa::path(
    get, path = "/api/v1/models/{id}", tag = "models",
    params(("id" = Uuid, Path, description = "The model")),
    responses((status = 200, body = Model), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn get(State(app): State<App>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Model>> {
    let mut tx = app.store().begin(&caller).await?;
    let row = tx.model(id).await?.ok_or_else(Error::not_found)?;
    let model = read(&app, tx, row).await?;
    Ok(Json(model))
}

/// A model of the project that can propose something.
pub(super) async fn usable(tx: &mut Tx, project_id: Uuid, id: Uuid) -> Result<ModelRow> {
    let row = tx.model(id).await?;
    let row = row.filter(|row| row.project_id == project_id);
    let row = row.ok_or_else(|| Error::invalid(format!("The project has no model {id}.")))?;
    if row.archived_at.is_some() {
        return Err(Error::conflict("The model is archived."));
    }
    if row.status != "ready" {
        return Err(Error::conflict("The model is not ready."));
    }
    Ok(row)
}

/// The model, if the caller administers its project.
async fn administered(caller: &Caller, tx: &mut Tx, id: Uuid) -> Result<ModelRow> {
    let row = tx.lock_model(id).await?.ok_or_else(Error::not_found)?;
    caller.require_admin(tx, row.project_id).await?;
    Ok(row)
}

/// Commits, and answers with the model and its files.
async fn read(app: &App, mut tx: Tx, row: ModelRow) -> Result<Model> {
    let files = tx.model_files(&[row.id]).await?;
    tx.commit().await?;
    to_wire(app, row, files.iter()).await
}

async fn to_wire(
    app: &App,
    row: ModelRow,
    rows: impl Iterator<Item = &ModelFileRow>,
) -> Result<Model> {
    let mut files = Vec::new();
    for file in rows {
        let url = match (&file.url, &file.storage_path) {
            (Some(url), _) => Some(url.clone()),
            (None, Some(key)) => Some(app.objects().presign_get(key).await?),
            (None, None) => None,
        };
        files.push(ModelFile {
            name: file.name.clone(),
            bytes: file.size_bytes,
            sha256: file.sha256.clone(),
            url,
        });
    }
    Ok(Model {
        id: row.id,
        project_id: row.project_id,
        name: row.name,
        source: match row.source.as_str() {
            "url" => ModelSource::Url,
            _ => ModelSource::Upload,
        },
        status: match row.status.as_str() {
            "uploading" => ModelStatus::Uploading,
            "checking" => ModelStatus::Checking,
            "ready" => ModelStatus::Ready,
            _ => ModelStatus::Failed,
        },
        files,
        spec: row.spec,
        class_map: row.class_map.0,
        report: row.report,
        run_on_open: row.run_on_open,
        tickets: Vec::new(),
        created_by: row.created_by,
        created_at: row.created_at,
        updated_at: row.updated_at,
        archived_at: row.archived_at,
    })
}
