//! `kill -9` of the server and of its Postgres at random moments under load: whatever a client was
//! told is durable is there afterwards, for somebody who never saw it.

use super::relay_chaos::Dice;
use super::relay_peer::{Peer, content};
use super::relay_process::Process;
use std::time::{Duration, Instant};
use uuid::Uuid;
use visionflow_model::AnnotationId;

const WRITERS: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn kills_of_server_and_postgres_under_load_lose_nothing_that_was_acknowledged() {
    rounds(4, 0).await;
}

/// `cargo xtask soak kill`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs for as long as one likes"]
async fn soak() {
    let number = |name: &str, otherwise: u64| {
        let value = std::env::var(name).ok();
        value.map_or(otherwise, |value| value.parse().expect("a number"))
    };
    let first = number("VISIONFLOW_SOAK_FIRST", 0);
    rounds(number("VISIONFLOW_SOAK_ROUNDS", 100), first).await;
}

async fn rounds(count: u64, seed: u64) {
    let mut process = Process::start().await;
    let door = process.door().await;
    let mut dice = Dice(seed);
    let mut writers = Vec::new();
    for _ in 0..WRITERS {
        writers.push(Peer::join(&door).await);
    }
    let mut acknowledged: Vec<AnnotationId> = Vec::new();
    for round in 0..count {
        let begun = Instant::now();
        let label = process.label;
        let writing = writers
            .into_iter()
            .map(|peer| tokio::spawn(write(peer, label)));
        let writing: Vec<_> = writing.collect();
        tokio::time::sleep(Duration::from_millis(50 + dice.below(700) as u64)).await;
        // Both get their turn in any four rounds.
        let postgres = round % 2 == 1;
        if postgres {
            process.kill_postgres().await;
        } else {
            process.kill().await;
        }
        writers = Vec::new();
        for writer in writing {
            let (peer, saved) = writer.await.unwrap();
            acknowledged.extend(saved);
            writers.push(peer);
        }
        process.restart().await;
        let fresh = Peer::join(&door).await;
        let lost = acknowledged
            .iter()
            .filter(|id| fresh.document.get(**id).is_none());
        assert_eq!(
            lost.count(),
            0,
            "round {round} of seed {seed}: acknowledged and lost"
        );
        // What was on the way comes again by itself, and all agree.
        for peer in &mut writers {
            peer.reconnect(std::slice::from_ref(&door.url)).await;
            assert!(peer.saved_or_lost().await);
        }
        let mut longest = Peer::join(&door).await;
        let all = longest.document.len();
        for peer in &mut writers {
            peer.until("converged", |peer| peer.document.len() == all)
                .await;
        }
        longest.read_what_is_there().await;
        assert_eq!(content(&longest.document), content(&writers[0].document));
        let victim = if postgres { "Postgres" } else { "the server" };
        let (kept, took) = (acknowledged.len(), begun.elapsed().as_millis());
        println!("round {round}: {victim} killed, {kept} acknowledged and kept, {took} ms");
    }
    drop(writers);
    process.stop().await;
}

/// Draws one after another until the server is gone; returns what was acknowledged.
async fn write(mut peer: Peer, label: Uuid) -> (Peer, Vec<AnnotationId>) {
    let mut saved = Vec::new();
    loop {
        let drawn = peer.draw(label, 1.0).await;
        if !peer.is_connected() || !peer.saved_or_lost().await {
            return (peer, saved);
        }
        saved.push(drawn);
    }
}
