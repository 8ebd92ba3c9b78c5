//! Many requests at once: nobody's edit waits for them, and each reads no more than it shows.

use super::relay_peer::{Peer, a_box};
use super::relay_world::World;
use serde_json::json;
use sqlx::PgConnection;
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;
use visionflow_api::ImageAuthor;
use visionflow_document::{Document, Edit};
use visionflow_geometry::Vec2;
use visionflow_model::AnnotationId;
use visionflow_server::caller::Caller;
use visionflow_server::projection::{self, Touches};

/// As many as the server has for requests.
const CONNECTIONS: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn edits_become_durable_and_rows_are_written_while_every_connection_for_requests_is_taken() {
    let world = World::new().await;
    let mut peer = Peer::join(&world.door(&world.owner)).await;
    let caller = Caller {
        user_id: world.owner.id,
        tenant: None,
        email: String::new(),
        name: String::new(),
        expires_at: i64::MAX,
    };
    let mut requests = Vec::new();
    for _ in 0..CONNECTIONS {
        requests.push(world.store().begin(&caller).await.unwrap());
    }
    let drawn = peer.draw(world.label, 3.0).await;
    peer.saved().await;
    let room = world.identity();
    let annotation = a_box(world.label, 9.0);
    let edited = world
        .relay()
        .edit(room, world.owner.id, move |_| {
            Ok(vec![Edit::Add(annotation)])
        })
        .await
        .unwrap();
    world.relay().projected(room, edited.seq).await.unwrap();
    drop(requests);
    let rows = world.rows().await;
    assert!(rows.iter().any(|row| row.id == drawn.0), "{rows:?}");
    assert_eq!(rows.len(), 2);
}

/// Plans for any ids at all are made after some calls, so there are more of them.
const CALLS: i64 = 12;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_one_image_and_a_projects_card_do_not_read_the_rows_of_others() {
    let world = World::new().await;
    let mut owner = world.app.owner().await;
    for _ in 0..20 {
        let other = world.new_room().await;
        fill(&mut owner, &world, other.image_id, 300).await;
    }
    fill(&mut owner, &world, world.image_id, 300).await;
    let read_before = settled(&mut owner, 0).await;
    let page = format!("/api/v1/annotations?image_id={}&limit=4", world.image_id);
    let card = format!("/api/v1/projects/{}", world.project_id);
    let images = format!("/api/v1/projects/{}/images?limit=5", world.project_id);
    for _ in 0..CALLS {
        for path in [&page, &card, &images] {
            let (status, answer) = world.call(&world.owner, "GET", path, None).await;
            assert_eq!(status, 200, "{answer}");
        }
    }
    let read = settled(&mut owner, read_before.0 + CALLS).await.1 - read_before.1;
    assert!(
        (CALLS * 5..CALLS * 10).contains(&read),
        "{CALLS} pages of four annotations, and one more to see that there are others, read {read} rows"
    );
}

/// Rows as they are after somebody drew them.
async fn fill(owner: &mut PgConnection, world: &World, image_id: Uuid, count: i32) {
    sqlx::query(
        "insert into annotations (workspace_id, project_id, image_id, id, kind, label_id, data, seq)
         select workspace_id, project_id, id, gen_random_uuid(), 'box', $2,
             '{\"type\":\"box\",\"box\":[1,2,3,4]}', 0
         from images, generate_series(1, $3) where id = $1",
    )
    .bind(image_id)
    .bind(world.label)
    .bind(count)
    .execute(owner)
    .await
    .unwrap();
}

/// How often indexes of `annotations` were read, and how many rows were, once at least `scans` is
/// known: a backend reports what it did when it is idle.
async fn settled(owner: &mut PgConnection, scans: i64) -> (i64, i64) {
    let patience = tokio::time::Instant::now() + Duration::from_mins(1);
    loop {
        let seen: (i64, i64) = sqlx::query_as(
            "select coalesce(sum(idx_scan), 0)::int8,
                 coalesce(sum(idx_tup_fetch + seq_tup_read), 0)::int8
             from pg_stat_user_tables where relname like 'annotations%'",
        )
        .fetch_one(&mut *owner)
        .await
        .unwrap();
        if seen.0 >= scans {
            return seen;
        }
        assert!(
            tokio::time::Instant::now() < patience,
            "{seen:?} of {scans} scans"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_creation_answers_is_what_is_read_and_counts_are_exact() {
    let world = World::new().await;
    let attribute = Uuid::new_v4().to_string();
    let counted = async |expected: i64| {
        let path = format!("/api/v1/projects/{}", world.project_id);
        let (_, project) = world.call(&world.owner, "GET", &path, None).await;
        let (_, images) = world
            .call(&world.owner, "GET", &format!("{path}/images"), None)
            .await;
        let image = &images["items"][0];
        assert_eq!(project["annotation_count"], expected, "{project}");
        assert_eq!(image["annotation_count"], expected, "{image}");
    };
    let mut ids: Vec<Uuid> = Vec::new();
    for x in 0..4 {
        let body = json!({
            "image_id": world.image_id, "label_id": world.label, "attributes": { &attribute: 0.1 },
            "data": { "type": "polygon", "rings": [[0.1, 1.0, 30.5, 2.0, f64::from(x) + 3.3, 40.0]] },
        });
        let (status, created) = world
            .call(&world.owner, "POST", "/api/v1/annotations", Some(body))
            .await;
        assert_eq!(status, 201, "{created}");
        ids.push(created["id"].as_str().unwrap().parse().unwrap());
        let path = format!("/api/v1/annotations?image_id={}", world.image_id);
        let (_, page) = world.call(&world.owner, "GET", &path, None).await;
        let read = page["items"].as_array().unwrap().last().unwrap();
        assert_eq!(read, &created);
    }
    counted(4).await;
    let path = format!("/api/v1/annotations/{}", ids[0]);
    assert_eq!(world.call(&world.owner, "DELETE", &path, None).await.0, 204);
    counted(3).await;

    // Also when a browser does it, and after the rows were made anew.
    let mut peer = Peer::join(&world.door(&world.owner)).await;
    peer.has(AnnotationId(ids[1])).await;
    peer.edit(&[Edit::Delete(AnnotationId(ids[1]))]).await;
    peer.saved().await;
    assert_eq!(world.rows().await.len(), 2);
    counted(2).await;
    let mut owner = world.app.owner().await;
    sqlx::query("delete from annotations where id = $1")
        .bind(ids[2])
        .execute(&mut owner)
        .await
        .unwrap();
    sqlx::query("update images set annotation_count = 1")
        .execute(&mut owner)
        .await
        .unwrap();
    let room = world.identity();
    let mut tx = world
        .store()
        .begin_as_tenant(room.workspace_id)
        .await
        .unwrap();
    visionflow_server::projection::rebuild(&mut tx, &room)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    counted(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn client_ids_are_named_by_their_people_within_the_tenant() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let stranger = world.stranger("eve").await;
    let mut by_ada = Peer::join(&world.door(&world.owner)).await;
    let mut by_ben = Peer::join(&world.door(&ben)).await;
    by_ada.draw(world.label, 1.0).await;
    by_ben.draw(world.label, 2.0).await;
    by_ada.saved().await;
    by_ben.saved().await;
    let mut again = Peer::join(&world.door(&ben)).await;
    again.draw(world.label, 3.0).await;
    again.saved().await;
    let path = format!("/api/v1/images/{}/authors", world.image_id);
    let (status, answer) = world.call(&ben, "GET", &path, None).await;
    assert_eq!(status, 200, "{answer}");
    let authors: Vec<ImageAuthor> = serde_json::from_value(answer).unwrap();
    let of = |person: Uuid| {
        let mut found = authors
            .iter()
            .filter(|author| author.user_id == Some(person));
        (found.next().cloned().unwrap(), found.next().is_none())
    };
    let (ada, once) = of(world.owner.id);
    assert!(once);
    assert_eq!(ada.name.as_deref(), Some("ada"));
    assert_eq!(ada.client_ids, [by_ada.document.client_id()]);
    let (ben_seen, _) = of(ben.id);
    let mut bens = [by_ben.document.client_id(), again.document.client_id()];
    bens.sort_unstable();
    assert_eq!(ben_seen.client_ids, bens);
    assert_eq!(world.call(&stranger, "GET", &path, None).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_behind_leaves_the_rows_alone() {
    let world = World::new().await;
    let (room, now) = (world.identity(), OffsetDateTime::now_utc());
    let mut document = Document::new(7);
    let mut batches = Vec::new();
    let annotation = a_box(world.label, 1.0);
    let mut touches = Touches::default();
    for seq in 1..=2 {
        let edit = match seq {
            1 => Edit::Add(annotation.clone()),
            _ => Edit::SetShape(
                annotation.id,
                annotation.shape.translated(Vec2::new(50.0, 0.0)),
            ),
        };
        let change = document.edit(&[edit]).unwrap();
        touches.record(&change, Some(world.owner.id), now, seq);
        batches.push(touches.batch(room, Some(world.image_id), seq, &document));
    }
    let (store, moved) = (world.store(), batches.pop().unwrap());
    let added = batches.pop().unwrap();
    assert!(!projection::write(&store, &moved).await.unwrap().is_stale);
    let late = projection::write(&store, &added).await.unwrap();
    assert!(late.is_stale && late.seq == 2, "{late:?}");
    let rows = world.rows().await;
    assert_eq!(rows[0].data, document.get(annotation.id).unwrap().shape);
    // Of the same state it may be written again.
    assert!(!projection::write(&store, &moved).await.unwrap().is_stale);
}
