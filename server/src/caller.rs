//! Who asks: the typed context without which a handler cannot reach the database.

use crate::App;
use crate::error::{Error, Result};
use crate::local;
use crate::store::Tx;
use axum::extract::FromRequestParts;
use http::header;
use http::request::Parts;
use uuid::Uuid;
use visionflow_api::ProjectRole;

/// The holder of a valid access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub user_id: Uuid,
    /// The `tenant_id` claim: narrows what the caller sees to one workspace.
    pub tenant: Option<Uuid>,
    pub email: String,
    pub name: String,
    /// When the token ends, in seconds since 1970.
    pub expires_at: i64,
}

impl Caller {
    /// The project's workspace and the caller's role in it, `None` for a workspace member who may
    /// only look. 404 when the project is deleted or not visible to the caller.
    pub async fn project_role(
        &self,
        tx: &mut Tx,
        project_id: Uuid,
    ) -> Result<(Uuid, Option<ProjectRole>)> {
        tx.project_role(project_id, self.user_id)
            .await?
            .ok_or_else(Error::not_found)
    }

    /// The project's workspace, if the caller's role is one of `roles`; otherwise 403 (or 404, as
    /// [`Caller::project_role`]).
    pub async fn require_role(
        &self,
        tx: &mut Tx,
        project_id: Uuid,
        roles: &[ProjectRole],
    ) -> Result<Uuid> {
        match self.project_role(tx, project_id).await? {
            (workspace_id, Some(role)) if roles.contains(&role) => Ok(workspace_id),
            (_, Some(_)) => Err(Error::forbidden(
                "Your role in this project does not allow this.",
            )),
            (_, None) => Err(Error::forbidden(
                "You can look at this project, but you have no role in it.",
            )),
        }
    }

    /// Everyone who works in the project: admin, reviewer or labeler.
    pub async fn require_any_role(&self, tx: &mut Tx, project_id: Uuid) -> Result<Uuid> {
        use ProjectRole::{Admin, Labeler, Reviewer};
        self.require_role(tx, project_id, &[Admin, Reviewer, Labeler])
            .await
    }

    pub async fn require_admin(&self, tx: &mut Tx, project_id: Uuid) -> Result<Uuid> {
        self.require_role(tx, project_id, &[ProjectRole::Admin])
            .await
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = match local::caller(app, &parts.headers, &parts.uri)? {
            Some(caller) => caller,
            None => app.authenticate(bearer_token(parts)?).await?,
        };
        tracing::Span::current().record("user_id", tracing::field::display(caller.user_id));
        Ok(caller)
    }
}

/// The bearer token of a request; 401 without one.
pub fn bearer_token(parts: &Parts) -> Result<&str> {
    parts
        .headers
        .get(header::AUTHORIZATION)
        .ok_or_else(|| Error::unauthenticated("Sign in first: the request carries no token."))?
        .to_str()
        .ok()
        .and_then(bearer)
        .ok_or_else(|| Error::unauthenticated("The Authorization header is not a bearer token."))
}

/// The token of `Bearer {token}`; the scheme's case does not matter (RFC 9110).
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
