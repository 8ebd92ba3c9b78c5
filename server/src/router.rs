//! The table of contents: every route of the server.

use crate::{App, api, auth};
use utoipa_axum::router::OpenApiRouter;

/// The routes that the OpenAPI document describes.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(crate::openapi::base())
        .merge(auth::router())
        .merge(api::me::router())
        .merge(api::workspaces::router())
        .merge(api::projects::router())
        .merge(api::members::router())
        .merge(api::invites::router())
        .merge(api::ontology::router())
        .merge(api::uploads::router())
        .merge(api::images::router())
        .merge(api::annotations::router())
        .merge(api::exports::router())
        .merge(crate::relay::router())
}
