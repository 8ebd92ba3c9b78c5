//! Old history makes room where the operator wants that: what versions show stays, as do the document,
//! its rows and who drew what.

use super::relay_peer::{Peer, content};
use super::relay_world::World;
use super::rooms_script::Script;
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;
use visionflow_server::store::Tx;
use visionflow_server::{projection, sweep};

const DAYS: u32 = 30;

async fn world() -> World {
    World::new_with(|config| {
        config.keep_history_days = Some(DAYS);
        // Snapshots by themselves, and few of them: those that versions and the log need stay.
        config.keep_snapshots = 1;
        config.room_rest_ms = 50;
    })
    .await
}

/// Everything so far happened `days` ago.
async fn pass(world: &World, days: i32) {
    let sql = "update room_events set created_at = created_at - make_interval(days => $2)
         where room_id = $1";
    let mut owner = world.app.owner().await;
    let query = sqlx::query(sql).bind(world.room_id).bind(days);
    query.execute(&mut owner).await.unwrap();
}

async fn sweep(world: &World) {
    sweep::run(world.app.app(), OffsetDateTime::now_utc())
        .await
        .unwrap();
}

async fn rebuild(world: &World) {
    let store = world.store();
    let identity = world.identity();
    let mut tx: Tx = store.begin_as_tenant(identity.workspace_id).await.unwrap();
    projection::rebuild(&mut tx, &identity).await.unwrap();
    tx.commit().await.unwrap();
}

/// Who drew each annotation and touched it last.
async fn authors(world: &World) -> Vec<(Uuid, Option<Uuid>, Option<Uuid>)> {
    sqlx::query_as(
        "select id, annotator_id, coalesce(updated_by, annotator_id) from annotations
         where image_id = $1 order by id",
    )
    .bind(world.image_id)
    .fetch_all(&mut world.app.owner().await)
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_older_goes_and_what_versions_show_stays() {
    let world = world().await;
    let ben = world.member("ben", "labeler").await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let mut b = Peer::join(&world.door(&ben)).await;
    for x in 0..60 {
        a.draw(world.label, f64::from(x)).await;
        b.draw(world.label, f64::from(x)).await;
    }
    a.saved().await;
    b.saved().await;
    let named = world.name("first hundred").await;
    let then = content(&world.state(named).await);
    for x in 60..80 {
        b.draw(world.label, f64::from(x)).await;
    }
    b.saved().await;
    assert_eq!(world.rows().await.len(), 140);
    let before = world.head().await;
    pass(&world, 40).await;
    a.draw(world.label, 500.0).await;
    a.saved().await;
    let drawn_by = authors_after_rows(&world).await;

    sweep(&world).await;
    let log = world.log_of(&world.room()).await;
    assert_eq!(log.len() as i64, world.head().await - before);
    let answer = world
        .expect(&world.owner, "GET", &world.past(""), None, 200)
        .await;
    assert_eq!(answer["kept_from"], json!(before));
    // What a version names can be shown, the moments beside it no more; those since then can.
    assert_eq!(content(&world.state(named).await), then);
    for seq in [1, named - 1, named + 1, before - 1] {
        let path = world.past(&format!("/state?seq={seq}"));
        let gone = world.expect(&world.owner, "GET", &path, None, 410).await;
        assert!(
            gone["detail"]
                .as_str()
                .unwrap()
                .contains(&before.to_string())
        );
        let renders = format!("/api/v1/images/{}/renders", world.image_id);
        let picture = Some(json!({ "seq": seq }));
        world
            .expect(&world.owner, "POST", &renders, picture, 410)
            .await;
        let name = json!({ "tag": format!("at {seq}"), "seq": seq });
        world
            .expect(&world.owner, "POST", &world.versions(""), Some(name), 410)
            .await;
    }
    assert_eq!(world.state(before).await.len(), 140);
    assert_eq!(world.state(before + 1).await.len(), 141);
    assert_eq!(world.state(0).await.len(), 0);

    // The room goes on, for those who are there, those who come, and scripts from the beginning.
    let now = b.draw(world.label, 501.0).await;
    a.has(now).await;
    a.until("everything", |a| a.document.len() == 142).await;
    let late = Peer::join(&world.door(&world.owner)).await;
    assert_eq!(content(&late.document), content(&a.document));
    let query = format!("token={}", world.owner.token);
    let mut script = Script::join(&world.app.url, world.room_id, &query).await;
    script.has(now).await;
    assert_eq!(content(&script.document), content(&a.document));

    // Rows that are there keep their authors, also when they are made anew; so do those that were lost.
    let drawn: Vec<_> = authors_after_rows(&world).await;
    rebuild(&world).await;
    assert_eq!(authors(&world).await, drawn);
    for known in &drawn_by {
        assert!(drawn.contains(known), "{known:?}");
    }
    world.drop_rows().await;
    rebuild(&world).await;
    assert_eq!(authors(&world).await, drawn);
    revert_to_what_is_named(&world, named, &mut a).await;

    // Once more, and after a restart.
    a.saved().await;
    let all = content(&a.document);
    drop((a, b, late, script));
    let world = world.restart().await;
    pass(&world, 40).await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    assert_eq!(content(&a.document), all);
    for x in 0..120 {
        a.draw(world.label, f64::from(x)).await;
    }
    a.saved().await;
    world.rows().await;
    pass(&world, 40).await;
    sweep(&world).await;
    assert_eq!(world.log_of(&world.room()).await.len(), 0);
    assert_eq!(content(&world.state(named).await), then);
    let late = Peer::join(&world.door(&world.owner)).await;
    assert_eq!(content(&late.document), content(&a.document));
    // Without its name a point is like any other.
    let version = world.past("/versions/first%20hundred");
    world
        .expect(&world.owner, "DELETE", &version, None, 204)
        .await;
    let path = world.past(&format!("/state?seq={named}"));
    world.expect(&world.owner, "GET", &path, None, 410).await;
}

async fn authors_after_rows(world: &World) -> Vec<(Uuid, Option<Uuid>, Option<Uuid>)> {
    world.rows().await;
    authors(world).await
}

async fn revert_to_what_is_named(world: &World, named: i64, a: &mut Peer) {
    let path = world.versions("/first%20hundred:revert");
    let reverted = world.expect(&world.owner, "POST", &path, None, 200).await;
    assert!(reverted["seq"].as_i64().unwrap() > named);
    a.until("the version", |a| a.document.len() == 120).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_past_and_one_that_is_young_stay_whole() {
    let world = world().await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    for x in 0..30 {
        a.draw(world.label, f64::from(x)).await;
    }
    a.saved().await;
    world.rows().await;
    pass(&world, 40).await;
    sweep(&world).await;
    assert_eq!(world.log_of(&world.room()).await.len(), 30);
    for x in 0..100 {
        a.draw(world.label, f64::from(x)).await;
    }
    a.saved().await;
    world.rows().await;
    sweep(&world).await;
    assert_eq!(world.log_of(&world.room()).await.len(), 130);
    assert_eq!(world.state(1).await.len(), 1);
}
