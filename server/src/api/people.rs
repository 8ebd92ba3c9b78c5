//! `/api/v1/projects/{id}/people`: who is at which photograph.

use crate::App;
use crate::caller::Caller;
use crate::error::Result;
use crate::extract::{Json, Path};
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{People, PersonAt, Problem};

/// Nobody looks for more in a list.
const LIMIT: i64 = 1000;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(list))
}

/// Who has which photograph open now
///
/// On any server of this installation. Who comes is there within about two seconds, who leaves is
/// gone as soon; after the crash of a server its people stay for about a minute.
#[utoipa::path(get, path = "/api/v1/projects/{id}/people", tag = "members",
    params(("id" = Uuid, Path, description = "The project")),
    responses((status = 200, body = People), (status = 404, body = Problem)),
    security(("bearer" = [])))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<People>> {
    let mut tx = app.store().begin(&caller).await?;
    caller.project_role(&mut tx, id).await?;
    let rows = tx.people(id, LIMIT).await?;
    tx.commit().await?;
    let items = rows.into_iter().map(|row| PersonAt {
        image_id: row.image_id,
        filename: row.filename,
        user_id: row.user_id,
        name: row.name,
    });
    let items = items.collect();
    Ok(Json(People { items }))
}
