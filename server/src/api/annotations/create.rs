//! Creating an annotation.

use super::{check, read_back, replaced_tags, writable_image};
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::Json;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use visionflow_api::{AnnotationRow, AnnotationStatus, NewAnnotation, Problem};
use visionflow_document::{Document, Edit};
use visionflow_model::{Annotation, AnnotationId, GroupId, LabelId, ShapeKind};

/// Draws an annotation on an image.
///
/// Repeated with the same `id`, or with the same `Idempotency-Key`, it creates nothing twice and
/// answers 200 with what is there.
#[utoipa::path(
    post,
    path = "/api/v1/annotations",
    tag = "annotations",
    request_body = NewAnnotation,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless")),
    responses(
        (status = 201, body = AnnotationRow),
        (status = 200, description = "It was created before", body = AnnotationRow),
        (status = 403, description = "The caller may only look", body = Problem),
        (status = 404, description = "No such image", body = Problem),
        (status = 409, description = "The id belongs to another image's annotation", body = Problem),
        (status = 422, description = "The label or the shape is refused", body = Problem),
    ),
    security(("bearer" = []))
)]
pub(super) async fn create_annotation(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Json(new): Json<NewAnnotation>,
) -> Result<(StatusCode, Json<AnnotationRow>)> {
    let id = match (new.id, headers.get("idempotency-key")) {
        (Some(id), _) => id,
        (None, Some(key)) => id_of_key(caller.user_id, key.as_bytes())?,
        (None, None) => Uuid::now_v7(),
    };
    let mut tx = app.store().begin(&caller).await?;
    let image = writable_image(&mut tx, &caller, new.image_id).await?;
    check::shape(&new.data, &image)?;
    check::attributes(new.attributes.iter())?;
    check::style(&new.style)?;
    check::source(&new.source)?;
    let label = check::label(&mut tx, image.project_id, new.label_id).await?;
    let elsewhere = tx.image_of_annotation(id).await?;
    tx.commit().await?;
    if elsewhere.is_some_and(|image_id| image_id != image.image_id) {
        return Err(Error::conflict(format!(
            "Annotation {id} belongs to another image."
        )));
    }
    let (told, created) = std::sync::mpsc::channel();
    let make = move |document: &Document| {
        if document.get(AnnotationId(id)).is_some() {
            return Ok(Vec::new());
        }
        // New shapes lie above everything drawn before.
        let top = document.annotations().map(|a| a.z).fold(0.0, f64::max);
        let z = if document.is_empty() { 0.0 } else { top + 1.0 };
        let annotation = Annotation {
            z,
            attributes: new.attributes.into(),
            group: new.group.map(GroupId),
            locked: new.locked,
            style: new.style,
            source: new.source,
            ..Annotation::new(AnnotationId(id), LabelId(new.label_id), new.data)
        };
        let _ = told.send(annotation.clone());
        let mut edits = Vec::new();
        if label.single_tag && annotation.shape.kind() == ShapeKind::Tag {
            edits = replaced_tags(document, annotation.id);
        }
        edits.push(Edit::Add(annotation));
        Ok(edits)
    };
    let edited = app.relay().edit(image.room(), caller.user_id, make).await?;
    let (Ok(created), Some(at)) = (created.try_recv(), edited.at) else {
        let row = read_back(&app, &caller, &image, id, edited.seq).await?;
        return Ok((StatusCode::OK, Json(row)));
    };
    // Whoever is told the id may use it, so the row has to be there; what it holds is known.
    app.relay().projected(image.room(), edited.seq).await?;
    let row = AnnotationRow {
        id,
        image_id: image.image_id,
        project_id: image.project_id,
        label_id: new.label_id,
        class_name: label.name,
        annotator_id: Some(caller.user_id),
        data: created.shape,
        attributes: created.attributes.into(),
        z: created.z,
        group: created.group.map(|group| group.0),
        locked: created.locked,
        style: created.style,
        source: created.source,
        status: AnnotationStatus::Draft,
        created_at: at,
        updated_at: at,
    };
    Ok((StatusCode::CREATED, Json(row)))
}

/// The id that one person's key stands for.
fn id_of_key(user_id: Uuid, key: &[u8]) -> Result<Uuid> {
    if key.is_empty() || key.len() > 200 {
        return Err(Error::malformed(
            "An Idempotency-Key has 1 to 200 characters.",
        ));
    }
    let hash = Sha256::new()
        .chain_update("visionflow annotation")
        .chain_update(user_id.as_bytes())
        .chain_update(key)
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    Ok(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
