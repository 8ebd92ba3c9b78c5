//! What is said in a thread: replies, changes by their author, and how far somebody has read.

use crate::App;
use crate::caller::Caller;
use crate::comments;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use crate::idempotency::Idempotency;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{Comment, CommentChange, CommentsRead, NewComment, Problem};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(reply))
        .routes(routes!(change, delete))
        .routes(routes!(read))
}

/// Says something in a thread
///
/// The id is the client's: what is sent twice is stored once.
#[utoipa::path(
    post, path = "/api/v1/comment_threads/{id}/comments", tag = "comments",
    params(("id" = Uuid, Path, description = "The thread")),
    request_body = NewComment,
    responses(
        (status = 201, body = Comment),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "The id is taken"),
        (status = 422, body = Problem, description = "The text or a mention is refused"),
    ),
    security(("bearer" = [])),
)]
async fn reply(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    idempotency: Idempotency,
    Json(new): Json<NewComment>,
) -> Result<Response> {
    let mut tx = app.store().begin(&caller).await?;
    let thread = comments::found(&mut tx, &caller, id).await?;
    caller.require_any_role(&mut tx, thread.project_id).await?;
    if let Some(answer) = idempotency.replay(&mut tx, &caller, &new).await? {
        return Ok(answer);
    }
    let news = comments::reply(&mut tx, &caller, &thread, &new).await?;
    let comment = comments::one_comment(&mut tx, new.id).await?;
    let response = idempotency
        .finish(tx, &caller, StatusCode::CREATED, &comment)
        .await?;
    news.tell(&app);
    Ok(response)
}

/// Changes a comment; for its author
#[utoipa::path(
    patch, path = "/api/v1/comments/{id}", tag = "comments",
    params(("id" = Uuid, Path, description = "The comment")),
    request_body = CommentChange,
    responses(
        (status = 200, body = Comment),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem),
    ),
    security(("bearer" = [])),
)]
async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(change): Json<CommentChange>,
) -> Result<Json<Comment>> {
    let mut tx = app.store().begin(&caller).await?;
    let comment = tx.comment(id).await?.ok_or_else(Error::not_found)?;
    let news = comments::edit(&mut tx, &caller, &comment, &change).await?;
    let comment = comments::one_comment(&mut tx, id).await?;
    tx.commit().await?;
    news.tell(&app);
    Ok(Json(comment))
}

/// Takes a comment back; for its author
///
/// Its place stays, without the text; a thread whose last comment is taken back goes with it.
#[utoipa::path(
    delete, path = "/api/v1/comments/{id}", tag = "comments",
    params(("id" = Uuid, Path, description = "The comment")),
    responses(
        (status = 204, description = "Its text is gone"),
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
    let comment = tx.comment(id).await?.ok_or_else(Error::not_found)?;
    let news = comments::take_back(&mut tx, &caller, &comment).await?;
    tx.commit().await?;
    news.tell(&app);
    Ok(StatusCode::NO_CONTENT)
}

/// Counts a thread as read by the caller, up to one of its comments
#[utoipa::path(
    post, path = "/api/v1/comment_threads/{id}/read", tag = "comments",
    params(("id" = Uuid, Path, description = "The thread")),
    request_body = CommentsRead,
    responses((status = 204, description = "So it is"), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn read(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(until): Json<CommentsRead>,
) -> Result<StatusCode> {
    let mut tx = app.store().begin(&caller).await?;
    let thread = comments::found(&mut tx, &caller, id).await?;
    let news = comments::read(&mut tx, &caller, &thread, until.comment_id).await?;
    tx.commit().await?;
    news.tell(&app);
    Ok(StatusCode::NO_CONTENT)
}
