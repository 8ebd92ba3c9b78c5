//! The rows of a room made anew from its log.

use super::{CHUNK, Projected, Touch, Touches, known_labels, record, suggestions};
use crate::error::{Error, Result};
use crate::history;
use crate::store::{RoomIdentity, Tx};
use std::collections::HashMap;
use uuid::Uuid;
use visionflow_document::Document;
use visionflow_model::Annotation;

/// Drops and remakes the rows of a room, within `tx`. What the log does not know (an annotation's
/// review status) is kept where the row still exists.
pub async fn rebuild(tx: &mut Tx, room: &RoomIdentity) -> Result<Projected> {
    let heads = tx
        .room_heads(room.room_id)
        .await?
        .ok_or_else(Error::not_found)?;
    let projected = match heads.image_id {
        Some(image_id) => rebuild_rows(tx, room, image_id).await?,
        None => Projected {
            seq: heads.seq,
            ..Projected::default()
        },
    };
    tx.set_projected_seq(room.room_id, projected.seq).await?;
    Ok(projected)
}

/// What stands before the first event of the log. Of that the document knows who drew it; when, only
/// rows that still exist know.
async fn begin(tx: &mut Tx, room_id: Uuid, kept_from: i64) -> Result<(Document, Touches)> {
    let mut touches = Touches::default();
    let opened = history::open_snapshot(tx, room_id, kept_from, kept_from, 0).await?;
    let document = opened.document;
    if kept_from > 0 {
        let clients: HashMap<i64, Option<Uuid>> =
            tx.room_clients(room_id).await?.into_iter().collect();
        let drawn_by = document.authors();
        let author = |id| *clients.get(&(*drawn_by.get(&id)? as i64))?;
        let at = tx.room_log_begins_at(room_id, kept_from).await?;
        touches.record_base(&document, author, at, kept_from);
    }
    Ok((document, touches))
}

pub(super) async fn rebuild_rows(
    tx: &mut Tx,
    room: &RoomIdentity,
    image_id: Uuid,
) -> Result<Projected> {
    let heads = tx
        .room_heads(room.room_id)
        .await?
        .ok_or_else(Error::not_found)?;
    let (mut document, mut touches) = begin(tx, room.room_id, heads.kept_from).await?;
    history::replay(
        tx,
        room.room_id,
        &mut document,
        heads.kept_from,
        heads.seq,
        |event, change| {
            touches.record(&change, event.user_id, event.created_at, event.seq);
        },
    )
    .await?;
    let batch = touches.batch(*room, Some(image_id), heads.seq, &document);
    let present = batch.present.iter();
    let labels = known_labels(tx, room, present.map(|(annotation, _)| annotation)).await?;
    let (known, unknown): (Vec<_>, Vec<_>) = batch
        .present
        .iter()
        .partition(|(annotation, _)| labels.contains(&annotation.label.0));
    tx.lock_rows_of_image(image_id).await?;
    for chunk in known.chunks(CHUNK) {
        let row = |(annotation, touch): &&(Annotation, Touch)| record(annotation, touch);
        let records: Vec<_> = chunk.iter().map(row).collect();
        tx.upsert_annotations(room, image_id, &records, heads.kept_from)
            .await?;
    }
    let kept: Vec<Uuid> = known
        .iter()
        .map(|(annotation, _)| annotation.id.0)
        .collect();
    tx.delete_annotations_except(room, image_id, &kept, heads.seq)
        .await?;
    tx.recount_annotations(room, image_id).await?;
    suggestions::rebuild(tx, &batch, image_id).await?;
    let passed_over = unknown
        .into_iter()
        .map(|(annotation, touch)| (annotation.id, touch.by));
    Ok(Projected {
        seq: heads.seq,
        passed_over: passed_over.collect(),
        ..Projected::default()
    })
}
