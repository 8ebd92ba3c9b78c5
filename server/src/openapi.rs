//! The OpenAPI document.

use utoipa::OpenApi as _;

#[derive(utoipa::OpenApi)]
#[openapi(info(title = "VisionFlow", version = "1"))]
struct Base;

/// What the document says before any route is added.
pub fn base() -> utoipa::openapi::OpenApi {
    Base::openapi()
}
