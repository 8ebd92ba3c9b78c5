//! `/api/v1/me/notifications`: what others said to the caller.

use crate::App;
use crate::api::images::page_limit;
use crate::api::paging::next_cursor;
use crate::api::projects::id_cursor;
use crate::caller::Caller;
use crate::error::Result;
use crate::extract::{Json, Query};
use crate::relay::Audience;
use crate::store::NotificationRow;
use axum::extract::State;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use visionflow_api::{
    CommentPerson, Notification, NotificationKind, Notifications, NotificationsRead, PageQuery,
    Problem, ServerControl,
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list))
        .routes(routes!(read))
}

/// Where the caller was mentioned or answered, the newest first
#[utoipa::path(
    get, path = "/api/v1/me/notifications", tag = "me", params(PageQuery),
    responses((status = 200, body = Notifications), (status = 401, body = Problem)),
    security(("bearer" = [])),
)]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Result<Json<Notifications>> {
    let limit = page_limit(query.limit)?;
    let before = query.cursor.as_deref().map(id_cursor).transpose()?;
    let mut tx = app.store().begin(&caller).await?;
    let mut rows = tx.notifications(caller.user_id, before, limit + 1).await?;
    let unread = tx.unread_notifications(caller.user_id).await?;
    tx.commit().await?;
    let next_cursor = next_cursor(&mut rows, limit, |row| row.id.to_string());
    Ok(Json(Notifications {
        items: rows.into_iter().map(to_wire).collect(),
        next_cursor,
        unread,
    }))
}

/// Counts notifications as read: these, or all
#[utoipa::path(
    post, path = "/api/v1/me/notifications/read", tag = "me", request_body = NotificationsRead,
    responses((status = 204, description = "So they are"), (status = 401, body = Problem)),
    security(("bearer" = [])),
)]
async fn read(
    State(app): State<App>,
    caller: Caller,
    Json(which): Json<NotificationsRead>,
) -> Result<StatusCode> {
    let mut tx = app.store().begin(&caller).await?;
    let changed = tx
        .read_notifications(caller.user_id, which.ids.as_deref())
        .await?;
    tx.commit().await?;
    if changed {
        // The caller's other pages count as well.
        let me = Audience::User(caller.user_id);
        app.relay().tell(me, &ServerControl::Notified);
    }
    Ok(StatusCode::NO_CONTENT)
}

fn to_wire(row: NotificationRow) -> Notification {
    Notification {
        id: row.id,
        kind: match row.kind.as_str() {
            "mention" => NotificationKind::Mention,
            _ => NotificationKind::Reply,
        },
        actor: CommentPerson {
            id: row.actor_id,
            name: row.actor_name,
        },
        project_id: row.project_id,
        room_id: row.room_id,
        image_id: row.image_id,
        filename: row.filename.unwrap_or_default(),
        thread_id: row.thread_id,
        thread_number: row.thread_number,
        comment_id: row.comment_id,
        excerpt: row.body,
        created_at: row.created_at,
        read_at: row.read_at,
    }
}
