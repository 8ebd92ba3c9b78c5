//! `/v1/rooms` over HTTP: made, listed, read, put into the bin; open rooms without a token.

use super::support::{Reply, TestApp, User, config};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use visionflow_server::serve::Server;

async fn create(caller: &User, body: &Value) -> Uuid {
    let made: Value = caller.post("/v1/rooms", body).await.expect(201);
    made["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_made_listed_read_and_deleted() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    // No body, and no content type, as scripts do it.
    let bare: Value = Reply::of(ada.request(Method::POST, "/v1/rooms"))
        .await
        .expect(201);
    let bare = bare["id"].as_str().unwrap().to_owned();
    let named = create(&ada, &json!({ "name": "Poster" })).await.to_string();

    let room: Value = ada.get(&format!("/v1/rooms/{named}")).await.expect(200);
    assert_eq!(room["name"], "Poster");
    assert_eq!((&room["seq"], &room["snapshotSeq"]), (&json!(0), &json!(0)));
    assert_eq!(
        (&room["clients"], &room["image"]),
        (&json!(0), &Value::Null)
    );
    let labels = room["labels"].as_array().unwrap();
    assert!(labels.iter().any(|label| label["name"] == "Arrow"));

    // Both lie in one project called “Rooms”, which was made for the first.
    let projects: Value = ada.get("/api/v1/projects").await.expect(200);
    assert_eq!(projects["items"].as_array().unwrap().len(), 1);
    assert_eq!(projects["items"][0]["name"], "Rooms");
    assert_eq!(projects["items"][0]["id"], room["projectId"]);

    let first: Value = ada.get("/v1/rooms?limit=1").await.expect(200);
    assert_eq!(first["items"][0]["id"], named);
    let cursor = first["nextCursor"].as_str().unwrap();
    let second: Value = ada
        .get(&format!("/v1/rooms?limit=1&cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!(second["items"][0]["id"], bare);
    assert_eq!(second["nextCursor"], Value::Null);

    assert_eq!(ada.delete(&format!("/v1/rooms/{named}")).await.status, 204);
    for reply in [
        ada.get(&format!("/v1/rooms/{named}")).await,
        ada.delete(&format!("/v1/rooms/{named}")).await,
    ] {
        reply.expect_problem(404, "not_found");
    }
    let left: Value = ada.get("/v1/rooms").await.expect(200);
    assert_eq!(left["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_room_is_refused_in_words() {
    let app = TestApp::start().await;
    let (ada, eve) = (app.sign_up("ada").await, app.sign_up("eve").await);
    let project = ada.create_project("cars").await;
    let check = async |body: &Value, status: u16, code: &str| {
        ada.post("/v1/rooms", body)
            .await
            .expect_problem(status, code);
    };
    check(&json!({ "name": "" }), 422, "invalid_input").await;
    check(&json!({ "name": "x".repeat(201) }), 422, "invalid_input").await;
    check(&json!({ "name": "a\u{0}b" }), 422, "invalid_input").await;
    check(&json!({ "title": "Poster" }), 422, "invalid_input").await;
    check(&json!({ "projectId": Uuid::now_v7() }), 404, "not_found").await;
    check(&json!(["Poster"]), 422, "invalid_input").await;
    let broken = ada.request(Method::POST, "/v1/rooms").body("{");
    Reply::of(broken).await.expect_problem(400, "malformed");
    let large = ada
        .request(Method::POST, "/v1/rooms")
        .body(vec![b' '; 2 << 20]);
    Reply::of(large).await.expect_problem(413, "too_large");
    for query in ["limit=0", "limit=501", "cursor=x"] {
        let reply = ada.get(&format!("/v1/rooms?{query}")).await;
        reply.expect_problem(422, "invalid_input");
    }

    // Another tenant's room and project are not there.
    let room = create(&ada, &json!({ "projectId": project })).await;
    for path in ["", "/image"] {
        let path = format!("/v1/rooms/{room}{path}");
        eve.get(&path).await.expect_problem(404, "not_found");
    }
    eve.delete(&format!("/v1/rooms/{room}"))
        .await
        .expect_problem(404, "not_found");
    let theirs = json!({ "projectId": project });
    eve.post("/v1/rooms", &theirs)
        .await
        .expect_problem(404, "not_found");
    let none: Value = eve.get("/v1/rooms").await.expect(200);
    assert_eq!(none["items"], json!([]));
    ada.get("/v1/rooms/not-a-room")
        .await
        .expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_rooms_at_once_share_the_one_project() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let body = json!({});
    let made = (0..10).map(|_| create(&ada, &body));
    futures_util::future::join_all(made).await;
    let projects: Value = ada.get("/api/v1/projects").await.expect(200);
    assert_eq!(projects["items"].as_array().unwrap().len(), 1);
    let rooms: Value = ada.get("/v1/rooms").await.expect(200);
    assert_eq!(rooms["items"].as_array().unwrap().len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_creation_makes_one_room() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let body = json!({ "name": "once" });
    let first = ada.post_once("/v1/rooms", "key-1", &body).await;
    let again = ada.post_once("/v1/rooms", "key-1", &body).await;
    assert_eq!(first.body, again.body);
    let rooms: Value = ada.get("/v1/rooms").await.expect(200);
    assert_eq!(rooms["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn open_rooms_need_no_token_from_this_machine_and_nothing_else_is_open() {
    let app = TestApp::start_with(|config| config.rooms_open = true).await;
    let made = app.post("/v1/rooms", &json!({ "name": "open" })).await;
    let id = made.expect::<Value>(201)["id"].as_str().unwrap().to_owned();
    let room: Value = app.get(&format!("/v1/rooms/{id}")).await.expect(200);
    assert_eq!(room["name"], "open");

    app.get("/api/v1/projects")
        .await
        .expect_problem(401, "unauthenticated");
    // A token that is sent counts: Ada sees her own rooms, and a wrong token is refused.
    let ada = app.sign_up("ada").await;
    let rooms: Value = ada.get("/v1/rooms").await.expect(200);
    assert_eq!(rooms["items"], json!([]));
    let wrong = app.http.get(format!("{}/v1/rooms", app.url));
    let wrong = Reply::of(wrong.bearer_auth("nonsense")).await;
    wrong.expect_problem(401, "unauthenticated");
    // Pages of other sites, and names that only resolve to this machine.
    for (header, value) in [("origin", "https://evil.example"), ("host", "evil.example")] {
        let request = app.http.get(format!("{}/v1/rooms", app.url));
        let reply = Reply::of(request.header(header, value)).await;
        reply.expect_problem(403, "forbidden");
    }

    // The account and its rooms are there after a restart.
    let app = app.restart().await;
    let room: Value = app.get(&format!("/v1/rooms/{id}")).await.expect(200);
    assert_eq!(room["name"], "open");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_option_rooms_need_a_token_and_the_option_needs_loopback() {
    let app = TestApp::start().await;
    app.get("/v1/rooms")
        .await
        .expect_problem(401, "unauthenticated");
    let config = config(&["--listen", "0.0.0.0:0", "--rooms-open"]);
    let Err(error) = Server::start(config, &app.database).await else {
        panic!("it listens on every address");
    };
    assert!(error.to_string().contains("--rooms-open"), "{error}");
}
