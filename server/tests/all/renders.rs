//! Rendered pictures: the same bytes for the same input, one moment, clear refusals, one tenant.

use super::support::{Reply, TestApp, User};
use super::uploads_photos::{eventually, jpeg, png, turned, upload};
use image::{GenericImageView, RgbaImage};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::AssertSqlSafe;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use visionflow_api::{Image, JobStatus, Render, RenderFormat, RoomExport, RoomExportJob};
use visionflow_server::sweep;

async fn start() -> (TestApp, User, Uuid, Image) {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let project = ada.create_project("street").await;
    let image = upload(&ada, project, "a b.png", "image/png", &png(80, 60)).await;
    (app, ada, project, image)
}

async fn draw(user: &User, image: &Image, xywh: [f64; 4]) -> Uuid {
    let path = format!("/api/v1/projects/{}/ontology", image.project_id);
    let ontology: Value = user.get(&path).await.expect(200);
    let body = json!({
        "image_id": image.id, "label_id": ontology["labels"][0]["id"],
        "data": { "type": "box", "box": xywh },
    });
    let made: Value = user.post("/api/v1/annotations", &body).await.expect(201);
    made["id"].as_str().unwrap().parse().unwrap()
}

async fn ask(user: &User, image: Uuid, body: &Value) -> Reply {
    user.post(&format!("/api/v1/images/{image}/renders"), body)
        .await
}

async fn over(user: &User, id: Uuid) -> Render {
    eventually(async || {
        let render: Render = user.get(&format!("/api/v1/renders/{id}")).await.expect(200);
        render.status.is_over().then_some(render)
    })
    .await
}

/// The finished file.
async fn made(user: &User, image: Uuid, body: &Value) -> Vec<u8> {
    let render: Render = ask(user, image, body).await.expect(202);
    let render = over(user, render.id).await;
    assert_eq!(render.status, JobStatus::Succeeded, "{:?}", render.error);
    assert!((render.progress - 1.0).abs() < 1e-6);
    let response = reqwest::get(render.download_url.unwrap()).await.unwrap();
    let disposition = response.headers()["content-disposition"].to_str().unwrap();
    assert!(disposition.contains("a%20b%20annotated."), "{disposition}");
    assert_eq!(response.headers()["content-type"], render.format.mime());
    let bytes = response.bytes().await.unwrap().to_vec();
    assert_eq!(render.size_bytes, Some(bytes.len() as i64));
    bytes
}

async fn pixels(user: &User, image: Uuid, body: &Value) -> RgbaImage {
    let bytes = made(user, image, body).await;
    image::load_from_memory(&bytes).unwrap().to_rgba8()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_input_gives_the_same_bytes() {
    let (app, ada, _, image) = start().await;
    for n in 0..20 {
        draw(&ada, &image, [f64::from(n) * 3.0, f64::from(n), 15.0, 20.0]).await;
    }
    for body in [
        json!({ "scale": 2.0 }),
        json!({ "format": "jpg", "background": "white", "dpi": 144 }),
        json!({ "background": "transparent" }),
    ] {
        let one = Sha256::digest(made(&ada, image.id, &body).await);
        let other = Sha256::digest(made(&ada, image.id, &body).await);
        assert_eq!(one, other, "{body}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_drawn_lies_on_the_background_that_was_asked_for() {
    let (app, ada, _, image) = start().await;
    draw(&ada, &image, [10.0, 10.0, 40.0, 30.0]).await;
    let white = pixels(&ada, image.id, &json!({ "background": "white" })).await;
    assert_eq!(white.dimensions(), (80, 60));
    assert_eq!(white.get_pixel(70, 50).0, [255; 4]);
    assert_ne!(white.get_pixel(30, 25).0, [255; 4], "a fill");
    let body = json!({ "background": "transparent", "scale": 0.5 });
    let clear = pixels(&ada, image.id, &body).await;
    assert_eq!(clear.dimensions(), (40, 30));
    assert_eq!(clear.get_pixel(35, 25).0, [0; 4]);
    assert!(clear.get_pixel(15, 12).0[3] > 0);
    let whole = pixels(&ada, image.id, &json!({})).await;
    let original = image::load_from_memory(&png(80, 60)).unwrap();
    assert_eq!(*whole.get_pixel(70, 50), original.get_pixel(70, 50));
    assert_ne!(*whole.get_pixel(30, 25), original.get_pixel(30, 25));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photograph_stands_upright() {
    let (app, ada, project, _) = start().await;
    let bytes = turned(&jpeg(60, 40), 6);
    let image = upload(&ada, project, "a b.jpg", "image/jpeg", &bytes).await;
    let picture = pixels(&ada, image.id, &json!({})).await;
    assert_eq!(picture.dimensions(), (40, 60));
    // Turned to the right, what was left is above: red, which fades downwards.
    assert!(picture.get_pixel(20, 2).0[0] > 230 && picture.get_pixel(20, 57).0[0] < 25);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_the_moment_that_was_asked_for() {
    let (app, ada, _, image) = start().await;
    let first = draw(&ada, &image, [10.0, 10.0, 20.0, 20.0]).await;
    let white = |more: Value| {
        let mut body = json!({ "background": "white" });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    let render: Render = ask(&ada, image.id, &white(json!({}))).await.expect(202);
    let then = render.seq;
    let before = made(&ada, image.id, &white(json!({}))).await;
    ada.delete(&format!("/api/v1/annotations/{first}")).await;
    draw(&ada, &image, [50.0, 30.0, 20.0, 20.0]).await;
    let after = made(&ada, image.id, &white(json!({}))).await;
    assert_ne!(before, after);
    let again = made(&ada, image.id, &white(json!({ "seq": then }))).await;
    assert_eq!(again, before);
    let empty = pixels(&ada, image.id, &white(json!({ "seq": 0 }))).await;
    assert!(empty.pixels().all(|pixel| pixel.0 == [255; 4]));

    name_version(&app, &image, "v 1/ü", then).await;
    let tagged = made(&ada, image.id, &white(json!({ "tag": "v 1/ü" }))).await;
    assert_eq!(tagged, before);
    app.stop().await;
}

/// As the versions' own route writes it; made here, so that neither waits for the other.
async fn name_version(app: &TestApp, image: &Image, tag: &str, seq: i64) {
    let sql = format!(
        "create table if not exists room_versions
             (workspace_id uuid, room_id uuid, tag text, seq bigint, created_by uuid);
         grant select on room_versions to visionflow_app;
         insert into room_versions (workspace_id, room_id, tag, seq, created_by)
             select workspace_id, room_id, '{tag}', {seq}, created_by from images
             where id = '{}';",
        image.id
    );
    let mut owner = app.owner().await;
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut owner)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_are_badges_where_they_are_pinned() {
    let (app, ada, _, image) = start().await;
    let annotation = draw(&ada, &image, [40.0, 30.0, 20.0, 20.0]).await;
    let sql = format!(
        "create table if not exists comment_threads
             (id uuid, workspace_id uuid, project_id uuid, room_id uuid, number int,
              annotation_id uuid, x float8, y float8, origin_x float8, origin_y float8,
              created_by uuid, resolved_at timestamptz);
         create table if not exists comments
             (id uuid, workspace_id uuid, thread_id uuid, author_id uuid, body text,
              deleted_at timestamptz);
         grant select on comment_threads, comments to visionflow_app;
         insert into comment_threads
             (id, workspace_id, project_id, room_id, number, annotation_id, x, y, created_by)
             select gen_random_uuid(), workspace_id, project_id, room_id, 7, '{annotation}', 10, 5,
                 created_by from images where id = '{}';
         insert into comments (id, workspace_id, thread_id, author_id, body)
             select gen_random_uuid(), workspace_id, id, created_by, 'crooked' from comment_threads;",
        image.id
    );
    let mut owner = app.owner().await;
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut owner)
        .await
        .unwrap();
    let without = pixels(&ada, image.id, &json!({ "background": "white" })).await;
    let body = json!({ "background": "white", "include_comments": true });
    let with = pixels(&ada, image.id, &body).await;
    // The badge's own colour, left of its number.
    assert_eq!(with.get_pixel(43, 35).0, [37, 99, 235, 255]);
    assert_ne!(without.get_pixel(43, 35).0, [37, 99, 235, 255]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_ask_follow_and_download_in_camel_case() {
    let (app, ada, _, image) = start().await;
    draw(&ada, &image, [10.0, 10.0, 40.0, 30.0]).await;
    let room = image.room_id;
    let exports = format!("/v1/rooms/{room}/exports");
    let body = json!({
        "format": "jpg", "scale": 2, "includeComments": true, "background": "white",
    });
    app.app().jobs().shutdown().await;
    let job: RoomExportJob = ada.post(&exports, &body).await.expect(202);
    let path = format!("/v1/exports/{}", job.job_id);
    let waiting: Value = ada.get(&path).await.expect(200);
    assert_eq!(waiting["status"], "queued");
    assert!(waiting.get("mime").is_none() && waiting.get("size").is_none());
    let download = format!("{path}/download");
    ada.get(&download).await.expect_problem(409, "conflict");
    app.app().jobs().start(app.app().clone()).await.unwrap();

    let export = eventually(async || {
        let export: RoomExport = ada.get(&path).await.expect(200);
        export.status.is_over().then_some(export)
    })
    .await;
    assert_eq!(export.status, JobStatus::Succeeded, "{:?}", export.error);
    assert_eq!(export.mime.as_deref(), Some("image/jpeg"));
    let plain = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let token = ada.request(Method::GET, &download).build().unwrap();
    let token = token.headers()["authorization"].clone();
    let url = format!("{}{download}", app.url);
    let leads = plain.get(&url).header("authorization", token).send().await;
    let leads = leads.unwrap();
    assert_eq!(leads.status(), 307);
    let file = reqwest::get(leads.headers()["location"].to_str().unwrap()).await;
    let bytes = file.unwrap().bytes().await.unwrap();
    assert_eq!(export.size, Some(bytes.len() as i64));
    let picture = image::load_from_memory(&bytes).unwrap();
    assert_eq!(picture.dimensions(), (160, 120));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_drawn_is_refused_in_words() {
    let (app, ada, project, image) = start().await;
    let refused = async |body: Value, words: &str| {
        let reply = ask(&ada, image.id, &body).await;
        reply.expect_problem(422, "invalid_input");
        let detail = reply.body.to_string();
        assert!(detail.contains(words), "{body}: {detail}");
    };
    refused(json!({ "scale": 1000 }), "between 0.01 and 8").await;
    refused(json!({ "scale": 0 }), "between 0.01 and 8").await;
    refused(json!({ "scale": -1.5 }), "between 0.01 and 8").await;
    refused(json!({ "dpi": 0 }), "between 1 and 768").await;
    refused(json!({ "dpi": 9000 }), "between 1 and 768").await;
    refused(json!({ "dpi": 96, "scale": 1 }), "not both").await;
    refused(json!({ "seq": 1, "tag": "a" }), "not both").await;
    refused(json!({ "seq": 999 }), "the last edit").await;
    refused(json!({ "seq": -1 }), "the last edit").await;
    refused(json!({ "tag": "never" }), "no version").await;
    let clear = json!({ "format": "jpg", "background": "transparent" });
    refused(clear, "no transparency").await;
    for body in [
        json!({ "format": "gif" }),
        json!({ "scale": "large" }),
        json!({ "background": "checkered" }),
        json!({ "colour": "red" }),
    ] {
        assert_eq!(ask(&ada, image.id, &body).await.status, 422, "{body}");
    }
    let wide = upload(&ada, project, "wide.png", "image/png", &png(5000, 1)).await;
    let reply = ask(&ada, wide.id, &json!({ "scale": 8 })).await;
    reply.expect_problem(422, "invalid_input");
    assert!(
        reply.body.to_string().contains("40000 × 8"),
        "{}",
        reply.body
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_sees_it_and_only_who_has_a_role_asks() {
    let (app, ada, _, image) = start().await;
    let render: Render = ask(&ada, image.id, &json!({})).await.expect(202);
    let ben = app.sign_up("ben").await;
    ask(&ben, image.id, &json!({}))
        .await
        .expect_problem(404, "not_found");
    let id = render.id;
    for path in [
        format!("/api/v1/renders/{id}"),
        format!("/v1/exports/{id}"),
        format!("/v1/exports/{id}/download"),
    ] {
        ben.get(&path).await.expect_problem(404, "not_found");
    }
    let exports = format!("/v1/rooms/{}/exports", image.room_id);
    ben.post(&exports, &json!({ "format": "png" }))
        .await
        .expect_problem(404, "not_found");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_was_interrupted_is_drawn_again_and_goes_after_a_week() {
    let (app, ada, _, image) = start().await;
    app.app().jobs().shutdown().await;
    let render: Render = ask(&ada, image.id, &json!({})).await.expect(202);
    // As a process leaves it that was killed while drawing.
    let id = render.id;
    let sql = format!("update renders set status = 'running', progress = 0.4 where id = '{id}'");
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut app.owner().await)
        .await
        .unwrap();
    let load = app.get("/metrics?format=json").await;
    assert_eq!(load.body["export_jobs_pending"], 1);
    app.app().jobs().start(app.app().clone()).await.unwrap();
    let render = over(&ada, id).await;
    assert_eq!(render.status, JobStatus::Succeeded, "{:?}", render.error);
    assert_eq!(render.format, RenderFormat::Png);
    let url = render.download_url.unwrap();
    let now = OffsetDateTime::now_utc();
    sweep::run(app.app(), now + Duration::days(6))
        .await
        .unwrap();
    assert_eq!(reqwest::get(&url).await.unwrap().status(), 200);
    sweep::run(app.app(), now + Duration::days(8))
        .await
        .unwrap();
    assert_eq!(reqwest::get(&url).await.unwrap().status(), 404);
    let gone = ada.get(&format!("/api/v1/renders/{id}")).await;
    gone.expect_problem(404, "not_found");
    app.stop().await;
}
