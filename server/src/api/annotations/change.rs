//! Changing an annotation.

use super::{check, image_of, read_back};
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use axum::extract::State;
use uuid::Uuid;
use visionflow_api::{AnnotationChange, AnnotationRow, Problem};
use visionflow_document::{Document, Edit};
use visionflow_model::{AnnotationId, LabelId};

/// Changes properties of an annotation; what is absent stays.
#[utoipa::path(
    patch,
    path = "/api/v1/annotations/{id}",
    tag = "annotations",
    params(("id" = Uuid, Path)),
    request_body = AnnotationChange,
    responses(
        (status = 200, body = AnnotationRow),
        (status = 403, description = "The caller may only look", body = Problem),
        (status = 404, description = "No such annotation", body = Problem),
        (status = 422, description = "The label or the shape is refused", body = Problem),
    ),
    security(("bearer" = []))
)]
pub(super) async fn change_annotation(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(change): Json<AnnotationChange>,
) -> Result<Json<AnnotationRow>> {
    let image = image_of(&app, &caller, id).await?;
    if let Some(shape) = &change.data {
        check::shape(shape, &image)?;
    }
    check::attributes(check::present(&change.attributes).into_iter())?;
    if change.z.is_some_and(|z| !z.is_finite()) {
        return Err(Error::invalid("z is a finite number."));
    }
    if let Some(label_id) = change.label_id {
        let mut tx = app.store().begin(&caller).await?;
        check::label(&mut tx, image.project_id, label_id).await?;
        tx.commit().await?;
    }
    let make = move |document: &Document| match document.get(AnnotationId(id)) {
        Some(_) => Ok(edits(AnnotationId(id), change)),
        None => Err(Error::not_found()),
    };
    let seq = app.relay().edit(image.room(), caller.user_id, make).await?;
    Ok(Json(read_back(&app, &caller, &image, id, seq).await?))
}

fn edits(id: AnnotationId, change: AnnotationChange) -> Vec<Edit> {
    let mut edits = Vec::new();
    edits.extend(change.data.map(|shape| Edit::SetShape(id, shape)));
    edits.extend(
        change
            .label_id
            .map(|label| Edit::SetLabel(id, LabelId(label))),
    );
    edits.extend(change.z.map(|z| Edit::SetZ(id, z)));
    let attributes = change.attributes.into_iter();
    edits.extend(attributes.map(|(attribute, value)| Edit::SetAttribute(id, attribute, value)));
    edits
}
