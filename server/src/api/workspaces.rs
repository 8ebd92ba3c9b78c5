//! `/api/v1/workspaces`: tenants, their members, and password reset links for them.

use super::images::{Cursor, page_limit};
use super::paging::next_cursor;
use crate::App;
use crate::auth::issue_reset_link;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::idempotency::Idempotency;
use crate::store::{Tx, WorkspaceRow, workspace_role};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{
    IssuedLink, NewWorkspace, Page, PageQuery, Problem, Workspace, WorkspaceMember, WorkspaceRole,
};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list, create))
        .routes(routes!(get, rename))
        .routes(routes!(members))
        .routes(routes!(remove_member))
        .routes(routes!(password_reset))
}

/// The caller's workspaces, oldest first
#[utoipa::path(get, path = "/api/v1/workspaces", tag = "workspaces",
    responses((status = 200, body = Page<Workspace>), (status = 401, body = Problem)),
    security(("bearer" = [])))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Page<Workspace>>> {
    let mut tx = app.store().begin(&caller).await?;
    let rows = tx.workspaces(caller.user_id).await?;
    tx.commit().await?;
    Ok(Json(Page {
        items: rows.into_iter().map(to_wire).collect(),
        next_cursor: None,
    }))
}

/// Creates a workspace with the caller as its admin
#[utoipa::path(post, path = "/api/v1/workspaces", tag = "workspaces", request_body = NewWorkspace,
    responses((status = 201, body = Workspace), (status = 422, body = Problem)),
    security(("bearer" = [])))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    idempotency: Idempotency,
    Json(new): Json<NewWorkspace>,
) -> Result<Response> {
    let mut tx = app.store().begin(&caller).await?;
    if let Some(answer) = idempotency.replay(&mut tx, &caller, &new).await? {
        return Ok(answer);
    }
    let id = Uuid::now_v7();
    tx.create_workspace(id, new.name.trim()).await?;
    let row = tx.workspace(id, caller.user_id).await?;
    // A token for one tenant does not see another, even its own new one.
    let row = row.ok_or_else(|| {
        Error::forbidden("This token is good for one workspace; it cannot create another.")
    })?;
    caller
        .audit(&mut tx, id, "workspace.created", id, json!({}))
        .await?;
    idempotency
        .finish(tx, &caller, StatusCode::CREATED, &to_wire(row))
        .await
}

/// One workspace
#[utoipa::path(get, path = "/api/v1/workspaces/{id}", tag = "workspaces",
    params(("id" = Uuid, Path, description = "The workspace")),
    responses((status = 200, body = Workspace), (status = 404, body = Problem)),
    security(("bearer" = [])))]
async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<Workspace>> {
    let mut tx = app.store().begin(&caller).await?;
    let row = visible(&caller, &mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(to_wire(row)))
}

/// Renames a workspace; for its admins
#[utoipa::path(patch, path = "/api/v1/workspaces/{id}", tag = "workspaces", request_body = NewWorkspace,
    params(("id" = Uuid, Path, description = "The workspace")),
    responses((status = 200, body = Workspace), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("bearer" = [])))]
async fn rename(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(change): Json<NewWorkspace>,
) -> Result<Json<Workspace>> {
    let mut tx = app.store().begin(&caller).await?;
    administered(&caller, &mut tx, id).await?;
    tx.rename_workspace(id, change.name.trim()).await?;
    let row = visible(&caller, &mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(to_wire(row)))
}

/// Who belongs to a workspace
#[utoipa::path(get, path = "/api/v1/workspaces/{id}/members", tag = "workspaces",
    params(("id" = Uuid, Path, description = "The workspace"), PageQuery),
    responses((status = 200, body = Page<WorkspaceMember>), (status = 404, body = Problem)),
    security(("bearer" = [])))]
async fn members(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<WorkspaceMember>>> {
    let limit = page_limit(query.limit)?;
    let after = query.cursor.as_deref().map(Cursor::parse).transpose()?;
    let after = after.map(|cursor| (cursor.time, cursor.id));
    let mut tx = app.store().begin(&caller).await?;
    visible(&caller, &mut tx, id).await?;
    let mut rows = tx.workspace_members(id, after, limit + 1).await?;
    tx.commit().await?;
    let next_cursor = next_cursor(&mut rows, limit, |last| {
        let (time, id) = (last.created_at, last.user_id);
        Cursor { time, id }.to_string()
    });
    let items = rows
        .into_iter()
        .map(|row| WorkspaceMember {
            user_id: row.user_id,
            email: row.email,
            name: row.name,
            role: workspace_role(&row.role),
            created_at: row.created_at,
        })
        .collect();
    Ok(Json(Page { items, next_cursor }))
}

/// Takes a member out of a workspace and all its projects; for its admins, and for oneself
#[utoipa::path(delete, path = "/api/v1/workspaces/{id}/members/{user_id}", tag = "workspaces",
    params(("id" = Uuid, Path, description = "The workspace"), ("user_id" = Uuid, Path, description = "The member")),
    responses((status = 204, description = "No longer a member"), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("bearer" = [])))]
async fn remove_member(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode> {
    let mut tx = app.store().begin(&caller).await?;
    if user_id == caller.user_id {
        visible(&caller, &mut tx, id).await?;
    } else {
        administered(&caller, &mut tx, id).await?;
    }
    if !tx.is_workspace_member(id, user_id).await? {
        return Err(Error::not_found());
    }
    if tx.other_workspace_admins(id, user_id).await? == 0 {
        return Err(Error::conflict("A workspace keeps at least one admin."));
    }
    if let Some(name) = tx.project_with_sole_admin(id, user_id).await? {
        return Err(Error::conflict(format!(
            "This person is the only admin of the project “{name}”: make someone else admin there first."
        )));
    }
    tx.remove_workspace_member(id, user_id).await?;
    caller
        .audit(&mut tx, id, "workspace.member_removed", user_id, json!({}))
        .await?;
    let projects = tx.project_ids(id).await?;
    tx.commit().await?;
    for project_id in projects {
        app.relay().role_changed(project_id, user_id);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Issues a link with which a member can set a new password
///
/// The link is to be handed over by hand; it is good once, for a day. For admins of the workspace.
/// Not for members who also belong to workspaces that the caller does not administer: the link
/// opens the whole account.
#[utoipa::path(post, path = "/api/v1/workspaces/{id}/members/{user_id}/password_reset", tag = "workspaces",
    params(("id" = Uuid, Path, description = "The workspace"), ("user_id" = Uuid, Path, description = "The member")),
    responses((status = 201, body = IssuedLink), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("bearer" = [])))]
async fn password_reset(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id)): Path<(Uuid, Uuid)>,
) -> Result<(StatusCode, Json<IssuedLink>)> {
    app.tokens().provider().map_err(|_| Error::not_found())?;
    let mut tx = app.store().begin(&caller).await?;
    administered(&caller, &mut tx, id).await?;
    if !tx.is_workspace_member(id, user_id).await? {
        return Err(Error::not_found());
    }
    if !app.store().may_reset(caller.user_id, user_id).await? {
        return Err(Error::forbidden(
            "This person also belongs to workspaces that you do not administer; the operator of the server can issue the link (visionflow reset-link).",
        ));
    }
    caller
        .audit(
            &mut tx,
            id,
            "workspace.password_reset_issued",
            user_id,
            json!({}),
        )
        .await?;
    tx.commit().await?;
    let url = app.config().public_url();
    let link = issue_reset_link(app.store(), &url, user_id, Some(caller.user_id)).await?;
    Ok((StatusCode::CREATED, Json(link)))
}

async fn visible(caller: &Caller, tx: &mut Tx, id: Uuid) -> Result<WorkspaceRow> {
    tx.workspace(id, caller.user_id)
        .await?
        .ok_or_else(Error::not_found)
}

async fn administered(caller: &Caller, tx: &mut Tx, id: Uuid) -> Result<()> {
    let row = visible(caller, tx, id).await?;
    match workspace_role(&row.role) {
        WorkspaceRole::Admin => Ok(()),
        WorkspaceRole::Member => Err(Error::forbidden(
            "Only an admin of the workspace may do this.",
        )),
    }
}

pub fn to_wire(row: WorkspaceRow) -> Workspace {
    Workspace {
        id: row.id,
        role: workspace_role(&row.role),
        name: row.name,
        created_at: row.created_at,
    }
}
