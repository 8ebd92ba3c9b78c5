//! What operators see, the files of the workbench, and the OpenAPI document.

use super::relay_peer::PATIENCE;
use super::support::{Reply, TestApp};
use reqwest::Method;
use serde_json::Value;
use sqlx::Connection;
use std::fs;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[tokio::test(flavor = "multi_thread")]
async fn health_readiness_and_metrics() {
    let app = TestApp::start().await;
    assert_eq!(app.get("/healthz").await.status, 200);
    let ready = app.get("/readyz").await;
    assert_eq!(
        (
            ready.status,
            &ready.body["database"],
            &ready.body["storage"]
        ),
        (200, &"ok".into(), &"ok".into())
    );
    app.get("/api/v1/me")
        .await
        .expect_problem(401, "unauthenticated");
    let metrics = app.get("/metrics").await;
    let text = metrics.body.as_str().unwrap();
    let line = "visionflow_http_requests_total{method=\"GET\",route=\"/api/v1/me\",status=\"401\"}";
    assert!(text.contains(line), "{text}");
    assert!(text.contains("visionflow_http_request_seconds_bucket"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_whose_database_connection_dies_may_be_tried_again() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let mut owner = app.owner().await;
    let mut lock = owner.begin().await.unwrap();
    sqlx::query("lock table projects in access exclusive mode")
        .execute(&mut *lock)
        .await
        .unwrap();
    let waiting = tokio::spawn(Reply::of(ada.request(Method::GET, "/api/v1/projects")));
    let ended = "select coalesce(bool_or(pg_terminate_backend(pid)), false) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and usename = 'visionflow_app'";
    let is_ended = || sqlx::query_scalar::<_, bool>(ended);
    let ending = async {
        while !is_ended().fetch_one(&mut *lock).await.unwrap() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let ended = tokio::time::timeout(PATIENCE, ending).await;
    ended.expect("the request waits for the table");
    let reply = waiting.await.unwrap();
    lock.rollback().await.unwrap();
    reply.expect_problem(503, "unavailable");
    assert_eq!(ada.get("/api/v1/projects").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn how_busy_it_is_stands_in_one_small_object_and_in_the_metrics() {
    let app = TestApp::start().await;
    let by_query = app.get("/metrics?format=json").await;
    let by_header = app.http.get(format!("{}/metrics", app.url));
    let by_header = Reply::of(by_header.header("accept", "application/json")).await;
    for reply in [by_query, by_header] {
        let load: Value = reply.expect(200);
        for name in ["connected_clients", "rooms_active", "export_jobs_pending"] {
            assert_eq!(load[name], 0, "{name}");
        }
        assert_eq!(load["ops_broadcast_per_sec"], 0.0);
    }
    let metrics = app.get("/metrics").await;
    let text = metrics.body.as_str().unwrap();
    for name in [
        "connected_clients",
        "rooms_active",
        "ops_broadcast_per_sec",
        "export_jobs_pending",
    ] {
        assert!(text.contains(&format!("# TYPE {name} gauge")), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_request_id_is_taken_over() {
    let app = TestApp::start().await;
    let check = async |sent: &str, kept: bool| {
        let request = app
            .http
            .get(format!("{}/api/v1/me", app.url))
            .header("x-request-id", sent);
        let reply = Reply::of(request).await;
        assert_eq!(reply.body["request_id"] == sent, kept, "{sent}");
        assert_eq!(
            reply.headers["x-request-id"].to_str().ok(),
            reply.body["request_id"].as_str()
        );
    };
    check("from-the-proxy-0001", true).await;
    check("two words or more", false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_the_committed_one_and_has_a_page() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    let committed = fs::read_to_string(committed).unwrap();
    let document = visionflow_server::openapi::document();
    assert!(
        committed.trim_end() == document.trim_end(),
        "run `cargo xtask generate` and commit docs/openapi.json"
    );
    let app = TestApp::start().await;
    let served: Value = app.get("/api/openapi.json").await.expect(200);
    assert_eq!(served["openapi"], "3.1.0");
    for path in ["/api/docs", "/api/docs.js", "/api/docs.css"] {
        assert_eq!(app.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workbench_is_served_with_its_policy() {
    let web = TempDir::new().unwrap();
    let write = |name: &str, text: &str| fs::write(web.path().join(name), text).unwrap();
    write("index.html", "<!doctype html><script>let a = 1;</script>");
    write("app.js", "plain");
    write("app.js.br", "brotli");
    write("app-0123456789abcdef.js", "hashed");
    let dir = web.path().to_owned();
    let app = TestApp::start_with(|config| config.web_dir = Some(dir)).await;
    for page in ["/", "/projects", "/invite/some-token", "/index.html"] {
        let reply = app.get(page).await;
        assert_eq!(reply.status, 200, "{page}");
        assert_eq!(reply.headers["content-type"], "text/html; charset=utf-8");
        assert_eq!(reply.headers["cache-control"], "no-cache");
        let policy = reply.headers["content-security-policy"].to_str().unwrap();
        let origin = app.app().objects().public_origin();
        assert!(policy.contains("'wasm-unsafe-eval' 'sha256-"), "{policy}");
        assert!(
            policy.contains(&format!("connect-src 'self' ws: wss: {origin};")),
            "{policy}"
        );
        assert_eq!(reply.headers["x-content-type-options"], "nosniff");
    }
    let check = async |path: &str, encoding: &str, body: &str, cache: &str| {
        let request = app
            .http
            .get(format!("{}{path}", app.url))
            .header("accept-encoding", encoding);
        let reply = Reply::of(request).await;
        assert_eq!(
            (reply.status, reply.body.as_str()),
            (200, Some(body)),
            "{path}"
        );
        assert_eq!(reply.headers["cache-control"], cache);
    };
    check("/app.js", "identity", "plain", "no-cache").await;
    check("/app.js", "gzip, br", "brotli", "no-cache").await;
    check(
        "/app-0123456789abcdef.js",
        "br",
        "hashed",
        "public, max-age=31536000, immutable",
    )
    .await;
    app.get("/missing.js")
        .await
        .expect_problem(404, "not_found");
    app.get("/..%2f..%2fetc%2fpasswd.txt")
        .await
        .expect_problem(404, "not_found");
    app.get("/api/v1/missing")
        .await
        .expect_problem(404, "not_found");
    app.get("/api/missing")
        .await
        .expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_keeps_accounts_sessions_and_projects() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let project = ada.create_project("cars").await;
    let app = app.restart().await;
    let request = app
        .http
        .get(format!("{}/api/v1/projects/{project}", app.url))
        .bearer_auth(&ada.token);
    assert_eq!(Reply::of(request).await.status, 200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_without_end_is_told_and_let_go() {
    let app = TestApp::start().await;
    let (_, address) = app.url.split_once("://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = "POST /api/v1/projects HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
}
