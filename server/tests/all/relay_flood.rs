//! One client that means harm, or knows no better: the others do not notice.

use super::relay_peer::{Door, PATIENCE, Peer, a_box, update_frame};
use super::relay_world::World;
use futures_util::{SinkExt, StreamExt};
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite::Message;
use visionflow_document::{Document, Edit};
use visionflow_sync::{AwarenessEntry, AwarenessUpdate, Frame};

/// Messages a second, and for how long.
const FLOOD: usize = 10_000;
const SECONDS: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_messages_a_second_from_one_client_do_not_harm_the_others() {
    let world = World::new().await;
    let door = world.door(&world.owner);
    let mut a = Peer::join(&door).await;
    let mut b = Peer::join(&door).await;
    let messages = flood(world.label);
    let flooding = tokio::spawn(send_all(door, messages));
    let mut waits = Vec::new();
    let end = Instant::now() + Duration::from_secs(SECONDS as u64 + 2);
    while Instant::now() < end {
        let begun = Instant::now();
        let name = format!("ada {}", waits.len());
        let drawn = a.draw(world.label, 1.0).await;
        a.show(&name).await;
        a.saved().await;
        b.has(drawn).await;
        b.until("sees a", |b| b.sees(&name)).await;
        waits.push(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    flooding.abort();
    waits.sort();
    let (median, worst) = (waits[waits.len() / 2], waits[waits.len() - 1]);
    println!(
        "{} edits during the flood: median {median:?}, worst {worst:?}",
        waits.len()
    );
    assert!(median < Duration::from_secs(5), "{waits:?}");
}

/// Edits and presence in turns, and now and then a question that is dear to answer.
fn flood(label: uuid::Uuid) -> Vec<Message> {
    let mut document = Document::new(4711);
    let messages = (0..FLOOD * SECONDS).map(|n| {
        let frame = match n % 100 {
            0 => Frame::SyncStep1(vec![0]).encode(),
            n if n % 2 == 1 => presence(n as u64),
            _ => {
                let drawn = a_box(label, (n % 500) as f64);
                document.edit(&[Edit::Add(drawn)]).unwrap();
                document.forget_history();
                update_frame(&document.take_updates().concat())
            }
        };
        Message::Binary(frame.into())
    });
    messages.collect()
}

fn presence(clock: u64) -> Vec<u8> {
    let entry = AwarenessEntry {
        client: 4711,
        clock,
        json: Some("{\"user\":{\"name\":\"mallory\"}}".into()),
    };
    let entries = vec![entry];
    Frame::Awareness(AwarenessUpdate { entries }).encode()
}

/// As fast as it is taken, and reads what comes.
async fn send_all(door: Door, messages: Vec<Message>) {
    let (mut sink, mut stream) = door.open().await.split();
    let reading = tokio::spawn(async move { while let Some(Ok(_)) = stream.next().await {} });
    let mut tick = tokio::time::interval(Duration::from_millis(10));
    for batch in messages.chunks(FLOOD / 100) {
        tick.tick().await;
        for message in batch {
            if sink.feed(message.clone()).await.is_err() {
                return;
            }
        }
        if sink.flush().await.is_err() {
            return;
        }
    }
    // The server reads on, at its pace.
    let _ = reading.await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_a_hundred_megabytes_ends_its_socket_and_nothing_else() {
    let world = World::new().await;
    let door = world.door(&world.owner);
    let mut witness = Peer::join(&door).await;
    let mut socket = door.open().await;
    // Refused by its length: the server does not read it to the end, so sending may fail.
    let _ = socket
        .send(Message::Binary(vec![0; 100 << 20].into()))
        .await;
    let ended = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| u16::from(frame.code)),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    };
    let code = tokio::time::timeout(PATIENCE, ended)
        .await
        .expect("the socket ends");
    assert!(matches!(code, None | Some(4400 | 1009)), "{code:?}");
    witness.draw(world.label, 1.0).await;
    witness.saved().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_has_stopped_delays_nobody_and_is_brought_up_to_date() {
    let world = World::new().await;
    let door = world.door(&world.owner);
    let mut stopped = Peer::join(&door).await;
    let mut reader = Peer::join(&door).await;
    let mut writer = Peer::join(&door).await;
    let before = usual_wait(&mut writer, &mut reader, world.label, 40).await;
    // More than its socket, its outbox and the system's buffers hold together.
    for n in 0..40 {
        writer
            .edit(&[Edit::Add(super::relay_chaos::a_big_polygon(world.label, n))])
            .await;
        writer.saved().await;
        writer.show(&format!("writer {n}")).await;
    }
    let last = writer.draw(world.label, 9.0).await;
    reader.has(last).await;
    let behind = usual_wait(&mut writer, &mut reader, world.label, 40).await;
    println!("way of an edit: {before:?}; beside a reader that has stopped {behind:?}");
    assert!(
        behind < before * 4 + Duration::from_millis(500),
        "{before:?} {behind:?}"
    );
    let all = reader.document.len();
    stopped
        .until("up to date", |peer| peer.document.len() == all)
        .await;
    stopped
        .until("sees the newest", |peer| peer.sees("writer 39"))
        .await;
    assert!(stopped.is_connected());
}

/// How long edits need from one to the other, the median.
async fn usual_wait(
    writer: &mut Peer,
    reader: &mut Peer,
    label: uuid::Uuid,
    count: u32,
) -> Duration {
    let mut waits = Vec::new();
    for x in 0..count {
        let begun = Instant::now();
        let drawn = writer.draw(label, f64::from(x)).await;
        reader.has(drawn).await;
        waits.push(begun.elapsed());
    }
    waits.sort_unstable();
    waits[waits.len() / 2]
}
