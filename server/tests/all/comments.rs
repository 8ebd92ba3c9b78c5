//! Comments from outside: over HTTP, and told live over the rooms' sockets.

#[path = "comments/scripts.rs"]
mod scripts;
#[path = "comments/told.rs"]
mod told;

use super::relay_peer::Peer;
use super::relay_world::{Person, World};
use serde_json::{Value, json};
use uuid::Uuid;
use visionflow_api::{Comment, CommentThread};

/// A thread at a point of the photograph.
fn thread(body: &str) -> Value {
    json!({
        "id": Uuid::now_v7(), "anchor": { "x": 100.5, "y": 50.0 },
        "comment": { "id": Uuid::now_v7(), "body": body },
    })
}

fn reply(body: &str) -> Value {
    json!({ "id": Uuid::now_v7(), "body": body })
}

impl World {
    fn threads_path(&self) -> String {
        format!("/api/v1/images/{}/comment_threads", self.image_id)
    }

    async fn begin(&self, person: &Person, new: &Value) -> CommentThread {
        let (status, thread) = self
            .call(person, "POST", &self.threads_path(), Some(new.clone()))
            .await;
        assert_eq!(status, 201, "{thread}");
        serde_json::from_value(thread).unwrap()
    }

    async fn answer(&self, person: &Person, thread: Uuid, new: &Value) -> Comment {
        let path = format!("/api/v1/comment_threads/{thread}/comments");
        let (status, comment) = self.call(person, "POST", &path, Some(new.clone())).await;
        assert_eq!(status, 201, "{comment}");
        serde_json::from_value(comment).unwrap()
    }

    async fn threads(&self, person: &Person) -> Vec<CommentThread> {
        let (status, page) = self.call(person, "GET", &self.threads_path(), None).await;
        assert_eq!(status, 200, "{page}");
        serde_json::from_value(page["items"].clone()).unwrap()
    }

    /// The status of a request, and what its problem says.
    async fn refusal(
        &self,
        person: &Person,
        method: &str,
        path: &str,
        body: Value,
    ) -> (u16, String) {
        let (status, problem) = self.call(person, method, path, Some(body)).await;
        (
            status,
            problem["detail"].as_str().unwrap_or_default().to_owned(),
        )
    }

    async fn notifications(&self, person: &Person) -> (Vec<Value>, i64) {
        let (status, told) = self
            .call(person, "GET", "/api/v1/me/notifications", None)
            .await;
        assert_eq!(status, 200, "{told}");
        let items = told["items"].as_array().unwrap().clone();
        (items, told["unread"].as_i64().unwrap())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_is_begun_answered_resolved_and_opened_again() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let first = world.begin(&world.owner, &thread("Is this a car?")).await;
    let second = world.begin(&ben, &thread("And this?")).await;
    assert_eq!((first.number, second.number), (1, 2));
    assert_eq!(first.comments[0].author.name, "ada");
    world.answer(&ben, first.id, &reply("It is.")).await;
    let threads = world.threads(&world.owner).await;
    let said: Vec<_> = threads[0].comments.iter().map(|c| &*c.body).collect();
    assert_eq!(said, ["Is this a car?", "It is."]);
    assert_eq!((threads[0].unread, threads[1].unread), (1, 1));
    let last = threads[0].comments[1].id;
    let read = format!("/api/v1/comment_threads/{}/read", first.id);
    let body = json!({ "comment_id": last });
    assert_eq!(
        world.call(&world.owner, "POST", &read, Some(body)).await.0,
        204
    );
    assert_eq!(world.threads(&world.owner).await[0].unread, 0);
    // Who answers has read.
    assert_eq!(world.threads(&ben).await[0].unread, 0);

    let path = format!("/api/v1/comment_threads/{}", first.id);
    let resolved = json!({ "resolved": true });
    let (status, thread) = world
        .call(&ben, "PATCH", &path, Some(resolved.clone()))
        .await;
    assert_eq!(
        (status, thread["resolved_by"].as_str()),
        (200, Some(&*ben.id.to_string()))
    );
    let at = thread["resolved_at"].clone();
    // Resolving what is resolved changes nothing.
    let (_, again) = world
        .call(&world.owner, "PATCH", &path, Some(resolved))
        .await;
    assert_eq!(again["resolved_at"], at);
    let open = format!("{}?resolved=false", world.threads_path());
    let (_, page) = world.call(&ben, "GET", &open, None).await;
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    let (_, thread) = world
        .call(&ben, "PATCH", &path, Some(json!({ "resolved": false })))
        .await;
    assert_eq!(thread["resolved_at"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_twice_is_stored_once() {
    let world = World::new().await;
    let new = thread("once");
    let path = world.threads_path();
    let (a, b) = tokio::join!(
        world.call_with_key(&world.owner, &path, &new, "k1"),
        world.call_with_key(&world.owner, &path, &new, "k1")
    );
    assert_eq!((a.0, b.0), (201, 201));
    assert_eq!(a.1["id"], b.1["id"]);
    // Without its key, or with another one, the client's ids do the same.
    let (c, d) = tokio::join!(
        world.call(&world.owner, "POST", &path, Some(new.clone())),
        world.call_with_key(&world.owner, &path, &new, "k2")
    );
    assert_eq!((c.0, d.0), (201, 201), "{c:?} {d:?}");
    let id: Uuid = new["id"].as_str().unwrap().parse().unwrap();
    let answer = reply("me too");
    let (one, two) = tokio::join!(
        world.answer(&world.owner, id, &answer),
        world.answer(&world.owner, id, &answer)
    );
    assert_eq!(one, two);
    let threads = world.threads(&world.owner).await;
    assert_eq!((threads.len(), threads[0].comments.len()), (1, 2));
    assert_eq!(threads[0].number, 1);
    // An id of somebody else's is taken.
    let ben = world.member("ben", "labeler").await;
    let refused = world.refusal(&ben, "POST", &path, new).await;
    assert_eq!(refused, (409, "The id is already taken.".to_owned()));
    let path = format!("/api/v1/comment_threads/{id}/comments");
    assert_eq!(world.refusal(&ben, "POST", &path, answer).await.0, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_changed_and_taken_back_by_their_author_alone() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let eve = world.watcher("eve").await;
    let begun = world.begin(&ben, &thread("frist")).await;
    let own = format!("/api/v1/comments/{}", begun.comments[0].id);
    let change = json!({ "body": "first" });
    for (person, status) in [(&world.owner, 403), (&eve, 403), (&ben, 200)] {
        let answer = world
            .call(person, "PATCH", &own, Some(change.clone()))
            .await;
        assert_eq!(answer.0, status, "{}", answer.1);
    }
    assert!(world.threads(&ben).await[0].comments[0].edited_at.is_some());
    // Who only looks may read, and not speak.
    assert_eq!(world.threads(&eve).await.len(), 1);
    let refused = world
        .refusal(&eve, "POST", &world.threads_path(), thread("hi"))
        .await;
    assert_eq!(refused.0, 403);
    let path = format!("/api/v1/comment_threads/{}", begun.id);
    assert_eq!(
        world
            .refusal(&eve, "PATCH", &path, json!({ "resolved": true }))
            .await
            .0,
        403
    );

    let answer = world.answer(&world.owner, begun.id, &reply("mine")).await;
    assert_eq!(world.call(&world.owner, "DELETE", &own, None).await.0, 403);
    assert_eq!(world.call(&ben, "DELETE", &own, None).await.0, 204);
    let threads = world.threads(&ben).await;
    let first = &threads[0].comments[0];
    assert!(first.body.is_empty() && first.deleted_at.is_some());
    assert_eq!(world.refusal(&ben, "PATCH", &own, change).await.0, 404);
    // With the last words goes the thread.
    let last = format!("/api/v1/comments/{}", answer.id);
    assert_eq!(world.call(&world.owner, "DELETE", &last, None).await.0, 204);
    assert!(world.threads(&ben).await.is_empty());

    // A thread is deleted by who began it, or by an admin.
    let carl = world.member("carl", "reviewer").await;
    for (person, status) in [(&carl, 403), (&world.owner, 204)] {
        let begun = world.begin(&ben, &thread("again")).await;
        let path = format!("/api/v1/comment_threads/{}", begun.id);
        assert_eq!(world.call(person, "DELETE", &path, None).await.0, status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pin_keeps_where_its_annotation_was() {
    let world = World::new().await;
    let mut peer = Peer::join(&world.door(&world.owner)).await;
    let drawn = peer.draw(world.label, 20.0).await;
    peer.saved().await;
    let mut new = thread("too large");
    new["anchor"] = json!({ "annotation_id": drawn.0, "x": 5.0, "y": 6.0 });
    let begun = world.begin(&world.owner, &new).await;
    assert_eq!(begun.anchor.origin, Some([20.0, 2.0]));
    let shape = super::relay_peer::a_box(world.label, 60.0).shape;
    let moved = visionflow_document::Edit::SetShape(drawn, shape);
    peer.edit(&[moved]).await;
    peer.saved().await;
    assert_eq!(world.rows().await.len(), 1);
    peer.edit(&[visionflow_document::Edit::Delete(drawn)]).await;
    peer.saved().await;
    assert!(world.rows().await.is_empty());
    let threads = world.threads(&world.owner).await;
    assert_eq!(threads[0].anchor.origin, Some([60.0, 2.0]));
    assert_eq!((threads[0].anchor.x, threads[0].anchor.y), (5.0, 6.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_refused_with_a_reason() {
    let world = World::new().await;
    let path = world.threads_path();
    let with = |field: &str, value: Value| {
        let mut new = thread("x");
        *new.pointer_mut(field).unwrap() = value;
        new
    };
    let cases = [
        (with("/comment/body", json!("  \n ")), "says something"),
        (
            with("/comment/body", json!("é".repeat(4001))),
            "4000 characters",
        ),
        (with("/comment/body", json!("a\0b")), "U+0000"),
        (with("/anchor", json!({ "x": -1, "y": 5 })), "640 × 480"),
        (with("/anchor", json!({ "x": 5, "y": 481 })), "640 × 480"),
        (with("/anchor", json!({ "x": 1e300, "y": 5 })), "too far"),
        (
            with(
                "/anchor",
                json!({ "x": 1, "y": 1, "annotation_id": Uuid::new_v4() }),
            ),
            "no such annotation",
        ),
        (
            with(
                "/comment",
                json!({ "id": Uuid::now_v7(), "body": "x", "mentions": [Uuid::new_v4()] }),
            ),
            "no member",
        ),
        (
            with(
                "/comment",
                json!({ "id": Uuid::now_v7(), "body": "x", "mentions": vec![Uuid::new_v4(); 51]
                    .iter().map(|_| Uuid::new_v4()).collect::<Vec<_>>() }),
            ),
            "50 people",
        ),
    ];
    for (new, why) in cases {
        let (status, detail) = world
            .refusal(&world.owner, "POST", &path, new.clone())
            .await;
        assert!(
            status == 422 && detail.contains(why),
            "{new}: {status} {detail}"
        );
    }
    let huge = thread(&"x".repeat(16 << 20));
    let (status, _) = world.refusal(&world.owner, "POST", &path, huge).await;
    assert_eq!(status, 413);
    for broken in ["", "[]", "{\"id\":1}", "null"] {
        let (status, _) = world
            .call_text(&world.owner, "POST", &path, broken.to_owned())
            .await;
        assert!((400..=422).contains(&status), "{broken}: {status}");
    }
    assert!(world.threads(&world.owner).await.is_empty());
    // Markup is text like any other, and the longest comment is kept whole.
    let markup = "<img src=x onerror=alert(1)> & <script>1</script> @[x](user:nobody)";
    let kept = world.begin(&world.owner, &thread(markup)).await;
    assert_eq!(kept.comments[0].body, markup);
    let long = world.begin(&world.owner, &thread(&"é".repeat(4000))).await;
    assert_eq!(long.comments[0].body.chars().count(), 4000);
    // What was drawn offline and is still to come says where it is.
    let mut early = thread("later");
    early["anchor"] =
        json!({ "x": 1, "y": 1, "annotation_id": Uuid::new_v4(), "origin": [30.0, 40.0] });
    let early = world.begin(&world.owner, &early).await;
    assert_eq!(early.anchor.origin, Some([30.0, 40.0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn other_tenants_see_nothing() {
    let world = World::new().await;
    let begun = world.begin(&world.owner, &thread("ours")).await;
    let eve = world.stranger("eve").await;
    let thread_path = format!("/api/v1/comment_threads/{}", begun.id);
    let comment = begun.comments[0].id;
    let cases = [
        ("GET", world.threads_path(), None),
        ("POST", world.threads_path(), Some(thread("hi"))),
        (
            "PATCH",
            thread_path.clone(),
            Some(json!({ "resolved": true })),
        ),
        ("DELETE", thread_path.clone(), None),
        ("POST", format!("{thread_path}/comments"), Some(reply("hi"))),
        (
            "POST",
            format!("{thread_path}/read"),
            Some(json!({ "comment_id": comment })),
        ),
        (
            "PATCH",
            format!("/api/v1/comments/{comment}"),
            Some(json!({ "body": "hi" })),
        ),
        ("DELETE", format!("/api/v1/comments/{comment}"), None),
        (
            "GET",
            format!("/api/v1/projects/{}/comment_threads", world.project_id),
            None,
        ),
    ];
    for (method, path, body) in cases {
        let (status, answer) = world.call(&eve, method, &path, body).await;
        assert_eq!(status, 404, "{method} {path}: {answer}");
    }
    assert_eq!(world.threads(&world.owner).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_lists_its_threads_by_page() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    for n in 0..5 {
        world.begin(&world.owner, &thread(&format!("{n}"))).await;
    }
    let bens = world.begin(&ben, &thread("ben's")).await;
    world.answer(&ben, bens.id, &reply("more")).await;
    let path = format!("/api/v1/projects/{}/comment_threads", world.project_id);
    let mut said = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("{path}?limit=2{cursor}");
        let (status, page) = world.call(&ben, "GET", &path, None).await;
        assert_eq!(status, 200, "{page}");
        for item in page["items"].as_array().unwrap() {
            assert_eq!(item["filename"], "a.png");
            assert_eq!(item["thread"]["comments"].as_array().unwrap().len(), 1);
            said.push(
                item["thread"]["comments"][0]["body"]
                    .as_str()
                    .unwrap()
                    .to_owned(),
            );
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(said, ["ben's", "4", "3", "2", "1", "0"]);
    let (_, mine) = world
        .call(&ben, "GET", &format!("{path}?mine=true"), None)
        .await;
    let mine = mine["items"].as_array().unwrap();
    assert_eq!(mine.len(), 1);
    assert_eq!(mine[0]["thread"]["comment_count"], 2);
    for bad in ["cursor=x", "limit=0", "resolved=maybe"] {
        let (status, _) = world
            .call(&ben, "GET", &format!("{path}?{bad}"), None)
            .await;
        assert!((400..=422).contains(&status), "{bad}: {status}");
    }
    // What is in the bin is not listed.
    world.delete_image().await;
    let (_, page) = world.call(&ben, "GET", &path, None).await;
    assert_eq!(page["items"], json!([]));
}
