//! One socket: admission, its reader and its writer, and its end.
//!
//! A browser sees no HTTP status of a refused upgrade, so callers without access are upgraded and
//! then closed with 4401 or 4404.

use super::access;
use super::events::{self, Script, Wish};
use super::member::{IN_FLIGHT_KIB, Member};
use super::presence;
use super::reader::Reader;
use super::room::Command;
use super::websocket::{Receiver, Sender, Upgrade};
use super::writer::{self, close_message, flush};
use crate::App;
use crate::caller::Caller;
use crate::error::Result;
use crate::local;
use crate::store::RoomAccess;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::{HeaderMap, Uri, header};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use visionflow_api::{ServerControl, close};

/// The largest websocket message that is read at all.
const MAX_MESSAGE: usize = 16 << 20;
/// How long the end of a socket waits for its last updates to be durable.
const DRAIN_PATIENCE: Duration = Duration::from_secs(5);
/// How long the other side has to answer a close.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);

#[derive(Deserialize)]
pub(super) struct Parameters {
    token: Option<String>,
    #[serde(default)]
    control: String,
    /// `events`: the protocol of ordered events; y-websocket's without it.
    #[serde(default)]
    protocol: String,
    #[serde(rename = "lastSeq")]
    last_seq: Option<String>,
    #[serde(rename = "userId")]
    user_id: Option<String>,
}

impl Parameters {
    fn speech(&self) -> Result<Speech, &'static str> {
        match self.protocol.as_str() {
            "" | "sync" => Ok(Speech::Sync {
                control: self.control == "1",
            }),
            "events" => {
                Wish::parse(self.last_seq.as_deref(), self.user_id.as_deref()).map(Speech::Events)
            }
            _ => Err("the protocol is sync or events"),
        }
    }
}

/// What is spoken on a socket.
enum Speech {
    Sync { control: bool },
    Events(Wish),
}

pub(super) async fn enter(
    State(app): State<App>,
    Path(room_id): Path<String>,
    Query(parameters): Query<Parameters>,
    uri: Uri,
    headers: HeaderMap,
    upgrade: Upgrade,
) -> Result<Response> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|value| value.strip_prefix("Bearer "));
    let token = parameters.token.as_deref().or(bearer);
    let local = match token {
        None => local::caller(&app, &headers, &uri)?,
        Some(_) => None,
    };
    let open = local.is_some();
    let admission = access::admit(&app, token, local, &room_id).await?;
    let admission = match (admission, parameters.speech()) {
        (Ok(_), Err(reason)) => Err((close::PROTOCOL, reason)),
        (Ok((caller, access)), Ok(speech)) => Ok((caller, access, speech)),
        (Err(refused), _) => Err(refused),
    };
    let running = app.relay().0.sockets_running.clone();
    Ok(upgrade.answer(MAX_MESSAGE, move |receiver, sender| {
        running.track_future(serve(app, receiver, sender, admission, open))
    }))
}

type Entrance = std::result::Result<(Caller, RoomAccess, Speech), (u16, &'static str)>;

async fn serve(
    app: App,
    mut receiver: Box<Receiver>,
    mut sender: Sender,
    entrance: Entrance,
    open: bool,
) {
    match entrance {
        Ok((caller, access, speech)) => {
            let (control, script) = match speech {
                Speech::Sync { control } => (control, None),
                Speech::Events(wish) => (true, Some(Script::new(wish, &caller, !open))),
            };
            let expires_at = caller.expires_at;
            let member = Arc::new(Member::new(
                app.relay().0.next_member_id(),
                access.identity,
                caller,
                access.role.is_some(),
                control,
                script,
            ));
            welcome(&member, &access);
            // A task of its own: this one has room for all that entering takes.
            let running = app.relay().0.sockets_running.clone();
            running.spawn(stay(app, receiver, sender, member, expires_at));
        }
        Err((code, reason)) => {
            let _ = flush(&mut sender, vec![close_message(code, reason)]).await;
            // The other side answers the close, so that the connection ends in order.
            let _ = tokio::time::timeout(CLOSE_PATIENCE, receiver.drain()).await;
        }
    }
}

fn welcome(member: &Member, access: &RoomAccess) {
    member.tell(&ServerControl::Welcome {
        room_id: member.room.room_id,
        user_id: member.user_id,
        can_edit: member.can_edit(),
    });
    if access.item_deleted {
        member.tell(&ServerControl::ItemDeleted);
    }
}

/// From entering the room until the socket has ended. `expires_at`: when the member's token ends,
/// in seconds since 1970.
async fn stay(
    app: App,
    mut receiver: Box<Receiver>,
    sender: Sender,
    member: Arc<Member>,
    expires_at: i64,
) {
    let hub = app.relay().0.clone();
    hub.add(&member);
    // Whatever changed between the first look at the role and being findable is found now.
    Box::pin(access::recheck(&hub.store, &member)).await;
    let room = hub.enter(member.room);
    let writer = if member.script.is_some() {
        let store = hub.store.clone();
        tokio::spawn(events::write(store, room.clone(), member.clone(), sender))
    } else {
        tokio::spawn(writer::write(room.clone(), member.clone(), sender))
    };
    let mut reader = Reader::new(app, room, member.clone(), expires_at);
    let join = Command::Join(member.clone());
    if reader.room.send(join).await.is_ok() {
        reader.run(&mut receiver).await;
    }
    let all = member.in_flight.acquire_many(IN_FLIGHT_KIB);
    let _ = tokio::time::timeout(DRAIN_PATIENCE, all).await;
    member.outbox.close(close::GOING_AWAY, "the socket ends");
    presence::begin(&hub, &reader.room, reader.room.presence.leave(member.id));
    reader.room.authors.forget(&member);
    let _ = reader.room.send(Command::Leave(member.clone())).await;
    hub.remove(&member);
    let _ = writer.await;
    // Until the other side has answered the close.
    let _ = tokio::time::timeout(CLOSE_PATIENCE, receiver.drain()).await;
}
