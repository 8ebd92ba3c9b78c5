//! Rendered pictures for the workbench: asked for, followed, downloaded.

use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use crate::idempotency::Idempotency;
use crate::renders;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{NewRender, Problem, Render};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(create))
        .routes(routes!(get))
}

/// Has a picture of the photograph with its annotations drawn
///
/// What is edited afterwards is not part of it. Follow it with `GET /api/v1/renders/{id}`; the
/// download is there for seven days. The same input gives the same bytes.
#[utoipa::path(
    post, path = "/api/v1/images/{id}/renders", tag = "renders",
    params(("id" = Uuid, Path, description = "The image")),
    request_body = NewRender,
    responses(
        (status = 202, body = Render),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 410, body = Problem, description = "That moment is no longer kept"),
        (status = 422, body = Problem, description = "Too large, no such moment, or no transparency"),
    ),
    security(("bearer" = [])),
)]
async fn create(
    State(app): State<App>,
    caller: Caller,
    idempotency: Idempotency,
    Path(image_id): Path<Uuid>,
    Json(request): Json<NewRender>,
) -> Result<Response> {
    let mut tx = app.store().begin(&caller).await?;
    let image = tx.image(image_id).await?.ok_or_else(Error::not_found)?;
    caller.project_role(&mut tx, image.project_id).await?;
    if let Some(answer) = idempotency.replay(&mut tx, &caller, &request).await? {
        return Ok(answer);
    }
    let id = renders::begin(&mut tx, &caller, &image, &request).await?;
    let render = tx.render(id).await?.ok_or_else(Error::not_found)?;
    let render = renders::to_wire(&app, render).await?;
    idempotency
        .finish(tx, &caller, StatusCode::ACCEPTED, &render)
        .await
}

/// One picture and how far it is
#[utoipa::path(
    get, path = "/api/v1/renders/{id}", tag = "renders",
    params(("id" = Uuid, Path, description = "The picture")),
    responses((status = 200, body = Render), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
async fn get(State(app): State<App>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Render>> {
    let mut tx = app.store().begin(&caller).await?;
    let render = tx.render(id).await?.ok_or_else(Error::not_found)?;
    tx.commit().await?;
    renders::to_wire(&app, render).await.map(Json)
}
