//! Another tenant's ids answer 404 on every route, never 403: the two cannot be told apart.

use super::seed::{Tenant, seed};
use crate::support::{Reply, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

/// Routes in whose paths stands no tenant's id.
const FREE: &[&str] = &["/api/v1/invites/{token}", "/api/v1/invites/{token}/accept"];

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_404_to_foreign_ids() {
    let app = TestApp::start().await;
    let (ada, ben) = (seed(&app, "ada").await, seed(&app, "ben").await);
    let document: Value = serde_json::from_str(visionflow_server::openapi::document()).unwrap();
    let mut tried = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        if FREE.contains(&path.as_str()) || !path.starts_with("/api/") && !path.starts_with("/v1/")
        {
            continue;
        }
        for (method, operation) in methods.as_object().unwrap() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let body = (!schema.is_null()).then(|| sample(schema, "", &document, &ben));
            let names_tenant =
                path.contains('{') || body.as_ref().is_some_and(|body| names(body, &ben));
            if !names_tenant {
                continue;
            }
            let method: Method = method.to_uppercase().parse().unwrap();
            let mut request = ada.caller.request(method.clone(), &fill(path, &ben));
            if let Some(body) = &body {
                request = request.json(body);
            }
            let reply = Reply::of(request).await;
            assert_eq!(
                reply.status, 404,
                "{method} {path} {body:?}: {}",
                reply.body
            );
            tried += 1;
        }
    }
    assert!(tried >= 25, "{tried} routes");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_wants_a_token() {
    let app = TestApp::start().await;
    let ben = seed(&app, "ben").await;
    let document: Value = serde_json::from_str(visionflow_server::openapi::document()).unwrap();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let api = path.starts_with("/api/v1/") || path.starts_with("/v1/");
        if path == "/api/v1/invites/{token}" || !api {
            continue;
        }
        for method in methods.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let url = format!("{}{}", app.url, fill(path, &ben));
            let reply = Reply::of(app.http.request(method.clone(), url)).await;
            assert_eq!(reply.status, 401, "{method} {path}: {}", reply.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_hold_nothing_of_others() {
    let app = TestApp::start().await;
    let (ada, ben) = (seed(&app, "ada").await, seed(&app, "ben").await);
    let all: Value = ada.caller.get("/api/v1/projects").await.expect(200);
    assert_eq!(all["items"].as_array().unwrap().len(), 1);
    let theirs = format!("/api/v1/projects?workspace_id={}", ben.workspace);
    let theirs: Value = ada.caller.get(&theirs).await.expect(200);
    assert_eq!(theirs["items"], json!([]));
    for filter in [
        format!("image_id={}", ben.image),
        format!("project_id={}", ben.project),
    ] {
        let reply = ada
            .caller
            .get(&format!("/api/v1/annotations?{filter}"))
            .await;
        assert!(
            reply.status == 404 || reply.body["items"] == json!([]),
            "{}",
            reply.body
        );
    }
}

/// The path with the tenant's ids in its gaps.
fn fill(path: &str, tenant: &Tenant) -> String {
    let id = match path.split('/').find(|part| {
        [
            "workspaces",
            "projects",
            "images",
            "annotations",
            "exports",
            "renders",
            "models",
            "assist_runs",
            "comment_threads",
            "comments",
            "rooms",
        ]
        .contains(part)
    }) {
        Some("workspaces") => tenant.workspace,
        Some("projects") => tenant.project,
        Some("images") => tenant.image,
        Some("annotations") => tenant.annotation,
        Some("exports") if path.starts_with("/v1/") => tenant.render,
        Some("exports") => tenant.export,
        Some("renders") => tenant.render,
        Some("models") => tenant.model,
        Some("assist_runs") => tenant.run,
        Some("comment_threads") => tenant.thread,
        Some("comments") => tenant.comment,
        Some("rooms") => tenant.room,
        _ => Uuid::now_v7(),
    };
    path.replace("{id}", &id.to_string())
        .replace("{jobId}", &tenant.render.to_string())
        .replace("{project_id}", &tenant.project.to_string())
        .replace("{roomId}", &tenant.room.to_string())
        .replace("{commentId}", &tenant.thread.to_string())
        .replace("{user_id}", &tenant.user.to_string())
        .replace("{invite_id}", &tenant.invite.to_string())
        .replace("{token}", "made-up")
        .replace("{tag}", "first")
        .replace("{tag_and_verb}", "first:revert")
        .replace("{annotation_id}", &tenant.annotation.to_string())
}

fn names(body: &Value, tenant: &Tenant) -> bool {
    let text = body.to_string();
    [
        tenant.workspace,
        tenant.project,
        tenant.image,
        tenant.annotation,
    ]
    .iter()
    .any(|id| text.contains(&id.to_string()))
}

/// A value that fits the schema, with the tenant's ids where a name asks for one.
fn sample(schema: &Value, name: &str, document: &Value, tenant: &Tenant) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return sample(
            &document.pointer(&reference[1..]).unwrap().clone(),
            name,
            document,
            tenant,
        );
    }
    match name {
        "workspace_id" => return json!(tenant.workspace),
        "project_id" => return json!(tenant.project),
        "image_id" => return json!(tenant.image),
        "label_id" => return json!(tenant.label),
        "storage_path" => return json!(tenant.storage_path),
        "box" => return json!([1.0, 1.0, 2.0, 2.0]),
        "filename" => return json!("a.jpg"),
        "content_type" => return json!("image/jpeg"),
        "color" => return json!("#3e63dd"),
        "email" => return json!(tenant.caller.email),
        "labels" => return json!([]),
        _ => {}
    }
    for variants in ["oneOf", "anyOf"] {
        if let Some(variants) = schema[variants].as_array() {
            let first = variants
                .iter()
                .find(|variant| variant["type"] != "null")
                .unwrap();
            return sample(first, name, document, tenant);
        }
    }
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    let kind = schema["type"]
        .as_array()
        .map_or(&schema["type"], |kinds| &kinds[0]);
    match kind.as_str() {
        Some("object") => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let fields = schema["properties"].as_object().into_iter().flatten();
            fields
                .filter(|(key, _)| required.contains(&json!(key)))
                .map(|(key, value)| (key.clone(), sample(value, key, document, tenant)))
                .collect()
        }
        Some("array") => json!([]),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(false),
        _ if schema["format"] == "uuid" => json!(Uuid::now_v7()),
        _ => json!("text"),
    }
}
