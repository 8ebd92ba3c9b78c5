//! Comments by way of the rooms API.

use super::super::relay_peer::Peer;
use super::super::relay_world::World;
use serde_json::json;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn scripts_comment_on_rooms() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let mut peer = Peer::join(&world.door(&ben)).await;
    let path = format!("/v1/rooms/{}/comments", world.room_id);
    // On what was drawn a moment ago.
    let drawn = peer.draw(world.label, 20.0).await;
    peer.saved().await;
    let new = json!({ "body": "a car?", "annotationId": drawn.0, "id": Uuid::now_v7() });
    for _ in 0..2 {
        let (status, comment) = world
            .call(&world.owner, "POST", &path, Some(new.clone()))
            .await;
        assert_eq!((status, &comment["id"]), (201, &new["id"]), "{comment}");
        assert_eq!(comment["annotationId"], json!(drawn.0));
        assert_eq!(
            (&comment["status"], &comment["authorName"]),
            (&json!("open"), &json!("ada"))
        );
    }
    let (status, _) = world
        .call(
            &world.owner,
            "POST",
            &path,
            Some(json!({ "body": "here", "x": 3, "y": 4.5 })),
        )
        .await;
    assert_eq!(status, 201);
    let (status, thread) = world
        .call(
            &ben,
            "POST",
            &path,
            Some(json!({ "body": "yes", "parentId": new["id"] })),
        )
        .await;
    assert_eq!(
        (status, &thread["replies"][0]["body"]),
        (201, &json!("yes")),
        "{thread}"
    );
    let one = format!("{path}/{}", new["id"].as_str().unwrap());
    for (status, left) in [("resolved", 1), ("open", 2)] {
        let (code, changed) = world
            .call(&ben, "PATCH", &one, Some(json!({ "status": status })))
            .await;
        assert_eq!(
            (code, changed["status"].as_str()),
            (200, Some(status)),
            "{changed}"
        );
        let (_, page) = world
            .call(&ben, "GET", &format!("{path}?status=open"), None)
            .await;
        assert_eq!(page["items"].as_array().unwrap().len(), left);
    }
    let (_, page) = world.call(&ben, "GET", &path, None).await;
    assert_eq!(page["items"][0]["replies"][0]["authorName"], "ben");
    assert_eq!(
        (&page["items"][1]["x"], &page["items"][1]["y"]),
        (&json!(3.0), &json!(4.5))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_scripts_say_wrongly_is_refused() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let path = format!("/v1/rooms/{}/comments", world.room_id);
    let new = json!({ "body": "here", "x": 3, "y": 4, "id": Uuid::now_v7() });
    let (status, _) = world.call(&ben, "POST", &path, Some(new.clone())).await;
    assert_eq!(status, 201);
    let one = format!("{path}/{}", new["id"].as_str().unwrap());
    let other = world.new_room().await;
    let elsewhere = format!("/v1/rooms/{}/comments", other.room_id);
    let answer = json!({ "body": "no", "parentId": new["id"] });
    let eve = world.stranger("eve").await;
    let cases = [
        (&ben, "POST", path.clone(), json!({ "body": "where?" }), 422),
        (
            &ben,
            "POST",
            path.clone(),
            json!({ "body": "x", "x": 1, "y": 1, "z": 1 }),
            422,
        ),
        (
            &ben,
            "POST",
            path.clone(),
            json!({ "body": "x", "annotationId": Uuid::new_v4() }),
            422,
        ),
        (
            &ben,
            "POST",
            path.clone(),
            json!({ "body": "x", "parentId": Uuid::new_v4() }),
            404,
        ),
        (&ben, "POST", elsewhere.clone(), answer, 404),
        (
            &ben,
            "PATCH",
            one.replace(&world.room_id.to_string(), &other.room_id.to_string()),
            json!({ "status": "open" }),
            404,
        ),
        (&ben, "PATCH", one.clone(), json!({ "status": "gone" }), 422),
        (
            &eve,
            "POST",
            path.clone(),
            json!({ "body": "x", "x": 1, "y": 1 }),
            404,
        ),
        (&eve, "PATCH", one.clone(), json!({ "status": "open" }), 404),
    ];
    for (person, method, path, body, expected) in cases {
        let (status, why) = world.refusal(person, method, &path, body.clone()).await;
        assert_eq!(status, expected, "{method} {path} {body}: {why}");
    }
    assert_eq!(world.call(&eve, "GET", &path, None).await.0, 404);
    let (_, page) = world.call(&ben, "GET", &elsewhere, None).await;
    assert_eq!(page["items"], json!([]));
}
