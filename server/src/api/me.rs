//! `/api/v1/me`: who asks, and where they belong.

use super::workspaces::to_wire;
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use visionflow_api::{Me, Problem};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(me))
}

/// The caller's account and workspaces
#[utoipa::path(get, path = "/api/v1/me", tag = "me",
    responses((status = 200, body = Me), (status = 401, body = Problem)), security(("bearer" = [])))]
async fn me(State(app): State<App>, caller: Caller) -> Result<Json<Me>> {
    let mut tx = app.store().begin(&caller).await?;
    let workspaces = tx.workspaces(caller.user_id).await?;
    tx.commit().await?;
    // A token outlives a deleted account by up to an hour.
    let account = app.store().account(caller.user_id).await?;
    let account = account.ok_or_else(|| Error::unauthenticated("This account exists no more."))?;
    Ok(Json(Me {
        id: account.id,
        email: account.email,
        name: account.name,
        workspaces: workspaces.into_iter().map(to_wire).collect(),
    }))
}
