//! Invitations to a project: a link with a token, of which only a hash is kept.

use super::images::page_limit;
use super::paging::next_cursor;
use super::projects::id_cursor;
use crate::App;
use crate::caller::Caller;
use crate::crypto;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::store::{InviteRow, NewInviteRow, role_from_text};
use axum::extract::State;
use http::StatusCode;
use serde_json::json;
use time::{Duration, OffsetDateTime};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{
    Invite, InviteInfo, IssuedLink, NewInvite, Page, PageQuery, Problem, ProjectRole,
};

const INVITE_DAYS: i64 = 14;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list, create))
        .routes(routes!(revoke))
        .routes(routes!(info))
        .routes(routes!(accept))
}

/// Issues a link that gives whoever opens it a role; for the project's admins
///
/// It is good for 14 days and any number of people, until it is revoked. It is shown once: only a
/// hash is kept, and so a repeated request issues another link, whatever its `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/projects/{id}/invites", tag = "invites", request_body = NewInvite,
    params(("id" = Uuid, Path, description = "The project")),
    responses((status = 201, body = IssuedLink), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("bearer" = [])))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(project_id): Path<Uuid>,
    Json(new): Json<NewInvite>,
) -> Result<(StatusCode, Json<IssuedLink>)> {
    let mut tx = app.store().begin(&caller).await?;
    let workspace_id = caller.require_admin(&mut tx, project_id).await?;
    let token = crypto::random_token();
    let expires_at = OffsetDateTime::now_utc() + Duration::days(INVITE_DAYS);
    let id = Uuid::now_v7();
    tx.create_invite(&NewInviteRow {
        id,
        workspace_id,
        project_id,
        role: new.role,
        token_hash: &crypto::token_hash(&token),
        created_by: caller.user_id,
        expires_at,
    })
    .await?;
    let details = json!({ "project_id": project_id, "role": new.role });
    caller
        .audit(&mut tx, workspace_id, "project.invite_created", id, details)
        .await?;
    tx.commit().await?;
    let url = format!("{}/invite/{token}", app.config().public_url());
    Ok((
        StatusCode::CREATED,
        Json(IssuedLink {
            url,
            token,
            expires_at,
        }),
    ))
}

/// A project's open invitations, the newest first; for its admins
#[utoipa::path(get, path = "/api/v1/projects/{id}/invites", tag = "invites",
    params(("id" = Uuid, Path, description = "The project"), PageQuery),
    responses((status = 200, body = Page<Invite>), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("bearer" = [])))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(project_id): Path<Uuid>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Invite>>> {
    let limit = page_limit(query.limit)?;
    let before = query.cursor.as_deref().map(id_cursor).transpose()?;
    let mut tx = app.store().begin(&caller).await?;
    caller.require_admin(&mut tx, project_id).await?;
    let mut rows = tx.invites(project_id, before, limit + 1).await?;
    tx.commit().await?;
    let next_cursor = next_cursor(&mut rows, limit, |last| last.id.to_string());
    let items = rows.iter().map(to_wire).collect();
    Ok(Json(Page { items, next_cursor }))
}

/// Ends an invitation; for the project's admins
#[utoipa::path(delete, path = "/api/v1/projects/{id}/invites/{invite_id}", tag = "invites",
    params(("id" = Uuid, Path, description = "The project"), ("invite_id" = Uuid, Path, description = "The invitation")),
    responses((status = 204, description = "The link is good no more"), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("bearer" = [])))]
async fn revoke(
    State(app): State<App>,
    caller: Caller,
    Path((project_id, id)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode> {
    let mut tx = app.store().begin(&caller).await?;
    let workspace_id = caller.require_admin(&mut tx, project_id).await?;
    if !tx.revoke_invite(project_id, id).await? {
        return Err(Error::not_found());
    }
    caller
        .audit(
            &mut tx,
            workspace_id,
            "project.invite_revoked",
            id,
            json!({}),
        )
        .await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What an invitation is for; for whoever holds its token, signed in or not
#[utoipa::path(get, path = "/api/v1/invites/{token}", tag = "invites",
    params(("token" = String, Path, description = "From the link")),
    responses((status = 200, body = InviteInfo), (status = 404, body = Problem)))]
async fn info(State(app): State<App>, Path(token): Path<String>) -> Result<Json<InviteInfo>> {
    let row = app.store().invite_info(&crypto::token_hash(&token)).await?;
    let row = row.ok_or_else(no_such_invite)?;
    Ok(Json(InviteInfo {
        project_id: row.project_id,
        project_name: row.project_name,
        workspace_name: row.workspace_name,
        role: role_from_text(&row.role).unwrap_or(ProjectRole::Labeler),
        invited_by: row.invited_by,
    }))
}

/// Makes the caller a member with the invitation's role; a role that they have stays
#[utoipa::path(post, path = "/api/v1/invites/{token}/accept", tag = "invites",
    params(("token" = String, Path, description = "From the link")),
    responses((status = 204, description = "The caller is a member"), (status = 404, body = Problem)),
    security(("bearer" = [])))]
async fn accept(
    State(app): State<App>,
    caller: Caller,
    Path(token): Path<String>,
) -> Result<StatusCode> {
    let mut tx = app.store().begin(&caller).await?;
    let joined = tx.accept_invite(&crypto::token_hash(&token)).await?;
    let (workspace_id, project_id) = joined.ok_or_else(no_such_invite)?;
    // Under a token for another tenant the log of this one cannot be written.
    if caller.tenant.is_none_or(|tenant| tenant == workspace_id) {
        caller
            .audit(
                &mut tx,
                workspace_id,
                "project.invite_accepted",
                project_id,
                json!({}),
            )
            .await?;
    }
    tx.commit().await?;
    app.relay().role_changed(project_id, caller.user_id);
    Ok(StatusCode::NO_CONTENT)
}

fn no_such_invite() -> Error {
    Error::refused(
        StatusCode::NOT_FOUND,
        "not_found",
        "This invitation does not exist, has expired or was withdrawn.",
    )
}

fn to_wire(row: &InviteRow) -> Invite {
    Invite {
        id: row.id,
        role: role_from_text(&row.role).unwrap_or(ProjectRole::Labeler),
        created_at: row.created_at,
        expires_at: row.expires_at,
    }
}
