//! The workbench's files, and `index.html` for the pages that it routes itself.

mod policy;

use crate::App;
use crate::error::Error;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use std::path::Path;
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

// Memory that threads share is for pages that are cross-origin isolated: that share no group of windows with
// other origins, and show nothing of them that came with a person's credentials. Photographs need none,
// their addresses are signed. Browsers that do not know `credentialless` (Safari) run one thread.
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const EMBEDDER_POLICY: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");
const EMBEDDED: HeaderValue = HeaderValue::from_static("credentialless");

/// Whatever no route has taken.
pub async fn serve(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let ours = ["/api/", "/auth/", "/v1/"];
    if ours.iter().any(|prefix| path.starts_with(prefix)) {
        return Error::not_found().into_response();
    }
    let Some(dir) = &app.config().web_dir else {
        return Error::not_found().into_response();
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return method_not_allowed().await;
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    // A page's address has no dot in its last part; a file that is missing is missing.
    if !last.contains('.') || last == "index.html" {
        return page(&app, dir).await;
    }
    let origin = app.objects().public_origin();
    let policy = policy::of_files(&origin, app.config().is_development());
    file(dir, &path, request, &policy).await
}

/// 405 as a problem.
pub async fn method_not_allowed() -> Response {
    Error::refused(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "This address does not answer to this method.",
    )
    .into_response()
}

async fn page(app: &App, dir: &Path) -> Response {
    let html = match tokio::fs::read_to_string(dir.join("index.html")).await {
        Ok(html) => html,
        Err(error) => {
            tracing::error!(directory = %dir.display(), %error, "the workbench's index.html cannot be read");
            return Error::unavailable("The workbench is not built here.").into_response();
        }
    };
    let policy = policy::of_page(&html, &app.objects().public_origin());
    let policy =
        HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_SECURITY_POLICY, policy),
        (OPENER_POLICY, HeaderValue::from_static("same-origin")),
        (EMBEDDER_POLICY, EMBEDDED),
    ];
    (headers, html).into_response()
}

async fn file(dir: &Path, path: &str, request: Request, policy: &str) -> Response {
    let files = ServeDir::new(dir)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let mut response = match files.oneshot(request).await {
        Ok(response) => response.map(axum::body::Body::new),
        Err(never) => match never {},
    };
    if response.status() == StatusCode::NOT_FOUND {
        return Error::not_found().into_response();
    }
    let headers: &mut HeaderMap = response.headers_mut();
    let cache = if is_hashed(path) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // Workers take their policy from their own file.
    let policy =
        HeaderValue::from_str(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(EMBEDDER_POLICY, EMBEDDED);
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(policy, HeaderValue::from_static("cross-origin"));
    response
}

/// Whether a path carries a digest of its content, in its name or in that of a folder:
/// `app-0123456789abcdef.js`, `snippets-0123456789abcdef/engine/inline0.js`.
fn is_hashed(path: &str) -> bool {
    path.split(['/', '.', '-', '_'])
        .any(|part| part.len() >= 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::is_hashed;

    #[test]
    fn names_with_a_digest_never_change() {
        let check = |name: &str, expected| assert_eq!(is_hashed(name), expected, "{name}");
        check("app-0123456789abcdef.js", true);
        check("app_bg-0123456789abcdef0123456789abcdef.wasm", true);
        check("snippets-0123456789abcdef/engine/inline0.js", true);
        check("app.js", false);
        check("inter-latin-wght-normal.woff2", false);
    }
}
