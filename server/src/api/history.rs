//! The past of a photograph: sessions, states, named versions, and going back.

mod versions;

use super::images::page_limit;
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::history::{self, Back, Point};
use crate::store::{AnnotatedImage, StretchRow, Tx};
use axum::extract::State;
use axum::response::IntoResponse;
use http::{HeaderMap, StatusCode, header};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{
    AnnotationHistory, History, HistorySession, Page, PageQuery, Problem, RevertTo, Reverted,
    SessionAuthor, StateQuery,
};

/// A session ends where nobody did anything for so long.
const PAUSE_SECS: f64 = 300.0;
/// Events looked at for one page: a longer session comes in parts.
const EVENTS: i64 = 10_000;
/// The most annotations that are brought back by name.
const MOST: usize = 10_000;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(head))
        .routes(routes!(sessions))
        .routes(routes!(state))
        .routes(routes!(annotation))
        .routes(routes!(revert))
        .merge(versions::router())
}

/// How far the past of a photograph reaches
#[utoipa::path(
    get, path = "/api/v1/images/{id}/history", tag = "history",
    params(("id" = Uuid, Path, description = "The photograph")),
    responses((status = 200, body = History), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn head(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<History>> {
    let mut tx = app.store().begin(&caller).await?;
    let image = item(&mut tx, id).await?;
    let heads = tx.room_heads(image.room_id).await?;
    tx.commit().await?;
    let heads = heads.ok_or_else(Error::not_found)?;
    Ok(Json(History {
        seq: heads.seq,
        kept_from: heads.kept_from,
    }))
}

/// Who worked on a photograph and when, the latest first
///
/// A session ends where nobody edits anything for five minutes.
#[utoipa::path(
    get, path = "/api/v1/images/{id}/history/sessions", tag = "history",
    params(("id" = Uuid, Path, description = "The photograph"), PageQuery),
    responses((status = 200, body = Page<HistorySession>), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn sessions(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<HistorySession>>> {
    let limit = page_limit(query.limit)?;
    let before = match query.cursor.as_deref() {
        None => i64::MAX,
        Some(cursor) => cursor
            .parse()
            .map_err(|_| Error::invalid("cursor is not one of this list's."))?,
    };
    let mut tx = app.store().begin(&caller).await?;
    let image = item(&mut tx, id).await?;
    let rows = tx
        .room_stretches(image.room_id, before, EVENTS, PAUSE_SECS)
        .await?;
    tx.commit().await?;
    let seen: i64 = rows.iter().map(|row| row.edits).sum();
    let mut items = fold(rows);
    let is_whole = items.last().is_none_or(|first| first.from_seq <= 1);
    // Where the oldest was cut off it comes with the next page, unless it alone is that long.
    if seen == EVENTS && items.len() > 1 && !is_whole {
        items.pop();
    }
    items.truncate(limit as usize);
    let next = items.last().filter(|last| last.from_seq > 1);
    let next_cursor = next.map(|last| last.from_seq.to_string());
    Ok(Json(Page { items, next_cursor }))
}

/// Rows of one stretch after another, as sessions.
fn fold(rows: Vec<StretchRow>) -> Vec<HistorySession> {
    let mut sessions: Vec<(i64, HistorySession)> = Vec::new();
    for row in rows {
        let author = SessionAuthor {
            user_id: row.user_id,
            name: row.name,
            edits: row.edits,
        };
        match sessions.last_mut() {
            Some((nth, session)) if *nth == row.nth => {
                session.from_seq = session.from_seq.min(row.from_seq);
                session.to_seq = session.to_seq.max(row.to_seq);
                session.started_at = session.started_at.min(row.started_at);
                session.ended_at = session.ended_at.max(row.ended_at);
                session.edits += row.edits;
                session.authors.push(author);
            }
            _ => sessions.push((
                row.nth,
                HistorySession {
                    from_seq: row.from_seq,
                    to_seq: row.to_seq,
                    started_at: row.started_at,
                    ended_at: row.ended_at,
                    edits: row.edits,
                    authors: vec![author],
                },
            )),
        }
    }
    sessions.into_iter().map(|(_, session)| session).collect()
}

/// The document of a photograph as it was right after an edit
///
/// One Yjs update (encoding v1) with everything; 0 is the empty document before the first edit. The
/// past never changes: keep it as long as you like.
#[utoipa::path(
    get, path = "/api/v1/images/{id}/history/state", tag = "history",
    params(("id" = Uuid, Path, description = "The photograph"), StateQuery),
    responses(
        (status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 304, description = "You have it already"),
        (status = 404, body = Problem),
        (status = 410, body = Problem, description = "No longer kept"),
        (status = 422, body = Problem, description = "The log does not reach there"),
    ),
    security(("bearer" = [])),
)]
async fn state(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Query(query): Query<StateQuery>,
    headers: HeaderMap,
) -> Result<impl IntoResponse> {
    let mut tx = app.store().begin(&caller).await?;
    let image = item(&mut tx, id).await?;
    let point = Point {
        seq: query.seq,
        tag: None,
    };
    let seq = point.find(&mut tx, image.room_id).await?;
    let tag = format!("\"{}-{seq}\"", image.room_id);
    let is_known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let (status, body) = if is_known {
        (StatusCode::NOT_MODIFIED, Vec::new())
    } else {
        let document = history::document_at(&mut tx, image.room_id, seq).await?;
        let body = document.diff(&[]).map_err(Error::internal)?;
        (StatusCode::OK, body)
    };
    tx.commit().await?;
    let lasts = match query.seq {
        Some(_) => "private, max-age=31536000, immutable",
        None => "private, no-cache",
    };
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CACHE_CONTROL, lasts.to_owned()),
        (header::VARY, "Authorization".to_owned()),
        (header::ETAG, tag),
    ];
    Ok((status, headers, body))
}

/// Who drew an annotation, and who touched it last
#[utoipa::path(
    get, path = "/api/v1/images/{id}/history/annotations/{annotation_id}", tag = "history",
    params(
        ("id" = Uuid, Path, description = "The photograph"),
        ("annotation_id" = Uuid, Path, description = "The annotation"),
    ),
    responses((status = 200, body = AnnotationHistory), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn annotation(
    State(app): State<App>,
    caller: Caller,
    Path((id, annotation_id)): Path<(Uuid, Uuid)>,
) -> Result<Json<AnnotationHistory>> {
    let mut tx = app.store().begin(&caller).await?;
    let image = item(&mut tx, id).await?;
    let heads = tx.room_heads(image.room_id).await?;
    let heads = heads.ok_or_else(Error::not_found)?;
    if heads.projected_seq < heads.seq {
        tx.commit().await?;
        app.relay().projected(image.room(), heads.seq).await?;
        tx = app.store().begin(&caller).await?;
    }
    let touches = tx.annotation_touches(&image, annotation_id).await?;
    tx.commit().await?;
    let touches = touches.ok_or_else(Error::not_found)?;
    Ok(Json(AnnotationHistory {
        created_by: touches.created_by,
        created_by_name: touches.created_by_name,
        created_at: touches.created_at,
        updated_by: touches.updated_by,
        updated_by_name: touches.updated_by_name,
        updated_at: touches.updated_at,
    }))
}

/// Brings a photograph's annotations back to a point of the past
///
/// This is one new edit of the live document, in the caller's name: nothing of the log is lost, and
/// going back to `undo_seq` undoes it. With `annotations` those alone come back.
#[utoipa::path(
    post, path = "/api/v1/images/{id}/history/revert", tag = "history",
    params(("id" = Uuid, Path, description = "The photograph")),
    request_body = RevertTo,
    responses(
        (status = 200, body = Reverted),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 410, body = Problem, description = "No longer kept"),
        (status = 422, body = Problem, description = "There is no such point, or no such annotation at it"),
    ),
    security(("bearer" = [])),
)]
async fn revert(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(to): Json<RevertTo>,
) -> Result<Json<Reverted>> {
    let mut tx = app.store().begin(&caller).await?;
    let image = item(&mut tx, id).await?;
    caller.require_any_role(&mut tx, image.project_id).await?;
    if to.seq.is_none() && to.tag.is_none() {
        return Err(Error::invalid("Say which point is meant: seq or tag."));
    }
    let point = Point {
        seq: to.seq,
        tag: to.tag.as_deref(),
    };
    let seq = point.find(&mut tx, image.room_id).await?;
    let past = history::document_at(&mut tx, image.room_id, seq).await?;
    tx.commit().await?;
    let back = match to.annotations {
        None => Back::Everything,
        Some(ids) if ids.len() > MOST => {
            return Err(Error::invalid(format!(
                "At most {MOST} annotations come back by name."
            )));
        }
        Some(ids) => {
            let is_there = |id: &Uuid| past.get(visionflow_model::AnnotationId(*id)).is_some();
            if let Some(missing) = ids.iter().find(|id| !is_there(id)) {
                return Err(Error::invalid(format!(
                    "There was no annotation {missing} at that point."
                )));
            }
            Back::Annotations(ids)
        }
    };
    history::revert(&app, image.room(), caller.user_id, past, back)
        .await
        .map(Json)
}

/// The photograph, unless it is in the bin.
async fn item(tx: &mut Tx, id: Uuid) -> Result<AnnotatedImage> {
    tx.annotated_image(id).await?.ok_or_else(Error::not_found)
}
