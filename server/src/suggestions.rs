//! What a model proposes becomes one edit of the photograph's document, through the room's actor as
//! any other write: everyone who has it open sees it at once.

use crate::App;
use crate::error::{Error, Result};
use crate::store::{AnnotatedImage, ModelRow};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use tokio::sync::oneshot;
use uuid::Uuid;
use visionflow_document::Document;
use visionflow_model::{
    Annotation, AnnotationId, AttributeId, AttributeValue, LabelId, ModelId, RunId, Shape, Source,
    Suggestion, Verdict,
};

/// One thing that a model has found.
pub struct Found {
    pub label: Uuid,
    pub score: f64,
    pub shape: Shape,
    pub attributes: BTreeMap<AttributeId, AttributeValue>,
}

/// Proposes `found` in place of what the model proposed before and nobody has decided about, in the
/// name of `user_id`; the ids, once they are durable. What is annotated already, or was rejected
/// when the model proposed it before, is left out.
///
/// Ids follow from run, photograph and place in the list: proposed again, nothing is there twice.
pub async fn propose(
    app: &App,
    image: &AnnotatedImage,
    model: &ModelRow,
    run: Uuid,
    user_id: Uuid,
    found: Vec<Found>,
) -> Result<(Vec<Uuid>, i64)> {
    let image_id = image.image_id;
    let (proposed, ids) = oneshot::channel();
    let (model_id, source) = (ModelId(model.id), Source::Model(model.name.as_str().into()));
    let make = move |document: &Document| {
        // They would lie above everything drawn before.
        let top = document.annotations().map(|a| a.z).fold(0.0, f64::max);
        let of = |(place, found): (usize, Found)| Suggestion {
            annotation: Annotation {
                z: top + 1.0 + place as f64,
                attributes: found.attributes.into(),
                source: source.clone(),
                ..Annotation::new(
                    AnnotationId(id_of(run, image_id, place)),
                    LabelId(found.label),
                    found.shape,
                )
            },
            score: found.score,
            model: Some(model_id),
            run: RunId(run),
            verdict: Verdict::Pending,
        };
        let suggestions = found.into_iter().enumerate().map(of);
        let is_there = |suggestion: &Suggestion| {
            let id = suggestion.id();
            document.suggestion(id).is_some() || document.get(id).is_some()
        };
        let (old, new): (Vec<_>, Vec<_>) = suggestions.partition(is_there);
        let new = document.unknown(new);
        let ids = old.iter().chain(&new).map(|suggestion| suggestion.id().0);
        // Whoever asked may be gone; the edit is made all the same.
        let _ = proposed.send(ids.collect::<Vec<_>>());
        Ok(document.proposal(Some(model_id), &source, RunId(run), new))
    };
    let edited = app.relay().edit(image.room(), user_id, make).await?;
    let ids = ids.await.map_err(Error::internal)?;
    Ok((ids, edited.seq))
}

fn id_of(run: Uuid, image: Uuid, place: usize) -> Uuid {
    let hash = Sha256::new()
        .chain_update("visionflow suggestion")
        .chain_update(run.as_bytes())
        .chain_update(image.as_bytes())
        .chain_update((place as u64).to_le_bytes())
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
