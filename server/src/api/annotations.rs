//! /api/v1: annotations.

use crate::App;
use utoipa_axum::router::OpenApiRouter;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
}
