//! NATS over TLS, with an authority that only `SSL_CERT_FILE` makes known: hence real processes,
//! whose environment it is.

use crate::relay_nats::{Authority, Nats};
use crate::relay_peer::{Door, Peer};
use crate::relay_process::Process;
use crate::relay_world::World;

/// A server that is told this address, and to trust this authority.
async fn server(world: &World, url: &str, authority: &Authority) -> Process {
    let authority = authority.file();
    let environment = [
        ("VISIONFLOW_NATS_URL", url),
        ("SSL_CERT_FILE", authority.as_str()),
    ];
    Process::start_on(&world.app.database, &environment).await
}

async fn join(world: &World, server: &Process) -> Peer {
    let door = Door {
        url: server.url().to_owned(),
        ..world.door(&world.owner)
    };
    Peer::join(&door).await
}

/// Presence goes from server to server over NATS alone.
async fn see_each_other(a: &mut Peer, b: &mut Peer, round: &str) {
    let (ada, ben) = (format!("ada {round}"), format!("ben {round}"));
    a.show(&ada).await;
    b.until("sees a", |b| b.sees(&ada)).await;
    b.show(&ben).await;
    a.until("sees b", |a| a.sees(&ben)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_servers_share_presence_whether_the_address_asks_for_it_or_nats_does() {
    let authority = Authority::new();
    let Some(mut nats) = Nats::start_with_tls(&authority).await else {
        return;
    };
    let world = World::new().await;
    let one = server(&world, &nats.url_as("tls", "localhost"), &authority).await;
    let two = server(&world, &nats.url_as("nats", "localhost"), &authority).await;
    let mut a = join(&world, &one).await;
    let mut b = join(&world, &two).await;
    see_each_other(&mut a, &mut b, "one").await;
    nats.kill();
    let drawn = a.draw(world.label, 1.0).await;
    b.has(drawn).await;
    nats.restart().await;
    see_each_other(&mut a, &mut b, "two").await;
    drop((a, b));
    one.stop().await;
    two.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nats_that_cannot_be_trusted_is_not_spoken_to_and_the_log_says_why() {
    let authority = Authority::new();
    let Some(encrypted) = Nats::start_with_tls(&authority).await else {
        return;
    };
    let plain = Nats::start().await.expect("the binary is there");
    let world = World::new().await;

    let url = encrypted.url_as("tls", "localhost");
    let another = Authority::new();
    let of_another = server(&world, &url, &another).await;
    of_another
        .says("invalid peer certificate: UnknownIssuer")
        .await;
    of_another.stop().await;

    // One after the other, round and round.
    let urls = [
        encrypted.url_as("tls", "127.0.0.1"),
        plain.url_as("tls", "localhost"),
    ];
    let server = server(&world, &urls.join(","), &authority).await;
    server.says("certificate not valid for name").await;
    server.says("it does not offer TLS").await;
    server.stop().await;
}
