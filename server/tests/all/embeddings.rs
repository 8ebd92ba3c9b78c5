//! Embeddings by a worker: the same masks come of them as of those that the own device makes.

use super::models::start;
use super::uploads_photos::{eventually, png, upload};
use serde_json::json;
use std::path::Path;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use visionflow_api::{Image, ImageEmbedding, ProjectRole};
use visionflow_geometry::Point;
use visionflow_infer::{Decoder, Embedding, Encoder, Frame, Prompt};
use visionflow_server::sweep;

const PHOTO: &[u8] = include_bytes!("../../../crates/infer/tests/fixtures/coffee.jpg");

fn model(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/mobile-sam");
    std::fs::read(folder.join(name)).unwrap()
}

fn path(image: Uuid) -> String {
    format!("/api/v1/images/{image}/embedding")
}

/// Which values of the model's best mask lie inside, for a click in the middle.
fn mask(decoder: &Decoder, embedding: &Embedding, frame: &Frame) -> Vec<bool> {
    let prepared = decoder.prepare(embedding, None).unwrap();
    let middle = Point::new(
        f64::from(frame.width()) / 2.0,
        f64::from(frame.height()) / 2.0,
    );
    let candidates = decoder
        .decode(&prepared, &Prompt::at(middle), frame)
        .unwrap();
    let values = candidates[0].logits.values();
    values.iter().map(|value| *value > 0.0).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_embedding_from_the_server_gives_the_masks_of_the_own() {
    let (app, ada, project) = start().await;
    let image = upload(&ada, project, "coffee.jpg", "image/jpeg", PHOTO).await;
    let first = ada.post(&path(image.id), &json!({})).await;
    let pending: ImageEmbedding = first.expect(202);
    assert!(pending.url.is_none());
    let url = eventually(async || {
        let reply = ada.post(&path(image.id), &json!({})).await;
        assert!(matches!(reply.status, 200 | 202), "{}", reply.body);
        let status = reply.status;
        let embedding: ImageEmbedding = reply.expect(status);
        embedding.url
    })
    .await;
    let bytes = reqwest::get(&url).await.unwrap().bytes().await.unwrap();
    let theirs = Embedding::from_f16_bytes(&bytes).unwrap();
    let pixels = image::load_from_memory(PHOTO).unwrap().to_rgba8();
    let (width, height) = pixels.dimensions();
    assert_eq!((image.width, image.height), (width as i32, height as i32));
    let encoder = Encoder::load(&model("mobile_sam_encoder.onnx")).unwrap();
    let own = encoder
        .encode(width as usize, height as usize, &pixels)
        .unwrap();
    let decoder = Decoder::load(&model("mobile_sam_decoder.onnx")).unwrap();
    let frame = Frame::new(width, height);
    let (a, b) = (
        mask(&decoder, &theirs, &frame),
        mask(&decoder, &own, &frame),
    );
    let both = a.iter().zip(&b).filter(|(a, b)| **a && **b).count() as f64;
    let either = a.iter().zip(&b).filter(|(a, b)| **a || **b).count() as f64;
    assert!(either > 100.0, "there is a mask");
    assert!(both / either > 0.98, "{}", both / either);

    // It goes with the photograph, and not before.
    let objects = async || {
        let prefix = format!(
            "{}/{project}/images/{}/embedding",
            ada.workspace_id, image.id
        );
        app.app()
            .objects()
            .list(&prefix, None)
            .await
            .unwrap()
            .objects
            .len()
    };
    let now = OffsetDateTime::now_utc();
    sweep::run(app.app(), now + Duration::days(3))
        .await
        .unwrap();
    assert_eq!(objects().await, 1);
    ada.delete(&format!("/api/v1/images/{}", image.id)).await;
    ada.post(&path(image.id), &json!({}))
        .await
        .expect_problem(404, "not_found");
    sweep::run(app.app(), now).await.unwrap();
    assert_eq!(objects().await, 0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_encoded_is_told_in_words() {
    let (app, ada, project) = start().await;
    let ben = app.sign_up("ben").await;
    let mut bytes = png(64, 48);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    let image: Image = upload(&ada, project, "torn.png", "image/png", &bytes).await;
    ben.post(&path(image.id), &json!({}))
        .await
        .expect_problem(404, "not_found");
    let reply = eventually(async || {
        let reply = ada.post(&path(image.id), &json!({})).await;
        (reply.status != 202).then_some(reply)
    })
    .await;
    reply.expect_problem(422, "invalid_input");
    let detail = reply.body["detail"].as_str().unwrap();
    assert!(detail.contains("cannot be read"), "{detail}");
    // Who has no role may look at photographs, and not keep the workers busy.
    ada.add_member(project, &ben, ProjectRole::Labeler).await;
    let member = format!("/api/v1/projects/{project}/members/{}", ben.id);
    assert!(ada.delete(&member).await.status < 300);
    ben.post(&path(image.id), &json!({}))
        .await
        .expect_problem(403, "forbidden");
    app.stop().await;
}
