//! Exports: exactly one moment, upright, under the right names, cancellable, and done in the end.

use super::support::{TestApp, User};
use super::uploads_photos::{eventually, images, jpeg, png, turned, upload};
use serde_json::{Value, json};
use sqlx::{ConnectOptions, Connection};
use std::io::{Cursor, Read};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use visionflow_api::{Export, Image, JobStatus};
use visionflow_server::sweep;
use zip::ZipArchive;

async fn start() -> (TestApp, User, Uuid) {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let project = ada.create_project("Straße/1").await;
    (app, ada, project)
}

async fn begin(user: &User, project: Uuid, format: &str, include_images: bool) -> Export {
    let body = json!({ "format": format, "include_images": include_images });
    let path = format!("/api/v1/projects/{project}/exports");
    user.post(&path, &body).await.expect(202)
}

async fn over(user: &User, id: Uuid) -> Export {
    eventually(async || {
        let export: Export = user.get(&format!("/api/v1/exports/{id}")).await.expect(200);
        export.status.is_over().then_some(export)
    })
    .await
}

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    let mut owner = app.database.owner.connect().await.unwrap();
    let counted = sqlx::query_scalar(sql).fetch_one(&mut owner).await.unwrap();
    owner.close().await.unwrap();
    counted
}

async fn download(export: &Export) -> ZipArchive<Cursor<Vec<u8>>> {
    assert_eq!(export.status, JobStatus::Succeeded, "{:?}", export.error);
    let response = reqwest::get(export.download_url.as_ref().unwrap())
        .await
        .unwrap();
    let disposition = response.headers()["content-disposition"].to_str().unwrap();
    assert!(
        disposition.contains("Stra%C3%9Fe_1%20-%20"),
        "{disposition}"
    );
    let bytes = response.bytes().await.unwrap().to_vec();
    assert_eq!(export.size_bytes, Some(bytes.len() as i64));
    ZipArchive::new(Cursor::new(bytes)).unwrap()
}

fn file(zip: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn coco(zip: &mut ZipArchive<Cursor<Vec<u8>>>) -> Value {
    serde_json::from_slice(&file(zip, "annotations/instances_default.json")).unwrap()
}

async fn draw(user: &User, project: Uuid, image: &Image, xywh: [f64; 4]) {
    let ontology: Value = user
        .get(&format!("/api/v1/projects/{project}/ontology"))
        .await
        .expect(200);
    let body = json!({
        "image_id": image.id, "label_id": ontology["labels"][0]["id"],
        "data": { "type": "box", "box": xywh },
    });
    let _: Value = user.post("/api/v1/annotations", &body).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_the_moment_of_its_creation() {
    let (app, ada, project) = start().await;
    let kept = upload(&ada, project, "kept.png", "image/png", &png(40, 30)).await;
    let deleted = upload(&ada, project, "deleted.png", "image/png", &png(40, 30)).await;
    draw(&ada, project, &kept, [1.5, 2.25, 10.0, 20.0]).await;
    draw(&ada, project, &deleted, [0.0, 0.0, 5.0, 5.0]).await;
    ada.delete(&format!("/api/v1/images/{}", deleted.id)).await;
    // Without workers it waits, so that the later edits are there before it runs.
    app.app().jobs().shutdown().await;
    let export = begin(&ada, project, "coco", false).await;
    assert_eq!((export.status, export.total), (JobStatus::Queued, 1));
    draw(&ada, project, &kept, [3.0, 3.0, 5.0, 5.0]).await;
    upload(&ada, project, "late.png", "image/png", &png(40, 30)).await;
    ada.delete(&format!("/api/v1/images/{}", kept.id)).await;
    app.app().jobs().start(app.app().clone()).await.unwrap();

    let export = over(&ada, export.id).await;
    assert_eq!((export.done, export.total), (1, 1));
    let coco = coco(&mut download(&export).await);
    assert_eq!(coco["images"].as_array().unwrap().len(), 1);
    assert_eq!(coco["images"][0]["file_name"], "kept.png");
    let annotations = coco["annotations"].as_array().unwrap();
    assert_eq!(annotations.len(), 1);
    assert_eq!(annotations[0]["bbox"], json!([1.5, 2.25, 10.0, 20.0]));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn photographs_come_out_upright_under_their_names() {
    let (app, ada, project) = start().await;
    let upright = jpeg(60, 40);
    let sideways = turned(&upright, 6);
    for (name, bytes) in [
        ("a b.jpg", &upright),
        ("a b.jpg", &sideways),
        ("Füße/日本.jpg", &upright),
    ] {
        upload(&ada, project, name, "image/jpeg", bytes).await;
    }
    for image in images(&ada, project, "").await {
        draw(&ada, project, &image, [1.0, 1.0, 5.0, 5.0]).await;
    }
    let export = begin(&ada, project, "coco", true).await;
    let mut zip = download(&over(&ada, export.id).await).await;
    let coco = coco(&mut zip);
    let listed = coco["images"].as_array().unwrap().clone();
    let names: Vec<_> = listed
        .iter()
        .map(|image| image["file_name"].as_str().unwrap())
        .collect();
    assert_eq!((names[0], names[2]), ("a b.jpg", "Füße/日本.jpg"));
    assert_ne!(names[0], names[1], "both are there");
    for image in &listed {
        let name = image["file_name"].as_str().unwrap();
        let bytes = file(&mut zip, &format!("images/{name}"));
        // As readers see it that do not look at EXIF.
        let decoded = image::load_from_memory(&bytes).unwrap();
        let size = (decoded.width(), decoded.height());
        assert_eq!(
            json!([size.0, size.1]),
            json!([image["width"], image["height"]]),
            "{name}"
        );
    }
    assert_eq!(
        file(&mut zip, "images/a b.jpg"),
        upright,
        "what needs no turn is untouched"
    );
    let report = String::from_utf8(file(&mut zip, "report.txt")).unwrap();
    assert!(report.contains("EXIF rotation was applied"), "{report}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_comes_out() {
    let (app, ada, project) = start().await;
    let image = upload(&ada, project, "a.png", "image/png", &png(40, 30)).await;
    draw(&ada, project, &image, [4.0, 3.0, 8.0, 6.0]).await;
    for (format, name, words) in [
        (
            "yolo_detect",
            "labels/train/a.txt",
            "0 0.200000000 0.200000000 0.200000000 0.200000000",
        ),
        (
            "yolo_segment",
            "labels/train/a.txt",
            "0 0.100000000 0.100000000 0.300000000",
        ),
        ("pascal_voc", "Annotations/a.xml", "<name>car</name>"),
    ] {
        let export = begin(&ada, project, format, false).await;
        let mut zip = download(&over(&ada, export.id).await).await;
        let text = String::from_utf8(file(&mut zip, name)).unwrap();
        assert!(text.contains(words), "{format}: {text}");
    }
    let path = format!("/api/v1/projects/{project}/exports");
    let list: Value = ada.get(&path).await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 3);
    assert_eq!(list["items"][0]["format"], "pascal_voc", "the newest first");
    let body = json!({ "format": "tar" });
    assert_eq!(ada.post(&path, &body).await.status, 422);
    let eve = app.sign_up("eve").await;
    eve.get(&path).await.expect_problem(404, "not_found");
    let id = list["items"][0]["id"].as_str().unwrap();
    eve.get(&format!("/api/v1/exports/{id}"))
        .await
        .expect_problem(404, "not_found");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_export_stays_cancelled() {
    let (app, ada, project) = start().await;
    upload(&ada, project, "a.png", "image/png", &png(40, 30)).await;
    app.app().jobs().shutdown().await;
    let export = begin(&ada, project, "coco", true).await;
    let path = format!("/api/v1/exports/{}", export.id);
    let cancelled: Export = ada
        .post(&format!("{path}/cancel"), &json!({}))
        .await
        .expect(200);
    assert_eq!(cancelled.status, JobStatus::Cancelled);
    app.app().jobs().start(app.app().clone()).await.unwrap();
    // Jobs run in order: when the next one is done, the cancelled one has been passed over.
    let next = begin(&ada, project, "coco", true).await;
    assert_eq!(over(&ada, next.id).await.status, JobStatus::Succeeded);
    let cancelled: Export = ada.get(&path).await.expect(200);
    assert_eq!(cancelled.status, JobStatus::Cancelled);
    assert!(cancelled.download_url.is_none());
    app.stop().await;
}

/// Each photograph is read from the storage, so a hundred of them take longer than one request.
#[tokio::test(flavor = "multi_thread")]
async fn a_running_export_hears_that_it_is_cancelled() {
    let (app, ada, project) = start().await;
    upload(&ada, project, "a.png", "image/png", &png(40, 30)).await;
    app.app().jobs().shutdown().await;
    let export = begin(&ada, project, "coco", true).await;
    // Nobody reads the list of its photographs before this lets go of it.
    let mut owner = app.database.owner.connect().await.unwrap();
    let mut holding = owner.begin().await.unwrap();
    sqlx::query("lock table export_items")
        .execute(&mut *holding)
        .await
        .unwrap();
    app.app().jobs().start(app.app().clone()).await.unwrap();
    let waiting = "select count(*) from pg_locks
                   where relation = 'export_items'::regclass and not granted";
    eventually(async || (count(&app, waiting).await > 0).then_some(())).await;
    let path = format!("/api/v1/exports/{}", export.id);
    let running: Export = ada.get(&path).await.expect(200);
    assert_eq!(running.status, JobStatus::Running);
    let cancelled: Export = ada
        .post(&format!("{path}/cancel"), &json!({}))
        .await
        .expect(200);
    assert_eq!(cancelled.status, JobStatus::Cancelled);
    holding.rollback().await.unwrap();
    owner.close().await.unwrap();

    // Jobs that are done leave the queue.
    let queued = "select count(*) from graphile_worker._private_jobs";
    eventually(async || (count(&app, queued).await == 0).then_some(())).await;
    let after: Export = ada.get(&path).await.expect(200);
    assert_eq!(after.status, JobStatus::Cancelled);
    assert!(after.download_url.is_none());
    let objects = app.app().objects().list("", None).await.unwrap().objects;
    assert!(
        objects
            .iter()
            .all(|object| !object.key.contains("/exports/"))
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_export_is_run_again() {
    let (app, ada, project) = start().await;
    upload(&ada, project, "a.png", "image/png", &png(40, 30)).await;
    app.app().jobs().shutdown().await;
    let export = begin(&ada, project, "coco", true).await;
    // As a process leaves it that was killed ten minutes ago in the middle of it.
    let mut owner = app.database.owner.connect().await.unwrap();
    for sql in [
        "update exports set status = 'running'",
        "update graphile_worker._private_jobs
         set attempts = 1, locked_by = 'killed', locked_at = now() - interval '10 minutes'",
        "insert into graphile_worker._private_workers (id, last_heartbeat_at)
         values ('killed', now() - interval '10 minutes')",
    ] {
        sqlx::query(sql).execute(&mut owner).await.unwrap();
    }
    owner.close().await.unwrap();
    let app = app.restart().await;
    let found = eventually(async || {
        let mut tx = app
            .app()
            .store()
            .begin_as_tenant(ada.workspace_id)
            .await
            .unwrap();
        let row = tx.export(export.id).await.unwrap().unwrap();
        (row.status == "succeeded").then_some(row)
    })
    .await;
    assert!(found.storage_path.is_some());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_told_in_words() {
    let (app, ada, project) = start().await;
    upload(&ada, project, "a.png", "image/png", &png(40, 30)).await;
    app.app().jobs().shutdown().await;
    let export = begin(&ada, project, "coco", true).await;
    let mut owner = app.database.owner.connect().await.unwrap();
    for sql in [
        "update exports set format = 'unheard of'",
        "update graphile_worker._private_jobs set attempts = max_attempts - 1",
    ] {
        sqlx::query(sql).execute(&mut owner).await.unwrap();
    }
    owner.close().await.unwrap();
    app.app().jobs().start(app.app().clone()).await.unwrap();
    let export = over(&ada, export.id).await;
    assert_eq!(export.status, JobStatus::Failed);
    assert!(
        export
            .error
            .unwrap()
            .starts_with("The dataset could not be written")
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn downloads_end_after_a_week() {
    let (app, ada, project) = start().await;
    let export = begin(&ada, project, "coco", false).await;
    let export = over(&ada, export.id).await;
    assert_eq!(
        export.status,
        JobStatus::Succeeded,
        "also of an empty project"
    );
    let now = OffsetDateTime::now_utc();
    let path = format!("/api/v1/exports/{}", export.id);
    sweep::run(app.app(), now + Duration::days(6))
        .await
        .unwrap();
    assert_eq!(ada.get(&path).await.status, 200);
    sweep::run(app.app(), now + Duration::days(8))
        .await
        .unwrap();
    ada.get(&path).await.expect_problem(404, "not_found");
    let objects = app.app().objects().list("", None).await.unwrap().objects;
    assert!(objects.is_empty());
    app.stop().await;
}
