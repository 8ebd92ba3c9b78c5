//! The model registry: who may register what, the way of a file from ticket to check, and everything
//! that is refused.

use super::support::{TestApp, User};
use super::uploads_photos::{eventually, put};
use serde_json::{Value, json};
use std::path::Path;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use visionflow_api::{Model, ModelStatus, ProjectRole};
use visionflow_infer::ModelSpec;
use visionflow_server::crypto::hex;
use visionflow_server::sweep;

/// The prompt side of the model that is shipped: a real file of 8 MB.
const DECODER: &[u8] = include_bytes!("../../../models/mobile-sam/mobile_sam_decoder.onnx");
const ENCODER: &[u8] = include_bytes!("../../../models/mobile-sam/mobile_sam_encoder.onnx");

pub async fn start() -> (TestApp, User, Uuid) {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let project = ada.create_project("cars").await;
    (app, ada, project)
}

pub fn digest(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex(&sha2::Sha256::digest(bytes))
}

fn path(project: Uuid) -> String {
    format!("/api/v1/projects/{project}/models")
}

/// What the inference crate makes of a detector with two classes.
pub fn detector() -> Value {
    json!({
        "task": "detector", "layout": "yolov8-detect", "classes": ["cat", "dog"], "score": 0.25, "iou": 0.45,
        "limit": 300, "files": 1, "outputs": ["output0"],
        "input": { "name": "images", "width": 64, "height": 64, "scaling": "letterbox", "mean": [0, 0, 0],
            "deviation": [255, 255, 255], "fill": 114 },
    })
}

fn by_address(url: &str) -> Value {
    json!({
        "name": "remote", "spec": detector(), "report": { "ok": true, "message": "" },
        "source": { "kind": "url", "files": [{ "url": url, "sha256": digest(b"x"), "bytes": 1 }] },
    })
}

fn to_upload(name: &str, files: &[(&str, &[u8])]) -> Value {
    let files: Vec<Value> = files
        .iter()
        .map(|(name, bytes)| json!({ "name": name, "bytes": bytes.len(), "sha256": digest(bytes) }))
        .collect();
    json!({ "name": name, "source": { "kind": "upload", "files": files } })
}

/// Registers, PUTs and completes; the model right afterwards.
pub async fn uploaded(user: &User, project: Uuid, body: &Value, files: &[&[u8]]) -> Model {
    let model: Model = user.post(&path(project), body).await.expect(201);
    assert_eq!(model.status, ModelStatus::Uploading);
    for (ticket, bytes) in model.tickets.iter().zip(files) {
        assert_eq!(
            put(&ticket.presigned_url, &ticket.headers, bytes).await,
            200
        );
    }
    let complete = format!("/api/v1/models/{}/complete_upload", model.id);
    user.post(&complete, &json!({})).await.expect(200)
}

/// The model once its check is over.
pub async fn checked(user: &User, id: Uuid) -> Model {
    eventually(async || {
        let model: Model = user.get(&format!("/api/v1/models/{id}")).await.expect(200);
        (model.status != ModelStatus::Checking).then_some(model)
    })
    .await
}

async fn refused(user: &User, project: Uuid, body: &Value, status: u16, word: &str) {
    let reply = user.post(&path(project), body).await;
    assert_eq!(reply.status, status, "{body} -> {}", reply.body);
    let detail = reply.body["detail"].as_str().unwrap();
    assert!(detail.contains(word), "{body} -> {detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_uploaded_model_is_checked_and_can_be_fetched() {
    let (app, ada, project) = start().await;
    let files = [("encoder.onnx", ENCODER), ("decoder.onnx", DECODER)];
    let body = to_upload("sam", &files);
    let model = uploaded(&ada, project, &body, &[ENCODER, DECODER]).await;
    assert_eq!(model.status, ModelStatus::Checking);
    let model = checked(&ada, model.id).await;
    assert_eq!(model.status, ModelStatus::Ready, "{:?}", model.report);
    let report = model.report.unwrap();
    assert!(
        report["operators"]
            .as_array()
            .unwrap()
            .contains(&json!("Conv")),
        "{report}"
    );
    assert_eq!(report["bytes"], json!([ENCODER.len(), DECODER.len()]));
    let fetched = reqwest::get(model.files[1].url.as_ref().unwrap())
        .await
        .unwrap();
    assert_eq!(digest(&fetched.bytes().await.unwrap()), digest(DECODER));
    // Completed again, it stays what it is.
    let complete = format!("/api/v1/models/{}/complete_upload", model.id);
    let again: Model = ada.post(&complete, &json!({})).await.expect(200);
    assert_eq!(again.status, ModelStatus::Ready);
    let staged = app.app().objects().list("staging/", None).await.unwrap();
    assert!(staged.objects.is_empty(), "nothing is left behind");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_model_fails_its_check_in_words() {
    let (app, ada, project) = start().await;
    let pickle = b"\x80\x02}q\x00(X\x05\x00\x00\x00stateq\x01K\x01u.".as_slice();
    let cut_off = &DECODER[..DECODER.len() / 2];
    let zeros = [0; 5000].as_slice();
    for (index, (bytes, word)) in [
        (pickle, "not an ONNX model"),
        (cut_off, "cut off"),
        (zeros, "not an ONNX model"),
    ]
    .into_iter()
    .enumerate()
    {
        let body = to_upload(&format!("bad {index}"), &[("a.onnx", bytes)]);
        let model = uploaded(&ada, project, &body, &[bytes]).await;
        let model = checked(&ada, model.id).await;
        assert_eq!(model.status, ModelStatus::Failed, "{index}");
        let report = model.report.unwrap();
        let message = report["message"].as_str().unwrap();
        assert!(message.contains(word), "{message}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_can_be_read_in_several_ways_is_checked_as_it_was_registered() {
    let (_app, ada, project) = start().await;
    let place = "../crates/infer/tests/fixtures/layouts/classifier.onnx";
    let file = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(place)).unwrap();
    let report = visionflow_infer::inspect(&[&file], None, &|| 0.0);
    let readings = report.spec.iter().chain(&report.alternatives);
    for (at, spec) in readings.enumerate() {
        let mut body = to_upload(&format!("looks {at}"), &[("looks.onnx", &file)]);
        body["spec"] = json!(spec);
        let model = uploaded(&ada, project, &body, &[&file]).await;
        let model = checked(&ada, model.id).await;
        assert_eq!(model.status, ModelStatus::Ready, "{:?}", model.report);
        let kept: ModelSpec = serde_json::from_value(model.spec.unwrap()).unwrap();
        assert_eq!(kept, *spec);
        let report = model.report.unwrap();
        assert_eq!(report["layout"], json!(spec.layout));
        assert_eq!(report["spec"]["outputs"], json!(spec.outputs));
    }
    // A layout that the file does not have is refused as before.
    let mut body = to_upload("no detector", &[("looks.onnx", &file)]);
    body["spec"] = detector();
    let model = uploaded(&ada, project, &body, &[&file]).await;
    let model = checked(&ada, model.id).await;
    assert_eq!(model.status, ModelStatus::Failed);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_file_of_the_same_length_is_found_out() {
    let (app, ada, project) = start().await;
    let body = to_upload("swapped", &[("a.onnx", DECODER)]);
    let mut other = DECODER.to_vec();
    *other.last_mut().unwrap() ^= 1;
    let model = uploaded(&ada, project, &body, &[&other]).await;
    let model = checked(&ada, model.id).await;
    assert_eq!(model.status, ModelStatus::Failed);
    let report = model.report.unwrap();
    let message = report["message"].as_str().unwrap();
    assert!(
        message.contains("SHA-256") && message.contains(&digest(DECODER)),
        "{message}"
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_good_for_what_was_announced_only() {
    let (app, ada, project) = start().await;
    // Small, so that a refusal cannot come while it is still being sent.
    let file = &DECODER[..1000];
    let body = to_upload("late", &[("a.onnx", file)]);
    let model: Model = ada.post(&path(project), &body).await.expect(201);
    let complete = format!("/api/v1/models/{}/complete_upload", model.id);
    ada.post(&complete, &json!({}))
        .await
        .expect_problem(409, "conflict");
    let ticket = &model.tickets[0];
    let shorter = put(&ticket.presigned_url, &ticket.headers, &file[1..]).await;
    assert_eq!(shorter, 403, "the length is signed");
    let other_type = [("content-type".to_owned(), "text/html".to_owned())];
    assert_eq!(put(&ticket.presigned_url, &other_type, file).await, 403);
    ada.post(&complete, &json!({}))
        .await
        .expect_problem(409, "conflict");
    let files = &model.files[0];
    assert_eq!((files.url.as_ref(), files.bytes), (None, file.len() as i64));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_refused_in_words() {
    let (app, ada, project) = start().await;
    let file = |name: &str, bytes: u64, sha256: &str| json!({ "name": "m", "source": { "kind": "upload", "files": [{ "name": name, "bytes": bytes, "sha256": sha256 }] } });
    let sha256 = digest(b"x");
    refused(
        &ada,
        project,
        &file("a.onnx", 1 << 31, &sha256),
        413,
        "2 GB",
    )
    .await;
    refused(&ada, project, &file("a.onnx", 0, &sha256), 422, "empty").await;
    refused(&ada, project, &file("a.onnx", 5, "abc"), 422, "SHA-256").await;
    refused(&ada, project, &file("a.pkl", 5, &sha256), 422, "pickles").await;
    refused(&ada, project, &file("../a.onnx", 5, &sha256), 422, "path").await;
    let none = json!({ "name": "m", "source": { "kind": "upload", "files": [] } });
    refused(&ada, project, &none, 422, "1 to 4 files").await;
    nothing_was_written(&ada, project).await;
    app.stop().await;
}

async fn nothing_was_written(user: &User, project: Uuid) {
    let list: Value = user.get(&path(project)).await.expect(200);
    assert_eq!(list["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_specs_and_class_maps_are_refused_in_words() {
    let (app, ada, project) = start().await;
    let other = ada.create_project("other").await;
    let ontology: Value = ada
        .get(&format!("/api/v1/projects/{other}/ontology"))
        .await
        .expect(200);
    let foreign = &ontology["labels"][0]["id"];
    for url in [
        "http://example.org/a.onnx",
        "file:///etc/passwd",
        "ftp://example.org/a",
        "a.onnx",
    ] {
        refused(&ada, project, &by_address(url), 422, "https://").await;
    }
    let with = |change: Value| {
        let mut body = by_address("https://example.org/a.onnx");
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    refused(
        &ada,
        project,
        &with(json!({ "report": null })),
        422,
        "report",
    )
    .await;
    refused(
        &ada,
        project,
        &with(json!({ "report": { "ok": "yes" } })),
        422,
        "report.ok",
    )
    .await;
    refused(
        &ada,
        project,
        &with(json!({ "name": " " })),
        422,
        "1 to 200 bytes",
    )
    .await;
    refused(
        &ada,
        project,
        &with(json!({ "class_map": { "0": foreign } })),
        422,
        "does not have",
    )
    .await;
    refused(
        &ada,
        project,
        &with(json!({ "class_map": { "2": null } })),
        422,
        "has 2 of them",
    )
    .await;
    refused(
        &ada,
        project,
        &with(json!({ "class_map": { "cat": null } })),
        422,
        "number of a class",
    )
    .await;
    refused(
        &ada,
        project,
        &with(json!({ "class_map": { "00": null } })),
        422,
        "number of a class",
    )
    .await;
    let huge = "x".repeat(600 << 10);
    refused(
        &ada,
        project,
        &with(json!({ "report": { "ok": true, "message": huge } })),
        413,
        "report",
    )
    .await;
    refused(
        &ada,
        project,
        &with(json!({ "spec": { "task": huge } })),
        413,
        "spec",
    )
    .await;
    nothing_was_written(&ada, project).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn specs_that_nobody_could_have_meant_are_refused() {
    let (app, ada, project) = start().await;
    for (name, value, word) in [
        ("task", json!("oracle"), "oracle"),
        ("layout", json!("pickle"), "pickle"),
        ("score", json!(2), "spec.score"),
        ("limit", json!(0), "spec.limit"),
        ("files", json!(2), "number of files"),
        ("classes", json!("cat"), "spec.classes"),
    ] {
        let mut spec = detector();
        spec[name] = value;
        let mut body = by_address("https://example.org/a.onnx");
        body["spec"] = spec;
        refused(&ada, project, &body, 422, word).await;
    }
    nothing_was_written(&ada, project).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_by_address_rests_on_the_browsers_report() {
    let (app, ada, project) = start().await;
    let url = "http://127.0.0.1:9/model.onnx";
    let model: Model = ada.post(&path(project), &by_address(url)).await.expect(201);
    assert_eq!(model.status, ModelStatus::Ready);
    assert_eq!(model.files[0].url.as_deref(), Some(url));
    assert!(model.tickets.is_empty());
    let mut failed = by_address("https://example.org/b.onnx");
    failed["name"] = json!("no");
    failed["report"] = json!({ "ok": false, "message": "the operator Foo is missing" });
    let failed: Model = ada.post(&path(project), &failed).await.expect(201);
    assert_eq!(failed.status, ModelStatus::Failed);
    // A name is taken whatever its case.
    let mut twin = by_address(url);
    twin["name"] = json!("REMOTE");
    ada.post(&path(project), &twin)
        .await
        .expect_problem(409, "conflict");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_change_and_archive_and_others_look() {
    let (app, ada, project) = start().await;
    let ben = app.sign_up("ben").await;
    let eve = app.sign_up("eve").await;
    ada.add_member(project, &ben, ProjectRole::Reviewer).await;
    let body = by_address("https://example.org/a.onnx");
    ben.post(&path(project), &body)
        .await
        .expect_problem(403, "forbidden");
    eve.post(&path(project), &body)
        .await
        .expect_problem(404, "not_found");
    let model: Model = ada.post(&path(project), &body).await.expect(201);
    let one = format!("/api/v1/models/{}", model.id);
    assert_eq!(ben.get(&one).await.status, 200);
    eve.get(&one).await.expect_problem(404, "not_found");
    let ontology: Value = ada
        .get(&format!("/api/v1/projects/{project}/ontology"))
        .await
        .expect(200);
    let label = &ontology["labels"][0]["id"];
    let change = json!({ "name": "cats", "class_map": { "0": label, "1": null }, "spec": { "score": 0.5 }, "run_on_open": true });
    ben.patch(&one, &change)
        .await
        .expect_problem(403, "forbidden");
    let changed: Model = ada.patch(&one, &change).await.expect(200);
    assert_eq!((changed.name.as_str(), changed.run_on_open), ("cats", true));
    assert_eq!(json!(changed.class_map), change["class_map"]);
    let spec = changed.spec.unwrap();
    assert_eq!(
        (&spec["score"], &spec["outputs"]),
        (&json!(0.5), &json!(["output0"]))
    );
    let bad = json!({ "spec": { "layout": "other" } });
    ada.patch(&one, &bad)
        .await
        .expect_problem(422, "invalid_input");
    ben.delete(&one).await.expect_problem(403, "forbidden");
    assert_eq!(ada.delete(&one).await.status, 204);
    assert_eq!(ada.delete(&one).await.status, 204);
    let list: Value = ada.get(&path(project)).await.expect(200);
    assert_eq!(list["items"], json!([]));
    let list: Value = ada
        .get(&format!("{}?archived=true", path(project)))
        .await
        .expect(200);
    assert_eq!(list["items"][0]["run_on_open"], json!(false));
    ada.patch(&one, &change)
        .await
        .expect_problem(409, "conflict");
    // The name is free again.
    let mut next = by_address("https://example.org/b.onnx");
    next["name"] = json!("cats");
    let _: Model = ada.post(&path(project), &next).await.expect(201);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_nobody_needs_are_swept() {
    let (app, ada, project) = start().await;
    let abandoned: Model = ada
        .post(
            &path(project),
            &to_upload("abandoned", &[("a.onnx", DECODER)]),
        )
        .await
        .expect(201);
    let ticket = &abandoned.tickets[0];
    assert_eq!(
        put(&ticket.presigned_url, &ticket.headers, DECODER).await,
        200
    );
    let kept = to_upload("kept", &[("a.onnx", DECODER)]);
    let kept = uploaded(&ada, project, &kept, &[DECODER]).await;
    let gone = to_upload("gone", &[("a.onnx", DECODER)]);
    let gone = uploaded(&ada, project, &gone, &[DECODER]).await;
    for id in [kept.id, gone.id] {
        checked(&ada, id).await;
    }
    ada.delete(&format!("/api/v1/models/{}", gone.id)).await;
    let now = OffsetDateTime::now_utc();
    let objects = async || {
        app.app()
            .objects()
            .list("", None)
            .await
            .unwrap()
            .objects
            .len()
    };
    assert_eq!(objects().await, 3);
    sweep::run(app.app(), now + Duration::days(2))
        .await
        .unwrap();
    assert_eq!(objects().await, 2, "what was never completed");
    let path = format!("/api/v1/models/{}", abandoned.id);
    ada.get(&path).await.expect_problem(404, "not_found");
    sweep::run(app.app(), now + Duration::days(31))
        .await
        .unwrap();
    assert_eq!(objects().await, 1, "what was archived a month ago");
    let kept: Model = ada
        .get(&format!("/api/v1/models/{}", kept.id))
        .await
        .expect(200);
    assert!(kept.files[0].url.is_some());
    app.stop().await;
}
