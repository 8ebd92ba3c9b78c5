//! Who hears of what is said: live in the room, and by notification wherever they are.

use super::super::relay_peer::{Door, Peer};
use super::super::relay_world::World;
use super::{reply, thread};
use serde_json::json;
use uuid::Uuid;
use visionflow_api::{ClientControl, ServerControl, mention_text};
use visionflow_sync::Frame;

#[tokio::test(flavor = "multi_thread")]
async fn two_people_see_each_others_comments_live() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let mut b = Peer::join(&world.door(&ben)).await;
    let begun = world.begin(&world.owner, &thread("look")).await;
    let id = begun.id;
    b.told("the thread", |c| {
        matches!(c, ServerControl::CommentThreadCreated { thread }
            if thread.id == id && thread.comments[0].body == "look")
    })
    .await;
    let answer = world.answer(&ben, id, &reply("I see")).await;
    a.told(
        "the reply",
        |c| matches!(c, ServerControl::CommentCreated { comment } if **comment == answer),
    )
    .await;
    a.told("that there is something new", |c| {
        *c == ServerControl::Notified
    })
    .await;
    let path = format!("/api/v1/comments/{}", answer.id);
    world
        .call(&ben, "PATCH", &path, Some(json!({ "body": "I saw" })))
        .await;
    a.told(
        "the change",
        |c| matches!(c, ServerControl::CommentChanged { comment } if comment.body == "I saw"),
    )
    .await;
    let path = format!("/api/v1/comment_threads/{id}");
    for resolved in [true, false] {
        let body = json!({ "resolved": resolved });
        world.call(&ben, "PATCH", &path, Some(body)).await;
        a.told("resolved or not", |c| {
            matches!(c, ServerControl::CommentThreadChanged { thread_id, resolved_at, .. }
                if *thread_id == id && resolved_at.is_some() == resolved)
        })
        .await;
    }
    world.call(&world.owner, "DELETE", &path, None).await;
    b.told("the end", |c| {
        *c == ServerControl::CommentThreadDeleted { thread_id: id }
    })
    .await;
    // What is sent twice is told once.
    let told = |peer: &Peer| {
        let threads = peer.controls.iter();
        threads
            .filter(|c| matches!(c, ServerControl::CommentThreadCreated { .. }))
            .count()
    };
    let new = thread("twice");
    world.begin(&world.owner, &new).await;
    world.begin(&world.owner, &new).await;
    world.begin(&world.owner, &thread("last")).await;
    b.told("the last", |c| {
        matches!(c, ServerControl::CommentThreadCreated { thread } if thread.comments[0].body == "last")
    })
    .await;
    assert_eq!(told(&b), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_types_is_told_at_most_once_a_second_and_never_stored() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let eve = world.watcher("eve").await;
    let begun = world.begin(&world.owner, &thread("look")).await;
    let mut a = Peer::join(&world.door(&world.owner)).await;
    let mut b = Peer::join(&world.door(&ben)).await;
    let mut watcher = Peer::join(&world.door(&eve)).await;
    // A public client hears nothing of it.
    let mut public = Peer::join(&Door {
        control: false,
        ..world.door(&ben)
    })
    .await;
    let typing = ClientControl::Typing {
        thread_id: begun.id,
    };
    let frame = Frame::Control(serde_json::to_string(&typing).unwrap()).encode();
    watcher.send(frame.clone()).await;
    for _ in 0..200 {
        b.send(frame.clone()).await;
    }
    a.told("ben types", |c| {
        *c == ServerControl::Typing {
            thread_id: begun.id,
            user_id: ben.id,
            name: "ben".to_owned(),
        }
    })
    .await;
    // Behind everything that was sent before comes the edit.
    let drawn = b.draw(world.label, 3.0).await;
    a.has(drawn).await;
    public.has(drawn).await;
    assert!(public.controls.is_empty());
    let typed: Vec<_> = a
        .controls
        .iter()
        .filter_map(|c| match c {
            ServerControl::Typing { user_id, .. } => Some(*user_id),
            _ => None,
        })
        .collect();
    assert!(
        typed.len() < 20 && typed.iter().all(|id| *id == ben.id),
        "{typed:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_mentioned_or_answered_is_notified() {
    let world = World::new().await;
    let ben = world.member("ben", "labeler").await;
    let eve = world.stranger("eve").await;
    let mut b = Peer::join(&world.door(&ben)).await;
    // In the text, by a wrong name; a stranger and oneself are not told.
    let body = format!(
        "{} {} {}",
        mention_text(ben.id, "Boss"),
        mention_text(eve.id, "Eve"),
        mention_text(world.owner.id, "me")
    );
    let begun = world.begin(&world.owner, &thread(&body)).await;
    let names: Vec<_> = begun.comments[0]
        .mentions
        .iter()
        .map(|p| &*p.name)
        .collect();
    assert_eq!(names, ["ada", "ben"]);
    b.told("he is notified", |c| *c == ServerControl::Notified)
        .await;
    let (items, unread) = world.notifications(&ben).await;
    assert_eq!((items.len(), unread), (1, 1));
    assert_eq!(items[0]["kind"], "mention");
    assert_eq!(items[0]["actor"]["name"], "ada");
    assert_eq!(items[0]["thread_id"], json!(begun.id));
    assert_eq!(items[0]["filename"], "a.png");
    assert_eq!(world.notifications(&world.owner).await.1, 0);
    assert_eq!(world.notifications(&eve).await.1, 0);
    // Mentioned again in the same comment: once.
    let comment = begun.comments[0].id;
    let change = json!({ "body": format!("{body}!"), "mentions": [ben.id] });
    let path = format!("/api/v1/comments/{comment}");
    world.call(&world.owner, "PATCH", &path, Some(change)).await;
    assert_eq!(world.notifications(&ben).await.1, 1);
    // An answer is told to who spoke before; reading the thread reads what is told of it.
    let answer = world.answer(&ben, begun.id, &reply("yes?")).await;
    let (items, _) = world.notifications(&world.owner).await;
    assert_eq!(items[0]["kind"], "reply");
    let read = format!("/api/v1/comment_threads/{}/read", begun.id);
    for person in [&world.owner, &ben] {
        let until = json!({ "comment_id": answer.id });
        assert_eq!(world.call(person, "POST", &read, Some(until)).await.0, 204);
        assert_eq!(world.notifications(person).await.1, 0);
    }
    let foreign = json!({ "comment_id": Uuid::now_v7() });
    assert_eq!(world.call(&ben, "POST", &read, Some(foreign)).await.0, 404);

    world.answer(&world.owner, begun.id, &reply("one")).await;
    world.answer(&world.owner, begun.id, &reply("two")).await;
    let (items, unread) = world.notifications(&ben).await;
    assert_eq!((unread, &items[0]["excerpt"]), (2, &json!("two")));
    let path = "/api/v1/me/notifications/read";
    let one = json!({ "ids": [items[0]["id"]] });
    world.call(&ben, "POST", path, Some(one)).await;
    assert_eq!(world.notifications(&ben).await.1, 1);
    // Nobody reads another's away.
    world
        .call(&world.owner, "POST", path, Some(json!({})))
        .await;
    assert_eq!(world.notifications(&ben).await.1, 1);
    world.call(&ben, "POST", path, Some(json!({}))).await;
    assert_eq!(world.notifications(&ben).await.1, 0);
}
