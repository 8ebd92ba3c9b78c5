//! Creating an annotation.

use super::{check, read_back, writable_image};
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::Json;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use visionflow_api::{AnnotationRow, NewAnnotation, Problem};
use visionflow_document::{Document, Edit};
use visionflow_model::{Annotation, AnnotationId, LabelId};

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
    let image = writable_image(&app, &caller, new.image_id).await?;
    let id = match (new.id, headers.get("idempotency-key")) {
        (Some(id), _) => id,
        (None, Some(key)) => id_of_key(caller.user_id, key.as_bytes())?,
        (None, None) => Uuid::now_v7(),
    };
    check::shape(&new.data, &image)?;
    check::attributes(new.attributes.iter())?;
    let mut tx = app.store().begin(&caller).await?;
    check::label(&mut tx, image.project_id, new.label_id).await?;
    let elsewhere = tx.image_of_annotation(id).await?;
    tx.commit().await?;
    if elsewhere.is_some_and(|image_id| image_id != image.image_id) {
        return Err(Error::conflict(format!(
            "Annotation {id} belongs to another image."
        )));
    }
    let (told, existed) = std::sync::mpsc::channel();
    let make = move |document: &Document| {
        let annotation = AnnotationId(id);
        let _ = told.send(document.get(annotation).is_some());
        if document.get(annotation).is_some() {
            return Ok(Vec::new());
        }
        // New shapes lie above everything drawn before.
        let top = document.annotations().map(|a| a.z).fold(0.0, f64::max);
        let z = if document.is_empty() { 0.0 } else { top + 1.0 };
        Ok(vec![Edit::Add(Annotation {
            z,
            attributes: new.attributes,
            ..Annotation::new(annotation, LabelId(new.label_id), new.data)
        })])
    };
    let seq = app.relay().edit(image.room(), caller.user_id, make).await?;
    let row = read_back(&app, &caller, &image, id, seq).await?;
    let existed = existed.try_recv().unwrap_or_default();
    Ok((
        if existed {
            StatusCode::OK
        } else {
            StatusCode::CREATED
        },
        Json(row),
    ))
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
