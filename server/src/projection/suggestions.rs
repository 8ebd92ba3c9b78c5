//! Suggestions into rows, beside the annotations and in their transaction.

use super::touches::SuggestionTouch;
use super::{Batch, CHUNK, json, storable};
use crate::error::Result;
use crate::store::{RoomIdentity, SuggestionRecord, Tx};
use uuid::Uuid;
use visionflow_model::{Suggestion, Verdict};

pub(super) async fn write(tx: &mut Tx, batch: &Batch, image_id: Uuid) -> Result<()> {
    if batch.suggested.is_empty() && batch.withdrawn.is_empty() {
        return Ok(());
    }
    let gone: Vec<Uuid> = batch.withdrawn.iter().map(|id| id.0).collect();
    if !gone.is_empty() {
        tx.delete_suggestions(&batch.room, image_id, &gone).await?;
    }
    upsert(tx, &batch.room, image_id, &batch.suggested).await?;
    tx.recount_suggestions(&batch.room, image_id).await
}

/// All rows of the image, from all events up to `batch.seq`.
pub(super) async fn rebuild(tx: &mut Tx, batch: &Batch, image_id: Uuid) -> Result<()> {
    upsert(tx, &batch.room, image_id, &batch.suggested).await?;
    let kept: Vec<Uuid> = batch.suggested.iter().map(|(s, _)| s.id().0).collect();
    tx.delete_suggestions_except(&batch.room, image_id, &kept, batch.seq)
        .await?;
    tx.recount_suggestions(&batch.room, image_id).await
}

async fn upsert(
    tx: &mut Tx,
    room: &RoomIdentity,
    image_id: Uuid,
    suggested: &[(Suggestion, SuggestionTouch)],
) -> Result<()> {
    for chunk in suggested.chunks(CHUNK) {
        let records: Vec<_> = chunk
            .iter()
            .map(|(suggestion, touch)| record(suggestion, touch))
            .collect();
        tx.upsert_suggestions(room, image_id, &records).await?;
    }
    Ok(())
}

fn record(suggestion: &Suggestion, touch: &SuggestionTouch) -> SuggestionRecord {
    let annotation = &suggestion.annotation;
    let is_decided = suggestion.verdict != Verdict::Pending;
    SuggestionRecord {
        id: annotation.id.0,
        kind: annotation.shape.kind().name(),
        label_id: annotation.label.0,
        model_id: suggestion.model.map(|model| model.0),
        run_id: suggestion.run.0,
        source: storable(annotation.source.name()),
        score: suggestion.score,
        data: json(&annotation.shape),
        attributes: json(&annotation.attributes),
        z: annotation.z,
        verdict: suggestion.verdict.name(),
        proposed_by: touch.first.0,
        created_at: touch.first.1,
        decided_by: touch.by.filter(|_| is_decided),
        seq: touch.seq,
        updated_at: touch.at,
    }
}
