//! `/v1/rooms/{roomId}/comments`: comments for scripts, in camelCase.
//!
//! What the path calls a comment is a thread: its first comment has its id by which it is answered,
//! resolved and opened again.

use crate::App;
use crate::api::comments::{number_cursor, rows_ready};
use crate::api::images::page_limit;
use crate::api::paging::next_cursor;
use crate::caller::Caller;
use crate::comments::{self, MOST_COMMENTS, News};
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::idempotency::Idempotency;
use crate::store::{CommentRoom, ThreadFilter, Tx};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{
    Comment, CommentAnchor, CommentThread, NewComment, NewCommentThread, NewRoomComment, Problem,
    RoomComment, RoomCommentChange, RoomCommentPage, RoomCommentQuery, RoomCommentStatus,
    RoomReply,
};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list, create))
        .routes(routes!(change))
}

/// The comments of a room with the answers to them, by number
#[utoipa::path(
    get, path = "/v1/rooms/{roomId}/comments", tag = "rooms",
    params(("roomId" = Uuid, Path, description = "The room"), RoomCommentQuery),
    responses((status = 200, body = RoomCommentPage), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(room_id): Path<Uuid>,
    Query(query): Query<RoomCommentQuery>,
) -> Result<Json<RoomCommentPage>> {
    let limit = page_limit(query.limit)?.min(100);
    let after = query.cursor.as_deref().map(number_cursor).transpose()?;
    let filter = ThreadFilter {
        resolved: query
            .status
            .map(|status| status == RoomCommentStatus::Resolved),
        mine: false,
        limit: limit + 1,
    };
    let mut tx = app.store().begin(&caller).await?;
    room(&mut tx, room_id).await?;
    let after = after.unwrap_or_default();
    let mut rows = tx
        .room_threads(caller.user_id, room_id, filter, after)
        .await?;
    let next_cursor = next_cursor(&mut rows, limit, |row| row.number.to_string());
    let threads = comments::threads(&mut tx, &rows, MOST_COMMENTS).await?;
    tx.commit().await?;
    Ok(Json(RoomCommentPage {
        items: threads.into_iter().map(to_wire).collect(),
        next_cursor,
    }))
}

/// Comments on a point of the image, on an annotation, or answers a comment
///
/// The answer is the whole thread. It is told to everyone in the room.
#[utoipa::path(
    post, path = "/v1/rooms/{roomId}/comments", tag = "rooms",
    params(("roomId" = Uuid, Path, description = "The room")),
    request_body = NewRoomComment,
    responses(
        (status = 201, body = RoomComment),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "The id is taken"),
        (status = 422, body = Problem, description = "The text, the place or a mention is refused"),
    ),
    security(("bearer" = [])),
)]
async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(room_id): Path<Uuid>,
    idempotency: Idempotency,
    Json(new): Json<NewRoomComment>,
) -> Result<Response> {
    let mut tx = app.store().begin(&caller).await?;
    let room = room(&mut tx, room_id).await?;
    tx.commit().await?;
    rows_ready(&app, &caller, &room, &anchor(&new)).await?;
    let mut tx = app.store().begin(&caller).await?;
    caller.require_any_role(&mut tx, room.project_id).await?;
    if let Some(answer) = idempotency.replay(&mut tx, &caller, &new).await? {
        return Ok(answer);
    }
    let (id, news) = say(&mut tx, &caller, room, &new).await?;
    let thread = to_wire(comments::one_thread(&mut tx, &caller, id).await?);
    let response = idempotency
        .finish(tx, &caller, StatusCode::CREATED, &thread)
        .await?;
    news.tell(&app);
    Ok(response)
}

/// Begins a thread or answers in one; its id.
async fn say(
    tx: &mut Tx,
    caller: &Caller,
    room: CommentRoom,
    new: &NewRoomComment,
) -> Result<(Uuid, News)> {
    let id = new.id.unwrap_or_else(Uuid::now_v7);
    let comment = NewComment {
        id,
        body: new.body.clone(),
        mentions: new.mentions.clone(),
    };
    if let Some(parent) = new.parent_id {
        let thread = comments::found(tx, caller, parent).await?;
        if thread.room_id != room.room_id {
            return Err(Error::not_found());
        }
        let news = comments::reply(tx, caller, &thread, &comment).await?;
        return Ok((thread.id, news));
    }
    if new.annotation_id.is_none() && (new.x.is_none() || new.y.is_none()) {
        return Err(Error::invalid(
            "A comment has a place (x and y), an annotation (annotationId), or answers another \
             one (parentId).",
        ));
    }
    // Thread and first comment share the id: their tables are two.
    let new = NewCommentThread {
        id,
        anchor: anchor(new),
        comment,
    };
    let news = comments::begin(tx, caller, room, &new).await?;
    Ok((id, news))
}

/// Resolves a comment, or opens it again
#[utoipa::path(
    patch, path = "/v1/rooms/{roomId}/comments/{commentId}", tag = "rooms",
    params(
        ("roomId" = Uuid, Path, description = "The room"),
        ("commentId" = Uuid, Path, description = "The comment"),
    ),
    request_body = RoomCommentChange,
    responses(
        (status = 200, body = RoomComment),
        (status = 403, body = Problem), (status = 404, body = Problem),
    ),
    security(("bearer" = [])),
)]
async fn change(
    State(app): State<App>,
    caller: Caller,
    Path((room_id, id)): Path<(Uuid, Uuid)>,
    Json(change): Json<RoomCommentChange>,
) -> Result<Json<RoomComment>> {
    let mut tx = app.store().begin(&caller).await?;
    let thread = comments::found(&mut tx, &caller, id).await?;
    if thread.room_id != room_id {
        return Err(Error::not_found());
    }
    let resolved = change.status == RoomCommentStatus::Resolved;
    let news = comments::resolve(&mut tx, &caller, &thread, resolved).await?;
    let thread = comments::one_thread(&mut tx, &caller, id).await?;
    tx.commit().await?;
    news.tell(&app);
    Ok(Json(to_wire(thread)))
}

async fn room(tx: &mut Tx, room_id: Uuid) -> Result<CommentRoom> {
    let room = tx.comment_room(room_id).await?;
    room.ok_or_else(Error::not_found)
}

fn anchor(new: &NewRoomComment) -> CommentAnchor {
    CommentAnchor {
        annotation_id: new.annotation_id,
        x: new.x.unwrap_or_default(),
        y: new.y.unwrap_or_default(),
        origin: None,
    }
}

fn to_wire(thread: CommentThread) -> RoomComment {
    let mut comments = thread.comments.into_iter();
    let first = comments.next();
    let (author_name, body) = first.map_or_else(Default::default, |first: Comment| {
        (first.author.name, first.body)
    });
    let replies = comments.filter(|comment| comment.deleted_at.is_none());
    RoomComment {
        id: thread.id,
        number: thread.number,
        status: match thread.resolved_at {
            Some(_) => RoomCommentStatus::Resolved,
            None => RoomCommentStatus::Open,
        },
        annotation_id: thread.anchor.annotation_id,
        x: thread.anchor.x,
        y: thread.anchor.y,
        author_id: thread.created_by,
        author_name,
        body,
        created_at: thread.created_at,
        resolved_at: thread.resolved_at,
        replies: replies
            .map(|reply| RoomReply {
                id: reply.id,
                author_id: reply.author.id,
                author_name: reply.author.name,
                body: reply.body,
                created_at: reply.created_at,
            })
            .collect(),
    }
}
