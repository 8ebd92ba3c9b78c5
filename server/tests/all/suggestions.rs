//! What models propose: written as edits of the live document, projected into rows, decided about by
//! people, and counted.

use super::models::detector;
use super::relay_peer::Peer;
use super::relay_world::{World, id};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;
use visionflow_document::Edit;
use visionflow_model::{AnnotationId, AttributeId, AttributeValue, Shape, Verdict};
use visionflow_server::projection;

fn path(image: Uuid) -> String {
    format!("/api/v1/images/{image}/suggestions")
}

fn a_box(x: f64) -> Value {
    json!({ "type": "box", "box": [x, 2.0, 30.0, 40.0] })
}

/// A registered detector that is ready.
async fn model(world: &World, name: &str) -> Uuid {
    let body = json!({
        "name": name, "report": { "ok": true },
        "spec": detector(),
        "source": { "kind": "url", "files": [{ "url": "https://example.org/a.onnx", "sha256": "0".repeat(64), "bytes": 1 }] },
    });
    let path = format!("/api/v1/projects/{}/models", world.project_id);
    let (status, model) = world.call(&world.owner, "POST", &path, Some(body)).await;
    assert_eq!(status, 201, "{model}");
    id(&model["id"])
}

/// Proposes boxes at these places; their ids.
async fn propose(world: &World, model: Uuid, run: Uuid, places: &[f64]) -> Vec<Uuid> {
    let suggestions: Vec<Value> = places
        .iter()
        .map(|x| json!({ "label": world.label, "score": 0.5, "data": a_box(*x) }))
        .collect();
    let body = json!({ "model": model, "run": run, "suggestions": suggestions });
    let path = path(world.image_id);
    let (status, made) = world.call(&world.owner, "POST", &path, Some(body)).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["run"], json!(run));
    made["ids"].as_array().unwrap().iter().map(id).collect()
}

async fn listed(world: &World, query: &str) -> Vec<Value> {
    let path = format!("{}?limit=500{query}", path(world.image_id));
    let (status, page) = world.call(&world.owner, "GET", &path, None).await;
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().unwrap().clone()
}

async fn verdict_of(world: &World, id: Uuid) -> String {
    let all = listed(world, "").await;
    let row = all.iter().find(|row| row["id"] == json!(id)).unwrap();
    row["verdict"].as_str().unwrap().to_owned()
}

fn decide(id: Uuid, verdict: Verdict) -> Edit {
    Edit::Decide {
        id: AnnotationId(id),
        verdict,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_proposed_appears_live_and_is_no_annotation() {
    let world = World::new().await;
    let model = model(&world, "cars").await;
    let mut peer = Peer::join(&world.door(&world.owner)).await;
    let ids = propose(&world, model, Uuid::now_v7(), &[1.0, 50.0]).await;
    let first = AnnotationId(ids[0]);
    peer.until("suggested", |p| p.document.suggestion(first).is_some())
        .await;
    assert!(world.rows().await.is_empty(), "nobody has accepted it");
    let rows = listed(&world, "").await;
    assert_eq!(rows.len(), 2);
    let row = rows.iter().find(|row| row["id"] == json!(ids[0])).unwrap();
    assert_eq!(row["data"], a_box(1.0));
    assert_eq!(
        (&row["source"], &row["model"]),
        (&json!("model:cars"), &json!(model))
    );
    assert_eq!(
        (&row["verdict"], &row["class_name"]),
        (&json!("pending"), &json!("car"))
    );
    assert_eq!(row["proposed_by"], json!(world.owner.id));
    assert_eq!(row["decided_by"], Value::Null);

    // Accepted by hand, it is an annotation under the same id, by the model.
    peer.edit(&[decide(ids[0], Verdict::Accepted)]).await;
    peer.saved().await;
    let rows = world.rows().await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].id, rows[0].source.name()),
        (ids[0], "model:cars".to_owned())
    );
    assert_eq!(listed(&world, "&verdict=accepted").await.len(), 1);
    assert_eq!(listed(&world, "&verdict=pending").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_run_supersedes_what_is_pending_and_a_repeated_one_nothing() {
    let world = World::new().await;
    let (cars, other) = (model(&world, "cars").await, model(&world, "other").await);
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    let kept = propose(&world, other, Uuid::now_v7(), &[200.0]).await;
    let old = propose(&world, cars, first, &[1.0, 50.0]).await;
    assert_eq!(propose(&world, cars, first, &[1.0, 50.0]).await, old);
    assert_eq!(listed(&world, "").await.len(), 3, "nothing twice");
    let mut peer = Peer::join(&world.door(&world.owner)).await;
    peer.edit(&[decide(old[0], Verdict::Rejected)]).await;
    peer.saved().await;
    // What it was refused for once it does not bring again.
    let new = propose(&world, cars, second, &[1.0, 50.0, 90.0]).await;
    assert_eq!(new.len(), 2);
    for (id, expected) in [
        (old[0], "rejected"),
        (old[1], "superseded"),
        (new[0], "pending"),
        (kept[0], "pending"),
    ] {
        assert_eq!(verdict_of(&world, id).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acceptance_is_counted_by_label_and_in_all() {
    let world = World::new().await;
    let model = model(&world, "cars").await;
    let places = [0.0, 40.0, 80.0, 120.0, 160.0, 200.0];
    let ids = propose(&world, model, Uuid::now_v7(), &places).await;
    let mut peer = Peer::join(&world.door(&world.owner)).await;
    peer.until("suggested", |p| p.document.suggestions().len() == 6)
        .await;
    let accept = |id| decide(id, Verdict::Accepted);
    peer.edit(&[accept(ids[0]), accept(ids[1]), accept(ids[2])])
        .await;
    peer.edit(&[decide(ids[3], Verdict::Rejected)]).await;
    // One is corrected, another deleted later: both stay accepted.
    let corrected = AnnotationId(ids[1]);
    let attribute = AttributeId(Uuid::now_v7());
    let value = Some(AttributeValue::Text("red".to_owned()));
    peer.edit(&[Edit::SetAttribute(corrected, attribute, value)])
        .await;
    peer.edit(&[Edit::Delete(AnnotationId(ids[2]))]).await;
    peer.edit(&[Edit::SetZ(AnnotationId(ids[0]), 9.0)]).await;
    peer.saved().await;
    let path = format!("/api/v1/models/{model}/acceptance");
    let (status, found) = world.call(&world.owner, "GET", &path, None).await;
    assert_eq!(status, 200, "{found}");
    let counts = json!({ "suggested": 6, "pending": 2, "accepted": 3, "corrected": 1, "rejected": 1,
        "superseded": 0, "rate": 0.75 });
    assert_eq!(found["total"], counts);
    assert_eq!(found["labels"].as_array().unwrap().len(), 1);
    assert_eq!(found["labels"][0]["class_name"], "car");
    assert_eq!(found["labels"][0]["accepted"], 3);
    propose(&world, model, Uuid::now_v7(), &[]).await;
    let (_, found) = world.call(&world.owner, "GET", &path, None).await;
    assert_eq!(
        (&found["total"]["superseded"], &found["total"]["pending"]),
        (&json!(2), &json!(0))
    );
    let mallory = world.stranger("mallory").await;
    assert_eq!(world.call(&mallory, "GET", &path, None).await.0, 404);
}

/// How many wait in each of the listed photographs.
async fn waiting(world: &World, query: &str) -> Vec<(Uuid, i64)> {
    let path = format!("/api/v1/projects/{}/images{query}", world.project_id);
    let (status, page) = world.call(&world.owner, "GET", &path, None).await;
    assert_eq!(status, 200, "{page}");
    let items = page["items"].as_array().unwrap().iter();
    let of = |image: &Value| {
        (
            id(&image["id"]),
            image["pending_suggestions"].as_i64().unwrap(),
        )
    };
    items.map(of).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn photographs_say_how_many_suggestions_wait_and_are_listed_by_it() {
    let world = World::new().await;
    let (here, other) = (world.image_id, world.new_room().await.image_id);
    let (cars, dogs) = (model(&world, "cars").await, model(&world, "dogs").await);
    let counted = async |expected: i64| {
        assert_eq!(waiting(&world, "").await, [(here, expected), (other, 0)]);
        let listed: Vec<_> = (expected > 0)
            .then_some((here, expected))
            .into_iter()
            .collect();
        assert_eq!(waiting(&world, "?pending=true").await, listed);
        let (_, one) = world
            .call(&world.owner, "GET", &format!("/api/v1/images/{here}"), None)
            .await;
        assert_eq!(one["pending_suggestions"], expected);
    };
    counted(0).await;
    let ids = propose(&world, cars, Uuid::now_v7(), &[1.0, 50.0, 90.0]).await;
    counted(3).await;
    propose(&world, dogs, Uuid::now_v7(), &[200.0]).await;
    counted(4).await;
    let mut peer = Peer::join(&world.door(&world.owner)).await;
    peer.edit(&[
        decide(ids[0], Verdict::Accepted),
        decide(ids[1], Verdict::Rejected),
    ])
    .await;
    peer.saved().await;
    // A read that waits for the rows.
    assert_eq!(listed(&world, "&verdict=pending").await.len(), 2);
    counted(2).await;
    peer.edit(&[decide(ids[1], Verdict::Pending)]).await;
    peer.saved().await;
    assert_eq!(listed(&world, "&verdict=pending").await.len(), 3);
    counted(3).await;
    // What a new run leaves out is superseded, and waits no more.
    propose(&world, cars, Uuid::now_v7(), &[]).await;
    counted(1).await;

    // Made anew from the log, the count is the same, whatever stood there.
    let mut owner = world.app.owner().await;
    let sql = "alter table images no force row level security;
         update images set pending_suggestions = 7;
         alter table images force row level security";
    sqlx::raw_sql(sql).execute(&mut owner).await.unwrap();
    let room = world.identity();
    let tenant = world.store().begin_as_tenant(room.workspace_id).await;
    let mut tx = tenant.unwrap();
    projection::rebuild(&mut tx, &room).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(waiting(&world, "").await[0], (here, 1));

    let mallory = world.stranger("mallory").await;
    for path in [
        format!("/api/v1/images/{here}"),
        format!("/api/v1/projects/{}/images?pending=true", world.project_id),
    ] {
        let (status, answer) = world.call(&mallory, "GET", &path, None).await;
        assert_eq!(status, 404, "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_made_anew_from_the_log_are_the_same() {
    let world = World::new().await;
    let model = model(&world, "cars").await;
    let ben = world.member("ben", "labeler").await;
    let ids = propose(&world, model, Uuid::now_v7(), &[0.0, 40.0, 80.0]).await;
    let mut peer = Peer::join(&world.door(&ben)).await;
    peer.until("suggested", |p| p.document.suggestions().len() == 3)
        .await;
    peer.edit(&[
        decide(ids[0], Verdict::Accepted),
        decide(ids[1], Verdict::Rejected),
    ])
    .await;
    peer.saved().await;
    let before = listed(&world, "").await;
    let row = before
        .iter()
        .find(|row| row["id"] == json!(ids[1]))
        .unwrap();
    assert_eq!(
        (&row["proposed_by"], &row["decided_by"]),
        (&json!(world.owner.id), &json!(ben.id))
    );
    let mut owner = world.app.owner().await;
    let sql = format!(
        "alter table suggestions no force row level security; delete from suggestions;
         alter table suggestions force row level security; select '{}'",
        world.image_id
    );
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut owner)
        .await
        .unwrap();
    assert!(listed(&world, "").await.is_empty());
    let room = world.identity();
    let mut tx = world
        .store()
        .begin_as_tenant(room.workspace_id)
        .await
        .unwrap();
    projection::rebuild(&mut tx, &room).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(listed(&world, "").await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_proposals_are_refused_in_words_and_write_nothing() {
    let world = World::new().await;
    let model = model(&world, "cars").await;
    let archived = world.archived_label().await;
    let one = |label: Uuid, score: f64, data: Value| json!({ "model": model, "suggestions": [{ "label": label, "score": score, "data": data }] });
    let cases = [
        (one(world.label, 1.5, a_box(1.0)), 422, "0 to 1"),
        (one(world.label, 0.5, a_box(9000.0)), 422, "far outside"),
        (one(archived, 0.5, a_box(1.0)), 422, "archived"),
        (one(Uuid::now_v7(), 0.5, a_box(1.0)), 422, "no label"),
        (
            one(world.label, 0.5, json!({ "type": "blob" })),
            422,
            "blob",
        ),
        (
            json!({ "model": Uuid::now_v7(), "suggestions": [] }),
            422,
            "no model",
        ),
    ];
    let path = path(world.image_id);
    for (body, status, word) in cases {
        let (answered, problem) = world
            .call(&world.owner, "POST", &path, Some(body.clone()))
            .await;
        assert_eq!(answered, status, "{body} -> {problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(word), "{body} -> {detail}");
    }
    let fine = one(world.label, 0.5, a_box(1.0));
    let (eve, mallory) = (world.watcher("eve").await, world.stranger("mallory").await);
    assert_eq!(
        world.call(&eve, "POST", &path, Some(fine.clone())).await.0,
        403
    );
    assert_eq!(world.call(&eve, "GET", &path, None).await.0, 200);
    assert_eq!(
        world
            .call(&mallory, "POST", &path, Some(fine.clone()))
            .await
            .0,
        404
    );
    assert_eq!(world.call(&mallory, "GET", &path, None).await.0, 404);
    world
        .call(
            &world.owner,
            "DELETE",
            &format!("/api/v1/models/{model}"),
            None,
        )
        .await;
    let (status, problem) = world.call(&world.owner, "POST", &path, Some(fine)).await;
    assert_eq!(status, 409, "{problem}");
    assert!(listed(&world, "").await.is_empty());
}

/// The kind of shape does not matter: what annotations can be, suggestions can be.
#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_shape_can_be_proposed() {
    let world = World::new().await;
    let model = model(&world, "all").await;
    let shapes = [
        a_box(1.0),
        json!({ "type": "rotated_box", "center": [50.0, 60.0], "size": [30.0, 20.0], "angle": 0.5 }),
        json!({ "type": "polygon", "rings": [[0.0, 0.0, 10.0, 0.0, 10.0, 10.0]] }),
        json!({ "type": "tag" }),
    ];
    let suggestions: Vec<Value> = shapes
        .iter()
        .map(|data| json!({ "label": world.label, "score": 1, "data": data }))
        .collect();
    let body = json!({ "model": model, "suggestions": suggestions });
    let (status, made) = world
        .call(&world.owner, "POST", &path(world.image_id), Some(body))
        .await;
    assert_eq!(status, 201, "{made}");
    let rows = listed(&world, "").await;
    for (id, shape) in made["ids"].as_array().unwrap().iter().zip(&shapes) {
        let row = rows.iter().find(|row| row["id"] == *id).unwrap();
        let (found, expected): (Shape, Shape) = (
            serde_json::from_value(row["data"].clone()).unwrap(),
            serde_json::from_value(shape.clone()).unwrap(),
        );
        assert_eq!(found, expected);
    }
}
