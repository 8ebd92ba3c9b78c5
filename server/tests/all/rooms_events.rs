//! The protocol of ordered events over real sockets: edits, replay, snapshots, presence.

use super::relay_peer::{PATIENCE, Peer, close_code, content};
use super::relay_world::{Person, World};
use super::rooms_script::{Script, open};
use super::support::TestApp;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use uuid::Uuid;
use visionflow_document::Edit;
use visionflow_geometry::{Point, Polygon};
use visionflow_model::{Annotation, AnnotationId, LabelId, Shape};

impl World {
    pub async fn script(&self, person: &Person) -> Script {
        let query = format!("token={}", person.token);
        Script::join(&self.app.url, self.room_id, &query).await
    }

    async fn take_snapshot(&self) {
        let path = format!("/v1/rooms/{}/snapshots", self.room_id);
        let (status, answer) = self.call(&self.owner, "POST", &path, None).await;
        assert_eq!(status, 201, "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_and_the_engine_edit_one_document_and_every_event_says_whose_it_is() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let (mut one, mut two) = (world.script(&world.owner).await, world.script(&ben).await);
    let mut engine = Peer::join(&world.door(&world.owner)).await;
    assert_eq!(
        (&one.info["seq"], &one.info["snapshotSeq"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(one.info["canEdit"], true);
    assert_eq!(one.info["userId"], world.owner.id.to_string());

    let first = one.draw(world.label, 1.0).await;
    one.saved().await;
    assert_eq!(one.seq, 1);
    two.has(first).await;
    engine.has(first).await;
    let head = &two.heads[0];
    assert_eq!(head["user"], world.owner.id.to_string());
    assert!(head["ts"].as_i64().unwrap() > 1_700_000_000_000);

    let second = two.draw(world.label, 2.0).await;
    let third = engine.draw(world.label, 3.0).await;
    for script in [&mut one, &mut two] {
        script.has(second).await;
        script.has(third).await;
        script.until("all three", |script| script.seq == 3).await;
    }
    two.saved().await;
    engine.has(second).await;
    assert_eq!(one.heads.len(), 2, "its own is acknowledged, not repeated");
    assert_eq!(content(&one.document), content(&engine.document));
    let rows = world.rows().await;
    assert!(rows.iter().any(|row| row.id == second.0));

    // What is known already is acknowledged where it stands, and not logged again.
    let again = one.document.diff(&[]).unwrap();
    one.send(again).await;
    one.saved().await;
    let fourth = engine.draw(world.label, 4.0).await;
    one.has(fourth).await;
    assert_eq!(one.seq, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_scripts_see_each_others_edits_within_100_ms() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let (mut one, mut two) = (world.script(&world.owner).await, world.script(&ben).await);
    let mut took = Vec::new();
    for x in 0..40 {
        let (from, to) = if x % 2 == 0 {
            (&mut one, &mut two)
        } else {
            (&mut two, &mut one)
        };
        let started = Instant::now();
        let id = from.draw(world.label, f64::from(x)).await;
        to.has(id).await;
        took.push(started.elapsed());
        from.saved().await;
    }
    took.sort_unstable();
    eprintln!("median {:?}, slowest {:?}", took[20], took[39]);
    // A quarter of them: other tests run meanwhile, and may hold up more than half.
    assert!(took[10] < Duration::from_millis(100), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_and_goes_while_others_write_misses_nothing_and_gets_nothing_twice() {
    let world = World::new().await;
    let (mut one, mut two) = (
        world.script(&world.owner).await,
        world.script(&world.owner).await,
    );
    let mut reader = world.script(&world.owner).await;
    let label = world.label;
    let writing = async {
        for x in 0..150 {
            one.draw(label, f64::from(x)).await;
            two.draw(label, f64::from(x)).await;
            if x % 10 == 0 {
                one.saved().await;
                two.saved().await;
            }
        }
        one.saved().await;
        two.saved().await;
    };
    let reading = async move {
        let mut events = 0;
        // The script itself fails where an event is missing or comes twice.
        for visit in 0.. {
            let seq = reader.seq;
            let stay = seq + [1, 7, 20, 3][visit % 4];
            reader
                .until("some more", |reader| reader.seq >= stay.min(300))
                .await;
            events += reader.heads.len();
            if reader.seq >= 300 {
                break;
            }
            reader = reader.reconnect().await;
            assert!(reader.info["seq"].as_i64().unwrap() >= seq);
        }
        (events, reader)
    };
    let ((), (events, reader)) = tokio::join!(writing, reading);
    assert_eq!(events, 300);
    one.until("everything", |one| one.seq == 300).await;
    assert_eq!(content(&reader.document), content(&one.document));
    assert_eq!(reader.document.annotations().count(), 300);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_far_behind_gets_a_snapshot_and_then_events() {
    let world = World::new().await;
    let mut writer = world.script(&world.owner).await;
    let mut early = world.script(&world.owner).await;
    let first = writer.draw(world.label, 0.0).await;
    early.has(first).await;
    for x in 1..1300 {
        if x == 1250 {
            writer.saved().await;
            world.take_snapshot().await;
        }
        writer.draw(world.label, f64::from(x)).await;
    }
    writer.saved().await;
    assert_eq!(writer.seq, 1300);

    let mut late = early.reconnect().await;
    let snapshot_seq = late.info["snapshotSeq"].as_i64().unwrap();
    late.until("everything", |late| late.seq == 1300).await;
    assert_eq!(late.heads[0]["type"], "snapshot");
    assert!(late.heads[0]["seq"].as_i64().unwrap() >= snapshot_seq);
    assert!(late.heads[1..].iter().all(|head| head["type"] == "update"));
    assert_eq!(content(&late.document), content(&writer.document));

    // Without a past, and with one that is not from this room.
    let mut new = world.script(&world.owner).await;
    new.until("everything", |new| new.seq == 1300).await;
    assert_eq!(new.heads[0]["type"], "snapshot");
    let query = format!("token={}", world.owner.token);
    let mut stray = Script::pretend(&world.app.url, world.room_id, &query, 99_999).await;
    stray.until("everything", |stray| stray.seq == 1300).await;

    // A little behind, there is no snapshot.
    let mut near = writer.reconnect().await;
    let next = new.draw(world.label, 5.0).await;
    near.has(next).await;
    assert!(near.heads.iter().all(|head| head["type"] == "update"));
}

/// A polygon whose update is about 300 KB.
fn large(label: Uuid, n: u32) -> Annotation {
    let corner = |i: u32| {
        let angle = f64::from(i) / 20_000.0 * std::f64::consts::TAU;
        Point::new(
            300.0 + 200.1 * angle.cos() + f64::from(n),
            300.0 + 200.1 * angle.sin(),
        )
    };
    let ring = (0..20_000).map(corner).collect();
    let shape = Shape::Polygon(Polygon::from_ring(ring));
    Annotation::new(AnnotationId(Uuid::new_v4()), LabelId(label), shape)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_does_not_read_is_brought_up_to_date_and_slows_nobody() {
    let world = World::new().await;
    let mut slow = world.script(&world.owner).await;
    let mut writer = world.script(&world.owner).await;
    let mut other = world.script(&world.owner).await;
    let mut waits = Vec::new();
    // Far more than the room's memory and the sockets' buffers hold.
    for n in 0..60 {
        let annotation = large(world.label, n);
        let id = annotation.id;
        let started = Instant::now();
        writer.edit(&[Edit::Add(annotation)]).await;
        other.has(id).await;
        waits.push(started.elapsed());
        writer.saved().await;
    }
    waits.sort_unstable();
    assert!(waits[30] < Duration::from_secs(5), "{waits:?}");
    // Its own edit, made while it was far behind, is acknowledged in its place.
    let own = slow.draw(world.label, 1.0).await;
    other.has(own).await;
    slow.saved().await;
    assert_eq!(slow.seq, 61);
    assert_eq!(content(&slow.document), content(&other.document));
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_there_after_a_restart() {
    let app = TestApp::start_with(|config| config.rooms_open = true).await;
    let made: Value = app.post("/v1/rooms", &json!({})).await.expect(201);
    let room_id = made["id"].as_str().unwrap().parse().unwrap();
    let label = Uuid::new_v4();
    let mut script = Script::join(&app.url, room_id, "userId=u1").await;
    for x in 0..30 {
        script.draw(label, f64::from(x)).await;
    }
    script.until("some", |script| script.acked >= 10).await;
    let app = app.restart().await;
    // What was sent and not acknowledged is sent again.
    let mut script = script.reconnect_to(&app.url, "userId=u1").await;
    let all = script.document.diff(&[]).unwrap();
    script.send(all).await;
    script.saved().await;
    let mut new = Script::join(&app.url, room_id, "userId=u2").await;
    new.until("all thirty", |new| new.document.annotations().count() == 30)
        .await;
    assert_eq!(content(&new.document), content(&script.document));
}

#[tokio::test(flavor = "multi_thread")]
async fn presence_is_seen_by_scripts_and_the_engine_under_the_account_that_signed_in() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let mut ada = world.script(&world.owner).await;
    let mut bens = world.script(&ben).await;
    let mut engine = Peer::join(&world.door(&world.owner)).await;
    let selected = Uuid::new_v4().to_string();
    // It says that it is somebody else.
    bens.show(100.0, &["anno-123", &selected]).await;
    let seen = ada.told("ben", |text| text["type"] == "presence").await;
    assert_eq!(seen["userId"], ben.id.to_string());
    assert_eq!(seen["name"], "ben");
    assert_eq!(seen["cursor"], json!({ "x": 100.0, "y": 200.0 }));
    assert_eq!(seen["selection"], json!(["anno-123", selected]));
    engine.until("the engine sees ben", |e| e.sees("ben")).await;
    let (_, presence) = engine.session.peers().next().unwrap();
    assert_eq!(presence.cursor, Some(Point::new(100.0, 200.0)));
    assert_eq!(presence.selection.len(), 1);

    engine.show("ada in the engine").await;
    let shown = bens
        .told("the engine", |text| text["name"] == "ada in the engine")
        .await;
    assert_eq!(shown["type"], "presence");
    // A newcomer is told of everyone at once; whoever leaves is gone for all.
    let mut late = world.script(&world.owner).await;
    late.told("ben", |text| text["name"] == "ben").await;
    engine.disconnect();
    drop(bens);
    let left = ada.told("ben left", |text| {
        text["left"] == true && text["userId"] == ben.id.to_string()
    });
    assert_eq!(left.await["cursor"], Value::Null);
    let left = late.told("the engine left", |text| {
        text["left"] == true && text["clientId"] == shown["clientId"]
    });
    left.await;
}

#[tokio::test(flavor = "multi_thread")]
async fn presence_ends_half_a_minute_after_its_last_word_while_its_socket_lives() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let mut ada = world.script(&world.owner).await;
    let mut silent = world.script(&ben).await;
    let begun = Instant::now();
    silent.show(100.0, &[]).await;
    ada.told("ben", |text| text["name"] == "ben").await;
    let left = |text: &Value| text["left"] == true && text["userId"] == ben.id.to_string();
    let leaving = async {
        while !ada.texts.iter().any(left) {
            assert!(ada.read().await, "the socket was closed");
        }
    };
    let ended = tokio::time::timeout(PATIENCE * 3, leaving).await;
    assert!(ended.is_ok(), "ben is still there");
    assert!(begun.elapsed() > Duration::from_secs(29), "too early");
    // Its socket is open all the same, and another word brings it back.
    silent.show(200.0, &[]).await;
    ada.told("ben again", |text| text["cursor"]["x"] == 200.0)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_open_rooms_people_name_themselves_and_tokens_still_count() {
    let app = TestApp::start_with(|config| config.rooms_open = true).await;
    let made: Value = app.post("/v1/rooms", &json!({})).await.expect(201);
    let room_id: Uuid = made["id"].as_str().unwrap().parse().unwrap();
    let mut one = Script::join(&app.url, room_id, "userId=u1").await;
    let mut two = Script::join(&app.url, room_id, "userId=u2").await;
    assert_eq!(one.info["userId"], "u1");
    two.show(5.0, &[]).await;
    let seen = one.told("u2", |text| text["type"] == "presence").await;
    assert_eq!(
        (&seen["userId"], &seen["name"]),
        (&json!("u2"), &json!("u2"))
    );
    let id = one.draw(Uuid::new_v4(), 1.0).await;
    two.has(id).await;
    let room: Value = app.get(&format!("/v1/rooms/{room_id}")).await.expect(200);
    assert_eq!((&room["seq"], &room["clients"]), (&json!(1), &json!(2)));
    // Somebody who signed in has no part in the local account's rooms.
    let ada = app.sign_up("ada").await;
    let query = format!("token={}", ada.token);
    let mut refused = open(&app.url, room_id, &query).await;
    assert_eq!(close_code(&mut refused).await, 4404);
}
