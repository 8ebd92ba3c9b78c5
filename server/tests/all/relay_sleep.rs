//! Rooms in which nobody edits let their documents go, and nobody notices.

use super::relay_peer::{Door, PATIENCE, Peer, content};
use super::relay_world::World;
use serde_json::json;
use std::time::Duration;

const REST_MS: u32 = 50;

async fn world() -> World {
    World::new_with(|config| config.room_rest_ms = REST_MS).await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_wakes_for_an_edit_and_for_who_comes() {
    let world = world().await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let mut b = Peer::join(&world.door(&world.owner)).await;
    for x in 0..3 {
        let drawn = a.draw(world.label, f64::from(x)).await;
        b.has(drawn).await;
        world.until_asleep().await;
        assert!(a.is_connected() && b.is_connected());
    }
    // Presence needs no document.
    a.show("ada").await;
    b.until("sees ada", |b| b.sees("ada")).await;
    assert_eq!(world.relay().awake(), 0);
    a.undo().await;
    b.until("the undo", |b| b.document.len() == 2).await;
    world.until_asleep().await;
    let late = Peer::join(&world.door(&world.owner)).await;
    assert_eq!(content(&late.document), content(&b.document));
    world.until_asleep().await;
    assert_eq!(world.rows().await.len(), 2);
    assert_eq!(world.log_of(&world.room()).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_server_writes_meanwhile_arrives() {
    let world = world().await;
    let second = world.second_server().await;
    let mut here = Peer::join(&world.door(&world.owner)).await;
    let first = here.draw(world.label, 1.0).await;
    here.saved().await;
    world.until_asleep().await;
    let door = Door {
        url: format!("http://{}", second.address()),
        ..world.door(&world.owner)
    };
    let mut there = Peer::join(&door).await;
    there.has(first).await;
    let mut drawn = Vec::new();
    for x in 2..6 {
        drawn.push(there.draw(world.label, f64::from(x)).await);
    }
    for id in drawn {
        here.has(id).await;
    }
    // Both at once, one of them waking.
    world.until_asleep().await;
    let from_there = there.draw(world.label, 10.0).await;
    let from_here = here.draw(world.label, 11.0).await;
    here.has(from_there).await;
    there.has(from_here).await;
    here.saved().await;
    there.saved().await;
    assert_eq!(content(&here.document), content(&there.document));
    second.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_annotation_whose_label_comes_later_gets_its_row() {
    let world = world().await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let later = uuid::Uuid::now_v7();
    a.draw(later, 1.0).await;
    a.draw(world.label, 2.0).await;
    a.saved().await;
    assert_eq!(world.rows().await.len(), 1);
    let path = format!("/api/v1/projects/{}/ontology", world.project_id);
    let (_, mut ontology) = world.call(&world.owner, "GET", &path, None).await;
    let labels = ontology["labels"].as_array_mut().unwrap();
    labels.push(json!({ "id": later, "name": "bus", "color": "#e5484d", "archived": false, "attributes": [] }));
    let (status, answer) = world.call(&world.owner, "PUT", &path, Some(ontology)).await;
    assert_eq!(status, 200, "{answer}");
    // Word of labels is not waited for.
    let written = async {
        while world.rows().await.len() < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, written)
        .await
        .expect("the row is written");
    // Now nothing waits any more.
    world.until_asleep().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wakes_a_room_that_cannot_be_opened_is_told() {
    let world = world().await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    a.draw(world.label, 1.0).await;
    a.saved().await;
    world.until_asleep().await;
    let mut owner = world.app.owner().await;
    sqlx::query("revoke select on room_clients from visionflow_app")
        .execute(&mut owner)
        .await
        .unwrap();
    let door = world.door(&world.owner);
    assert_eq!(door.close_code().await, 1011);
    sqlx::query("grant select on room_clients to visionflow_app")
        .execute(&mut owner)
        .await
        .unwrap();
    let again = Peer::join(&door).await;
    assert_eq!(content(&again.document), content(&a.document));
}
