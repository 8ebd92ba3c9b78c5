//! Health, metrics, logs, and the layers around every request.

mod load;
mod logs;
mod metrics;
mod observe;
mod protect;
mod unread;

pub use load::{Load, Rate};
pub use logs::start_logs;
pub use metrics::Metrics;

use crate::App;
use crate::error::Error;
use crate::extract::Query;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use std::time::Duration;

/// A dependency that has not answered by then counts as down.
const CHECK_PATIENCE: Duration = Duration::from_secs(3);

/// What operators and their tools ask; not part of the API.
pub fn router() -> Router<App> {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(show_metrics))
}

/// Puts the layers around all routes, the outermost last.
pub fn wrap(router: Router<App>, app: &App) -> Router<App> {
    let router = protect::wrap(router, app);
    router
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(
            |panic: Box<dyn std::any::Any + Send>| {
                let text = panic
                    .downcast_ref::<&str>()
                    .map(|text| (*text).to_owned())
                    .or_else(|| panic.downcast_ref::<String>().cloned())
                    .unwrap_or_default();
                Error::internal(anyhow::anyhow!("a handler panicked: {text}")).into_response()
            },
        ))
        .layer(axum::middleware::from_fn(observe::observe))
}

/// The process is up.
async fn healthz() -> &'static str {
    "ok\n"
}

/// The process can answer requests: its database and its storage do.
async fn readyz(State(app): State<App>) -> Response {
    let database = async { app.store().check().await.map_err(anyhow::Error::from) };
    let (database, storage) = tokio::join!(patiently(database), patiently(app.objects().check()));
    let ready = database.is_ok() && storage.is_ok();
    let word = |result: anyhow::Result<()>, part: &str| match result {
        Ok(()) => "ok",
        Err(error) => {
            tracing::warn!(part, error = format!("{error:#}"), "not ready");
            "down"
        }
    };
    let body = serde_json::json!({
        "database": word(database, "database"),
        "storage": word(storage, "storage"),
    });
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (
        status,
        [(header::CACHE_CONTROL, "no-store")],
        axum::Json(body),
    )
        .into_response()
}

async fn patiently(check: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    match tokio::time::timeout(CHECK_PATIENCE, check).await {
        Ok(result) => result,
        Err(_) => anyhow::bail!("no answer in {} s", CHECK_PATIENCE.as_secs()),
    }
}

#[derive(Deserialize)]
struct MetricsQuery {
    /// `json`: the small object instead.
    #[serde(default)]
    format: String,
}

async fn show_metrics(
    State(app): State<App>,
    Query(query): Query<MetricsQuery>,
    headers: HeaderMap,
) -> Response {
    let load = Load::of(&app).await;
    let accepts = headers.get(header::ACCEPT).map(HeaderValue::as_bytes);
    if query.format == "json" || accepts == Some(b"application/json") {
        return axum::Json(load).into_response();
    }
    load.publish();
    let (busy, open) = app.store().app_connections();
    ::metrics::gauge!("visionflow_database_connections", "state" => "busy").set(f64::from(busy));
    ::metrics::gauge!("visionflow_database_connections", "state" => "open").set(f64::from(open));
    (
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        Metrics::installed().render(),
    )
        .into_response()
}
