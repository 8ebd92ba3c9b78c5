//! `/api/v1/projects/{id}/members`: roles in a project.

use super::images::{Cursor, page_limit};
use super::paging::next_cursor;
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::idempotency::Idempotency;
use crate::store::{MemberRow, Tx, role_from_text};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{
    NewProjectMember, Page, PageQuery, Problem, ProjectMember, ProjectRole, RoleChange,
};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list, add))
        .routes(routes!(change, remove))
}

/// Who has a role in a project
#[utoipa::path(get, path = "/api/v1/projects/{id}/members", tag = "members",
    params(("id" = Uuid, Path, description = "The project"), PageQuery),
    responses((status = 200, body = Page<ProjectMember>), (status = 404, body = Problem)),
    security(("bearer" = [])))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<ProjectMember>>> {
    let limit = page_limit(query.limit)?;
    let after = query.cursor.as_deref().map(Cursor::parse).transpose()?;
    let after = after.map(|cursor| (cursor.time, cursor.id));
    let mut tx = app.store().begin(&caller).await?;
    caller.project_role(&mut tx, id).await?;
    let mut rows = tx.project_members(id, after, limit + 1).await?;
    tx.commit().await?;
    let next_cursor = next_cursor(&mut rows, limit, |last| {
        let (time, id) = (last.created_at, last.user_id);
        Cursor { time, id }.to_string()
    });
    let items = rows.into_iter().map(to_wire).collect();
    Ok(Json(Page { items, next_cursor }))
}

/// Gives someone who has an account a role; for the project's admins
///
/// They become a member of its workspace as well.
#[utoipa::path(post, path = "/api/v1/projects/{id}/members", tag = "members", request_body = NewProjectMember,
    params(("id" = Uuid, Path, description = "The project")),
    responses((status = 201, body = ProjectMember), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    security(("bearer" = [])))]
async fn add(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    idempotency: Idempotency,
    Json(new): Json<NewProjectMember>,
) -> Result<Response> {
    let mut tx = app.store().begin(&caller).await?;
    let workspace_id = caller.require_admin(&mut tx, id).await?;
    if let Some(answer) = idempotency.replay(&mut tx, &caller, &new).await? {
        return Ok(answer);
    }
    let member = tx
        .add_project_member(id, new.email.trim(), new.role)
        .await?;
    let user_id = member.ok_or_else(|| {
        Error::invalid(
            "Nobody with this email address has an account here; send an invitation link instead.",
        )
    })?;
    let details = json!({ "role": new.role });
    caller
        .audit(
            &mut tx,
            workspace_id,
            "project.member_added",
            user_id,
            details,
        )
        .await?;
    let member = member_of(&mut tx, id, user_id).await?;
    let response = idempotency
        .finish(tx, &caller, StatusCode::CREATED, &member)
        .await?;
    app.relay().role_changed(id, user_id);
    Ok(response)
}

/// Changes someone's role; for the project's admins
#[utoipa::path(patch, path = "/api/v1/projects/{id}/members/{user_id}", tag = "members", request_body = RoleChange,
    params(("id" = Uuid, Path, description = "The project"), ("user_id" = Uuid, Path, description = "The member")),
    responses((status = 200, body = ProjectMember), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("bearer" = [])))]
async fn change(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id)): Path<(Uuid, Uuid)>,
    Json(change): Json<RoleChange>,
) -> Result<Json<ProjectMember>> {
    let mut tx = app.store().begin(&caller).await?;
    let workspace_id = caller.require_admin(&mut tx, id).await?;
    member_of(&mut tx, id, user_id).await?;
    if change.role != ProjectRole::Admin {
        keep_an_admin(&mut tx, id, user_id).await?;
    }
    tx.set_project_role(id, user_id, change.role).await?;
    let details = json!({ "role": change.role });
    caller
        .audit(
            &mut tx,
            workspace_id,
            "project.role_changed",
            user_id,
            details,
        )
        .await?;
    let member = member_of(&mut tx, id, user_id).await?;
    tx.commit().await?;
    app.relay().role_changed(id, user_id);
    Ok(Json(member))
}

/// Takes someone's role away; for the project's admins, and for oneself
///
/// They stay in the workspace and may look.
#[utoipa::path(delete, path = "/api/v1/projects/{id}/members/{user_id}", tag = "members",
    params(("id" = Uuid, Path, description = "The project"), ("user_id" = Uuid, Path, description = "The member")),
    responses((status = 204, description = "They have no role any more"), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("bearer" = [])))]
async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode> {
    let mut tx = app.store().begin(&caller).await?;
    let workspace_id = if user_id == caller.user_id {
        caller.require_any_role(&mut tx, id).await?
    } else {
        caller.require_admin(&mut tx, id).await?
    };
    member_of(&mut tx, id, user_id).await?;
    keep_an_admin(&mut tx, id, user_id).await?;
    tx.remove_project_member(id, user_id).await?;
    caller
        .audit(
            &mut tx,
            workspace_id,
            "project.member_removed",
            user_id,
            json!({}),
        )
        .await?;
    tx.commit().await?;
    app.relay().role_changed(id, user_id);
    Ok(StatusCode::NO_CONTENT)
}

async fn member_of(tx: &mut Tx, project_id: Uuid, user_id: Uuid) -> Result<ProjectMember> {
    let row = tx.project_member(project_id, user_id).await?;
    row.map(to_wire).ok_or_else(Error::not_found)
}

async fn keep_an_admin(tx: &mut Tx, project_id: Uuid, user_id: Uuid) -> Result<()> {
    if tx.other_project_admins(project_id, user_id).await? == 0 {
        return Err(Error::conflict("A project keeps at least one admin."));
    }
    Ok(())
}

fn to_wire(row: MemberRow) -> ProjectMember {
    ProjectMember {
        user_id: row.user_id,
        email: row.email,
        name: row.name,
        role: role_from_text(&row.role).unwrap_or(ProjectRole::Labeler),
        created_at: row.created_at,
    }
}
