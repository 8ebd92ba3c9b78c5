//! Rooms that are quiet for a moment fold their documents up, and nobody notices.

use super::relay_peer::{Peer, a_box, content};
use super::relay_world::World;
use serde_json::json;
use visionflow_document::Edit;

/// A document is folded after a fifteenth of it; asleep no room is here.
const REST_MS: u32 = 15_000;
/// Enough for a document that is folded apart from the threads that serve everyone.
const MANY: usize = 2_000;

async fn world() -> World {
    World::new_with(|config| config.room_rest_ms = REST_MS).await
}

async fn until_folded(world: &World) {
    world
        .until_rooms("the document is folded", |relay| relay.open_bytes() == 0)
        .await;
    assert_eq!(world.relay().awake(), 1, "folded, and not asleep");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_opens_for_edits_and_for_who_comes() {
    let world = world().await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let mut b = Peer::join(&world.door(&world.owner)).await;
    for x in 0..2 {
        let drawn = a.draw(world.label, f64::from(x)).await;
        b.has(drawn).await;
        until_folded(&world).await;
    }
    // Presence needs no document.
    a.show("ada").await;
    b.until("sees ada", |b| b.sees("ada")).await;
    assert_eq!(world.relay().open_bytes(), 0);
    a.undo().await;
    b.until("the undo", |b| b.document.len() == 1).await;
    until_folded(&world).await;
    // An edit of the server itself, whose client id the room has kept.
    for x in [3.0, 4.0] {
        let data = json!({ "type": "box", "box": [x, 2.0, x + 30.0, 42.0] });
        let drawn = json!({ "image_id": world.image_id, "label_id": world.label, "data": data });
        let (status, answer) = world
            .call(&world.owner, "POST", "/api/v1/annotations", Some(drawn))
            .await;
        assert_eq!(status, 201, "{answer}");
        until_folded(&world).await;
    }
    b.until("what came by HTTP", |b| b.document.len() == 3)
        .await;
    let late = Peer::join(&world.door(&world.owner)).await;
    assert_eq!(content(&late.document), content(&b.document));
    until_folded(&world).await;
    assert_eq!(world.rows().await.len(), 3);
    assert_eq!(world.log_of(&world.room()).await.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_document_is_folded_too() {
    let world = world().await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let boxes = (0..MANY).map(|at| Edit::Add(a_box(world.label, at as f64)));
    a.edit(&boxes.collect::<Vec<_>>()).await;
    a.saved().await;
    until_folded(&world).await;
    let drawn = a.draw(world.label, 1.0).await;
    let mut late = Peer::join(&world.door(&world.owner)).await;
    late.has(drawn).await;
    assert_eq!(late.document.len(), MANY + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folded_document_outlives_its_server() {
    let world = world().await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let drawn = a.draw(world.label, 1.0).await;
    a.saved().await;
    until_folded(&world).await;
    let world = world.restart().await;
    let mut late = Peer::join(&world.door(&world.owner)).await;
    late.has(drawn).await;
    assert_eq!(world.rows().await.len(), 1);
}
