//! A model over photographs, by a worker: it finds what onnxruntime finds, proposes it once whatever
//! happens in between, and says of each photograph why not.

use super::models::{checked, digest, start, uploaded};
use super::support::{TestApp, User};
use super::uploads_photos::{eventually, png, upload};
use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use serde_json::{Value, json};
use sqlx::{ConnectOptions, Connection};
use std::path::Path;
use uuid::Uuid;
use visionflow_api::{AssistRun, Image, JobStatus, Model, ModelStatus};
use visionflow_server::config::Config;
use visionflow_server::work::Workers;

const WIDTH: usize = 96;
const HEIGHT: usize = 48;

fn fixture(name: &str) -> Vec<u8> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/infer/tests/fixtures/layouts");
    std::fs::read(folder.join(name)).unwrap()
}

/// What onnxruntime finds in the picture, with the same suppression.
fn expected(layout: &str) -> Vec<Value> {
    let all: Value = serde_json::from_slice(&fixture("expected.json")).unwrap();
    all[layout]["results"].as_array().unwrap().clone()
}

/// As the fixtures' script paints it.
fn picture() -> Vec<u8> {
    let mut rgb = [40, 40, 40].repeat(WIDTH * HEIGHT);
    let squares = [
        (6..22, 10..34, [250, 20, 20]),
        (20..44, 50..66, [20, 240, 20]),
        (4..16, 70..92, [20, 20, 245]),
        (30..44, 8..20, [20, 20, 245]),
    ];
    for (rows, columns, colour) in squares {
        for y in rows {
            for x in columns.clone() {
                rgb[(y * WIDTH + x) * 3..][..3].copy_from_slice(&colour);
            }
        }
    }
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes)
        .write_image(&rgb, WIDTH as u32, HEIGHT as u32, ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

/// The project's first label for class 0, the second for class 1, and none for the others.
async fn class_map(user: &User, project: Uuid) -> Value {
    let path = format!("/api/v1/projects/{project}/ontology");
    let ontology: Value = user.get(&path).await.expect(200);
    json!({ "0": ontology["labels"][0]["id"], "1": ontology["labels"][1]["id"], "2": null })
}

async fn registered(user: &User, project: Uuid, layout: &str) -> Model {
    let file = fixture(&format!("{layout}.onnx"));
    let body = json!({
        "name": layout, "class_map": class_map(user, project).await,
        "source": { "kind": "upload", "files": [{ "name": "a.onnx", "bytes": file.len(), "sha256": digest(&file) }] },
    });
    let model = uploaded(user, project, &body, &[&file]).await;
    let model = checked(user, model.id).await;
    assert_eq!(
        model.status,
        ModelStatus::Ready,
        "{layout}: {:?}",
        model.report
    );
    model
}

async fn begin(user: &User, project: Uuid, model: Uuid, images: &[Uuid]) -> AssistRun {
    let body = json!({ "model": model, "images": images });
    let path = format!("/api/v1/projects/{project}/assist_runs");
    user.post(&path, &body).await.expect(202)
}

async fn over(user: &User, id: Uuid) -> AssistRun {
    eventually(async || {
        let path = format!("/api/v1/assist_runs/{id}");
        let run: AssistRun = user.get(&path).await.expect(200);
        run.status.is_over().then_some(run)
    })
    .await
}

async fn suggestions(user: &User, image: Uuid) -> Vec<Value> {
    let path = format!("/api/v1/images/{image}/suggestions?limit=500");
    let page: Value = user.get(&path).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

/// Whether both are the same thing, with the same score.
fn is(row: &Value, wanted: &Value) -> bool {
    let number = |value: &Value| value.as_f64().unwrap();
    if (number(&row["score"]) - number(&wanted["score"])).abs() > 1e-3 {
        return false;
    }
    let (Some(own), Some(corners)) = (row["data"]["box"].as_array(), wanted["box"].as_array())
    else {
        return true;
    };
    let [x, y, width, height] = [0, 1, 2, 3].map(|side: usize| number(&own[side]));
    let own = [x, y, x + width, y + height];
    let pairs = own.iter().zip(corners);
    pairs
        .into_iter()
        .all(|(own, corner)| (own - number(corner)).abs() < 0.05)
}

async fn photograph(user: &User, project: Uuid) -> Image {
    upload(user, project, "squares.png", "image/png", &picture()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn detectors_propose_what_onnxruntime_finds() {
    let (app, ada, project) = start().await;
    let image = photograph(&ada, project).await;
    let labels = class_map(&ada, project).await;
    for layout in [
        "yolov8-detect",
        "yolov5-detect",
        "rt-detr",
        "yolov8-segment",
        "yolov8-obb",
    ] {
        let model = registered(&ada, project, layout).await;
        assert_eq!(model.report.unwrap()["layout"], json!(layout));
        let run = begin(&ada, project, model.id, &[image.id]).await;
        let run = over(&ada, run.id).await;
        assert_eq!(run.status, JobStatus::Succeeded, "{layout}: {run:?}");
        let wanted = expected(layout);
        let wanted = wanted
            .iter()
            .filter(|found| found["class"].as_u64() < Some(2));
        let wanted: Vec<&Value> = wanted.collect();
        assert!(!wanted.is_empty(), "{layout}");
        assert_eq!(run.suggested, wanted.len() as i64, "{layout}");
        let mut found = suggestions(&ada, image.id).await;
        found.retain(|row| row["model"] == json!(model.id));
        assert_eq!(found.len(), wanted.len(), "{layout}");
        for wanted in wanted {
            let place = found.iter().position(|row| is(row, wanted));
            let place = place.unwrap_or_else(|| panic!("{layout}: {wanted} is missing"));
            let row = found.swap_remove(place);
            assert_eq!(row["run"], json!(run.id));
            let class = wanted["class"].to_string();
            assert_eq!(row["label_id"], labels[class]);
        }
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_photograph_does_not_end_a_run() {
    let (app, ada, project) = start().await;
    let model = registered(&ada, project, "yolov8-detect").await;
    let mut torn = png(64, 48);
    let middle = torn.len() / 2;
    torn[middle] ^= 0xff;
    let torn = upload(&ada, project, "torn.png", "image/png", &torn).await;
    let gone = photograph(&ada, project).await;
    let whole = photograph(&ada, project).await;
    app.app().jobs().shutdown().await;
    let run = begin(&ada, project, model.id, &[torn.id, gone.id, whole.id]).await;
    assert_eq!((run.status, run.total), (JobStatus::Queued, 3));
    ada.delete(&format!("/api/v1/images/{}", gone.id)).await;
    app.app().jobs().start(app.app().clone()).await.unwrap();
    let run = over(&ada, run.id).await;
    assert_eq!(
        (run.status, run.done, run.failed),
        (JobStatus::Succeeded, 3, 2)
    );
    let words = |id: Uuid| {
        let error = run
            .errors
            .iter()
            .find(|error| error.image_id == id)
            .unwrap();
        error.error.clone()
    };
    assert!(
        words(torn.id).contains("cannot be read"),
        "{}",
        words(torn.id)
    );
    assert!(words(gone.id).contains("deleted"), "{}", words(gone.id));
    assert_eq!(
        suggestions(&ada, whole.id).await.len() as i64,
        run.suggested
    );
    app.stop().await;
}

/// As a process leaves it that was killed after it had proposed for a photograph, and before it had
/// written that down.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_goes_on_and_proposes_nothing_twice() {
    let (app, ada, project) = start().await;
    let model = registered(&ada, project, "yolov8-detect").await;
    let images = [
        photograph(&ada, project).await.id,
        photograph(&ada, project).await.id,
    ];
    let run = begin(&ada, project, model.id, &images).await;
    let first = over(&ada, run.id).await;
    assert_eq!(first.status, JobStatus::Succeeded);
    let before = suggestions(&ada, images[0]).await;
    assert!(!before.is_empty());
    app.app().jobs().shutdown().await;
    let mut owner = app.database.owner.connect().await.unwrap();
    let payload = json!({ "workspace_id": ada.workspace_id, "run_id": run.id });
    sqlx::query("select graphile_worker.add_job('assist_run', $1::json, queue_name => 'killed')")
        .bind(payload)
        .execute(&mut owner)
        .await
        .unwrap();
    for sql in [
        "update assist_runs set status = 'running', finished_at = null",
        "update assist_run_items set done_at = null, suggested = 0",
        "update graphile_worker._private_jobs
         set attempts = 1, locked_by = 'killed', locked_at = now() - interval '10 minutes'",
        "update graphile_worker._private_job_queues
         set locked_by = 'killed', locked_at = now() - interval '10 minutes'",
        "insert into graphile_worker._private_workers (id, last_heartbeat_at)
         values ('killed', now() - interval '10 minutes')",
    ] {
        sqlx::query(sql).execute(&mut owner).await.unwrap();
    }
    owner.close().await.unwrap();
    app.app().jobs().start(app.app().clone()).await.unwrap();
    let again = over(&ada, run.id).await;
    assert_eq!((again.status, again.done), (JobStatus::Succeeded, 2));
    assert_eq!(again.suggested, first.suggested);
    assert_eq!(suggestions(&ada, images[0]).await, before);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_run_stays_cancelled() {
    let (app, ada, project) = start().await;
    let model = registered(&ada, project, "yolov8-detect").await;
    let image = photograph(&ada, project).await;
    app.app().jobs().shutdown().await;
    let run = begin(&ada, project, model.id, &[image.id]).await;
    let path = format!("/api/v1/assist_runs/{}", run.id);
    let cancelled: AssistRun = ada.delete(&path).await.expect(200);
    assert_eq!(cancelled.status, JobStatus::Cancelled);
    app.app().jobs().start(app.app().clone()).await.unwrap();
    // Jobs of a tenant run in order: when the next one is done, the cancelled one was passed over.
    let next = begin(&ada, project, model.id, &[]).await;
    assert_eq!(next.total, 0);
    assert_eq!(over(&ada, next.id).await.status, JobStatus::Succeeded);
    let cancelled: AssistRun = ada.get(&path).await.expect(200);
    assert_eq!(
        (cancelled.status, cancelled.done),
        (JobStatus::Cancelled, 0)
    );
    assert!(suggestions(&ada, image.id).await.is_empty());
    app.stop().await;
}

/// The server serves; a process beside it works. What it proposes reaches the server's open room.
#[tokio::test(flavor = "multi_thread")]
async fn workers_apart_from_the_server_propose_too() {
    let app = TestApp::start_with(|config| config.no_workers = true).await;
    let ada = app.sign_up("ada").await;
    let project = ada.create_project("cars").await;
    let workers = Workers::start(beside(&app), &app.database).await.unwrap();
    let model = registered(&ada, project, "yolov8-detect").await;
    let image = photograph(&ada, project).await;
    let run = begin(&ada, project, model.id, &[image.id]).await;
    let run = over(&ada, run.id).await;
    assert_eq!(run.status, JobStatus::Succeeded);
    assert!(run.suggested > 0);
    assert_eq!(
        suggestions(&ada, image.id).await.len() as i64,
        run.suggested
    );
    workers.shutdown().await;
    app.stop().await;
}

/// The configuration of a worker that shares the server's S3.
fn beside(app: &TestApp) -> Config {
    let mut config = app.app().config().clone();
    if config.s3_endpoint.is_none() {
        let keys = config.data_dir.join("objects/credentials.json");
        let keys: Value = serde_json::from_slice(&std::fs::read(keys).unwrap()).unwrap();
        config.s3_endpoint = Some(app.app().objects().public_origin());
        config.s3_access_key = keys["access_key"].as_str().map(str::to_owned);
        config.s3_secret_key = keys["secret_key"].as_str().map(str::to_owned);
    }
    config
}

async fn refused(app: &TestApp, ada: &User, project: Uuid, body: &Value, status: u16, word: &str) {
    let path = format!("/api/v1/projects/{project}/assist_runs");
    let reply = ada.post(&path, body).await;
    assert_eq!(reply.status, status, "{}", reply.body);
    let detail = reply.body["detail"].as_str().unwrap();
    assert!(detail.contains(word), "{detail}");
    let eve = app.sign_up("eve").await;
    eve.post(&path, body).await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_does_not_run_is_told() {
    let (app, ada, project) = start().await;
    let models = format!("/api/v1/projects/{project}/models");
    let elsewhere = json!({
        "name": "elsewhere", "spec": super::models::detector(), "report": { "ok": true },
        "source": { "kind": "url", "files": [{ "url": "https://example.org/a.onnx", "sha256": digest(b"x"), "bytes": 1 }] },
    });
    let elsewhere: Model = ada.post(&models, &elsewhere).await.expect(201);
    let run = json!({ "model": elsewhere.id });
    refused(&app, &ada, project, &run, 422, "never fetches").await;
    let model = registered(&ada, project, "yolov8-detect").await;
    let foreign = json!({ "model": model.id, "images": [Uuid::now_v7()] });
    refused(&app, &ada, project, &foreign, 422, "not in the project").await;
    let unknown = json!({ "model": Uuid::now_v7() });
    refused(&app, &ada, project, &unknown, 422, "no model").await;
    ada.delete(&format!("/api/v1/models/{}", model.id)).await;
    refused(
        &app,
        &ada,
        project,
        &json!({ "model": model.id }),
        409,
        "archived",
    )
    .await;
    app.stop().await;
}

/// What answers with numbers that are none.
#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_does_not_run_fails_its_check() {
    let (app, ada, project) = start().await;
    let file = fixture("not-a-number.onnx");
    let body = json!({
        "name": "nan",
        "source": { "kind": "upload", "files": [{ "name": "a.onnx", "bytes": file.len(), "sha256": digest(&file) }] },
    });
    let model = uploaded(&ada, project, &body, &[&file]).await;
    let model = checked(&ada, model.id).await;
    assert_eq!(model.status, ModelStatus::Failed);
    let report = model.report.unwrap();
    let message = report["message"].as_str().unwrap();
    assert!(message.contains("not a number"), "{message}");
    app.stop().await;
}
