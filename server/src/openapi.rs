//! The OpenAPI document at `/api/openapi.json`, and a page to read it at `/api/docs`.

use crate::App;
use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use http::header;
use std::sync::LazyLock;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "VisionFlow",
        description = "Annotate images together, and export what was annotated. Errors are `application/problem+json` \
                       (RFC 9457); those of `/auth/v1` have the shape of Supabase Auth. Lists are paged with \
                       `limit` and `cursor`. Creations take an `Idempotency-Key`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    modifiers(&Bearer)
)]
struct Base;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(bearer));
    }
}

/// What the document says before any route is added.
pub fn base() -> utoipa::openapi::OpenApi {
    Base::openapi()
}

static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    let (_, document) = crate::router::api().split_for_parts();
    let mut text = document
        .to_pretty_json()
        .expect("the document is plain JSON");
    text.push('\n');
    text
});

/// The document of all routes, as committed in `docs/openapi.json`.
pub fn document() -> &'static str {
    &DOCUMENT
}

pub fn router() -> Router<App> {
    Router::new()
        .route("/api/openapi.json", get(json))
        .route("/api/docs", get(page))
        .route("/api/docs.js", get(script))
        .route("/api/docs.css", get(style))
}

async fn json() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], document())
}

async fn page() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'",
        ),
    ];
    (headers, include_str!("openapi/docs.html"))
}

async fn script() -> impl IntoResponse {
    let kind = "text/javascript; charset=utf-8";
    (
        [(header::CONTENT_TYPE, kind)],
        include_str!("openapi/docs.js"),
    )
}

async fn style() -> impl IntoResponse {
    let kind = "text/css; charset=utf-8";
    (
        [(header::CONTENT_TYPE, kind)],
        include_str!("openapi/docs.css"),
    )
}
