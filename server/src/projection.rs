//! Documents into rows: `annotations` and `suggestions` are projections that may be dropped and
//! rebuilt.
//!
//! A room's actor records what each event touched ([`Touches`]), and after a moment writes the
//! annotations and suggestions as they then are in one transaction of the tenant ([`write`]), together with
//! `rooms.projected_seq`. [`rebuild`] makes the same rows from the log alone, or from the
//! snapshot with which it begins.
//! An annotation whose label is not one of the project's has no row; its author is told.

mod rebuild;
mod suggestions;
mod touches;

pub use rebuild::rebuild;
pub use touches::{Batch, Touch, Touches};

use crate::error::Result;
use crate::memory::of_documents;
use crate::store::{AnnotationRecord, RoomIdentity, Store, Tx};
use serde::Serialize;
use serde_json::Value;
use std::collections::HashSet;
use uuid::Uuid;
use visionflow_model::{Annotation, AnnotationId};

/// Rows written in one statement.
const CHUNK: usize = 1000;

/// What a batch came to.
#[derive(Clone, Debug, Default)]
pub struct Projected {
    /// The rows hold everything up to this event.
    pub seq: i64,
    /// Annotations without a row, for their label is not one of the project's, and who last
    /// touched them.
    pub passed_over: Vec<(AnnotationId, Option<Uuid>)>,
    /// The image that the room has got since it was opened.
    pub late_image: Option<Uuid>,
    /// Nothing was written: another server has, from a later state of the document.
    pub is_stale: bool,
}

/// Writes a batch; nothing of it stands when it fails.
///
/// Several servers may write the rows of one room, each from the document as it has it. They take
/// turns, and who is behind the rows leaves them alone: what they hold of an annotation is always of
/// the latest event, or later.
pub async fn write(store: &Store, batch: &Batch) -> Result<Projected> {
    let started = std::time::Instant::now();
    let mut tx = store.begin_as_tenant(batch.room.workspace_id).await?;
    let projected = match batch.image_id {
        Some(image_id) => write_rows(&mut tx, batch, image_id).await?,
        None => write_rows_of_late_image(&mut tx, batch).await?,
    };
    if projected.is_stale {
        return Ok(projected);
    }
    tx.set_projected_seq(batch.room.room_id, projected.seq)
        .await?;
    tx.commit().await?;
    metrics::histogram!("projection_seconds").record(started.elapsed());
    Ok(projected)
}

/// A room without an image has no rows. When its image has come since the room was opened, the
/// batch, made without it, is not enough: all are made anew, and `Projected` tells of the image.
async fn write_rows_of_late_image(tx: &mut Tx, batch: &Batch) -> Result<Projected> {
    let heads = tx.room_heads(batch.room.room_id).await?;
    let Some(image_id) = heads.and_then(|heads| heads.image_id) else {
        return Ok(Projected {
            seq: batch.seq,
            ..Projected::default()
        });
    };
    let rebuilt = rebuild::rebuild_rows(tx, &batch.room, image_id).await?;
    Ok(Projected {
        late_image: Some(image_id),
        ..rebuilt
    })
}

async fn write_rows(tx: &mut Tx, batch: &Batch, image_id: Uuid) -> Result<Projected> {
    let room = &batch.room;
    tx.lock_rows_of_image(image_id).await?;
    // A statement of its own, so that it sees what the one before has waited for.
    let written = tx.room_heads(room.room_id).await?;
    if let Some(heads) = written.filter(|heads| heads.projected_seq > batch.seq) {
        return Ok(Projected {
            seq: heads.projected_seq,
            is_stale: true,
            ..Projected::default()
        });
    }
    let labels = known_labels(
        tx,
        room,
        batch.present.iter().map(|(annotation, _)| annotation),
    )
    .await?;
    let (known, unknown): (Vec<_>, Vec<_>) = batch
        .present
        .iter()
        .partition(|(annotation, _)| labels.contains(&annotation.label.0));
    let mut gone: Vec<Uuid> = batch.removed.iter().map(|id| id.0).collect();
    gone.extend(unknown.iter().map(|(annotation, _)| annotation.id.0));
    let (added, updated): (Vec<_>, Vec<_>) = known
        .into_iter()
        .partition(|(_, touch)| touch.added.is_some());
    let mut more = 0;
    if !gone.is_empty() {
        tx.keep_pins(room, image_id, &gone).await?;
        more -= tx.delete_annotations(room, image_id, &gone).await?;
    }
    for chunk in added.chunks(CHUNK) {
        let records = records(chunk);
        more += tx.upsert_annotations(room, image_id, &records, 0).await?;
    }
    if more != 0 {
        tx.count_annotations(image_id, more).await?;
    }
    for chunk in updated.chunks(CHUNK) {
        let records = records(chunk);
        let found = tx.update_annotations(room, image_id, &records).await?;
        if found < records.len() as i64 {
            // A row is missing whose first author only the log knows.
            return rebuild::rebuild_rows(tx, room, image_id).await;
        }
    }
    suggestions::write(tx, batch, image_id).await?;
    let passed_over = unknown
        .into_iter()
        .map(|(annotation, touch)| (annotation.id, touch.by));
    Ok(Projected {
        seq: batch.seq,
        passed_over: passed_over.collect(),
        ..Projected::default()
    })
}

/// Those of the annotations' labels that the project has.
async fn known_labels<'a>(
    tx: &mut Tx,
    room: &RoomIdentity,
    annotations: impl Iterator<Item = &'a Annotation>,
) -> Result<HashSet<Uuid>> {
    let labels: HashSet<Uuid> = annotations.map(|annotation| annotation.label.0).collect();
    if labels.is_empty() {
        return Ok(labels);
    }
    let labels: Vec<Uuid> = labels.into_iter().collect();
    Ok(tx
        .existing_labels(room.project_id, &labels)
        .await?
        .into_iter()
        .collect())
}

fn records(chunk: &[&(Annotation, Touch)]) -> Vec<AnnotationRecord> {
    let records = chunk
        .iter()
        .map(|(annotation, touch)| record(annotation, touch));
    of_documents(|| records.collect())
}

/// The row of an annotation.
fn record(annotation: &Annotation, touch: &Touch) -> AnnotationRecord {
    let (annotator_id, created_at) = touch.added.unwrap_or((touch.by, touch.at));
    AnnotationRecord {
        id: annotation.id.0,
        kind: annotation.shape.kind().name(),
        label_id: annotation.label.0,
        annotator_id,
        updated_by: touch.by,
        data: json(&annotation.shape),
        attributes: json(&annotation.attributes),
        z: annotation.z,
        group_id: annotation.group.map(|group| group.0),
        locked: annotation.locked,
        style: json(&annotation.style),
        source: storable(annotation.source.name()),
        seq: touch.seq,
        created_at,
        updated_at: touch.at,
    }
}

fn json(value: &impl Serialize) -> Value {
    let mut value = serde_json::to_value(value).unwrap_or_default();
    make_storable(&mut value);
    value
}

fn make_storable(value: &mut Value) {
    match value {
        Value::String(text) => *text = storable(std::mem::take(text)),
        Value::Array(items) => items.iter_mut().for_each(make_storable),
        Value::Object(fields) => fields.values_mut().for_each(make_storable),
        _ => {}
    }
}

/// Postgres cannot store U+0000 in text; a reader sees U+FFFD.
fn storable(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}
