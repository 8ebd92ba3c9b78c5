//! One log line, one set of metrics and one id for every request.

use crate::error::REQUEST_ID;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue};
use std::time::Instant;
use tracing::{Instrument as _, Level};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Takes over or makes the request's id, and notes how the request went. The path's pattern is
/// logged and never the path itself or its query: both may hold tokens.
pub async fn observe(mut request: Request, next: Next) -> Response {
    let id = request
        .headers()
        .get(&HEADER)
        .and_then(|value| value.to_str().ok())
        .filter(|id| is_plain(id))
        .map_or_else(|| uuid::Uuid::now_v7().simple().to_string(), str::to_owned);
    let value = HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("invalid"));
    request.headers_mut().insert(HEADER, value.clone());
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("file", MatchedPath::as_str)
        .to_owned();
    let span = tracing::info_span!("request", request_id = %id, %method, %route, user_id = tracing::field::Empty);
    let started = Instant::now();
    let answer = REQUEST_ID.scope(id, next.run(request).instrument(span.clone()));
    let mut response = answer.await;
    response.headers_mut().insert(HEADER, value);
    let elapsed = started.elapsed();
    let status = response.status().as_u16();
    let labels = [
        ("method", method.as_str().to_owned()),
        ("route", route),
        ("status", status.to_string()),
    ];
    metrics::counter!("visionflow_http_requests_total", &labels).increment(1);
    metrics::histogram!("visionflow_http_request_seconds", &labels[..2])
        .record(elapsed.as_secs_f64());
    // Probes come every few seconds and say nothing while they succeed.
    let probe = matches!(labels[1].1.as_str(), "/healthz" | "/readyz" | "/metrics");
    span.in_scope(|| {
        let millis = elapsed.as_millis() as u64;
        if status >= 500 {
            tracing::event!(Level::ERROR, status, millis, "answered");
        } else if probe {
            tracing::event!(Level::DEBUG, status, millis, "answered");
        } else {
            tracing::event!(Level::INFO, status, millis, "answered");
        }
    });
    response
}

/// What may stand in a log line and a header as it came.
fn is_plain(id: &str) -> bool {
    (8..=64).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn only_plain_request_ids_are_taken_over() {
        let check = |id: &str, expected| assert_eq!(is_plain(id), expected, "{id}");
        check("0198c0de-7e57-7000-8000-0000000000aa", true);
        check("short", false);
        check("a b c d e f g", false);
        check("12345678\u{1b}[31m", false);
        check(&"a".repeat(65), false);
    }
}
