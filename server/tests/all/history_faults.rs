//! Bytes that went bad in the database: the room opens from what can be read, and says what cannot.

use super::relay_peer::{Peer, content};
use super::relay_world::World;
use sqlx::PgConnection;
use uuid::Uuid;

async fn snapshot(world: &World) -> i64 {
    let path = format!("/v1/rooms/{}/snapshots", world.room_id);
    let (status, made) = world.call(&world.owner, "POST", &path, None).await;
    assert_eq!(status, 201, "{made}");
    made["seq"].as_i64().unwrap()
}

async fn execute(owner: &mut PgConnection, sql: &'static str, room: Uuid, seq: i64) {
    let done = sqlx::query(sql).bind(room).bind(seq).execute(owner).await;
    assert_eq!(done.unwrap().rows_affected(), 1);
}

async fn faults(owner: &mut PgConnection, room: Uuid) -> Vec<(String, i64)> {
    sqlx::query_as("select kind, seq from room_faults where room_id = $1 order by kind, seq")
        .bind(room)
        .fetch_all(owner)
        .await
        .unwrap()
}

const FLIP_SNAPSHOT: &str = "update room_snapshots
    set state = set_byte(state, octet_length(state) / 2, get_byte(state, octet_length(state) / 2) # 255)
    where room_id = $1 and seq = $2";

#[tokio::test(flavor = "multi_thread")]
async fn a_corrupt_snapshot_is_set_aside_and_an_older_one_or_the_log_stands_in() {
    let mut world = World::new().await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    a.draw(world.label, 1.0).await;
    a.saved().await;
    let older = snapshot(&world).await;
    a.draw(world.label, 2.0).await;
    a.saved().await;
    let newer = snapshot(&world).await;
    a.draw(world.label, 3.0).await;
    a.saved().await;
    // The rows stand: what is opened is what is needed.
    assert_eq!(world.rows().await.len(), 3);
    let expected = content(&a.document);
    let log = world.log_of(&world.room()).await;
    drop(a);
    let room = world.room_id;
    let mut owner = world.app.owner().await;
    // The last snapshot of the room on its way out of memory would be another.
    world = world.restart().await;
    sqlx::query("delete from room_snapshots where room_id = $1 and seq > $2")
        .bind(room)
        .bind(newer)
        .execute(&mut owner)
        .await
        .unwrap();
    execute(&mut owner, FLIP_SNAPSHOT, room, newer).await;

    let a = Peer::join(&world.door(&world.owner)).await;
    assert_eq!(
        content(&a.document),
        expected,
        "from the older snapshot and the log"
    );
    assert_eq!(
        faults(&mut owner, room).await,
        [("snapshot".to_owned(), newer)]
    );
    drop(a);

    // Without any that can be read, the log alone; garbage of another kind.
    world = world.restart().await;
    sqlx::query(
        "update room_snapshots set state = '\\xffffffffffff', checksum = null where room_id = $1",
    )
    .bind(room)
    .execute(&mut owner)
    .await
    .unwrap();
    let mut a = Peer::join(&world.door(&world.owner)).await;
    assert_eq!(content(&a.document), expected, "from the log alone");
    assert!(
        faults(&mut owner, room)
            .await
            .contains(&("snapshot".to_owned(), older))
    );
    assert_eq!(
        world.log_of(&world.room()).await,
        log,
        "the log keeps every byte"
    );
    // And the room goes on.
    let id = a.draw(world.label, 4.0).await;
    a.saved().await;
    assert!(world.document().await.get(id).is_some());
    // A snapshot on request heals it.
    let healed = snapshot(&world).await;
    let sum: Option<bool> = sqlx::query_scalar(
        "select checksum = sha256(state) from room_snapshots where room_id = $1 and seq = $2",
    )
    .bind(room)
    .bind(healed)
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert_eq!(sum, Some(true));
    let metrics = world.app.get("/metrics").await;
    let metrics = metrics.body.as_str().unwrap();
    assert!(metrics.contains("room_faults_total"), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_does_not_apply_is_passed_over_and_its_author_brings_it_again() {
    let mut world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let mut b = Peer::join(&world.door(&ben)).await;
    let first = a.draw(world.label, 1.0).await;
    a.saved().await;
    let bad = b.draw(world.label, 2.0).await;
    b.saved().await;
    let later = a.draw(world.label, 3.0).await;
    a.saved().await;
    b.has(later).await;
    world.rows().await;
    a.disconnect();
    b.disconnect();
    world = world.restart().await;
    let room = world.room_id;
    let mut owner = world.app.owner().await;
    sqlx::query("delete from room_snapshots where room_id = $1")
        .bind(room)
        .execute(&mut owner)
        .await
        .unwrap();
    let garbage =
        "update room_events set payload = '\\xdeadbeefdeadbeef' where room_id = $1 and seq = $2";
    execute(&mut owner, garbage, room, 2).await;
    let log = world.log_of(&world.room()).await;

    // Who never had it sees the rest of the document.
    let c = Peer::join(&world.door(&world.owner)).await;
    assert!(c.document.get(first).is_some() && c.document.get(later).is_some());
    assert!(c.document.get(bad).is_none());
    assert_eq!(faults(&mut owner, room).await, [("event".to_owned(), 2)]);
    assert_eq!(
        world.log_of(&world.room()).await,
        log,
        "the log keeps every byte"
    );

    // Its author still holds it: what the server lacks it is given.
    b.door = world.door(&ben);
    b.connect().await;
    let mut c = c;
    c.has(bad).await;
    b.saved().await;
    assert!(world.document().await.get(bad).is_some());
}
