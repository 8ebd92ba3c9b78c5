//! What a model proposes becomes one edit of the photograph's document, through the room's actor as
//! any other write: everyone who has it open sees it at once.

use crate::App;
use crate::error::Result;
use crate::store::{AnnotatedImage, ModelRow};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
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
/// name of `user_id`; the ids, once they are durable.
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
    let ids: Vec<Uuid> = (0..found.len())
        .map(|place| id_of(run, image.image_id, place))
        .collect();
    let own = ids.clone();
    let (model_id, source) = (ModelId(model.id), Source::Model(model.name.as_str().into()));
    let make = move |document: &Document| {
        // They would lie above everything drawn before.
        let top = document.annotations().map(|a| a.z).fold(0.0, f64::max);
        let of = |(place, (id, found)): (usize, (Uuid, Found))| Suggestion {
            annotation: Annotation {
                z: top + 1.0 + place as f64,
                attributes: found.attributes.into(),
                source: source.clone(),
                ..Annotation::new(AnnotationId(id), LabelId(found.label), found.shape)
            },
            score: found.score,
            model: Some(model_id),
            run: RunId(run),
            verdict: Verdict::Pending,
        };
        let suggestions = own.into_iter().zip(found).enumerate().map(of);
        let is_new = |suggestion: &Suggestion| {
            let id = suggestion.id();
            document.suggestion(id).is_none() && document.get(id).is_none()
        };
        let new = suggestions.filter(is_new).collect();
        Ok(document.proposal(Some(model_id), &source, RunId(run), new))
    };
    let edited = app.relay().edit(image.room(), user_id, make).await?;
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
