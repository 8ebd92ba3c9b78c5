//! Snapshots and named versions of a room.

use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use crate::history::{self, Back, Point, name_version, take_snapshot};
use crate::store::{RoomIdentity, Tx, VersionRow};
use axum::extract::State;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{NewVersion, Problem, RoomSeq, RoomVersion};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(snapshot))
        .routes(routes!(list, create))
        .routes(routes!(revert))
}

/// Keeps the whole document of a room as it is now
///
/// The server does so by itself every 200 edits; this makes the present cheap to come back to.
#[utoipa::path(
    post, path = "/v1/rooms/{roomId}/snapshots", tag = "rooms",
    params(("roomId" = Uuid, Path, description = "The room")),
    responses(
        (status = 201, body = RoomSeq),
        (status = 403, body = Problem), (status = 404, body = Problem),
    ),
    security(("bearer" = [])),
)]
async fn snapshot(
    State(app): State<App>,
    caller: Caller,
    Path(room_id): Path<Uuid>,
) -> Result<(StatusCode, Json<RoomSeq>)> {
    let mut tx = app.store().begin(&caller).await?;
    let room = workable(&caller, &mut tx, room_id).await?;
    let seq = take_snapshot(&mut tx, &room, app.config().keep_snapshots.into()).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(RoomSeq { seq })))
}

/// The named versions of a room, the latest point first
#[utoipa::path(
    get, path = "/v1/rooms/{roomId}/versions", tag = "rooms",
    params(("roomId" = Uuid, Path, description = "The room")),
    responses((status = 200, body = Vec<RoomVersion>), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(room_id): Path<Uuid>,
) -> Result<Json<Vec<RoomVersion>>> {
    let mut tx = app.store().begin(&caller).await?;
    let access = tx.room_access(room_id, caller.user_id).await?;
    access.ok_or_else(Error::not_found)?;
    let versions = tx.room_versions(room_id, None, i64::MAX).await?;
    tx.commit().await?;
    Ok(Json(versions.into_iter().map(to_wire).collect()))
}

/// Names the present, or an edit of the past
#[utoipa::path(
    post, path = "/v1/rooms/{roomId}/versions", tag = "rooms",
    params(("roomId" = Uuid, Path, description = "The room")),
    request_body = NewVersion,
    responses(
        (status = 201, body = RoomVersion),
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
    Path(room_id): Path<Uuid>,
    Json(new): Json<NewVersion>,
) -> Result<(StatusCode, Json<RoomVersion>)> {
    let mut tx = app.store().begin(&caller).await?;
    let room = workable(&caller, &mut tx, room_id).await?;
    let version = name_version(&mut tx, &room, &new, caller.user_id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(to_wire(version))))
}

/// Brings a room back to a version: `…/versions/{tag}:revert`
///
/// This is one new edit in the caller's name, live for everybody; nothing of the log is lost, and
/// the answer's number less one is the point that undoes it.
#[utoipa::path(
    post, path = "/v1/rooms/{roomId}/versions/{tag_and_verb}", tag = "rooms",
    params(
        ("roomId" = Uuid, Path, description = "The room"),
        ("tag_and_verb" = String, Path, description = "The version's name, percent-encoded, and `:revert`"),
    ),
    responses(
        (status = 200, body = RoomSeq),
        (status = 403, body = Problem), (status = 404, body = Problem),
    ),
    security(("bearer" = [])),
)]
async fn revert(
    State(app): State<App>,
    caller: Caller,
    Path((room_id, tag_and_verb)): Path<(Uuid, String)>,
) -> Result<Json<RoomSeq>> {
    let tag = tag_and_verb.strip_suffix(":revert");
    let mut tx = app.store().begin(&caller).await?;
    let room = workable(&caller, &mut tx, room_id).await?;
    let point = Point {
        seq: None,
        tag: Some(tag.ok_or_else(Error::not_found)?),
    };
    let seq = point.find(&mut tx, room_id).await?;
    let past = history::document_at(&mut tx, room_id, seq).await?;
    tx.commit().await?;
    let reverted = history::revert(&app, room, caller.user_id, past, Back::Everything).await?;
    Ok(Json(RoomSeq { seq: reverted.seq }))
}

/// The room, if the caller has a role in its project.
async fn workable(caller: &Caller, tx: &mut Tx, room_id: Uuid) -> Result<RoomIdentity> {
    let access = tx.room_access(room_id, caller.user_id).await?;
    let room = access.ok_or_else(Error::not_found)?.identity;
    caller.require_any_role(tx, room.project_id).await?;
    Ok(room)
}

fn to_wire(row: VersionRow) -> RoomVersion {
    RoomVersion {
        tag: row.tag,
        seq: row.seq,
        created_by: row.created_by,
        created_at: row.created_at,
    }
}
