//! The past of an item from outside: states, sessions, named versions, going back and forth.

use super::relay_peer::{Peer, content};
use super::relay_world::{Person, World, id};
use serde_json::{Value, json};
use sqlx::Executor as _;
use uuid::Uuid;
use visionflow_document::{Document, Edit};
use visionflow_model::AnnotationId;

impl World {
    pub(crate) fn past(&self, rest: &str) -> String {
        format!("/api/v1/images/{}/history{rest}", self.image_id)
    }

    pub(crate) fn versions(&self, rest: &str) -> String {
        format!("/v1/rooms/{}/versions{rest}", self.room_id)
    }

    pub(crate) async fn expect(
        &self,
        person: &Person,
        method: &str,
        path: &str,
        body: Option<Value>,
        status: u16,
    ) -> Value {
        let (got, answer) = self.call(person, method, path, body).await;
        assert_eq!(got, status, "{method} {path}: {answer}");
        answer
    }

    pub(crate) async fn head(&self) -> i64 {
        let head = self
            .expect(&self.owner, "GET", &self.past(""), None, 200)
            .await;
        head["seq"].as_i64().unwrap()
    }

    /// The document as the API gives it.
    pub(crate) async fn state(&self, seq: i64) -> Document {
        let url = format!(
            "{}{}",
            self.app.url,
            self.past(&format!("/state?seq={seq}"))
        );
        let request = self.app.http.get(url).bearer_auth(&self.owner.token);
        let reply = request.send().await.unwrap();
        assert_eq!(reply.status(), 200);
        let bytes = reply.bytes().await.unwrap();
        Document::from_updates(7, [&bytes[..]]).unwrap()
    }

    pub(crate) async fn name(&self, tag: &str) -> i64 {
        let body = json!({ "tag": tag });
        let path = self.versions("");
        let made = self
            .expect(&self.owner, "POST", &path, Some(body), 201)
            .await;
        assert_eq!(made["tag"], json!(tag));
        made["seq"].as_i64().unwrap()
    }
}

fn has(document: &Document, id: AnnotationId) -> bool {
    document.get(id).is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_named_and_gone_back_to_live_and_back_again() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let mut b = Peer::join(&world.door(&ben)).await;
    let first = a.draw(world.label, 1.0).await;
    a.saved().await;
    let seq = world.name("as drawn").await;
    assert_eq!(seq, world.head().await);
    let then = content(&world.state(seq).await);
    let second = a.draw(world.label, 2.0).await;
    a.edit(&[Edit::Delete(first), Edit::SetZ(second, 4.0)])
        .await;
    a.saved().await;
    let later = world.head().await;

    // By the seed's path, by somebody else; both see it live.
    let path = world.versions("/as%20drawn:revert");
    let reverted = world.expect(&ben, "POST", &path, None, 200).await;
    assert_eq!(reverted["seq"], json!(later + 1), "one edit");
    for peer in [&mut a, &mut b] {
        peer.until("reverted", |p| {
            has(&p.document, first) && !has(&p.document, second)
        })
        .await;
        assert_eq!(content(&peer.document), then);
    }
    assert_eq!(content(&world.state(later + 1).await), then);
    let rows = world.rows().await;
    assert_eq!((rows.len(), rows[0].id), (1, first.0));

    // Nothing is lost: the later work is one more edit away.
    let body = json!({ "seq": later });
    let path = world.past("/revert");
    let back = world
        .expect(&world.owner, "POST", &path, Some(body), 200)
        .await;
    assert_eq!(back, json!({ "seq": later + 2, "undo_seq": later + 1 }));
    let expected = content(&world.state(later).await);
    a.until("back", |a| content(&a.document) == expected).await;
    // What is so already takes no edit.
    let body = json!({ "seq": later });
    let again = world
        .expect(&world.owner, "POST", &path, Some(body), 200)
        .await;
    assert_eq!(again, json!({ "seq": later + 2, "undo_seq": null }));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_shape_comes_back_alone_and_rows_say_who_touched_it() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let (one, two) = (
        a.draw(world.label, 1.0).await,
        a.draw(world.label, 2.0).await,
    );
    a.saved().await;
    let seq = world.head().await;
    a.edit(&[Edit::Delete(one)]).await;
    a.edit(&[Edit::SetZ(two, 3.0)]).await;
    a.saved().await;
    let path = world.past("/revert");
    let body = json!({ "seq": seq, "annotations": [one.0] });
    world.expect(&ben, "POST", &path, Some(body), 200).await;
    a.until("restored", |a| has(&a.document, one)).await;
    assert!((a.document.get(two).unwrap().z - 3.0).abs() < 1e-9);
    let missing = json!({ "seq": 0, "annotations": [one.0] });
    let refused = world.expect(&ben, "POST", &path, Some(missing), 422).await;
    assert!(
        refused["detail"]
            .as_str()
            .unwrap()
            .contains("at that point")
    );

    let path = world.past(&format!("/annotations/{}", two.0));
    let touched = world.expect(&ben, "GET", &path, None, 200).await;
    assert_eq!(touched["created_by_name"], json!("ada"));
    assert_eq!(touched["updated_by"], json!(world.owner.id));
    let path = world.past(&format!("/annotations/{}", one.0));
    let touched = world.expect(&ben, "GET", &path, None, 200).await;
    assert_eq!(
        touched["updated_by_name"],
        json!("ben"),
        "who brought it back"
    );
    let path = world.past(&format!("/annotations/{}", Uuid::now_v7()));
    world.expect(&ben, "GET", &path, None, 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_of_the_past_never_changes_and_may_be_kept() {
    let world = World::new().await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let id = a.draw(world.label, 1.0).await;
    a.saved().await;
    let seq = world.head().await;
    assert!(world.state(0).await.is_empty());
    assert!(has(&world.state(seq).await, id));
    let url = format!(
        "{}{}",
        world.app.url,
        world.past(&format!("/state?seq={seq}"))
    );
    let request = || world.app.http.get(&url).bearer_auth(&world.owner.token);
    let reply = request().send().await.unwrap();
    assert_eq!(reply.headers()["content-type"], "application/octet-stream");
    let lasts = reply.headers()["cache-control"].to_str().unwrap();
    assert!(
        lasts.contains("private") && lasts.contains("immutable"),
        "{lasts}"
    );
    let tag = reply.headers()["etag"].clone();
    let known = request().header("if-none-match", tag).send().await.unwrap();
    assert_eq!(known.status(), 304);
    for seq in ["-1", "9223372036854775807"] {
        let path = world.past(&format!("/state?seq={seq}"));
        world.expect(&world.owner, "GET", &path, None, 422).await;
    }
    for seq in ["first", "9223372036854775808"] {
        let path = world.past(&format!("/state?seq={seq}"));
        world.expect(&world.owner, "GET", &path, None, 400).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end_with_a_pause_and_name_their_people() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    a.draw(world.label, 1.0).await;
    a.draw(world.label, 2.0).await;
    a.saved().await;
    let early = world.head().await;
    // An hour ago, as it were.
    let mut owner = world.app.owner().await;
    owner
        .execute("update room_events set created_at = created_at - interval '1 hour'")
        .await
        .unwrap();
    let mut b = Peer::join(&world.door(&ben)).await;
    b.draw(world.label, 3.0).await;
    b.saved().await;
    a.draw(world.label, 4.0).await;
    a.saved().await;
    let path = world.past("/sessions");
    let page = world.expect(&world.owner, "GET", &path, None, 200).await;
    let items = page["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{page}");
    let (late, first) = (&items[0], &items[1]);
    assert_eq!(
        (&first["from_seq"], &first["to_seq"]),
        (&json!(1), &json!(early))
    );
    assert_eq!(first["authors"].as_array().unwrap().len(), 1);
    assert_eq!(first["authors"][0]["name"], json!("ada"));
    assert_eq!(first["edits"], json!(early));
    assert_eq!(late["from_seq"], json!(early + 1));
    assert_eq!(late["authors"].as_array().unwrap().len(), 2);
    // In pages of one.
    let page = world
        .expect(
            &world.owner,
            "GET",
            &world.past("/sessions?limit=1"),
            None,
            200,
        )
        .await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let path = world.past(&format!("/sessions?limit=1&cursor={cursor}"));
    let next = world.expect(&world.owner, "GET", &path, None, 200).await;
    assert_eq!(
        (&next["items"][0], &next["next_cursor"]),
        (first, &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_are_listed_renamed_and_deleted_by_who_may() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let eve = world.watcher("eve").await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    a.draw(world.label, 1.0).await;
    a.saved().await;
    world.name("one").await;
    let path = world.past("/versions");
    let body = json!({ "tag": "zwei: 100 % / ü", "seq": 0 });
    let made = world.expect(&ben, "POST", &path, Some(body), 201).await;
    assert_eq!(made["created_by_name"], json!("ben"));
    let listed = world.expect(&eve, "GET", &path, None, 200).await;
    let tags: Vec<_> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| &v["tag"])
        .collect();
    assert_eq!(tags, [&json!("one"), &json!("zwei: 100 % / ü")]);
    let seed = world
        .expect(&eve, "GET", &world.versions(""), None, 200)
        .await;
    assert_eq!(seed[1]["seq"], json!(0));
    assert_eq!(seed[1]["createdBy"], json!(ben.id));
    let page = world
        .expect(&eve, "GET", &world.past("/versions?limit=1"), None, 200)
        .await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = world.past(&format!("/versions?limit=1&cursor={cursor}"));
    let next = world.expect(&eve, "GET", &next, None, 200).await;
    assert_eq!(next["items"][0]["tag"], json!("zwei: 100 % / ü"));

    // Who made it may, and an admin; nobody else.
    let theirs = world.past("/versions/zwei%3A%20100%20%25%20%2F%20%C3%BC");
    let rename = |tag: &str| Some(json!({ "tag": tag }));
    world
        .expect(
            &ben,
            "PATCH",
            &world.past("/versions/one"),
            rename("x"),
            403,
        )
        .await;
    world
        .expect(&ben, "PATCH", &theirs, rename("one"), 409)
        .await;
    world
        .expect(&ben, "PATCH", &theirs, rename("two"), 200)
        .await;
    world
        .expect(&ben, "PATCH", &theirs, rename("three"), 404)
        .await;
    let two = world.past("/versions/two");
    world.expect(&eve, "DELETE", &two, None, 403).await;
    world.expect(&world.owner, "DELETE", &two, None, 204).await;
    world.expect(&world.owner, "DELETE", &two, None, 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_refused_in_words_and_changes_nothing() {
    let world = World::new().await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let drawn = a.draw(world.label, 1.0).await;
    a.saved().await;
    let head = world.head().await;
    world.name("v").await;
    let (old, new) = (world.versions(""), world.past("/versions"));
    let owner = &world.owner;
    for path in [&old, &new] {
        let post = |body: Value, status| world.expect(owner, "POST", path, Some(body), status);
        let taken = post(json!({ "tag": "v" }), 409).await;
        assert!(
            taken["detail"].as_str().unwrap().contains("already"),
            "{taken}"
        );
        for tag in ["", " x", "x ", "a\nb", "\u{0}", ".", "..", &"x".repeat(101)] {
            post(json!({ "tag": tag }), 422).await;
        }
        post(json!({ "tag": "ü".repeat(100), "seq": head + 1 }), 422).await;
        post(json!({ "tag": "neg", "seq": -1 }), 422).await;
        post(json!({ "tag": "huge", "seq": i64::MAX }), 422).await;
        post(json!({ "tag": 5 }), 422).await;
        post(json!({ "tag": "y", "seq": 0, "more": 1 }), 422).await;
    }
    let listed = world.expect(owner, "GET", &old, None, 200).await;
    assert_eq!(listed.as_array().unwrap().len(), 1);

    for rest in ["/nothing:revert", "/v", "/v:delete", "/:revert"] {
        world
            .expect(owner, "POST", &world.versions(rest), None, 404)
            .await;
    }
    let revert = world.past("/revert");
    let cases = [
        (json!({}), 422),
        (json!({ "seq": 0, "tag": "v" }), 422),
        (json!({ "seq": -1 }), 422),
        (json!({ "seq": head + 1 }), 422),
        (json!({ "seq": i64::MAX }), 422),
        (json!({ "tag": "nothing" }), 404),
        (json!({ "seq": "1" }), 422),
    ];
    for (body, status) in cases {
        world
            .expect(owner, "POST", &revert, Some(body), status)
            .await;
    }
    assert_eq!(world.head().await, head, "the log is as it was");
    assert!(has(&world.document().await, drawn));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_changes_nothing_and_other_tenants_see_nothing() {
    let world = World::new().await;
    let eve = world.watcher("eve").await;
    let stranger = world.stranger("mallory").await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let drawn = a.draw(world.label, 1.0).await;
    a.saved().await;
    world.name("v").await;
    let body = |value: Value| Some(value);
    let snapshots = format!("/v1/rooms/{}/snapshots", world.room_id);
    let writes = [
        ("POST", snapshots, None),
        ("POST", world.versions(""), body(json!({ "tag": "w" }))),
        ("POST", world.versions("/v:revert"), None),
        ("POST", world.past("/versions"), body(json!({ "tag": "w" }))),
        (
            "PATCH",
            world.past("/versions/v"),
            body(json!({ "tag": "w" })),
        ),
        ("DELETE", world.past("/versions/v"), None),
        ("POST", world.past("/revert"), body(json!({ "tag": "v" }))),
    ];
    for (method, path, body) in writes {
        world.expect(&eve, method, &path, body.clone(), 403).await;
        world.expect(&stranger, method, &path, body, 404).await;
    }
    let annotation = format!("/annotations/{}", drawn.0);
    let reads = ["", "/sessions", "/versions", "/state?seq=1", &annotation];
    let reads = reads.map(|rest| world.past(rest));
    for path in reads.iter().chain([&world.versions("")]) {
        world.expect(&stranger, "GET", path, None, 404).await;
        let url = format!("{}{path}", world.app.url);
        assert_eq!(world.app.http.get(url).send().await.unwrap().status(), 401);
        // Looking is for every member of the workspace.
        let url = format!("{}{path}", world.app.url);
        let reply = world.app.http.get(url).bearer_auth(&eve.token).send().await;
        assert_eq!(reply.unwrap().status(), 200, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn snapshots_on_request_and_those_that_versions_need_stay() {
    let world = World::new().await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let snapshots = format!("/v1/rooms/{}/snapshots", world.room_id);
    let mut seqs = Vec::new();
    for n in 0..9 {
        a.draw(world.label, f64::from(n)).await;
        a.saved().await;
        let made = world
            .expect(&world.owner, "POST", &snapshots, None, 201)
            .await;
        seqs.push(made["seq"].as_i64().unwrap());
        if n == 1 {
            // Of the point after it: read from this snapshot and one more event.
            a.draw(world.label, 100.0).await;
            a.saved().await;
            world.name("kept").await;
        }
    }
    let kept: Vec<i64> = sqlx::query_scalar("select seq from room_snapshots order by seq")
        .fetch_all(&mut world.app.owner().await)
        .await
        .unwrap();
    assert_eq!(kept, [&seqs[1..2], &seqs[4..]].concat(), "of {seqs:?}");
    let tag = world
        .expect(&world.owner, "GET", &world.versions(""), None, 200)
        .await;
    assert_eq!(world.state(tag[0]["seq"].as_i64().unwrap()).await.len(), 3);
    assert_eq!(id(&tag[0]["createdBy"]), world.owner.id);
}
