//! A project's photographs: listed, shown, put into the bin and taken out of it.

mod authors;
mod cursor;
mod embedding;
mod suggestions;

pub use cursor::Cursor;

use super::paging::next_cursor;
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::store::{ImageFilter, ImageRow, Tx};
use axum::extract::State;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{Image, ImageQuery, ImageStatus, Page, Problem, ProjectRole};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list))
        .routes(routes!(get, delete))
        .routes(routes!(restore))
        .routes(routes!(authors::authors))
        .routes(routes!(embedding::embedding))
        .merge(suggestions::router())
}

/// The photographs of a project, in the order in which they came
///
/// With `deleted=true` those in the bin, the last deleted first; with `pending=true` only those with
/// suggestions of models that wait for a decision.
#[utoipa::path(
    get, path = "/api/v1/projects/{id}/images", tag = "images",
    params(("id" = Uuid, Path, description = "The project"), ImageQuery),
    responses((status = 200, body = Page<Image>), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(project_id): Path<Uuid>,
    Query(query): Query<ImageQuery>,
) -> Result<Json<Page<Image>>> {
    let limit = page_limit(query.limit)?;
    let deleted = query.deleted.unwrap_or(false);
    let after = query.cursor.as_deref().map(Cursor::parse).transpose()?;
    let mut tx = app.store().begin(&caller).await?;
    caller.project_role(&mut tx, project_id).await?;
    let filter = ImageFilter {
        project_id,
        deleted,
        pending: query.pending.unwrap_or(false),
        search: query.search.as_deref().filter(|text| !text.is_empty()),
        after: after.map(|cursor| (cursor.time, cursor.id)),
        limit: limit + 1,
    };
    let mut rows = tx.images(&filter).await?;
    tx.commit().await?;
    let next_cursor = next_cursor(&mut rows, limit, |last| {
        let time = if deleted { last.deleted_at } else { None };
        Cursor {
            time: time.unwrap_or(last.created_at),
            id: last.id,
        }
        .to_string()
    });
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(to_wire(&app, row).await?);
    }
    Ok(Json(Page { items, next_cursor }))
}

/// One photograph, also while it is in the bin
#[utoipa::path(
    get, path = "/api/v1/images/{id}", tag = "images",
    params(("id" = Uuid, Path, description = "The photograph")),
    responses((status = 200, body = Image), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn get(State(app): State<App>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Image>> {
    let mut tx = app.store().begin(&caller).await?;
    let image = tx.image(id).await?.ok_or_else(Error::not_found)?;
    tx.commit().await?;
    to_wire(&app, image).await.map(Json)
}

/// Puts a photograph into the bin
///
/// Its annotations stay with it; for 30 days it can be restored. Admins and reviewers may, and
/// whoever uploaded it.
#[utoipa::path(
    delete, path = "/api/v1/images/{id}", tag = "images",
    params(("id" = Uuid, Path, description = "The photograph")),
    responses(
        (status = 204, description = "It is in the bin"),
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
    let image = removable(&caller, &mut tx, id).await?;
    let changed = tx.set_image_deleted(id, true).await?;
    tx.commit().await?;
    if changed {
        app.relay().item_deleted(image.room_id);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a photograph out of the bin
#[utoipa::path(
    post, path = "/api/v1/images/{id}/restore", tag = "images",
    params(("id" = Uuid, Path, description = "The photograph")),
    responses(
        (status = 200, body = Image),
        (status = 403, body = Problem), (status = 404, body = Problem),
    ),
    security(("bearer" = [])),
)]
async fn restore(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<Image>> {
    let mut tx = app.store().begin(&caller).await?;
    removable(&caller, &mut tx, id).await?;
    let changed = tx.set_image_deleted(id, false).await?;
    let image = tx.image(id).await?.ok_or_else(Error::not_found)?;
    tx.commit().await?;
    if changed {
        app.relay().item_restored(image.room_id);
    }
    to_wire(&app, image).await.map(Json)
}

/// The image, if the caller may put it into the bin and take it out.
async fn removable(caller: &Caller, tx: &mut Tx, id: Uuid) -> Result<ImageRow> {
    let image = tx.image(id).await?.ok_or_else(Error::not_found)?;
    caller.require_any_role(tx, image.project_id).await?;
    if image.created_by != caller.user_id {
        let roles = [ProjectRole::Admin, ProjectRole::Reviewer];
        caller.require_role(tx, image.project_id, &roles).await?;
    }
    Ok(image)
}

/// The row as the API shows it, with short-lived URLs.
pub async fn to_wire(app: &App, row: ImageRow) -> Result<Image> {
    let thumbnail_url = thumbnail_url(app, row.thumbnail_path.as_deref()).await?;
    Ok(Image {
        id: row.id,
        project_id: row.project_id,
        room_id: row.room_id,
        filename: row.filename,
        width: row.width,
        height: row.height,
        content_type: row.content_type,
        size_bytes: row.size_bytes,
        status: match row.status.as_str() {
            "ready" => ImageStatus::Ready,
            "damaged" => ImageStatus::Damaged,
            _ => ImageStatus::Verifying,
        },
        annotation_count: row.annotation_count,
        pending_suggestions: row.pending_suggestions,
        url: app.objects().presign_get(&row.storage_path).await?,
        thumbnail_url,
        created_at: row.created_at,
        deleted_at: row.deleted_at,
    })
}

/// Where the browser fetches a thumbnail, if there is one.
pub async fn thumbnail_url(app: &App, path: Option<&str>) -> Result<Option<String>> {
    match path {
        Some(path) => Ok(Some(app.objects().presign_get(path).await?)),
        None => Ok(None),
    }
}

/// 100 without a wish, 500 at most.
pub fn page_limit(wish: Option<u32>) -> Result<i64> {
    match wish {
        None => Ok(100),
        Some(limit @ 1..=500) => Ok(i64::from(limit)),
        Some(_) => Err(Error::invalid("limit is a number from 1 to 500.")),
    }
}
