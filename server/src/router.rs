//! The table of contents: every route of the server.

use crate::{App, api, auth, demo, openapi, ops, relay, web};
use axum::Router;
use utoipa_axum::router::OpenApiRouter;

/// The routes that the OpenAPI document describes.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::base())
        .merge(auth::router())
        .merge(api::me::router())
        .merge(api::workspaces::router())
        .merge(api::projects::router())
        .merge(api::members::router())
        .merge(api::people::router())
        .merge(api::invites::router())
        .merge(api::ontology::router())
        .merge(api::uploads::router())
        .merge(api::images::router())
        .merge(api::annotations::router())
        .merge(api::comments::router())
        .merge(api::rooms::comments::router())
        .merge(api::models::router())
        .merge(api::assist_runs::router())
        .merge(api::exports::router())
        .merge(api::rooms::router())
        .merge(api::history::router())
        .merge(api::rooms::versions::router())
        .merge(api::renders::router())
        .merge(api::rooms::exports::router())
        .merge(demo::router())
        .merge(relay::router())
}

/// Everything, with the layers around it.
pub fn all(app: App) -> Router {
    let (routes, _) = api().split_for_parts();
    let routes = routes
        .merge(openapi::router())
        .merge(ops::router())
        .method_not_allowed_fallback(web::method_not_allowed)
        .fallback(web::serve);
    ops::wrap(routes, &app).with_state(app)
}
