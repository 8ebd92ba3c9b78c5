//! `/api/v1/annotations`: rows to read, edits of the live document to write.

use super::relay_peer::Peer;
use super::relay_world::World;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use uuid::Uuid;
use visionflow_model::AnnotationId;

const PATH: &str = "/api/v1/annotations";

fn body(world: &World, data: &Value) -> Value {
    json!({ "image_id": world.image_id, "label_id": world.label, "data": data })
}

fn a_box() -> Value {
    json!({ "type": "box", "box": [1.0, 2.0, 30.0, 40.0] })
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_appear_live_and_are_read_back_exactly() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let mut peer = Peer::join(&world.door(&world.owner)).await;
    let (status, row) = world
        .call(&ben, "POST", PATH, Some(body(&world, &a_box())))
        .await;
    assert_eq!(status, 201, "{row}");
    assert_eq!(row["data"], a_box());
    assert_eq!(row["class_name"], "car");
    assert_eq!(row["annotator_id"], json!(ben.id));
    let id: AnnotationId = row["id"].as_str().unwrap().parse().unwrap();
    peer.has(id).await;

    let path = format!("{PATH}/{id}");
    let moved = json!({ "type": "box", "box": [5.5, 6.0, 30.0, 40.0] });
    let attribute = Uuid::new_v4();
    let change = json!({ "data": moved, "attributes": { attribute.to_string(): "red" } });
    let (status, row) = world.call(&world.owner, "PATCH", &path, Some(change)).await;
    assert_eq!((status, &row["data"]), (200, &moved));
    assert_eq!(row["attributes"][attribute.to_string()], "red");
    assert_eq!(row["annotator_id"], json!(ben.id));
    peer.until("the change", |p| {
        p.document.get(id).unwrap().attributes.len() == 1
    })
    .await;

    // What a socket wrote is in the very next answer.
    let drawn = peer.draw(world.label, 9.0).await;
    peer.saved().await;
    let listed = world.rows().await;
    assert!(listed.iter().any(|row| row.id == drawn.0), "{listed:?}");

    let (status, _) = world.call(&ben, "DELETE", &path, None).await;
    assert_eq!(status, 204);
    peer.until("the deletion", |p| p.document.get(id).is_none())
        .await;
    assert_eq!(world.call(&ben, "DELETE", &path, None).await.0, 404);
    assert_eq!(
        world
            .call(&ben, "PATCH", &path, Some(json!({ "z": 1 })))
            .await
            .0,
        404
    );
}

/// Scripts that always have a write under way keep neither readers nor newcomers waiting.
#[tokio::test(flavor = "multi_thread")]
async fn readers_and_newcomers_get_their_turn_among_writes_without_a_pause() {
    let world = World::new().await;
    let enough = AtomicBool::new(false);
    let write = async || {
        let mut written = 0;
        while !enough.load(Ordering::Relaxed) {
            let body = body(&world, &a_box());
            let (status, row) = world.call(&world.owner, "POST", PATH, Some(body)).await;
            assert_eq!(status, 201, "{row}");
            written += 1;
        }
        written
    };
    let read = async || {
        for _ in 0..10 {
            world.rows().await;
        }
        let mut peer = Peer::join(&world.door(&world.owner)).await;
        peer.until("everything so far", |p| !p.document.is_empty())
            .await;
        enough.store(true, Ordering::Relaxed);
    };
    let writers = futures_util::future::join_all((0..8).map(|_| write()));
    let (written, ()) = tokio::join!(writers, read());
    let written: usize = written.into_iter().sum();
    assert_eq!(world.rows().await.len(), written.min(500));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_refused_in_words_and_writes_nothing() {
    let world = World::new().await;
    let archived = world.archived_label().await;
    let ring = |points: Value| json!({ "type": "polygon", "rings": [points] });
    let with_label =
        |label: Uuid| json!({ "image_id": world.image_id, "label_id": label, "data": a_box() });
    let cases = [
        (
            body(&world, &json!({ "type": "box", "box": [0, 0, 0, 5] })),
            422,
            "width",
        ),
        (
            body(&world, &json!({ "type": "box", "box": [0, 0, 1e9, 5] })),
            422,
            "pixels",
        ),
        (
            body(&world, &json!({ "type": "box", "box": [5000, 0, 10, 10] })),
            422,
            "far outside",
        ),
        (body(&world, &ring(json!([0, 0, 1, 1]))), 422, "three"),
        (body(&world, &ring(json!([0, 0, 1]))), 422, "even"),
        (body(&world, &json!({ "type": "blob" })), 422, "blob"),
        (with_label(Uuid::new_v4()), 422, "no label"),
        (with_label(archived), 422, "archived"),
        (
            json!({ "image_id": Uuid::new_v4(), "label_id": world.label, "data": a_box() }),
            404,
            "nothing",
        ),
    ];
    for (body, status, word) in cases {
        let (answered, problem) = world
            .call(&world.owner, "POST", PATH, Some(body.clone()))
            .await;
        assert_eq!(answered, status, "{body} -> {problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(word), "{body} -> {detail}");
    }
    let huge = format!(
        r#"{{"image_id":"{}","label_id":"{}","data":{{"type":"box","box":[0,0,1e999,1]}}}}"#,
        world.image_id, world.label
    );
    let (status, _) = world.call_text(&world.owner, "POST", PATH, huge).await;
    assert!(status == 400 || status == 422, "{status}");
    assert!(world.rows().await.is_empty());
    assert_eq!(world.call(&world.owner, "GET", PATH, None).await.0, 422);
    let path = format!("{PATH}?image_id={}&cursor=x", world.image_id);
    assert_eq!(world.call(&world.owner, "GET", &path, None).await.0, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_creates_once() {
    let world = World::new().await;
    let mut given = body(&world, &a_box());
    given["id"] = json!(Uuid::new_v4());
    let (first, row) = world
        .call(&world.owner, "POST", PATH, Some(given.clone()))
        .await;
    let (second, again) = world.call(&world.owner, "POST", PATH, Some(given)).await;
    assert_eq!((first, second), (201, 200));
    assert_eq!(row, again);
    let keyed = body(&world, &a_box());
    let (first, row) = world.call_with_key(&world.owner, PATH, &keyed, "k1").await;
    let (_, again) = world.call_with_key(&world.owner, PATH, &keyed, "k1").await;
    assert_eq!(first, 201);
    assert_eq!(row, again);
    assert_eq!(world.rows().await.len(), 2);
    // The id of another image's annotation is taken.
    let room = world.new_room().await;
    let stolen = json!({ "id": row["id"], "image_id": room.image_id, "label_id": world.label, "data": a_box() });
    assert_eq!(
        world.call(&world.owner, "POST", PATH, Some(stolen)).await.0,
        409
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_write_or_see_is_told_so() {
    let world = World::new().await;
    let eve = world.watcher("eve").await;
    let mallory = world.stranger("mallory").await;
    let (_, row) = world
        .call(&world.owner, "POST", PATH, Some(body(&world, &a_box())))
        .await;
    let path = format!("{PATH}/{}", row["id"].as_str().unwrap());
    let list = format!("{PATH}?image_id={}", world.image_id);
    let by_project = format!("{PATH}?project_id={}", world.project_id);
    for (person, read, write) in [(&eve, 200, 403), (&mallory, 404, 404)] {
        assert_eq!(world.call(person, "GET", &list, None).await.0, read);
        assert_eq!(world.call(person, "GET", &by_project, None).await.0, read);
        assert_eq!(
            world
                .call(person, "POST", PATH, Some(body(&world, &a_box())))
                .await
                .0,
            write
        );
        assert_eq!(
            world
                .call(person, "PATCH", &path, Some(json!({ "z": 2 })))
                .await
                .0,
            write
        );
        assert_eq!(world.call(person, "DELETE", &path, None).await.0, write);
    }
    world.delete_image().await;
    assert_eq!(world.call(&world.owner, "GET", &list, None).await.0, 404);
    assert_eq!(
        world
            .call(&world.owner, "POST", PATH, Some(body(&world, &a_box())))
            .await
            .0,
        404
    );
    assert_eq!(
        world
            .call(&world.owner, "PATCH", &path, Some(json!({ "z": 2 })))
            .await
            .0,
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_come_in_pages_that_hold_everything_once() {
    let world = World::new().await;
    let mut peer = Peer::join(&world.door(&world.owner)).await;
    for x in 0..25 {
        peer.draw(world.label, f64::from(x)).await;
    }
    peer.saved().await;
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("{PATH}?project_id={}&limit=10{cursor}", world.project_id);
        let (_, page) = world.call(&world.owner, "GET", &path, None).await;
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["id"].to_string()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((count, seen.len()), (25, 25));
}
