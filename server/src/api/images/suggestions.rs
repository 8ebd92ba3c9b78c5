//! What models propose for a photograph: read from rows, written as edits of its document.

use super::page_limit;
use crate::App;
use crate::api::annotations::check;
use crate::api::paging::{next_cursor, written};
use crate::api::projects::id_cursor;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::store::{StoredSuggestion, Tx};
use crate::suggestions::{Found, propose};
use axum::extract::State;
use http::StatusCode;
use serde_json::value::RawValue;
use std::collections::HashSet;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{NewSuggestions, Page, Problem, Proposed, SuggestionQuery, SuggestionRow};
use visionflow_model::{Source, Verdict};

/// The most that a model proposes for one photograph at once.
pub const MOST: usize = 10_000;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(list, create))
}

/// What models have proposed for a photograph, and what became of it, ordered by id
///
/// Everything that was acknowledged before the request is in the answer.
#[utoipa::path(
    get, path = "/api/v1/images/{id}/suggestions", tag = "suggestions",
    params(("id" = Uuid, Path, description = "The photograph"), SuggestionQuery),
    responses((status = 200, body = Page<SuggestionRow>), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Query(query): Query<SuggestionQuery>,
) -> Result<Json<Page<Box<RawValue>>>> {
    let limit = page_limit(query.limit)?;
    let after = query.cursor.as_deref().map(id_cursor).transpose()?;
    let mut tx = app.store().begin(&caller).await?;
    let image = tx.annotated_image(id).await?.ok_or_else(Error::not_found)?;
    let heads = tx.room_heads(image.room_id).await?;
    let heads = heads.ok_or_else(Error::not_found)?;
    if heads.projected_seq < heads.seq {
        tx.commit().await?;
        app.relay().projected(image.room(), heads.seq).await?;
        tx = app.store().begin(&caller).await?;
    }
    let verdict = query.verdict.map(Verdict::name);
    let after = after.unwrap_or_default();
    let mut rows = tx
        .image_suggestions(image.project_id, id, verdict, after, limit + 1)
        .await?;
    tx.commit().await?;
    let next_cursor = next_cursor(&mut rows, limit, |row| row.id.to_string());
    let items = written(rows, to_wire)?;
    Ok(Json(Page { items, next_cursor }))
}

/// Proposes annotations in the name of a model
///
/// What the model proposed before and nobody has decided about is superseded. All of it is one edit
/// of the photograph's document.
#[utoipa::path(
    post, path = "/api/v1/images/{id}/suggestions", tag = "suggestions",
    params(("id" = Uuid, Path, description = "The photograph")),
    request_body = NewSuggestions,
    responses(
        (status = 201, body = Proposed),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "The model is archived, or not ready"),
        (status = 422, body = Problem, description = "A label, a shape or a score is refused"),
    ),
    security(("bearer" = [])),
)]
async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(new): Json<NewSuggestions>,
) -> Result<(StatusCode, Json<Proposed>)> {
    let mut tx = app.store().begin(&caller).await?;
    let image = tx.annotated_image(id).await?.ok_or_else(Error::not_found)?;
    caller.require_any_role(&mut tx, image.project_id).await?;
    let model = crate::api::models::usable(&mut tx, image.project_id, new.model).await?;
    if new.suggestions.len() > MOST {
        return Err(Error::invalid(format!(
            "A model proposes at most {MOST} annotations for a photograph."
        )));
    }
    check_labels(&mut tx, image.project_id, &new).await?;
    for suggestion in &new.suggestions {
        check::shape(&suggestion.data, &image)?;
        check::attributes(suggestion.attributes.iter())?;
        if !(0.0..=1.0).contains(&suggestion.score) {
            return Err(Error::invalid("A score is a number from 0 to 1."));
        }
    }
    tx.commit().await?;
    let run = new.run.unwrap_or_else(Uuid::now_v7);
    let found = new.suggestions.into_iter().map(|suggestion| Found {
        label: suggestion.label,
        score: suggestion.score,
        shape: suggestion.data,
        attributes: suggestion.attributes,
    });
    let found = found.collect();
    let (ids, seq) = propose(&app, &image, &model, run, caller.user_id, found).await?;
    // Whoever is told the ids may use them.
    app.relay().projected(image.room(), seq).await?;
    Ok((StatusCode::CREATED, Json(Proposed { run, ids })))
}

async fn check_labels(tx: &mut Tx, project_id: Uuid, new: &NewSuggestions) -> Result<()> {
    let labels: HashSet<Uuid> = new.suggestions.iter().map(|s| s.label).collect();
    for label in labels {
        check::label(tx, project_id, label).await?;
    }
    Ok(())
}

fn to_wire(row: StoredSuggestion) -> Result<SuggestionRow> {
    Ok(SuggestionRow {
        id: row.id,
        image_id: row.image_id,
        label_id: row.label_id,
        class_name: row.class_name,
        data: serde_json::from_value(row.data).map_err(Error::internal)?,
        attributes: serde_json::from_value(row.attributes).map_err(Error::internal)?,
        z: row.z,
        source: Source::from_name(&row.source).unwrap_or_default(),
        score: row.score,
        model: row.model_id,
        run: row.run_id,
        verdict: Verdict::from_name(&row.verdict).unwrap_or_default(),
        corrected: row.corrected,
        proposed_by: row.proposed_by,
        decided_by: row.decided_by,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
