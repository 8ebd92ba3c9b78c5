//! `/api/v1/annotations`: rows to read; each write is an edit of the item's live document, seen at
//! once by whoever has it open.

mod change;
pub(crate) mod check;
mod create;
mod delete;
mod list;

use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::store::{AnnotatedImage, StoredAnnotation, Tx};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{AnnotationRow, AnnotationStatus};
use visionflow_document::{Document, Edit};
use visionflow_model::{AnnotationId, ShapeKind, Source};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_annotations, create::create_annotation))
        .routes(routes!(
            change::change_annotation,
            delete::delete_annotation
        ))
}

/// The image that the caller may write to: 404 when it is not visible or deleted, 403 without a
/// role in the project.
async fn writable_image(tx: &mut Tx, caller: &Caller, image_id: Uuid) -> Result<AnnotatedImage> {
    let image = tx
        .annotated_image(image_id)
        .await?
        .ok_or_else(Error::not_found)?;
    caller.require_any_role(tx, image.project_id).await?;
    Ok(image)
}

/// The image of an annotation, which may not have reached the rows yet only if nobody could have
/// been told its id.
async fn image_of(tx: &mut Tx, caller: &Caller, id: Uuid) -> Result<AnnotatedImage> {
    let image_id = tx
        .image_of_annotation(id)
        .await?
        .ok_or_else(Error::not_found)?;
    writable_image(tx, caller, image_id).await
}

/// Waits for the rows to hold event `seq`, then reads the annotation's.
async fn read_back(
    app: &App,
    caller: &Caller,
    image: &AnnotatedImage,
    id: Uuid,
    seq: i64,
) -> Result<AnnotationRow> {
    app.relay().projected(image.room(), seq).await?;
    let mut tx = app.store().begin(caller).await?;
    let row = tx.annotation(image.project_id, id).await?;
    tx.commit().await?;
    row.ok_or_else(|| Error::conflict("Someone else deleted the annotation at the same moment."))
        .and_then(wire_row)
}

fn wire_row(row: StoredAnnotation) -> Result<AnnotationRow> {
    Ok(AnnotationRow {
        id: row.id,
        image_id: row.image_id,
        project_id: row.project_id,
        label_id: row.label_id,
        class_name: row.class_name,
        annotator_id: row.annotator_id,
        data: serde_json::from_value(row.data).map_err(Error::internal)?,
        attributes: serde_json::from_value(row.attributes).map_err(Error::internal)?,
        z: row.z,
        group: row.group_id,
        locked: row.locked,
        style: serde_json::from_value(row.style).map_err(Error::internal)?,
        source: Source::from_name(&row.source).unwrap_or_default(),
        status: match row.status.as_str() {
            "approved" => AnnotationStatus::Approved,
            "submitted" => AnnotationStatus::Submitted,
            _ => AnnotationStatus::Draft,
        },
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// A photograph of a project with single tags carries one at most: the tag `id` takes the place of
/// the others.
fn replaced_tags(document: &Document, id: AnnotationId) -> Vec<Edit> {
    let others = document
        .annotations()
        .filter(|other| other.shape.kind() == ShapeKind::Tag && other.id != id);
    others.map(|other| Edit::Delete(other.id)).collect()
}
