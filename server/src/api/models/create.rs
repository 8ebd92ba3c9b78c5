//! Registering a model.

use super::{check, to_wire};
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use crate::idempotency::Idempotency;
use crate::objects::PUT_LIFETIME;
use crate::store::{ModelFileRow, ModelRow};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;
use visionflow_api::{Model, ModelTicket, NewModel, NewModelSource, Problem};

/// What the files are PUT as.
const CONTENT_TYPE: &str = "application/octet-stream";

/// Registers a model; for the project's admins
///
/// Of an upload the answer holds a ticket for each file: PUT it straight to S3, with the length
/// announced here, then call `POST /api/v1/models/{id}/complete_upload`.
#[utoipa::path(
    post, path = "/api/v1/projects/{id}/models", tag = "models",
    params(("id" = Uuid, Path, description = "The project")),
    request_body = NewModel,
    responses(
        (status = 201, body = Model),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "A model of the project has this name"),
        (status = 413, body = Problem, description = "A file has 2 GB or more"),
        (status = 422, body = Problem, description = "A file, an address, the spec or the class map is refused"),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    idempotency: Idempotency,
    Path(project_id): Path<Uuid>,
    Json(new): Json<NewModel>,
) -> Result<Response> {
    let mut tx = app.store().begin(&caller).await?;
    let workspace_id = caller.require_admin(&mut tx, project_id).await?;
    if let Some(answer) = idempotency.replay(&mut tx, &caller, &new).await? {
        return Ok(answer);
    }
    let name = check::name(&new.name)?.to_owned();
    let id = Uuid::now_v7();
    let files = files(&app, id, workspace_id, project_id, &new.source)?;
    check_contents(&new, files.len())?;
    check::class_map(&mut tx, project_id, &new.class_map, new.spec.as_ref()).await?;
    let now = OffsetDateTime::now_utc();
    let (source, status) = match &new.source {
        NewModelSource::Upload { .. } => ("upload", "uploading"),
        NewModelSource::Url { .. } => ("url", status_of_address(&new)?),
    };
    let row = ModelRow {
        id,
        workspace_id,
        project_id,
        name,
        source: source.to_owned(),
        status: status.to_owned(),
        spec: new.spec,
        class_map: new.class_map.into(),
        report: new.report,
        run_on_open: new.run_on_open,
        created_by: caller.user_id,
        created_at: now,
        updated_at: now,
        archived_at: None,
    };
    tx.insert_model(&row, &files).await?;
    let details = json!({ "name": row.name, "source": source });
    caller
        .audit(&mut tx, workspace_id, "model.registered", id, details)
        .await?;
    let tickets = tickets(&app, &files, now).await?;
    let model = to_wire(&app, row, files.iter()).await?;
    let model = Model { tickets, ..model };
    idempotency
        .finish(tx, &caller, StatusCode::CREATED, &model)
        .await
}

/// The rows of the files, checked.
fn files(
    app: &App,
    model_id: Uuid,
    workspace_id: Uuid,
    project_id: Uuid,
    source: &NewModelSource,
) -> Result<Vec<ModelFileRow>> {
    let row = |position: usize, name: &str, bytes: i64, sha256: &str| {
        check::file(name, bytes, sha256)?;
        Ok::<_, Error>(ModelFileRow {
            model_id,
            position: position as i32,
            name: name.to_owned(),
            size_bytes: bytes,
            sha256: sha256.to_owned(),
            url: None,
            staging_path: None,
            storage_path: None,
        })
    };
    let rows: Vec<ModelFileRow> = match source {
        NewModelSource::Upload { files } => {
            let rows = files.iter().enumerate().map(|(position, file)| {
                check::file_name(&file.name)?;
                Ok(ModelFileRow {
                    staging_path: Some(format!(
                        "staging/{workspace_id}/{project_id}/{model_id}.{position}"
                    )),
                    ..row(position, &file.name, file.bytes, &file.sha256)?
                })
            });
            rows.collect::<Result<_>>()?
        }
        NewModelSource::Url { files } => {
            let is_development = app.config().is_development();
            let rows = files.iter().enumerate().map(|(position, file)| {
                check::address(&file.url, is_development)?;
                Ok(ModelFileRow {
                    url: Some(file.url.clone()),
                    ..row(position, last_part(&file.url), file.bytes, &file.sha256)?
                })
            });
            rows.collect::<Result<_>>()?
        }
    };
    check::file_count(rows.len())?;
    Ok(rows)
}

/// What a file at an address is called.
fn last_part(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.rsplit('/')
        .find(|part| !part.is_empty())
        .unwrap_or(url)
}

fn check_contents(new: &NewModel, files: usize) -> Result<()> {
    if let Some(spec) = &new.spec {
        check::spec(spec, files)?;
    }
    if let Some(report) = &new.report {
        check::report(report)?;
    }
    Ok(())
}

/// Nobody but browsers looks into a model by address, so what one of them saw is what counts.
fn status_of_address(new: &NewModel) -> Result<&'static str> {
    let (Some(report), Some(_)) = (&new.report, &new.spec) else {
        return Err(Error::invalid(
            "A model by address comes with the spec and the report of the browser that ran it once.",
        ));
    };
    Ok(if check::report(report)? {
        "ready"
    } else {
        "failed"
    })
}

async fn tickets(
    app: &App,
    files: &[ModelFileRow],
    now: OffsetDateTime,
) -> Result<Vec<ModelTicket>> {
    let mut tickets = Vec::new();
    for file in files {
        let Some(key) = &file.staging_path else {
            continue;
        };
        let put = app
            .objects()
            .presign_put(key, CONTENT_TYPE, Some(file.size_bytes))
            .await?;
        tickets.push(ModelTicket {
            presigned_url: put.url,
            headers: put.headers,
            expires_at: now + PUT_LIFETIME,
        });
    }
    Ok(tickets)
}
