//! Who is at which photograph, as lists show it.

use super::relay_peer::{Door, PATIENCE, Peer};
use super::relay_process::Process;
use super::relay_world::{Person, World};
use serde_json::Value;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Until the list holds these, and nothing else.
async fn until_here(world: &World, who: &Person, expected: &[(Uuid, &Person, &str)]) {
    let path = format!("/api/v1/projects/{}/people", world.project_id);
    let mut expected: Vec<_> = expected
        .iter()
        .map(|(image, person, name)| (image.to_string(), person.id.to_string(), *name))
        .collect();
    expected.sort_unstable();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let deadline = Instant::now() + PATIENCE;
    loop {
        let (status, answer) = world.call(who, "GET", &path, None).await;
        assert_eq!(status, 200, "{answer}");
        let items = answer["items"].as_array().unwrap();
        let mut here: Vec<_> = items
            .iter()
            .map(|item| {
                (
                    text(&item["image_id"]),
                    text(&item["user_id"]),
                    item["name"].as_str().unwrap(),
                )
            })
            .collect();
        here.sort_unstable();
        if here == expected {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "{here:?} instead of {expected:?}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_at_which_photograph_is_listed_on_every_server() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let other = world.new_room().await;
    let second = world.second_server().await;
    let door = |person: &Person, room: Uuid, url: &str| Door {
        url: url.to_owned(),
        room_id: room,
        ..world.door(person)
    };
    let elsewhere = format!("http://{}", second.address());
    let mut ada = Peer::join(&world.door(&world.owner)).await;
    // The same person twice is there once, also over two servers.
    let again = Peer::join(&door(&world.owner, world.room_id, &elsewhere)).await;
    let mut far = Peer::join(&door(&ben, other.room_id, &elsewhere)).await;
    let at_first = (world.image_id, &world.owner, "ada");
    let at_other = (other.image_id, &ben, "ben");
    until_here(&world, &ben, &[at_first, at_other]).await;

    ada.disconnect();
    far.disconnect();
    until_here(&world, &ben, &[at_first]).await;
    drop(again);
    until_here(&world, &ben, &[]).await;

    let far = Peer::join(&door(&ben, other.room_id, &elsewhere)).await;
    until_here(&world, &ben, &[at_other]).await;
    second.shutdown().await;
    drop(far);
    until_here(&world, &ben, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_a_server_that_was_killed_are_forgotten() {
    let world = World::new().await;
    let mut process = Process::start_on(&world.app.database, &[]).await;
    let door = Door {
        url: process.url().to_owned(),
        ..world.door(&world.owner)
    };
    let peer = Peer::join(&door).await;
    let here = (world.image_id, &world.owner, "ada");
    until_here(&world, &world.owner, &[here]).await;
    process.kill().await;
    drop(peer);
    until_here(&world, &world.owner, &[here]).await;
    // As if a minute had passed.
    let mut owner = world.app.owner().await;
    sqlx::query("update room_people set seen_at = seen_at - interval '66 seconds'")
        .execute(&mut owner)
        .await
        .unwrap();
    until_here(&world, &world.owner, &[]).await;
}
