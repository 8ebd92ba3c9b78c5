//! Reading annotations, page by page.

use super::wire_row;
use crate::App;
use crate::api::paging::{next_cursor, written};
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Query};
use crate::store::{RoomIdentity, Tx};
use axum::extract::State;
use serde_json::value::RawValue;
use uuid::Uuid;
use visionflow_api::{AnnotationQuery, AnnotationRow, Page, Problem};

/// The annotations of an image or of a project, ordered by id.
///
/// Everything that was acknowledged before the request is in the answer.
#[utoipa::path(
    get,
    path = "/api/v1/annotations",
    tag = "annotations",
    params(AnnotationQuery),
    responses(
        (status = 200, body = Page<AnnotationRow>),
        (status = 404, description = "No such image or project", body = Problem),
        (status = 422, description = "Neither an image nor a project is named", body = Problem),
    ),
    security(("bearer" = []))
)]
pub(super) async fn list_annotations(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<AnnotationQuery>,
) -> Result<Json<Page<Box<RawValue>>>> {
    let limit = query.limit.unwrap_or(100);
    if !(1..=500).contains(&limit) {
        return Err(Error::invalid("limit is a number from 1 to 500."));
    }
    let after = match &query.cursor {
        Some(cursor) => Uuid::parse_str(cursor)
            .map_err(|_| Error::malformed("The cursor is not one of ours."))?,
        None => Uuid::nil(),
    };
    let mut tx = app.store().begin(&caller).await?;
    let (project_id, lagging) = scope(&mut tx, &caller, &query).await?;
    if !lagging.is_empty() {
        tx.commit().await?;
        for (room, seq) in lagging {
            app.relay().projected(room, seq).await?;
        }
        tx = app.store().begin(&caller).await?;
    }
    let limit = i64::from(limit);
    let mut rows = match query.image_id {
        Some(image_id) => {
            tx.image_annotations(project_id, image_id, after, limit + 1)
                .await?
        }
        None => tx.project_annotations(project_id, after, limit + 1).await?,
    };
    tx.commit().await?;
    let next_cursor = next_cursor(&mut rows, limit, |row| row.id.to_string());
    let items = written(rows, wire_row)?;
    Ok(Json(Page { items, next_cursor }))
}

/// The project to read from, and its rooms whose rows are behind.
async fn scope(
    tx: &mut Tx,
    caller: &Caller,
    query: &AnnotationQuery,
) -> Result<(Uuid, Vec<(RoomIdentity, i64)>)> {
    if let Some(image_id) = query.image_id {
        let image = tx
            .annotated_image(image_id)
            .await?
            .ok_or_else(Error::not_found)?;
        if query
            .project_id
            .is_some_and(|project_id| project_id != image.project_id)
        {
            return Err(Error::not_found());
        }
        let heads = tx
            .room_heads(image.room_id)
            .await?
            .ok_or_else(Error::not_found)?;
        let behind = (heads.projected_seq < heads.seq).then(|| (image.room(), heads.seq));
        return Ok((image.project_id, behind.into_iter().collect()));
    }
    let project_id = query
        .project_id
        .ok_or_else(|| Error::invalid("Name an image_id or a project_id."))?;
    caller.project_role(tx, project_id).await?;
    Ok((project_id, tx.lagging_rooms(project_id).await?))
}
