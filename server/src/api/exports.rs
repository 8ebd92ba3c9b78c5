//! Datasets go out: asked for, followed, cancelled, downloaded.

use super::images::{Cursor, page_limit};
use super::paging::next_cursor;
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::idempotency::Idempotency;
use crate::jobs::{Job, download_name};
use crate::store::{ExportRow, NewExportRow};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{Export, ExportFormat, JobStatus, NewExport, Page, PageQuery, Problem};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(create, list))
        .routes(routes!(get))
        .routes(routes!(cancel))
}

/// Starts an export of the project as it is at this moment
///
/// What is edited afterwards is not part of it. Follow it with `GET /api/v1/exports/{id}`; the
/// download is there for seven days.
#[utoipa::path(
    post, path = "/api/v1/projects/{id}/exports", tag = "exports",
    params(("id" = Uuid, Path, description = "The project")),
    request_body = NewExport,
    responses(
        (status = 202, body = Export),
        (status = 403, body = Problem), (status = 404, body = Problem),
    ),
    security(("bearer" = [])),
)]
async fn create(
    State(app): State<App>,
    caller: Caller,
    idempotency: Idempotency,
    Path(project_id): Path<Uuid>,
    Json(request): Json<NewExport>,
) -> Result<Response> {
    let mut tx = app.store().begin(&caller).await?;
    let workspace_id = caller.require_any_role(&mut tx, project_id).await?;
    if let Some(answer) = idempotency.replay(&mut tx, &caller, &request).await? {
        return Ok(answer);
    }
    let ontology = tx.ontology(project_id).await?;
    let id = Uuid::now_v7();
    tx.insert_export(&NewExportRow {
        id,
        workspace_id,
        project_id,
        format: format_text(request.format),
        include_images: request.include_images,
        ontology: &ontology,
        created_by: caller.user_id,
    })
    .await?;
    let job = Job::Export {
        workspace_id,
        export_id: id,
    };
    job.enqueue(&mut tx).await?;
    let export = tx.export(id).await?.ok_or_else(Error::not_found)?;
    let export = to_wire(&app, export).await?;
    idempotency
        .finish(tx, &caller, StatusCode::ACCEPTED, &export)
        .await
}

/// The exports of a project, the newest first
#[utoipa::path(
    get, path = "/api/v1/projects/{id}/exports", tag = "exports",
    params(("id" = Uuid, Path, description = "The project"), PageQuery),
    responses((status = 200, body = Page<Export>), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(project_id): Path<Uuid>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Export>>> {
    let limit = page_limit(query.limit)?;
    let before = query.cursor.as_deref().map(Cursor::parse).transpose()?;
    let mut tx = app.store().begin(&caller).await?;
    caller.project_role(&mut tx, project_id).await?;
    let before = before.map(|cursor| (cursor.time, cursor.id));
    let mut rows = tx.exports(project_id, before, limit + 1).await?;
    tx.commit().await?;
    let next_cursor = next_cursor(&mut rows, limit, |last| {
        Cursor {
            time: last.created_at,
            id: last.id,
        }
        .to_string()
    });
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(to_wire(&app, row).await?);
    }
    Ok(Json(Page { items, next_cursor }))
}

/// One export and how far it is
#[utoipa::path(
    get, path = "/api/v1/exports/{id}", tag = "exports",
    params(("id" = Uuid, Path, description = "The export")),
    responses((status = 200, body = Export), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn get(State(app): State<App>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Export>> {
    let mut tx = app.store().begin(&caller).await?;
    let export = tx.export(id).await?.ok_or_else(Error::not_found)?;
    tx.commit().await?;
    to_wire(&app, export).await.map(Json)
}

/// Cancels an export that is not over yet
#[utoipa::path(
    post, path = "/api/v1/exports/{id}/cancel", tag = "exports",
    params(("id" = Uuid, Path, description = "The export")),
    responses(
        (status = 200, body = Export, description = "As it is now; one that was over stays so"),
        (status = 403, body = Problem), (status = 404, body = Problem),
    ),
    security(("bearer" = [])),
)]
async fn cancel(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<Export>> {
    let mut tx = app.store().begin(&caller).await?;
    let export = tx.export(id).await?.ok_or_else(Error::not_found)?;
    caller.require_any_role(&mut tx, export.project_id).await?;
    tx.cancel_export(id).await?;
    let export = tx.export(id).await?.ok_or_else(Error::not_found)?;
    tx.commit().await?;
    to_wire(&app, export).await.map(Json)
}

async fn to_wire(app: &App, row: ExportRow) -> Result<Export> {
    let download_url = match &row.storage_path {
        Some(path) => {
            let name = download_name(&row.project_name, &row.format, row.created_at);
            Some(app.objects().presign_download(path, &name).await?)
        }
        None => None,
    };
    Ok(Export {
        id: row.id,
        project_id: row.project_id,
        format: format_from_text(&row.format),
        include_images: row.include_images,
        status: match row.status.as_str() {
            "queued" => JobStatus::Queued,
            "running" => JobStatus::Running,
            "succeeded" => JobStatus::Succeeded,
            "cancelled" => JobStatus::Cancelled,
            _ => JobStatus::Failed,
        },
        done: row.done,
        total: row.total,
        error: row.error,
        size_bytes: row.size_bytes,
        download_url,
        created_at: row.created_at,
        finished_at: row.finished_at,
    })
}

fn format_text(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Coco => "coco",
        ExportFormat::YoloDetect => "yolo_detect",
        ExportFormat::YoloSegment => "yolo_segment",
        ExportFormat::PascalVoc => "pascal_voc",
    }
}

fn format_from_text(text: &str) -> ExportFormat {
    match text {
        "yolo_detect" => ExportFormat::YoloDetect,
        "yolo_segment" => ExportFormat::YoloSegment,
        "pascal_voc" => ExportFormat::PascalVoc,
        _ => ExportFormat::Coco,
    }
}
