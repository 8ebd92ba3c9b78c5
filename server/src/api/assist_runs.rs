//! A model over a selection of photographs: asked for, followed, cancelled.

use super::models::usable;
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use crate::idempotency::Idempotency;
use crate::jobs::Job;
use crate::store::{ModelRow, NewAssistRunRow, Tx};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use std::collections::HashSet;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{AssistRun, AssistRunError, JobStatus, NewAssistRun, Problem};

/// Photographs whose errors are told one by one.
const ERRORS: i64 = 100;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(create))
        .routes(routes!(get, cancel))
}

/// Runs a model over photographs, on a worker
///
/// What it finds is proposed in the name of the model and of the caller, photograph by photograph.
/// Follow it with `GET /api/v1/assist_runs/{id}`.
#[utoipa::path(
    post, path = "/api/v1/projects/{id}/assist_runs", tag = "assist",
    params(("id" = Uuid, Path, description = "The project")),
    request_body = NewAssistRun,
    responses(
        (status = 202, body = AssistRun),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "The model is archived, or not ready"),
        (status = 422, body = Problem, description = "The model cannot be run by the server, or a photograph is not the project's"),
    ),
    security(("bearer" = [])),
)]
async fn create(
    State(app): State<App>,
    caller: Caller,
    idempotency: Idempotency,
    Path(project_id): Path<Uuid>,
    Json(new): Json<NewAssistRun>,
) -> Result<Response> {
    let mut tx = app.store().begin(&caller).await?;
    let workspace_id = caller.require_any_role(&mut tx, project_id).await?;
    if let Some(answer) = idempotency.replay(&mut tx, &caller, &new).await? {
        return Ok(answer);
    }
    let model = usable(&mut tx, project_id, new.model).await?;
    check_runs_here(&model)?;
    let images: Option<HashSet<Uuid>> = new.images.map(|images| images.into_iter().collect());
    let images: Option<Vec<Uuid>> = images.map(|images| images.into_iter().collect());
    let id = Uuid::now_v7();
    let row = NewAssistRunRow {
        id,
        workspace_id,
        project_id,
        model_id: model.id,
        images: images.as_deref(),
        created_by: caller.user_id,
    };
    let total = tx.insert_assist_run(&row).await?;
    let missing = images.map_or(0, |images| images.len() as i64 - total);
    if missing > 0 {
        return Err(Error::invalid(format!(
            "{missing} of the photographs are not in the project, or in its bin."
        )));
    }
    let job = Job::AssistRun {
        workspace_id,
        run_id: id,
    };
    job.enqueue(&mut tx).await?;
    let run = read(&mut tx, id).await?;
    idempotency
        .finish(tx, &caller, StatusCode::ACCEPTED, &run)
        .await
}

/// The server fetches nothing from elsewhere, and has nobody to ask for prompts.
fn check_runs_here(model: &ModelRow) -> Result<()> {
    if model.source != "upload" {
        return Err(Error::invalid(
            "The model's files lie elsewhere, and the server never fetches them: run it in the \
             browser, or upload it.",
        ));
    }
    let spec = model.spec.as_ref();
    let task = spec.and_then(|spec| spec.get("task")?.as_str());
    match task {
        Some("detector" | "classifier") => Ok(()),
        _ => Err(Error::invalid(
            "Only detectors and classifiers propose something by themselves.",
        )),
    }
}

/// A run and how far it is
#[utoipa::path(
    get, path = "/api/v1/assist_runs/{id}", tag = "assist",
    params(("id" = Uuid, Path, description = "The run")),
    responses((status = 200, body = AssistRun), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<AssistRun>> {
    let mut tx = app.store().begin(&caller).await?;
    let run = read(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(run))
}

/// Cancels a run that is not over yet; what it has proposed stays
#[utoipa::path(
    delete, path = "/api/v1/assist_runs/{id}", tag = "assist",
    params(("id" = Uuid, Path, description = "The run")),
    responses(
        (status = 200, body = AssistRun, description = "As it is now; one that was over stays so"),
        (status = 403, body = Problem), (status = 404, body = Problem),
    ),
    security(("bearer" = [])),
)]
async fn cancel(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<AssistRun>> {
    let mut tx = app.store().begin(&caller).await?;
    let run = read(&mut tx, id).await?;
    caller.require_any_role(&mut tx, run.project_id).await?;
    tx.end_assist_run(id, "cancelled", None).await?;
    let run = read(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(run))
}

async fn read(tx: &mut Tx, id: Uuid) -> Result<AssistRun> {
    let row = tx.assist_run(id).await?.ok_or_else(Error::not_found)?;
    let errors = tx.assist_run_errors(id, ERRORS).await?;
    let errors = errors.into_iter().map(|row| AssistRunError {
        image_id: row.image_id,
        filename: row.filename,
        error: row.error,
    });
    Ok(AssistRun {
        id: row.id,
        project_id: row.project_id,
        model: row.model_id,
        status: status(&row.status),
        done: row.done,
        total: row.total,
        suggested: row.suggested,
        failed: row.failed,
        errors: errors.collect(),
        error: row.error,
        created_by: row.created_by,
        created_at: row.created_at,
        finished_at: row.finished_at,
    })
}

fn status(text: &str) -> JobStatus {
    match text {
        "queued" => JobStatus::Queued,
        "running" => JobStatus::Running,
        "succeeded" => JobStatus::Succeeded,
        "cancelled" => JobStatus::Cancelled,
        _ => JobStatus::Failed,
    }
}
