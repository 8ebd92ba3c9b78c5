//! Limits and security headers of every response.

use super::unread;
use crate::App;
use crate::error::Error;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use std::time::Duration;
use tower_http::cors::{Any, CorsLayer};
use tower_http::set_header::SetResponseHeaderLayer;

/// JSON bodies; a route that takes more raises it for itself.
const LARGEST_BODY: usize = 1 << 20;
/// An answer that takes longer is none. Slow work is a job.
const PATIENCE: Duration = Duration::from_mins(1);

pub fn wrap(router: Router<App>, app: &App) -> Router<App> {
    let mut router = router
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(axum::middleware::from_fn(in_time))
        .layer(axum::middleware::from_fn(unread::take))
        .layer(cors());
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Links with tokens must not travel to other sites.
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        // For everything that is not a page of ours; those bring their own.
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
    ];
    for (name, value) in fixed {
        let value = HeaderValue::from_static(value);
        router = router.layer(SetResponseHeaderLayer::if_not_present(name, value));
    }
    if app.config().public_url().starts_with("https://") {
        let value = HeaderValue::from_static("max-age=31536000");
        router = router.layer(SetResponseHeaderLayer::if_not_present(
            header::STRICT_TRANSPORT_SECURITY,
            value,
        ));
    }
    router
}

/// Any origin may call with a token of its own: there are no cookies to ride on, and the widget
/// lives in other people's pages.
fn cors() -> CorsLayer {
    let exposed = ["x-request-id", "retry-after"].map(HeaderName::from_static);
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("apikey"),
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("x-client-info"),
            HeaderName::from_static("x-request-id"),
            HeaderName::from_static("x-supabase-api-version"),
        ])
        .expose_headers(exposed)
        .max_age(Duration::from_hours(1))
}

async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Error::refused(
            StatusCode::GATEWAY_TIMEOUT,
            "timeout",
            "The request took too long and was given up.",
        )
        .into_response(),
    }
}
