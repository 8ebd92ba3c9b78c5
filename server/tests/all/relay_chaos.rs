//! The relay under bad conditions: random edits over breaking connections, slow readers, crashes,
//! lost rows.

use super::relay_peer::{Door, PATIENCE, Peer, a_box, close_code, content};
use super::relay_world::{Room, World};
use std::collections::BTreeMap;
use visionflow_document::{Document, Edit};
use visionflow_geometry::{Point, Polygon, Vec2};
use visionflow_model::{Annotation, AnnotationId, LabelId, Shape};
use visionflow_server::projection;

/// Sebastiano Vigna's splitmix64: the same choices for the same seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_peers_server_log_and_rows_agree() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    for seed in 0..30 {
        let room = world.new_room().await;
        let mut dice = Dice(seed);
        let mut peers = Vec::new();
        for n in 0..4 {
            let person = if n % 2 == 0 { &world.owner } else { &ben };
            peers.push(
                Peer::join(&Door {
                    room_id: room.room_id,
                    ..world.door(person)
                })
                .await,
            );
        }
        for _ in 0..60 {
            let n = dice.below(peers.len());
            step(&mut peers[n], &mut dice, world.label).await;
        }
        for peer in &mut peers {
            if !peer.is_connected() {
                peer.connect().await;
            }
            peer.saved().await;
        }
        agree(&world, &room, &mut peers, seed).await;
    }
}

async fn step(peer: &mut Peer, dice: &mut Dice, label: uuid::Uuid) {
    let ids: Vec<AnnotationId> = content(&peer.document).into_keys().collect();
    let any = |dice: &mut Dice| ids.get(dice.below(ids.len().max(1))).copied();
    match dice.below(10) {
        0..=3 => {
            peer.draw(label, dice.below(500) as f64).await;
        }
        4 | 5 => {
            if let Some(id) = any(dice) {
                let by = Vec2::new(dice.below(50) as f64, 1.0);
                let shape = peer.document.get(id).unwrap().shape.translated(by);
                peer.edit(&[Edit::SetShape(id, shape)]).await;
            }
        }
        6 => {
            if let Some(id) = any(dice) {
                peer.edit(&[Edit::Delete(id)]).await;
            }
        }
        7 => peer.undo().await,
        8 if peer.is_connected() => peer.disconnect(),
        8 => peer.connect().await,
        _ if !peer.updates.is_empty() => {
            let again = peer.updates[dice.below(peer.updates.len())].clone();
            peer.send_update(again).await;
        }
        _ => {}
    }
}

async fn agree(world: &World, room: &Room, peers: &mut [Peer], seed: u64) {
    let server = content(&world.document_of(room).await);
    for peer in peers.iter_mut() {
        peer.until("converged", |peer| content(&peer.document) == server)
            .await;
    }
    let mut replayed = Document::new(1);
    for payload in world.log_of(room).await {
        replayed.apply_update(&payload).unwrap();
    }
    assert_eq!(content(&replayed), server, "log of seed {seed}");
    let rows: BTreeMap<_, _> = world
        .rows_of(room)
        .await
        .into_iter()
        .map(|row| (AnnotationId(row.id), row))
        .collect();
    assert_eq!(rows.len(), server.len(), "rows of seed {seed}");
    for (id, annotation) in &server {
        assert_eq!(rows[id].data, annotation.shape, "row of seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_stalls_gets_one_diff_and_holds_up_nobody() {
    let world = World::new().await;
    let door = world.door(&world.owner);
    let mut slow = Peer::join(&door).await;
    let mut quick = Peer::join(&door).await;
    let mut writer = Peer::join(&door).await;
    let mut last = None;
    for n in 0..36 {
        let big = a_big_polygon(world.label, n);
        last = Some(big.id);
        writer.edit(&[Edit::Add(big)]).await;
        writer.saved().await;
    }
    quick.has(last.unwrap()).await;
    assert_eq!(quick.document.len(), 36);
    slow.has(last.unwrap()).await;
    assert_eq!(content(&slow.document), content(&writer.document));
}

/// About a megabyte.
pub fn a_big_polygon(label: uuid::Uuid, n: usize) -> Annotation {
    let point = |i: usize| {
        Point::new(
            (i % 500) as f64 + 0.123_456 * n as f64,
            (i / 500) as f64 + 0.987_654_3,
        )
    };
    let ring = (0..60_000).map(point).collect();
    let shape = Shape::Polygon(Polygon::from_ring(ring));
    Annotation {
        shape,
        label: LabelId(label),
        ..a_box(label, 0.0)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_shown_or_acknowledged_before_it_is_durable() {
    let world = World::new().await;
    let door = world.door(&world.owner);
    let mut a = Peer::join(&door).await;
    let mut b = Peer::join(&door).await;
    // The database hangs: whoever numbers this room's events has to wait for us.
    let lock = world.lock_room().await;
    let drawn = a.draw(world.label, 1.0).await;
    // After ten seconds the sockets are let go, so that clients keep their own journals.
    assert_eq!(close_code(a.socket()).await, 1011);
    assert_eq!(a.session.pending(), 1);
    while b.read().await {}
    assert!(b.document.get(drawn).is_none());
    a.disconnect();
    lock.commit().await.unwrap();
    // The server has kept on trying, and the client sends it again: it is there once.
    b.connect().await;
    b.has(drawn).await;
    a.connect().await;
    a.saved().await;
    assert_eq!(world.rows().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_take_in_each_others_edits() {
    let world = World::new().await;
    let second = world.second_server().await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let url = format!("http://{}", second.address());
    let mut b = Peer::join(&Door {
        url,
        ..world.door(&world.owner)
    })
    .await;
    for x in 0..5 {
        let here = a.draw(world.label, f64::from(x)).await;
        let there = b.draw(world.label, 50.0 + f64::from(x)).await;
        b.has(here).await;
        a.has(there).await;
    }
    a.saved().await;
    b.saved().await;
    assert_eq!(content(&a.document), content(&b.document));
    assert_eq!(content(&world.document().await), content(&a.document));
    assert_eq!(world.rows().await.len(), 10);
    b.disconnect();
    second.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_are_lost_are_rebuilt_from_the_log() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let mut b = Peer::join(&world.door(&ben)).await;
    let mut ids = Vec::new();
    for x in 0..20 {
        ids.push(a.draw(world.label, f64::from(x)).await);
    }
    a.saved().await;
    b.has(ids[19]).await;
    for id in &ids[..10] {
        let shape = b
            .document
            .get(*id)
            .unwrap()
            .shape
            .translated(Vec2::new(1.0, 1.0));
        b.edit(&[Edit::SetShape(*id, shape)]).await;
    }
    b.edit(&[Edit::Delete(ids[0]), Edit::Delete(ids[15])]).await;
    b.saved().await;
    let before = world.rows().await;
    assert_eq!(before.len(), 18);
    let stored = world.raw_rows().await;
    world.drop_rows().await;
    assert!(world.raw_rows().await.is_empty());
    let mut tx = world
        .store()
        .begin_as_tenant(world.identity().workspace_id)
        .await
        .unwrap();
    projection::rebuild(&mut tx, &world.identity())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(world.raw_rows().await, stored);
    assert_eq!(world.rows().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_has_lost_nothing_that_it_acknowledged() {
    let mut process = super::relay_process::Process::start().await;
    let door = process.door().await;
    let label = process.label;
    let mut a = Peer::join(&door).await;
    let mut b = Peer::join(&door).await;
    let mut acknowledged = Vec::new();
    for x in 0..30 {
        acknowledged.push(a.draw(label, f64::from(x)).await);
        if x % 3 == 0 {
            b.draw(label, 100.0 + f64::from(x)).await;
        }
    }
    a.saved().await;
    b.saved().await;
    // Some more on the way while it is killed.
    for x in 0..30 {
        a.draw(label, 200.0 + f64::from(x)).await;
    }
    process.kill().await;
    a.disconnect();
    b.disconnect();
    // Work goes on without a connection.
    let offline = b.draw(label, 300.0).await;
    process.restart().await;
    let fresh = Peer::join(&door).await;
    for id in &acknowledged {
        assert!(
            fresh.document.get(*id).is_some(),
            "{id} was acknowledged and is lost"
        );
    }
    a.connect().await;
    b.connect().await;
    a.saved().await;
    b.saved().await;
    a.has(offline).await;
    let all = 30 + 10 + 30 + 1;
    b.until("everything", |b| b.document.len() == all).await;
    assert_eq!(content(&a.document), content(&b.document));
    tokio::time::timeout(PATIENCE, process.stop())
        .await
        .unwrap();
}
