//! One client's half, message by message.

use crate::support::*;
use visionflow_document::Document;
use visionflow_model::{Presence, Preview};
use visionflow_sync::{Acknowledgement, ClientSession, Event, Frame, FrameError, TIMEOUT_MS};

/// A client and a server's document, connected and in step; one frame is in flight.
fn connected(acknowledgement: Acknowledgement) -> (ClientSession, Document, Document) {
    let (mut document, server) = (Document::new(1), Document::new(9));
    let mut session = ClientSession::new(1, acknowledgement);
    open(&mut session, &mut document, &server);
    (session, document, server)
}

/// What a server says when a client connects; returns the client's answer to its first step.
fn open(session: &mut ClientSession, document: &mut Document, server: &Document) -> Vec<u8> {
    let Frame::SyncStep1(vector) = frame(&session.on_open(document)[0]) else {
        panic!("no first step");
    };
    let answer = Frame::SyncStep2(server.diff(&vector).unwrap()).encode();
    let events = session.on_message(&answer, document).unwrap();
    assert_eq!(events.last(), Some(&Event::Synced));
    let question = Frame::SyncStep1(server.state_vector()).encode();
    let events = session.on_message(&question, document).unwrap();
    sends(&events).remove(0)
}

fn update_of(message: &[u8]) -> Vec<u8> {
    match frame(message) {
        Frame::SyncStep2(update) | Frame::Update(update) => update,
        other => panic!("{other:?} carries no update"),
    }
}

#[test]
fn edits_are_pending_until_acknowledged() {
    let (mut session, mut document, _) = connected(Acknowledgement::Durable);
    for n in 0..3 {
        let update = edit(&mut document, add(n));
        assert_eq!(
            session.local_update(update.clone()),
            Some(Frame::Update(update).encode())
        );
    }
    assert_eq!(session.pending(), 3);
    assert_eq!(
        session.acked(1),
        0,
        "the first frame answered the server and carried no edit"
    );
    assert_eq!(session.acked(3), 2);
    assert_eq!(session.acked(3), 0);
    assert_eq!((session.acked(99), session.pending()), (1, 0));
}

#[test]
fn edits_made_offline_go_with_the_answer() {
    let (mut document, mut server) = (Document::new(1), Document::new(9));
    let mut session = ClientSession::new(1, Acknowledgement::Durable);
    for n in 0..3 {
        let update = edit(&mut document, add(n));
        assert_eq!(session.local_update(update), None);
    }
    let answer = open(&mut session, &mut document, &server);
    server.apply_update(&update_of(&answer)).unwrap();
    assert_eq!((server.len(), session.pending()), (3, 3));
    assert_eq!((session.acked(1), session.pending()), (3, 0));
}

#[test]
fn what_was_in_flight_goes_again_after_a_break() {
    let (mut session, mut document, mut server) = connected(Acknowledgement::Durable);
    let sent = session.local_update(edit(&mut document, add(0))).unwrap();
    let lost = session.local_update(edit(&mut document, add(1)));
    assert!(lost.is_some());
    server.apply_update(&update_of(&sent)).unwrap();
    session.on_close();
    assert_eq!(session.local_update(edit(&mut document, add(2))), None);
    assert!(!session.is_synced());
    assert_eq!(
        session.pending(),
        3,
        "the first arrived, but nobody said so"
    );
    let answer = open(&mut session, &mut document, &server);
    server.apply_update(&update_of(&answer)).unwrap();
    assert_eq!(server.len(), 3);
    assert_eq!((session.acked(1), session.pending()), (3, 0));
}

#[test]
fn edits_of_an_old_journal_count_until_the_answer_is_durable() {
    let mut before = Document::new(7);
    let journal = [edit(&mut before, add(0)), edit(&mut before, add(1))];
    let mut document = Document::new(1);
    let mut session = ClientSession::new(1, Acknowledgement::Durable);
    for update in &journal {
        document.apply_update(update).unwrap();
    }
    session.restored(journal.len());
    assert_eq!(session.pending(), 2);
    let mut server = Document::new(9);
    let answer = open(&mut session, &mut document, &server);
    server.apply_update(&update_of(&answer)).unwrap();
    assert_eq!(
        (server.len(), session.acked(1), session.pending()),
        (2, 2, 0)
    );
}

#[test]
fn a_plain_server_has_saved_what_it_was_sent() {
    let (mut session, mut document, server) = connected(Acknowledgement::None);
    assert!(session.local_update(edit(&mut document, add(0))).is_some());
    assert_eq!(session.pending(), 0);
    session.on_close();
    session.local_update(edit(&mut document, add(1)));
    assert_eq!(session.pending(), 1);
    open(&mut session, &mut document, &server);
    assert_eq!(session.pending(), 0);
}

#[test]
fn others_edits_arrive_as_changes() {
    let (mut session, mut document, mut server) = connected(Acknowledgement::Durable);
    let update = edit(&mut server, add(4));
    let message = Frame::Update(update).encode();
    let events = session.on_message(&message, &mut document).unwrap();
    assert!(matches!(&events[..], [Event::Changed(change)] if change.added == [id(4)]));
    assert_eq!(session.on_message(&message, &mut document), Ok(vec![]));
    assert_eq!(session.pending(), 0);
}

#[test]
fn bad_messages_do_no_harm() {
    let (mut session, mut document, mut server) = connected(Acknowledgement::Durable);
    assert!(session.on_message(&[0, 2, 200], &mut document).is_err());
    let good = Frame::Update(edit(&mut server, add(4))).encode();
    let bad = Frame::Update(vec![1, 2, 3]).encode();
    let unknown = Frame::Unknown(42).encode();
    let events = session
        .on_message(&[bad, good, unknown].concat(), &mut document)
        .unwrap();
    assert!(matches!(
        &events[..],
        [Event::Unreadable(FrameError::Update(_)), Event::Changed(_)]
    ));
    let question = Frame::SyncStep1(vec![255, 255, 255, 255, 15]).encode();
    let events = session.on_message(&question, &mut document).unwrap();
    assert!(matches!(&events[..], [Event::Unreadable(_)]));
}

#[test]
fn control_and_denial_are_passed_on() {
    let (mut session, mut document, _) = connected(Acknowledgement::Durable);
    let message = [
        Frame::Control("{}".into()).encode(),
        Frame::Auth("no".into()).encode(),
    ];
    let events = session.on_message(&message.concat(), &mut document);
    assert_eq!(
        events,
        Ok(vec![
            Event::Control("{}".into()),
            Event::Denied("no".into())
        ])
    );
}

fn hear(
    session: &mut ClientSession,
    document: &mut Document,
    said: (u64, u64, Option<&str>),
) -> Vec<Event> {
    let message = Frame::Awareness(awareness(&[said])).encode();
    session.on_message(&message, document).unwrap()
}

#[test]
fn peers_come_change_and_go() {
    let (mut session, mut document, _) = connected(Acknowledgement::Durable);
    let names = |session: &ClientSession| -> Vec<(u64, String)> {
        let peers = session.peers();
        peers
            .map(|(client, p)| (client, p.user.name.clone()))
            .collect()
    };
    let ada = r#"{"user":{"name":"Ada","color":"red"},"cursor":{"x":1,"y":2}}"#;
    let here = [Event::Presence(vec![5])];
    assert_eq!(hear(&mut session, &mut document, (5, 1, Some(ada))), here);
    assert_eq!(hear(&mut session, &mut document, (5, 1, Some("{}"))), []);
    assert_eq!(names(&session), [(5, "Ada".to_owned())]);
    assert_eq!(
        hear(&mut session, &mut document, (5, 2, Some(ada))),
        [],
        "a mere renewal"
    );
    assert_eq!(
        hear(&mut session, &mut document, (5, 3, Some("not json"))),
        here
    );
    assert_eq!(names(&session), [(5, String::new())]);
    assert_eq!(hear(&mut session, &mut document, (5, 3, None)), here);
    assert_eq!(hear(&mut session, &mut document, (5, 3, None)), []);
    assert_eq!(session.peers().count(), 0);
}

#[test]
fn what_a_peer_shows_out_of_reach_is_left_out() {
    let (mut session, mut document, _) = connected(Acknowledgement::Durable);
    let shape = |shape: &str| format!(r#"{{"shape":{shape}}}"#);
    let half_drawn = shape(r#"{"type":"polygon","rings":[[1,2,3,4]]}"#);
    let previews = [
        half_drawn.clone(),
        shape(r#"{"type":"box","box":[0,0,1e300,1]}"#),
        shape(
            r#"{"type":"text","box":[0,0,9,9],"text":"a","size":1e30,"bold":false,"align":"left"}"#,
        ),
    ]
    .join(",");
    let json = format!(
        r#"{{"user":{{}},"cursor":{{"x":1e300,"y":1}},"preview":[{previews}],"view":{{"min":{{"x":0,"y":0}},"max":{{"x":1e300,"y":1}}}}}}"#
    );
    hear(&mut session, &mut document, (5, 1, Some(&json)));
    let (_, shown) = session.peers().next().unwrap();
    assert_eq!((shown.cursor, shown.view), (None, None));
    let expected: Vec<Preview> = serde_json::from_str(&format!("[{half_drawn}]")).unwrap();
    assert_eq!(shown.preview, expected);
    // More tiles than there is memory, in a few bytes each.
    let mask = shape(r#"{"type":"mask","origin":[0,0],"size":[1,2097152],"runs":[0,2097152]}"#);
    let masks = vec![mask; 500].join(",");
    let bomb = format!(r#"{{"user":{{"name":"Eve"}},"preview":[{masks},{half_drawn}]}}"#);
    hear(&mut session, &mut document, (6, 1, Some(&bomb)));
    let eve = session.peers().find(|(client, _)| *client == 6).unwrap().1;
    assert_eq!(eve.user.name, "Eve");
    assert_eq!(eve.preview, expected);
}

#[test]
fn silent_peers_and_lost_connections_empty_the_room() {
    let (mut session, mut document, _) = connected(Acknowledgement::Durable);
    hear(&mut session, &mut document, (5, 1, Some("{}")));
    assert_eq!(session.tick(TIMEOUT_MS - 1), []);
    hear(&mut session, &mut document, (6, 1, Some("{}")));
    assert_eq!(session.tick(TIMEOUT_MS), [Event::Presence(vec![5])]);
    assert_eq!(session.on_close(), [6]);
    assert_eq!(session.peers().count(), 0);
}

fn own_entry(message: &[u8]) -> (u64, Option<Presence>) {
    let Frame::Awareness(update) = frame(message) else {
        panic!("no awareness");
    };
    assert_eq!((update.entries.len(), update.entries[0].client), (1, 1));
    let json = update.entries[0].json.as_deref();
    (
        update.entries[0].clock,
        json.map(|json| serde_json::from_str(json).unwrap()),
    )
}

#[test]
fn the_own_presence_is_told_renewed_and_ended() {
    let (mut session, mut document, server) = connected(Acknowledgement::Durable);
    let told = session.set_presence(&presence("Ada"), 1000).unwrap();
    let (first, shown) = own_entry(&told);
    assert_eq!(shown, Some(presence("Ada")));
    assert_eq!(session.set_presence(&presence("Ada"), 2000), None);
    assert_eq!(session.tick(15_999), []);
    let renewed = sends(&session.tick(16_000));
    assert_eq!(own_entry(&renewed[0]), (first + 1, shown.clone()));
    // The server took us for dead: we are not.
    let events = hear(&mut session, &mut document, (1, first + 1, None));
    assert_eq!(own_entry(&sends(&events)[0]), (first + 2, shown.clone()));
    assert_eq!(hear(&mut session, &mut document, (1, first, None)), []);
    let query = session.on_message(&Frame::AwarenessQuery.encode(), &mut document);
    assert_eq!(own_entry(&sends(&query.unwrap())[0]).0, first + 3);

    session.on_close();
    assert_eq!(session.set_presence(&presence("Ada L."), 20_000), None);
    let hello = session.on_open(&document);
    assert_eq!(own_entry(&hello[1]), (first + 4, Some(presence("Ada L."))));
    open(&mut session, &mut document, &server);
    let (_, gone) = own_entry(&session.leave().unwrap());
    assert_eq!(gone, None);
    assert_eq!(session.leave(), None);
    assert_eq!(session.on_open(&document).len(), 1);
}
