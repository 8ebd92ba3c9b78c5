//! Changing an annotation.

use super::{check, image_of, read_back, replaced_tags};
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use axum::extract::State;
use uuid::Uuid;
use visionflow_api::{AnnotationChange, AnnotationRow, Problem};
use visionflow_document::{Document, Edit};
use visionflow_model::{AnnotationId, GroupId, LabelId, Shape};

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
    let mut tx = app.store().begin(&caller).await?;
    let image = image_of(&mut tx, &caller, id).await?;
    if let Some(shape) = &change.data {
        check::shape(shape, &image)?;
    }
    check::attributes(check::present(&change.attributes).into_iter())?;
    if change.z.is_some_and(|z| !z.is_finite()) {
        return Err(Error::invalid("z is a finite number."));
    }
    if let Some(style) = &change.style {
        check::style(style)?;
    }
    if let Some(label_id) = change.label_id {
        check::label(&mut tx, image.project_id, label_id).await?;
    }
    let becomes_tag = matches!(change.data, Some(Shape::Tag));
    let replaces = becomes_tag && tx.single_tag(image.project_id).await?;
    tx.commit().await?;
    let make = move |document: &Document| {
        let id = AnnotationId(id);
        if document.get(id).is_none() {
            return Err(Error::not_found());
        }
        let mut all = edits(id, change);
        if replaces {
            all.extend(replaced_tags(document, id));
        }
        Ok(all)
    };
    let edited = app.relay().edit(image.room(), caller.user_id, make).await?;
    Ok(Json(
        read_back(&app, &caller, &image, id, edited.seq).await?,
    ))
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
    let group = change.group.map(|group| group.map(GroupId));
    edits.extend(group.map(|group| Edit::SetGroup(id, group)));
    edits.extend(change.locked.map(|locked| Edit::SetLocked(id, locked)));
    edits.extend(change.style.map(|style| Edit::SetStyle(id, style)));
    let attributes = change.attributes.into_iter();
    edits.extend(attributes.map(|(attribute, value)| Edit::SetAttribute(id, attribute, value)));
    edits
}
