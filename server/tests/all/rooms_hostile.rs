//! Scripts that send what they should not: each is told so, and the room goes on.

use super::relay_peer::{Peer, a_box, close_code, content};
use super::relay_world::World;
use super::rooms_script::{Script, open};
use futures_util::SinkExt;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;
use visionflow_document::{Document, Edit};
use visionflow_sync::{AwarenessEntry, AwarenessUpdate, Frame};

/// Somebody else still edits, and sees edits, in this room.
async fn works(world: &World, script: &mut Script) {
    let mut engine = Peer::join(&world.door(&world.owner)).await;
    let theirs = engine.draw(world.label, 7.0).await;
    script.has(theirs).await;
    let own = script.draw(world.label, 8.0).await;
    script.saved().await;
    engine.has(own).await;
    assert_eq!(content(&engine.document), content(&script.document));
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_updates_are_refused_by_number_and_the_socket_goes_on() {
    let world = World::new().await;
    let mut script = world.script(&world.owner).await;
    let mut update = Document::new(5);
    update.edit(&[Edit::Add(a_box(world.label, 1.0))]).unwrap();
    let good = update.take_updates().remove(0);
    for bad in [
        vec![],
        vec![0xff; 40],
        b"not an update".to_vec(),
        good[..good.len() / 2].to_vec(),
        [&good[..], &[0, 1]].concat(),
    ] {
        script.send(bad).await;
        let error = script.error("undecodable").await;
        assert_eq!(error["update"], script.sent, "{error}");
        assert!(!error["message"].as_str().unwrap().is_empty());
    }
    script.send(vec![0; (8 << 20) + 1]).await;
    let error = script.error("tooLarge").await;
    assert_eq!(error["update"], script.sent);
    // What was refused has a number, and is not acknowledged.
    script.acked = script.sent;
    works(&world, &mut script).await;
    assert_eq!(script.seq, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_are_none_of_the_protocol_are_answered_with_an_error() {
    let world = World::new().await;
    let mut script = world.script(&world.owner).await;
    for bad in [
        String::new(),
        "{".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        json!({ "type": "delete everything" }).to_string(),
        json!({ "type": "presence", "cursor": { "x": "1" } }).to_string(),
        json!({ "type": "presence", "selection": "all" }).to_string(),
        json!({ "type": "presence", "selection": vec!["a"; 1001] }).to_string(),
        json!({ "type": "presence", "selection": ["x".repeat(65)] }).to_string(),
        json!({ "type": "presence", "note": "x".repeat(70_000) }).to_string(),
        "[".repeat(60_000),
    ] {
        script.say_text(bad).await;
        script.error("undecodable").await;
    }
    works(&world, &mut script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_too_large_ends_its_socket_and_says_why() {
    let world = World::new().await;
    let mut other = world.script(&world.owner).await;
    let mut script = world.script(&world.owner).await;
    // More than the connection holds: the server has to take the rest, or the code is lost.
    script.send(vec![1; 17 << 20]).await;
    let error = script.error("tooLarge").await;
    assert!(error["message"].as_str().unwrap().contains("16777216"));
    assert_eq!(close_code(&mut script.socket).await, 4400);
    works(&world, &mut other).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_100_mb_ends_its_socket_and_nothing_else() {
    let world = World::new().await;
    let mut other = world.script(&world.owner).await;
    let mut script = world.script(&world.owner).await;
    // The server may stop reading before it has all of it.
    let _ = script
        .socket
        .send(Message::Binary(vec![1; 100 << 20].into()))
        .await;
    let ended = tokio::time::timeout(Duration::from_mins(1), async {
        while script.read().await {}
    });
    ended.await.expect("the socket ends");
    works(&world, &mut other).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_that_are_not_ones_own_and_queries_that_mean_nothing_are_refused_with_a_code() {
    let world = World::new().await;
    let eve = world.stranger("eve").await;
    let url = &world.app.url;
    let own = format!("token={}", world.owner.token);
    let check = async |room: &str, query: &str, code: u16| {
        let mut socket = open(url, room, query).await;
        assert_eq!(close_code(&mut socket).await, code, "{room} {query}");
    };
    let room = world.room_id.to_string();
    check(&room, "", 4401).await;
    check(&room, "userId=u1", 4401).await;
    check(&room, "token=nonsense", 4401).await;
    check(&room, &format!("token={}", eve.token), 4404).await;
    check(&Uuid::now_v7().to_string(), &own, 4404).await;
    check("nowhere", &own, 4404).await;
    check(&room, &format!("{own}&lastSeq=-1"), 4400).await;
    check(&room, &format!("{own}&lastSeq=last"), 4400).await;
    let long = "x".repeat(65);
    check(&room, &format!("{own}&userId={long}"), 4400).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_only_look_sees_everything_and_changes_nothing() {
    let world = World::new().await;
    let watcher = world.watcher("will").await;
    let mut script = world.script(&watcher).await;
    assert_eq!(script.info["canEdit"], false);
    let mut writer = world.script(&world.owner).await;
    let id = writer.draw(world.label, 1.0).await;
    script.has(id).await;
    let refused = a_box(world.label, 2.0);
    let add = [Edit::Add(refused.clone())];
    script.document.edit(&add).unwrap();
    let kept = script.document.take_updates().concat();
    script.send(kept.clone()).await;
    let error = script.error("readOnly").await;
    assert_eq!(error["update"], 1);
    world.add_member(&watcher, "labeler").await;
    let notice = script
        .told("a role", |text| text["type"] == "roleChanged")
        .await;
    assert_eq!(notice["canEdit"], true);
    script.acked = 1;
    // What it does now builds on what was refused, and waits for it.
    let own = script.draw(world.label, 3.0).await;
    script.saved().await;
    writer
        .until("the edit", |writer| !writer.document.is_whole())
        .await;
    assert_eq!(writer.document.len(), 1);
    script.send(kept).await;
    script.saved().await;
    writer.has(refused.id).await;
    writer.has(own).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_writes_as_somebody_elses_client() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let mut ada = world.script(&world.owner).await;
    ada.draw(world.label, 1.0).await;
    ada.saved().await;
    let mut eve = world.script(&ben).await;
    eve.until("ada's box", |eve| eve.seq == 1).await;
    let mut forged = Document::new(ada.document.client_id());
    forged
        .apply_update(&ada.document.diff(&[]).unwrap())
        .unwrap();
    forged.edit(&[Edit::Add(a_box(world.label, 2.0))]).unwrap();
    for update in forged.take_updates() {
        eve.send(update).await;
    }
    let error = eve.error("undecodable").await;
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("someone else's")
    );
    eve.acked = eve.sent;
    works(&world, &mut ada).await;
}

/// Shows a state for a client, as whoever has the socket.
async fn shows(peer: &mut Peer, client: u64, clock: u64, state: &Value) {
    let entry = AwarenessEntry {
        client,
        clock,
        json: Some(state.to_string().into()),
    };
    let entries = vec![entry];
    let frame = Frame::Awareness(AwarenessUpdate { entries });
    peer.send(frame.encode()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_shows_himself_as_somebody_else() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let mut script = world.script(&world.owner).await;
    let mut ada = Peer::join(&world.door(&world.owner)).await;
    ada.show("ada").await;
    script.told("ada", |text| text["name"] == "ada").await;
    let mut forger = Peer::join(&world.door(&ben)).await;
    let own = forger.document.client_id();
    // Under her account's id, and with her client's.
    let as_ada = json!({ "user": { "id": world.owner.id, "name": "forged" } });
    shows(&mut forger, own, 1, &as_ada).await;
    let moved = json!({ "user": { "name": "forged" }, "cursor": { "x": 1, "y": 1 } });
    shows(&mut forger, ada.document.client_id(), 1 << 40, &moved).await;
    let honest = json!({ "user": { "id": ben.id, "name": "ben" } });
    shows(&mut forger, own, 2, &honest).await;
    let seen = script.told("ben", |text| text["name"] == "ben").await;
    assert_eq!(
        (&seen["userId"], &seen["clientId"]),
        (&json!(ben.id), &json!(own))
    );
    // Without an id it is still known whose it is.
    shows(&mut forger, own, 3, &json!({ "user": { "name": "benny" } })).await;
    let seen = script.told("benny", |text| text["name"] == "benny").await;
    assert_eq!(seen["userId"], json!(ben.id));
    assert!(script.texts.iter().all(|text| text["name"] != "forged"));
    ada.until("ada sees ben", |ada| ada.sees("benny")).await;
    assert!(!ada.sees("forged"));
    ada.show("ada again").await;
    let seen = script.told("ada", |text| text["name"] == "ada again").await;
    assert_eq!(seen["userId"], json!(world.owner.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_messages_holds_up_its_sender_and_nobody_else() {
    let world = World::new().await;
    let mut flood = world.script(&world.owner).await;
    let mut one = world.script(&world.owner).await;
    let mut two = world.script(&world.owner).await;
    let flooding = async {
        for x in 0..10_000 {
            flood.show(f64::from(x), &[]).await;
        }
        // It is still there, and its last word is heard.
        let id = flood.draw(world.label, 9.0).await;
        flood.saved().await;
        id
    };
    let editing = async {
        let mut took = Vec::new();
        for x in 0..30 {
            let started = Instant::now();
            let id = one.draw(world.label, f64::from(x)).await;
            two.has(id).await;
            took.push(started.elapsed());
        }
        took.sort_unstable();
        took[15]
    };
    let (last, median) = tokio::join!(flooding, editing);
    two.has(last).await;
    two.told("the last position", |text| text["cursor"]["x"] == 9999.0)
        .await;
    eprintln!("median beside a flood: {median:?}");
    assert!(median < Duration::from_secs(2), "{median:?}");
}
