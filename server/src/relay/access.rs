//! Who may enter a room, and what they may do there.

use super::member::Member;
use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::store::{RoomAccess, Store};
use http::StatusCode;
use uuid::Uuid;
use visionflow_api::close;

/// An admitted caller, or the code with which the socket is closed.
pub(super) type Admission = std::result::Result<(Caller, RoomAccess), (u16, &'static str)>;

/// Checks the token and the room; `local` enters without one. An error is the server's own trouble.
pub(super) async fn admit(
    app: &App,
    token: Option<&str>,
    local: Option<Caller>,
    room_id: &str,
) -> Result<Admission> {
    let caller = match (token, local) {
        (None, None) => return Ok(Err((close::UNAUTHENTICATED, "the token is missing"))),
        (None, Some(local)) => local,
        (Some(token), _) => match app.authenticate(token).await {
            Ok(caller) => caller,
            Err(error) if error.status() == StatusCode::UNAUTHORIZED => {
                return Ok(Err((close::UNAUTHENTICATED, "the token is not valid")));
            }
            Err(error) => return Err(error),
        },
    };
    let Ok(room_id) = Uuid::parse_str(room_id) else {
        return Ok(Err((close::NOT_FOUND, "there is no such room")));
    };
    Ok(match find(app.store(), &caller, room_id).await? {
        Some(access) => Ok((caller, access)),
        None => Err((close::NOT_FOUND, "there is no such room")),
    })
}

async fn find(store: &Store, caller: &Caller, room_id: Uuid) -> Result<Option<RoomAccess>> {
    let mut tx = store.begin(caller).await?;
    let access = tx.room_access(room_id, caller.user_id).await?;
    tx.commit().await?;
    Ok(access)
}

/// The member's role or membership may have changed: what the database says now takes effect.
pub(super) async fn recheck(store: &Store, member: &Member) {
    match find(store, &member.caller(), member.room.room_id).await {
        Ok(Some(access)) => member.set_can_edit(access.role.is_some()),
        Ok(None) => member
            .outbox
            .close(close::NOT_FOUND, "you have no access any more"),
        Err(error) => {
            // Unsure is not allowed: the client comes back and is checked again.
            tracing::error!(error = format!("{error:?}"), "a changed role was not read");
            member.outbox.close(1011, "the server is busy");
        }
    }
}

/// Takes a renewed token; it has to be the same person's.
pub(super) async fn renew(app: &App, member: &Member, token: &str) -> Result<i64> {
    let caller = app.authenticate(token).await?;
    if caller.user_id != member.user_id {
        return Err(Error::unauthenticated("The token is someone else's."));
    }
    let expires_at = caller.expires_at;
    member.set_caller(caller);
    recheck(app.store(), member).await;
    Ok(expires_at)
}
