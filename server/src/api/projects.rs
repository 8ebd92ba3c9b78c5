//! `/api/v1/projects`.

use super::images::page_limit;
use super::ontology::check_labels;
use super::paging::next_cursor;
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::idempotency::Idempotency;
use crate::store::{NewProjectRow, ProjectRow, project_type, role_from_text};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{NewProject, Page, Problem, Project, ProjectChange};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list, create))
        .routes(routes!(get, change, delete))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ProjectQuery {
    /// Only the projects of this workspace.
    workspace_id: Option<Uuid>,
    /// At most so many items, 1 to 500; 100 without it.
    limit: Option<u32>,
    /// What the previous page gave as `next_cursor`.
    cursor: Option<String>,
}

/// The projects that the caller can see, the newest first
#[utoipa::path(get, path = "/api/v1/projects", tag = "projects", params(ProjectQuery),
    responses((status = 200, body = Page<Project>), (status = 401, body = Problem)),
    security(("bearer" = [])))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ProjectQuery>,
) -> Result<Json<Page<Project>>> {
    let limit = page_limit(query.limit)?;
    let before = query.cursor.as_deref().map(id_cursor).transpose()?;
    let mut tx = app.store().begin(&caller).await?;
    let mut rows = tx
        .projects(caller.user_id, query.workspace_id, before, limit + 1)
        .await?;
    tx.commit().await?;
    let next_cursor = next_cursor(&mut rows, limit, |last| last.id.to_string());
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(to_wire(&app, row).await?);
    }
    Ok(Json(Page { items, next_cursor }))
}

/// Creates a project; the caller becomes its admin
#[utoipa::path(post, path = "/api/v1/projects", tag = "projects", request_body = NewProject,
    responses((status = 201, body = Project), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("bearer" = [])))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    idempotency: Idempotency,
    Json(new): Json<NewProject>,
) -> Result<Response> {
    let mut tx = app.store().begin(&caller).await?;
    if let Some(answer) = idempotency.replay(&mut tx, &caller, &new).await? {
        return Ok(answer);
    }
    check_labels(&new.labels)?;
    let workspace = tx.workspace(new.workspace_id, caller.user_id).await?;
    let workspace_id = workspace.ok_or_else(Error::not_found)?.id;
    let id = Uuid::now_v7();
    let row = NewProjectRow {
        id,
        workspace_id,
        name: new.name.trim(),
        project_type: new.project_type,
    };
    tx.create_project(&row, caller.user_id).await?;
    tx.write_labels(workspace_id, id, &new.labels).await?;
    let details = json!({ "name": row.name });
    caller
        .audit(&mut tx, workspace_id, "project.created", id, details)
        .await?;
    let row = tx
        .project(id, caller.user_id)
        .await?
        .ok_or_else(Error::not_found)?;
    let project = to_wire(&app, row).await?;
    idempotency
        .finish(tx, &caller, StatusCode::CREATED, &project)
        .await
}

/// One project
#[utoipa::path(get, path = "/api/v1/projects/{id}", tag = "projects",
    params(("id" = Uuid, Path, description = "The project")),
    responses((status = 200, body = Project), (status = 404, body = Problem)),
    security(("bearer" = [])))]
async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<Project>> {
    let mut tx = app.store().begin(&caller).await?;
    let row = tx
        .project(id, caller.user_id)
        .await?
        .ok_or_else(Error::not_found)?;
    tx.commit().await?;
    to_wire(&app, row).await.map(Json)
}

/// Changes a project; for its admins
#[utoipa::path(patch, path = "/api/v1/projects/{id}", tag = "projects", request_body = ProjectChange,
    params(("id" = Uuid, Path, description = "The project")),
    responses((status = 200, body = Project), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("bearer" = [])))]
async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(change): Json<ProjectChange>,
) -> Result<Json<Project>> {
    let mut tx = app.store().begin(&caller).await?;
    caller.require_admin(&mut tx, id).await?;
    if let Some(name) = &change.name {
        tx.rename_project(id, name.trim()).await?;
    }
    let row = tx
        .project(id, caller.user_id)
        .await?
        .ok_or_else(Error::not_found)?;
    tx.commit().await?;
    to_wire(&app, row).await.map(Json)
}

/// Deletes a project; for its admins
#[utoipa::path(delete, path = "/api/v1/projects/{id}", tag = "projects",
    params(("id" = Uuid, Path, description = "The project")),
    responses((status = 204, description = "It is gone"), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("bearer" = [])))]
async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    let mut tx = app.store().begin(&caller).await?;
    let workspace_id = caller.require_admin(&mut tx, id).await?;
    tx.delete_project(id).await?;
    caller
        .audit(&mut tx, workspace_id, "project.deleted", id, json!({}))
        .await?;
    tx.commit().await?;
    app.relay().project_deleted(id);
    Ok(StatusCode::NO_CONTENT)
}

async fn to_wire(app: &App, row: ProjectRow) -> Result<Project> {
    let mut cover_urls = Vec::with_capacity(row.cover_paths.len());
    for path in &row.cover_paths {
        cover_urls.push(app.objects().presign_get(path).await?);
    }
    Ok(Project {
        id: row.id,
        workspace_id: row.workspace_id,
        name: row.name,
        project_type: project_type(&row.project_type),
        role: row.role.as_deref().and_then(role_from_text),
        image_count: row.image_count,
        annotation_count: row.annotation_count,
        cover_urls,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// A cursor of a list that is ordered by id.
pub fn id_cursor(text: &str) -> Result<Uuid> {
    Uuid::parse_str(text)
        .map_err(|_| Error::invalid("The cursor is not one that an earlier page gave."))
}
