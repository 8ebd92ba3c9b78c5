//! Comments: threads on photographs, what is said in them, and what people are told of them.
//!
//! `crate::comments` decides; what it has to tell goes out once the transaction is committed.

mod notifications;
mod said;

use super::images::{Cursor, page_limit, thumbnail_url};
use super::paging::next_cursor;
use crate::App;
use crate::caller::Caller;
use crate::comments::{self, MOST_COMMENTS};
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::idempotency::Idempotency;
use crate::store::{CommentRoom, ThreadFilter};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{
    CommentAnchor, CommentThread, CommentThreadChange, CommentThreadQuery, NewCommentThread, Page,
    Problem, ProjectCommentThread,
};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list, create))
        .routes(routes!(list_project))
        .routes(routes!(change, delete))
        .merge(said::router())
        .merge(notifications::router())
}

/// The threads of a photograph with all that is said in them, by number
#[utoipa::path(
    get, path = "/api/v1/images/{id}/comment_threads", tag = "comments",
    params(("id" = Uuid, Path, description = "The photograph"), CommentThreadQuery),
    responses((status = 200, body = Page<CommentThread>), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Query(query): Query<CommentThreadQuery>,
) -> Result<Json<Page<CommentThread>>> {
    let limit = page_limit(query.limit)?.min(100);
    let after = query.cursor.as_deref().map(number_cursor).transpose()?;
    let filter = filter(&query, limit);
    let mut tx = app.store().begin(&caller).await?;
    let room = tx.comment_room_of_image(id).await?;
    let room = room.ok_or_else(Error::not_found)?;
    let after = after.unwrap_or_default();
    let mut rows = tx
        .room_threads(caller.user_id, room.room_id, filter, after)
        .await?;
    let next_cursor = next_cursor(&mut rows, limit, |row| row.number.to_string());
    let items = comments::threads(&mut tx, &rows, MOST_COMMENTS).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor }))
}

/// Begins a thread on a photograph
///
/// Its ids are the client's: what is sent twice is stored once. Everyone with a role in the project
/// may. It is told to all who have the photograph open.
#[utoipa::path(
    post, path = "/api/v1/images/{id}/comment_threads", tag = "comments",
    params(("id" = Uuid, Path, description = "The photograph")),
    request_body = NewCommentThread,
    responses(
        (status = 201, body = CommentThread),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "An id is taken"),
        (status = 422, body = Problem, description = "The text, the place or a mention is refused"),
    ),
    security(("bearer" = [])),
)]
async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    idempotency: Idempotency,
    Json(new): Json<NewCommentThread>,
) -> Result<Response> {
    let mut tx = app.store().begin(&caller).await?;
    let room = tx.comment_room_of_image(id).await?;
    let room = room.ok_or_else(Error::not_found)?;
    tx.commit().await?;
    begin(&app, &caller, room, &idempotency, &new).await
}

/// Begins a thread in a room, once the rows know what is drawn there.
async fn begin(
    app: &App,
    caller: &Caller,
    room: CommentRoom,
    idempotency: &Idempotency,
    new: &NewCommentThread,
) -> Result<Response> {
    rows_ready(app, caller, &room, &new.anchor).await?;
    let mut tx = app.store().begin(caller).await?;
    caller.require_any_role(&mut tx, room.project_id).await?;
    if let Some(answer) = idempotency.replay(&mut tx, caller, new).await? {
        return Ok(answer);
    }
    let news = comments::begin(&mut tx, caller, room, new).await?;
    let thread = comments::one_thread(&mut tx, caller, new.id).await?;
    let response = idempotency
        .finish(tx, caller, StatusCode::CREATED, &thread)
        .await?;
    news.tell(app);
    Ok(response)
}

/// Waits for the row of an annotation that somebody drew a moment ago and pins a thread to.
pub(super) async fn rows_ready(
    app: &App,
    caller: &Caller,
    room: &CommentRoom,
    anchor: &CommentAnchor,
) -> Result<()> {
    if anchor.annotation_id.is_none() {
        return Ok(());
    }
    let mut tx = app.store().begin(caller).await?;
    let heads = tx.room_heads(room.room_id).await?;
    let heads = heads.ok_or_else(Error::not_found)?;
    tx.commit().await?;
    if heads.projected_seq < heads.seq {
        app.relay().projected(room.identity(), heads.seq).await?;
    }
    Ok(())
}

/// The threads of a project, the newest first, each with what it begins with
#[utoipa::path(
    get, path = "/api/v1/projects/{id}/comment_threads", tag = "comments",
    params(("id" = Uuid, Path, description = "The project"), CommentThreadQuery),
    responses((status = 200, body = Page<ProjectCommentThread>), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn list_project(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Query(query): Query<CommentThreadQuery>,
) -> Result<Json<Page<ProjectCommentThread>>> {
    let limit = page_limit(query.limit)?;
    let before = query.cursor.as_deref().map(Cursor::parse).transpose()?;
    let before = before.map(|cursor| (cursor.time, cursor.id));
    let filter = filter(&query, limit);
    let mut tx = app.store().begin(&caller).await?;
    caller.project_role(&mut tx, id).await?;
    let mut rows = tx
        .project_threads(caller.user_id, id, filter, before)
        .await?;
    let next_cursor = next_cursor(&mut rows, limit, |last| {
        let (time, id) = (last.created_at, last.id);
        Cursor { time, id }.to_string()
    });
    let threads = comments::threads(&mut tx, &rows, 1).await?;
    tx.commit().await?;
    let mut items = Vec::with_capacity(rows.len());
    for (row, thread) in rows.into_iter().zip(threads) {
        items.push(ProjectCommentThread {
            thread,
            filename: row.filename.unwrap_or_default(),
            thumbnail_url: thumbnail_url(&app, row.thumbnail_path.as_deref()).await?,
        });
    }
    Ok(Json(Page { items, next_cursor }))
}

/// Resolves a thread, or opens it again
#[utoipa::path(
    patch, path = "/api/v1/comment_threads/{id}", tag = "comments",
    params(("id" = Uuid, Path, description = "The thread")),
    request_body = CommentThreadChange,
    responses(
        (status = 200, body = CommentThread),
        (status = 403, body = Problem), (status = 404, body = Problem),
    ),
    security(("bearer" = [])),
)]
async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(change): Json<CommentThreadChange>,
) -> Result<Json<CommentThread>> {
    let mut tx = app.store().begin(&caller).await?;
    let thread = comments::found(&mut tx, &caller, id).await?;
    let news = comments::resolve(&mut tx, &caller, &thread, change.resolved).await?;
    let thread = comments::one_thread(&mut tx, &caller, id).await?;
    tx.commit().await?;
    news.tell(&app);
    Ok(Json(thread))
}

/// Deletes a thread with all that is said in it; for who began it, and for the project's admins
#[utoipa::path(
    delete, path = "/api/v1/comment_threads/{id}", tag = "comments",
    params(("id" = Uuid, Path, description = "The thread")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 403, body = Problem), (status = 404, body = Problem),
    ),
    security(("bearer" = [])),
)]
async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    let mut tx = app.store().begin(&caller).await?;
    let thread = comments::found(&mut tx, &caller, id).await?;
    let news = comments::delete(&mut tx, &caller, &thread).await?;
    tx.commit().await?;
    news.tell(&app);
    Ok(StatusCode::NO_CONTENT)
}

fn filter(query: &CommentThreadQuery, limit: i64) -> ThreadFilter {
    ThreadFilter {
        resolved: query.resolved,
        mine: query.mine.unwrap_or(false),
        limit: limit + 1,
    }
}

pub(super) fn number_cursor(text: &str) -> Result<i32> {
    text.parse()
        .map_err(|_| Error::invalid("The cursor is not one that an earlier page gave."))
}
