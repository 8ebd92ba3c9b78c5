//! `/v1/rooms`: rooms for scripts, in camelCase.
//!
//! A room is the live document of an image. One made here lives in the caller's project “Rooms”
//! and gets its image later, or never; the rooms of all other images are listed beside it.
//! Its socket is the relay's (`/v1/ws/rooms/{roomId}`).

pub mod comments;
pub mod exports;
mod home;
mod images;
pub mod versions;

use super::images::page_limit;
use super::paging::next_cursor;
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::idempotency::Idempotency;
use crate::store::{RoomRow, Tx};
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{
    CreatedRoom, NewRoom, Problem, ProjectRole, Room, RoomImage, RoomLabel, RoomPage, RoomQuery,
};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list, create))
        .routes(routes!(get, delete))
        .merge(images::router())
}

/// Makes a room
#[utoipa::path(
    post, path = "/v1/rooms", tag = "rooms",
    request_body(content = Option<NewRoom>, description = "May be left out"),
    responses(
        (status = 201, body = CreatedRoom),
        (status = 403, body = Problem, description = "The caller has no role in the project"),
        (status = 404, body = Problem), (status = 422, body = Problem),
    ),
    security(("bearer" = [])),
)]
async fn create(
    State(app): State<App>,
    caller: Caller,
    idempotency: Idempotency,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response> {
    let new = parse(&body.map_err(|_| Error::too_large("The body is larger than allowed."))?)?;
    let mut tx = app.store().begin(&caller).await?;
    if let Some(answer) = idempotency.replay(&mut tx, &caller, &new).await? {
        return Ok(answer);
    }
    let (workspace_id, project_id) = match new.project_id {
        Some(id) => (caller.require_any_role(&mut tx, id).await?, id),
        None => home::find_or_make(&mut tx, &caller).await?,
    };
    let id = Uuid::now_v7();
    let name = new.name.as_deref().map(str::trim);
    tx.insert_room(id, workspace_id, project_id, name, caller.user_id)
        .await?;
    let room = CreatedRoom { id };
    idempotency
        .finish(tx, &caller, StatusCode::CREATED, &room)
        .await
}

/// Scripts leave the body out, or its content type: what there is has to be JSON.
fn parse(body: &[u8]) -> Result<NewRoom> {
    if body.trim_ascii().is_empty() {
        return Ok(NewRoom::default());
    }
    // A list would do as well for serde.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(Error::invalid("What makes a room is a JSON object."));
    }
    serde_json::from_slice(body).map_err(|error| {
        let detail = format!("The body is not what makes a room: {error}.");
        if error.is_data() {
            Error::invalid(detail)
        } else {
            Error::malformed(detail)
        }
    })
}

/// The rooms that the caller can see, the newest first
#[utoipa::path(
    get, path = "/v1/rooms", tag = "rooms", params(RoomQuery),
    responses((status = 200, body = RoomPage), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<RoomQuery>,
) -> Result<Json<RoomPage>> {
    let limit = page_limit(query.limit)?;
    let before = query.cursor.as_deref().map(|text| {
        Uuid::parse_str(text)
            .map_err(|_| Error::invalid("The cursor is not one that an earlier page gave."))
    });
    let before = before.transpose()?;
    let mut tx = app.store().begin(&caller).await?;
    if let Some(project_id) = query.project_id {
        caller.project_role(&mut tx, project_id).await?;
    }
    let mut rows = tx.rooms(query.project_id, before, limit + 1).await?;
    tx.commit().await?;
    let next_cursor = next_cursor(&mut rows, limit, |last| last.id.to_string());
    let items = rows.into_iter().map(|row| to_wire(&app, row, None));
    Ok(Json(RoomPage {
        items: items.collect(),
        next_cursor,
    }))
}

/// One room
#[utoipa::path(
    get, path = "/v1/rooms/{roomId}", tag = "rooms",
    params(("roomId" = Uuid, Path, description = "The room")),
    responses((status = 200, body = Room), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(room_id): Path<Uuid>,
) -> Result<Json<Room>> {
    let mut tx = app.store().begin(&caller).await?;
    let room = find(&mut tx, room_id).await?;
    let ontology = tx.ontology(room.project_id).await?;
    tx.commit().await?;
    let labels = ontology.labels.into_iter().filter(|label| !label.archived);
    let labels = labels.map(|label| RoomLabel {
        id: label.id.0,
        name: label.name,
        color: label.color.to_string(),
    });
    Ok(Json(to_wire(&app, room, Some(labels.collect()))))
}

/// Puts a room into the bin, with its image
///
/// For 30 days an image can be restored, and its room with it. Admins and reviewers may, and
/// whoever made the room.
#[utoipa::path(
    delete, path = "/v1/rooms/{roomId}", tag = "rooms",
    params(("roomId" = Uuid, Path, description = "The room")),
    responses(
        (status = 204, description = "It is in the bin"),
        (status = 403, body = Problem), (status = 404, body = Problem),
    ),
    security(("bearer" = [])),
)]
async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(room_id): Path<Uuid>,
) -> Result<StatusCode> {
    let mut tx = app.store().begin(&caller).await?;
    let room = find(&mut tx, room_id).await?;
    caller.require_any_role(&mut tx, room.project_id).await?;
    if room.created_by != Some(caller.user_id) {
        let roles = [ProjectRole::Admin, ProjectRole::Reviewer];
        caller
            .require_role(&mut tx, room.project_id, &roles)
            .await?;
    }
    let changed = match room.image_id {
        Some(image_id) => tx.set_image_deleted(image_id, true).await?,
        None => tx.delete_room(room_id).await?,
    };
    tx.commit().await?;
    if changed {
        app.relay().item_deleted(room_id);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The room, unless it lies in the bin: 404.
pub async fn find(tx: &mut Tx, room_id: Uuid) -> Result<RoomRow> {
    tx.room(room_id)
        .await?
        .filter(|room| room.deleted_at.is_none())
        .ok_or_else(Error::not_found)
}

fn to_wire(app: &App, row: RoomRow, labels: Option<Vec<RoomLabel>>) -> Room {
    let image = row.image_id.map(|id| RoomImage {
        id,
        width: row.width.unwrap_or_default(),
        height: row.height.unwrap_or_default(),
        mime: row.content_type.unwrap_or_default(),
        size_bytes: row.size_bytes.unwrap_or_default(),
    });
    Room {
        id: row.id,
        project_id: row.project_id,
        name: row.name,
        seq: row.seq,
        snapshot_seq: row.snapshot_seq,
        image,
        clients: app.relay().clients_in(row.id),
        labels,
        created_at: row.created_at,
    }
}
