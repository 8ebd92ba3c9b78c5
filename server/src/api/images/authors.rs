//! Who draws on a photograph: the CRDT client ids of its document, by person.

use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use axum::extract::State;
use uuid::Uuid;
use visionflow_api::{ImageAuthor, Problem};

/// Who has drawn on a photograph
///
/// The live document names the writer of each annotation by a Yjs client id, of which a person has
/// a new one with every visit; this says whose they are. A client id is bound by the server to the
/// account that used it first, so it cannot be borrowed.
#[utoipa::path(
    get, path = "/api/v1/images/{id}/authors", tag = "images",
    params(("id" = Uuid, Path, description = "The photograph")),
    responses((status = 200, body = Vec<ImageAuthor>), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
pub(super) async fn authors(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<Vec<ImageAuthor>>> {
    let mut tx = app.store().begin(&caller).await?;
    let image = tx.image(id).await?.ok_or_else(Error::not_found)?;
    let authors = tx.room_authors(image.room_id).await?;
    tx.commit().await?;
    let authors = authors.into_iter().map(|author| ImageAuthor {
        user_id: author.user_id,
        name: author.name,
        client_ids: author.client_ids.iter().map(|id| *id as u64).collect(),
    });
    Ok(Json(authors.collect()))
}
