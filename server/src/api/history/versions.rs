//! Named versions of a photograph's annotations.

use super::item;
use crate::App;
use crate::api::images::page_limit;
use crate::api::paging::next_cursor;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::history::{check_tag, name_version};
use crate::store::{AnnotatedImage, Tx, VersionRow};
use axum::extract::State;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{NewVersion, Page, PageQuery, Problem, ProjectRole, Version, VersionChange};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list, create))
        .routes(routes!(rename, delete))
}

/// The named versions of a photograph, the latest point first
#[utoipa::path(
    get, path = "/api/v1/images/{id}/history/versions", tag = "history",
    params(("id" = Uuid, Path, description = "The photograph"), PageQuery),
    responses((status = 200, body = Page<Version>), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Version>>> {
    let limit = page_limit(query.limit)?;
    let before = query.cursor.as_deref().map(parse_cursor).transpose()?;
    let mut tx = app.store().begin(&caller).await?;
    let image = item(&mut tx, id).await?;
    let mut rows = tx.room_versions(image.room_id, before, limit + 1).await?;
    tx.commit().await?;
    let next_cursor = next_cursor(&mut rows, limit, |row| format!("{}.{}", row.seq, row.tag));
    let items = rows.into_iter().map(to_wire).collect();
    Ok(Json(Page { items, next_cursor }))
}

/// Names the present, or an edit of the past
#[utoipa::path(
    post, path = "/api/v1/images/{id}/history/versions", tag = "history",
    params(("id" = Uuid, Path, description = "The photograph")),
    request_body = NewVersion,
    responses(
        (status = 201, body = Version),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "There is a version of this name"),
        (status = 410, body = Problem, description = "That moment is no longer kept"),
        (status = 422, body = Problem, description = "The name is refused, or the log does not reach there"),
    ),
    security(("bearer" = [])),
)]
async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(new): Json<NewVersion>,
) -> Result<(StatusCode, Json<Version>)> {
    let mut tx = app.store().begin(&caller).await?;
    let image = item(&mut tx, id).await?;
    caller.require_any_role(&mut tx, image.project_id).await?;
    let version = name_version(&mut tx, &image.room(), &new, caller.user_id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(to_wire(version))))
}

/// Gives a version another name; admins may, and whoever made it
#[utoipa::path(
    patch, path = "/api/v1/images/{id}/history/versions/{tag}", tag = "history",
    params(
        ("id" = Uuid, Path, description = "The photograph"),
        ("tag" = String, Path, description = "The version's name"),
    ),
    request_body = VersionChange,
    responses(
        (status = 200, body = Version),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "There is a version of this name"),
        (status = 422, body = Problem, description = "The name is refused"),
    ),
    security(("bearer" = [])),
)]
async fn rename(
    State(app): State<App>,
    caller: Caller,
    Path((id, tag)): Path<(Uuid, String)>,
    Json(change): Json<VersionChange>,
) -> Result<Json<Version>> {
    let mut tx = app.store().begin(&caller).await?;
    let image = changeable(&caller, &mut tx, id, &tag).await?;
    check_tag(&change.tag)?;
    tx.rename_room_version(image.room_id, &tag, &change.tag)
        .await?;
    let version = tx.room_version(image.room_id, &change.tag).await?;
    tx.commit().await?;
    let version = version.ok_or_else(Error::not_found)?;
    Ok(Json(to_wire(version)))
}

/// Takes a version's name away, not what it names; admins may, and whoever made it
#[utoipa::path(
    delete, path = "/api/v1/images/{id}/history/versions/{tag}", tag = "history",
    params(
        ("id" = Uuid, Path, description = "The photograph"),
        ("tag" = String, Path, description = "The version's name"),
    ),
    responses(
        (status = 204, description = "The name is gone"),
        (status = 403, body = Problem), (status = 404, body = Problem),
    ),
    security(("bearer" = [])),
)]
async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path((id, tag)): Path<(Uuid, String)>,
) -> Result<StatusCode> {
    let mut tx = app.store().begin(&caller).await?;
    let image = changeable(&caller, &mut tx, id, &tag).await?;
    tx.delete_room_version(image.room_id, &tag).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The photograph, if it has such a version and the caller may change it.
async fn changeable(
    caller: &Caller,
    tx: &mut Tx,
    image_id: Uuid,
    tag: &str,
) -> Result<AnnotatedImage> {
    let image = item(tx, image_id).await?;
    let version = tx.room_version(image.room_id, tag).await?;
    let version = version.ok_or_else(Error::not_found)?;
    if version.created_by == caller.user_id {
        caller.require_any_role(tx, image.project_id).await?;
    } else {
        let roles = [ProjectRole::Admin];
        caller.require_role(tx, image.project_id, &roles).await?;
    }
    Ok(image)
}

fn parse_cursor(cursor: &str) -> Result<(i64, &str)> {
    let parts = cursor.split_once('.');
    parts
        .and_then(|(seq, tag)| Some((seq.parse().ok()?, tag)))
        .ok_or_else(|| Error::invalid("cursor is not one of this list's."))
}

fn to_wire(row: VersionRow) -> Version {
    Version {
        tag: row.tag,
        seq: row.seq,
        created_by: row.created_by,
        created_by_name: row.created_by_name,
        created_at: row.created_at,
    }
}
