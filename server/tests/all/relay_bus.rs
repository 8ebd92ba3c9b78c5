//! Several servers on one database: what they tell each other, over Postgres and over NATS, also
//! after either was away.

#[path = "relay_bus/tls.rs"]
mod tls;

use super::relay_nats::Nats;
use super::relay_peer::{Door, Peer, content};
use super::relay_process::Process;
use super::relay_world::World;
use std::time::{Duration, Instant};
use visionflow_api::ServerControl;
use visionflow_server::serve::Server;

/// Somebody on each of two servers.
struct Pair {
    world: World,
    second: Server,
    a: Peer,
    b: Peer,
}

impl Pair {
    async fn new(world: World) -> Self {
        let second = world.second_server().await;
        let a = Peer::join(&world.door(&world.owner)).await;
        let door = Door {
            url: format!("http://{}", second.address()),
            ..world.door(&world.owner)
        };
        let b = Peer::join(&door).await;
        Self {
            world,
            second,
            a,
            b,
        }
    }

    async fn see_each_other(&mut self, round: &str) {
        let (ada, ben) = (format!("ada {round}"), format!("ben {round}"));
        self.a.show(&ada).await;
        self.b.until("sees a", |b| b.sees(&ada)).await;
        self.b.show(&ben).await;
        self.a.until("sees b", |a| a.sees(&ben)).await;
    }

    /// Word of an edit comes at once. An edit made just after a look at the log would otherwise wait
    /// for the next one, half a second later, again and again.
    async fn hear_of_edits_at_once(&mut self) {
        let mut waits = Vec::new();
        for x in 0..9 {
            let begun = Instant::now();
            let drawn = self.a.draw(self.world.label, f64::from(x)).await;
            self.b.has(drawn).await;
            waits.push(begun.elapsed());
        }
        waits.sort();
        // Of edits that waited for a look only the first can be quick, by chance.
        assert!(waits[1] < Duration::from_millis(350), "{waits:?}");
    }

    async fn end(mut self) {
        self.a.saved().await;
        self.b.saved().await;
        assert_eq!(content(&self.a.document), content(&self.b.document));
        self.b.disconnect();
        self.a
            .until("b has left", |a| a.session.peers().next().is_none())
            .await;
        self.second.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_postgres_servers_share_presence_edits_and_notices() {
    let mut pair = Pair::new(World::new().await).await;
    pair.see_each_other("one").await;
    pair.hear_of_edits_at_once().await;

    // Who comes later sees who is there already, wherever they are.
    let mut late = Peer::join(&pair.b.door).await;
    late.until("sees both", |l| l.sees("ada one") && l.sees("ben one"))
        .await;

    // A notice, and a role that is taken away.
    let room = pair.world.room_id;
    pair.world.relay().item_deleted(room);
    pair.b
        .told("deleted", |c| matches!(c, ServerControl::ItemDeleted))
        .await;
    let ben = pair.world.member("ben", "labeler").await;
    let door = Door {
        token: ben.token.clone(),
        ..pair.b.door.clone()
    };
    let mut editor = Peer::join(&door).await;
    pair.world.remove_member(&ben).await;
    let lost = |c: &ServerControl| matches!(c, ServerControl::RoleChanged { can_edit: false });
    editor.told("looks only", lost).await;
    drop((late, editor));
    pair.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bus_over_postgres_comes_back_when_its_connections_were_cut() {
    let mut pair = Pair::new(World::new().await).await;
    pair.see_each_other("before").await;
    let mut owner = pair.world.app.owner().await;
    for round in 0..3 {
        let cut: i64 = sqlx::query_scalar(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid()
                 and (query ilike 'listen%' or query like '%pg_notify%')",
        )
        .fetch_one(&mut owner)
        .await
        .unwrap();
        assert!(cut > 0);
        // At once through the log, and again over the bus.
        let drawn = pair.a.draw(pair.world.label, f64::from(round)).await;
        pair.b.has(drawn).await;
        pair.see_each_other(&format!("after {round}")).await;
    }
    pair.hear_of_edits_at_once().await;
    pair.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_nats_servers_share_presence_edits_and_notices_also_after_it_was_away() {
    let Some(mut nats) = Nats::start().await else {
        return;
    };
    let url = nats.url();
    let world = World::new_with(|config| config.nats_url = Some(url)).await;
    let mut pair = Pair::new(world).await;
    pair.see_each_other("one").await;
    pair.hear_of_edits_at_once().await;
    pair.world.relay().item_deleted(pair.world.room_id);
    pair.b
        .told("deleted", |c| matches!(c, ServerControl::ItemDeleted))
        .await;
    nats.kill();
    // Edits find their way through the log.
    let drawn = pair.a.draw(pair.world.label, 99.0).await;
    pair.b.has(drawn).await;
    nats.restart().await;
    pair.see_each_other("two").await;
    pair.hear_of_edits_at_once().await;
    pair.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_of_a_killed_process_move_over_and_nothing_acknowledged_is_lost() {
    let world = World::new().await;
    let mut process = Process::start_on(&world.app.database, &[]).await;
    let away = Door {
        url: process.url().to_owned(),
        ..world.door(&world.owner)
    };
    let mut stays = Peer::join(&world.door(&world.owner)).await;
    let mut moves = Peer::join(&away).await;
    moves.show("ben").await;
    stays.until("sees ben", |peer| peer.sees("ben")).await;
    let mut acknowledged = Vec::new();
    for x in 0..20 {
        acknowledged.push(moves.draw(world.label, f64::from(x)).await);
    }
    moves.saved().await;
    for x in 0..20 {
        moves.draw(world.label, 100.0 + f64::from(x)).await;
    }
    process.kill().await;
    // What was acknowledged comes here without the client's help.
    let mut fresh = Peer::join(&world.door(&world.owner)).await;
    for id in acknowledged {
        fresh.has(id).await;
    }
    moves
        .reconnect(&[process.url().to_owned(), world.app.url.clone()])
        .await;
    moves.saved().await;
    let all = content(&moves.document);
    assert_eq!(all.len(), 40);
    stays
        .until("has everything", |peer| content(&peer.document) == all)
        .await;
    assert_eq!(world.rows().await.len(), 40);
    // Nobody is there twice, or for ever.
    moves.disconnect();
    stays.until("ben has left", |peer| !peer.sees("ben")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_ends_in_order_hands_its_clients_over() {
    let world = World::new().await;
    let mut process = Process::start_on(&world.app.database, &[]).await;
    let away = Door {
        url: process.url().to_owned(),
        ..world.door(&world.owner)
    };
    let mut moves = Peer::join(&away).await;
    for x in 0..30 {
        moves.draw(world.label, f64::from(x)).await;
    }
    // Told while edits are on the way: those that were read are durable and acknowledged before the
    // goodbye, the others are sent again.
    let (code, ()) = tokio::join!(close_code_of(&mut moves), process.terminate());
    assert_eq!(code, Some(1001));
    moves.disconnect();
    moves.reconnect(std::slice::from_ref(&world.app.url)).await;
    moves.saved().await;
    assert_eq!(moves.document.len(), 30);
    assert_eq!(content(&world.document().await), content(&moves.document));
    moves.draw(world.label, 50.0).await;
    moves.saved().await;
    assert_eq!(world.rows().await.len(), 31);
}

/// The code of the close, after everything before it was taken in.
async fn close_code_of(peer: &mut Peer) -> Option<u16> {
    while peer.read().await {}
    peer.close_code
}
