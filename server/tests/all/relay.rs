//! The relay over real sockets: two people, roles, tokens, bad input.

use super::relay_peer::{Door, Peer, a_box, close_code, content, update_frame};
use super::relay_world::World;
use futures_util::SinkExt;
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;
use visionflow_api::{RefusalReason, ServerControl};
use visionflow_document::{Document, Edit};

#[tokio::test(flavor = "multi_thread")]
async fn two_people_converge_and_their_edits_are_acknowledged() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let mut b = Peer::join(&world.door(&ben)).await;
    assert!(matches!(
        a.controls[0],
        ServerControl::Welcome { can_edit: true, .. }
    ));
    let first = a.draw(world.label, 1.0).await;
    let second = b.draw(world.label, 2.0).await;
    a.has(second).await;
    b.has(first).await;
    a.saved().await;
    b.saved().await;
    b.edit(&[Edit::Delete(first)]).await;
    a.until("the deletion", |a| a.document.get(first).is_none())
        .await;
    assert_eq!(content(&a.document), content(&b.document));
    let rows = world.rows().await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].annotator_id, Some(ben.id));
    let late = Peer::join(&world.door(&world.owner)).await;
    assert_eq!(content(&late.document), content(&b.document));
}

#[tokio::test(flavor = "multi_thread")]
async fn presence_comes_and_goes_with_the_socket() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    a.show("ada").await;
    let mut b = Peer::join(&world.door(&ben)).await;
    b.show("ben").await;
    a.until("sees ben", |a| a.sees("ben")).await;
    b.until("sees ada", |b| b.sees("ada")).await;
    b.disconnect();
    a.until("ben is gone", |a| !a.sees("ben")).await;
    b.connect().await;
    a.until("ben is back", |a| a.sees("ben")).await;
}

/// There, edits go out with word of who has moved, if anybody has.
#[tokio::test(flavor = "multi_thread")]
async fn in_a_crowd_edits_reach_everyone_whether_somebody_moves_or_not() {
    let world = World::new().await;
    let mut crowd = Vec::new();
    for _ in 0..18 {
        crowd.push(Peer::join(&world.door(&world.owner)).await);
    }
    for round in 0..12 {
        if round % 3 != 0 {
            crowd[0].show(&format!("at {round}")).await;
        }
        let mut drawn = Vec::new();
        for peer in &mut crowd[..3] {
            drawn.push(peer.draw(world.label, 1.0).await);
        }
        for peer in &mut crowd {
            for id in &drawn {
                peer.has(*id).await;
            }
        }
    }
    for peer in &mut crowd[..3] {
        peer.saved().await;
    }
    let all = content(&world.document().await);
    assert_eq!(all.len(), 36);
    assert!(crowd.iter().all(|peer| content(&peer.document) == all));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_role_watches_only() {
    let world = World::new().await;
    let eve = world.watcher("eve").await;
    let mut ada = Peer::join(&world.door(&world.owner)).await;
    let mut watcher = Peer::join(&world.door(&eve)).await;
    assert!(matches!(
        watcher.controls[0],
        ServerControl::Welcome {
            can_edit: false,
            ..
        }
    ));
    watcher.draw(world.label, 5.0).await;
    let read_only = |c: &ServerControl| {
        matches!(
            c,
            ServerControl::Refused {
                reason: RefusalReason::ReadOnly,
                ..
            }
        )
    };
    watcher.told("refused", read_only).await;
    // A public client's edits are ignored, and it stays.
    let mut public = Peer::join(&Door {
        control: false,
        ..world.door(&eve)
    })
    .await;
    public.draw(world.label, 6.0).await;
    public.show("eve").await;
    ada.until("sees the watcher", |ada| ada.sees("eve")).await;
    let drawn = ada.draw(world.label, 7.0).await;
    public.has(drawn).await;
    assert_eq!(ada.document.len(), 1);
    assert_eq!(world.document().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_role_takes_effect_on_open_sockets() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let mut b = Peer::join(&world.door(&ben)).await;
    b.draw(world.label, 1.0).await;
    b.saved().await;
    world.remove_member(&ben).await;
    b.told("may only look", |c| {
        *c == ServerControl::RoleChanged { can_edit: false }
    })
    .await;
    b.draw(world.label, 2.0).await;
    b.told("refused", |c| matches!(c, ServerControl::Refused { .. }))
        .await;
    world.add_member(&ben, "reviewer").await;
    b.told("may edit", |c| {
        *c == ServerControl::RoleChanged { can_edit: true }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_of_others_and_bad_tokens_are_closed_with_a_code() {
    let world = World::new().await;
    let stranger = world.stranger("mallory").await;
    let door = world.door(&world.owner);
    assert_eq!(world.door(&stranger).close_code().await, 4404);
    assert_eq!(
        Door {
            room_id: Uuid::new_v4(),
            ..door.clone()
        }
        .close_code()
        .await,
        4404
    );
    assert_eq!(
        Door {
            token: "nonsense".into(),
            ..door.clone()
        }
        .close_code()
        .await,
        4401
    );
    assert_eq!(
        Door {
            token: String::new(),
            ..door.clone()
        }
        .close_code()
        .await,
        4401
    );
    let forged = door.token.rsplit_once('.').unwrap().0.to_owned() + ".AAAA";
    assert_eq!(
        Door {
            token: forged,
            ..door
        }
        .close_code()
        .await,
        4401
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_ends_with_its_token_unless_that_is_renewed() {
    let world = World::new().await;
    let brief = Door {
        token: world.token_for(&world.owner, 6),
        ..world.door(&world.owner)
    };
    let mut renewed = Peer::join(&brief).await;
    let token = world.token_for(&world.owner, 600);
    let json = format!(r#"{{"type":"authenticate","token":"{token}"}}"#);
    renewed
        .send(visionflow_sync::Frame::Control(json).encode())
        .await;
    renewed
        .told("renewed", |c| {
            matches!(c, ServerControl::Authenticated { .. })
        })
        .await;
    assert_eq!(brief.close_code().await, 4401);
    renewed.draw(world.label, 1.0).await;
    renewed.saved().await;
    let other = world.token_for(&world.member("ben", "labeler").await, 600);
    let json = format!(r#"{{"type":"authenticate","token":"{other}"}}"#);
    renewed
        .send(visionflow_sync::Frame::Control(json).encode())
        .await;
    assert_eq!(close_code(renewed.socket()).await, 4401);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_messages_end_their_socket_and_nothing_else() {
    let world = World::new().await;
    let door = world.door(&world.owner);
    let mut witness = Peer::join(&door).await;
    let messages = [
        Message::Text("{}".into()),
        Message::Binary(vec![0, 2, 255].into()),
        Message::Binary(vec![0, 9, 0].into()),
        Message::Binary(vec![1, 200, 200, 200].into()),
        Message::Binary(vec![255; 64].into()),
        Message::Binary(vec![0, 0, 3, 255, 255, 255].into()),
    ];
    for message in messages {
        let mut socket = door.open().await;
        socket.send(message.clone()).await.unwrap();
        assert_eq!(close_code(&mut socket).await, 4400, "{message:?}");
    }
    // Presence beyond 64 KiB.
    let mut socket = door.open().await;
    let json = format!("\"{}\"", "x".repeat(70_000));
    let entry = visionflow_sync::AwarenessEntry {
        client: 1,
        clock: 1,
        json: Some(json.into()),
    };
    let update = visionflow_sync::AwarenessUpdate {
        entries: vec![entry],
    };
    let frame = visionflow_sync::Frame::Awareness(update).encode();
    socket.send(Message::Binary(frame.into())).await.unwrap();
    assert_eq!(close_code(&mut socket).await, 4400);
    witness.draw(world.label, 1.0).await;
    witness.saved().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_updates_are_named_and_the_socket_stays() {
    let world = World::new().await;
    let door = world.door(&world.owner);
    let mut peer = Peer::join(&door).await;
    peer.send(update_frame(&[7, 7, 7])).await;
    let refused = |why: RefusalReason| move |c: &ServerControl| matches!(c, ServerControl::Refused { reason, .. } if *reason == why);
    peer.told("undecodable", refused(RefusalReason::Undecodable))
        .await;
    peer.send(update_frame(&vec![0; 9 << 20])).await;
    peer.told("too large", refused(RefusalReason::TooLarge))
        .await;
    peer.draw(world.label, 1.0).await;
    let id = peer.document.annotations().next().unwrap().id;
    let mut other = Peer::join(&door).await;
    other.has(id).await;
    // A public client is told by the close.
    let mut public = Peer::join(&Door {
        control: false,
        ..door
    })
    .await;
    public.send(update_frame(&[7, 7, 7])).await;
    assert_eq!(close_code(public.socket()).await, 4400);
}

#[tokio::test(flavor = "multi_thread")]
async fn updates_twice_and_in_any_order_come_to_the_same() {
    let world = World::new().await;
    let mut watcher = Peer::join(&world.door(&world.owner)).await;
    let mut sender = Peer::join(&world.door(&world.owner)).await;
    let mut apart = Document::new(77_777);
    for x in 0..6 {
        apart
            .edit(&[Edit::Add(a_box(world.label, f64::from(x)))])
            .unwrap();
    }
    let updates = apart.take_updates();
    for update in updates.iter().rev().chain(&updates) {
        sender.send(update_frame(update)).await;
    }
    watcher
        .until("all six", |watcher| watcher.document.len() == 6)
        .await;
    assert_eq!(content(&watcher.document), content(&apart));
    assert_eq!(content(&world.document().await), content(&apart));
    assert_eq!(world.rows().await.len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_writes_as_somebody_elses_client() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let mut ada = Peer::join(&world.door(&world.owner)).await;
    let first = ada.draw(world.label, 1.0).await;
    ada.saved().await;
    let mut forger = Peer::join(&world.door(&ben)).await;
    forger.has(first).await;
    // What is known may be repeated by anybody…
    let known = ada.document.diff(&[]).unwrap();
    forger.send(update_frame(&known)).await;
    // …but the numbers of Ada's next operations are hers.
    let mut forged = Document::new(ada.document.client_id());
    forged.apply_update(&known).unwrap();
    forged.edit(&[Edit::Add(a_box(world.label, 9.0))]).unwrap();
    forger.send(update_frame(&forged.take_updates()[0])).await;
    forger
        .told("refused", |c| matches!(c, ServerControl::Refused { .. }))
        .await;
    let second = ada.draw(world.label, 2.0).await;
    forger.has(second).await;
    assert_eq!(world.document().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_out_what_an_edit_builds_on_is_asked_for_it() {
    let world = World::new().await;
    let mut ada = Peer::join(&world.door(&world.owner)).await;
    for control in [true, false] {
        let door = world.door(&world.owner);
        let mut b = Peer::join(&Door { control, ..door }).await;
        let left_out = a_box(world.label, 1.0);
        b.edit_silently(&[Edit::Add(left_out.clone())]);
        let drawn = b.draw(world.label, 2.0).await;
        let arrives = async {
            ada.has(drawn).await;
            assert!(ada.document.get(left_out.id).is_some());
        };
        tokio::select! {
            () = arrives => {}
            () = b.until("the others have it", |_| false) => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_repeats_what_waits_is_not_asked_again_and_again() {
    let world = World::new().await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let mut b = Peer::join(&world.door(&world.owner)).await;
    let left_out = a.edit_silently(&[Edit::Add(a_box(world.label, 1.0))]);
    a.draw(world.label, 2.0).await;
    b.until("the edit", |b| !b.document.is_whole()).await;
    for update in b.document.waiting() {
        b.send_update(update).await;
    }
    b.saved().await;
    assert_eq!(world.log_of(&world.room()).await.len(), 1);
    for update in left_out {
        a.send_update(update).await;
    }
    b.until("both", |b| b.document.len() == 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_with_a_journal_alone_loses_nothing() {
    let world = World::new().await;
    let mut before = Peer::join(&world.door(&world.owner)).await;
    before.draw(world.label, 1.0).await;
    before.saved().await;
    before.disconnect();
    let journal = before.edit_silently(&[Edit::Add(a_box(world.label, 2.0))]);
    let mut after = Peer::new(&world.door(&world.owner));
    for update in &journal {
        after.document.apply_update(update).unwrap();
    }
    after.session.restored(journal.len());
    after.connect().await;
    after.saved().await;
    assert_eq!(after.document.len(), 2);
    assert_eq!(world.document().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_of_others_edits_is_no_forgery() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let mut ada = Peer::join(&world.door(&world.owner)).await;
    let mut ben = Peer::join(&world.door(&ben)).await;
    // Ben's second edit comes without his first.
    let late = ben.edit_silently(&[Edit::Add(a_box(world.label, 1.0))]);
    let early = ben.edit_silently(&[Edit::Add(a_box(world.label, 2.0))]);
    for update in early {
        ben.send_update(update).await;
    }
    ada.until("Ben's second", |ada| !ada.document.is_whole())
        .await;
    // Ada comes back, and tells what she has of it beside an edit of her own, as clients of Yjs do.
    ada.disconnect();
    let hers = ada.draw(world.label, 3.0).await;
    ada.reconnect(std::slice::from_ref(&world.app.url)).await;
    for update in ada.document.waiting() {
        ada.send_update(update).await;
    }
    ada.saved().await;
    for update in late {
        ben.send_update(update).await;
    }
    ben.saved().await;
    ben.has(hers).await;
    ada.until("all three", |ada| ada.document.len() == 3).await;
    let refused = |c: &ServerControl| matches!(c, ServerControl::Refused { .. });
    assert!(!ada.controls.iter().any(refused), "{:?}", ada.controls);
    assert_eq!(content(&world.document().await), content(&ada.document));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_of_nobody_is_reported_and_gets_no_row() {
    let world = World::new().await;
    let mut peer = Peer::join(&world.door(&world.owner)).await;
    let stray = peer.draw(Uuid::new_v4(), 1.0).await;
    peer.told("ignored", |c| {
        matches!(c, ServerControl::Ignored { annotation_ids, .. } if annotation_ids == &[stray.0])
    })
    .await;
    assert!(world.rows().await.is_empty());
    // Given a label of the project it counts, as drawn by whoever drew it.
    let ben = world.member("ben", "labeler").await;
    let mut b = Peer::join(&world.door(&ben)).await;
    b.edit(&[Edit::SetLabel(
        stray,
        visionflow_model::LabelId(world.label),
    )])
    .await;
    b.saved().await;
    let rows = world.rows().await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].annotator_id, Some(world.owner.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn open_clients_hear_of_deletion_and_of_new_labels() {
    let world = World::new().await;
    let mut peer = Peer::join(&world.door(&world.owner)).await;
    world.relay().item_deleted(world.room_id);
    peer.told("deleted", |c| *c == ServerControl::ItemDeleted)
        .await;
    peer.draw(world.label, 1.0).await;
    peer.saved().await;
    world.relay().item_restored(world.room_id);
    peer.told("restored", |c| *c == ServerControl::ItemRestored)
        .await;
    world.relay().ontology_changed(world.project_id, 7);
    peer.told("labels", |c| {
        *c == ServerControl::OntologyChanged { version: 7 }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_stores_what_has_arrived_and_says_come_back() {
    let world = World::new().await;
    let mut peer = Peer::join(&world.door(&world.owner)).await;
    for x in 0..50 {
        peer.draw(world.label, f64::from(x)).await;
    }
    let relay = world.relay();
    let shutdown = tokio::spawn(async move { relay.shutdown().await });
    assert_eq!(close_code(peer.socket()).await, 1001);
    shutdown.await.unwrap();
}
