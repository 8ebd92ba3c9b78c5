//! A room's base image: sent as it is or in a form, fetched, refused; and what was drawn before it.

use super::rooms_script::Script;
use super::support::{Reply, TestApp, User};
use super::uploads_photos::{jpeg, png, turned, verified};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

async fn start() -> (TestApp, User, Uuid) {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let room = room(&ada, "Poster").await;
    (app, ada, room)
}

async fn room(ada: &User, name: &str) -> Uuid {
    let made: Value = ada
        .post("/v1/rooms", &json!({ "name": name }))
        .await
        .expect(201);
    made["id"].as_str().unwrap().parse().unwrap()
}

async fn send(caller: &User, room: Uuid, kind: &str, body: Vec<u8>) -> Reply {
    let request = caller.request(Method::POST, &format!("/v1/rooms/{room}/image"));
    Reply::of(request.header("content-type", kind).body(body)).await
}

/// A form as browsers and `curl -F` send it, with a field before the file.
fn form(filename: &str, file: &[u8]) -> (&'static str, Vec<u8>) {
    let head = format!(
        "--edge\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nhello\r\n\
         --edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\n\
         content-type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
    ("multipart/form-data; boundary=edge", body)
}

#[tokio::test(flavor = "multi_thread")]
async fn raw_bytes_become_the_rooms_image_whatever_they_are_called() {
    let (_app, ada, room) = start().await;
    let path = format!("/v1/rooms/{room}/image");
    ada.get(&path).await.expect_problem(404, "not_found");
    let bytes = turned(&jpeg(300, 200), 6);
    let image: Value = send(&ada, room, "text/plain", bytes.clone())
        .await
        .expect(201);
    assert_eq!(
        (&image["width"], &image["height"]),
        (&json!(200), &json!(300))
    );
    assert_eq!(image["mime"], "image/jpeg");

    // To whoever follows the redirect.
    let fetched = ada.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(fetched.status(), 200);
    assert_eq!(fetched.headers()["content-type"], "image/jpeg");
    assert_eq!(fetched.bytes().await.unwrap(), bytes);

    let shown: Value = ada.get(&format!("/v1/rooms/{room}")).await.expect(200);
    assert_eq!(shown["image"], image);
    // An image like any other.
    let id: Uuid = image["id"].as_str().unwrap().parse().unwrap();
    let image = verified(&ada, id).await;
    assert_eq!(
        (image.filename.as_str(), image.room_id),
        ("Poster.jpg", room)
    );

    // There is one, and it stays.
    let other = send(&ada, room, "image/png", png(10, 10)).await;
    other.expect_problem(409, "conflict");
    assert_eq!(ada.delete(&format!("/v1/rooms/{room}")).await.status, 204);
    ada.get(&path).await.expect_problem(404, "not_found");
    let restore = format!("/api/v1/images/{id}/restore");
    assert_eq!(ada.post(&restore, &json!({})).await.status, 200);
    let back: Value = ada.get(&format!("/v1/rooms/{room}")).await.expect(200);
    assert_eq!(back["image"]["id"], id.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_gives_its_first_file_and_the_files_name() {
    let (_app, ada, room) = start().await;
    let bytes = png(64, 48);
    let (kind, body) = form("day 1.png", &bytes);
    let image: Value = send(&ada, room, kind, body).await.expect(201);
    assert_eq!(image["sizeBytes"], bytes.len());
    let id: Uuid = image["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(verified(&ada, id).await.filename, "day 1.png");
    let path = format!("/v1/rooms/{room}/image");
    let fetched = ada.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(fetched.bytes().await.unwrap(), bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_image_is_refused_and_the_room_still_takes_one() {
    let (app, ada, room) = start().await;
    let eve = app.sign_up("eve").await;
    let raw = "application/octet-stream";
    let check = async |kind: &str, body: Vec<u8>, status: u16, code: &str| {
        send(&ada, room, kind, body)
            .await
            .expect_problem(status, code);
    };
    check(raw, vec![], 422, "invalid_input").await;
    check(raw, b"<svg onload=alert(1)>".to_vec(), 422, "invalid_input").await;
    let whole = png(200, 200);
    check(raw, whole[..40].to_vec(), 422, "invalid_input").await;
    check("multipart/form-data", whole.clone(), 400, "malformed").await;
    let (kind, body) = form("a.png", &whole);
    check(kind, body[..body.len() - 30].to_vec(), 400, "malformed").await;
    let (_, body) = form("../../a.png", &whole);
    check(kind, body, 422, "invalid_input").await;
    let empty = b"--edge\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\nb\r\n--edge--\r\n";
    check(kind, empty.to_vec(), 422, "invalid_input").await;
    // Larger than is taken, as it says itself, and as it turns out.
    check(raw, vec![7; 101 << 20], 413, "too_large").await;
    send(&eve, room, raw, whole.clone())
        .await
        .expect_problem(404, "not_found");
    let _: Value = send(&ada, room, raw, whole).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_images_at_once_one_is_taken() {
    let (_app, ada, room) = start().await;
    let send = || send(&ada, room, "image/png", png(30, 20));
    let (one, two) = tokio::join!(send(), send());
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{} {}", one.body, two.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_drawn_before_the_image_came_has_rows_and_what_comes_after_too() {
    let (app, ada, room) = start().await;
    let shown: Value = ada.get(&format!("/v1/rooms/{room}")).await.expect(200);
    let label = shown["labels"][0]["id"].as_str().unwrap().parse().unwrap();
    let query = format!("token={}", ada.token);
    let mut script = Script::join(&app.url, room, &query).await;
    let first = script.draw(label, 1.0).await;
    script.saved().await;
    let image: Value = send(&ada, room, "image/png", png(300, 200))
        .await
        .expect(201);
    let rows = format!(
        "/api/v1/annotations?image_id={}",
        image["id"].as_str().unwrap()
    );
    let page: Value = ada.get(&rows).await.expect(200);
    assert_eq!(page["items"][0]["id"], first.to_string());
    assert_eq!(page["items"][0]["annotator_id"], ada.id.to_string());
    // The room stayed open all the while.
    for x in 2..5 {
        let next = script.draw(label, f64::from(x)).await;
        script.saved().await;
        let page: Value = ada.get(&rows).await.expect(200);
        let ids = page["items"].as_array().unwrap();
        assert!(ids.iter().any(|row| row["id"] == next.to_string()));
        assert_eq!(ids.len() as i32, x);
    }
}
