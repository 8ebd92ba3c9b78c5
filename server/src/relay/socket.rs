//! One socket: admission, reading, writing, and its end.
//!
//! A browser sees no HTTP status of a refused upgrade, so callers without access are upgraded and
//! then closed with 4401 or 4404.

use super::Audience;
use super::access;
use super::check::Checked;
use super::events::{self, Script, Wish};
use super::member::{IN_FLIGHT_KIB, LEAST_KIB, Member};
use super::pace::Pace;
use super::room::{Command, RoomGuard};
use super::writer;
use crate::App;
use crate::caller::Caller;
use crate::error::Result;
use crate::local;
use crate::store::RoomAccess;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::SplitStream;
use http::{HeaderMap, Uri, header};
use serde::Deserialize;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use tokio::time::Instant;
use visionflow_api::{ClientControl, RefusalReason, ServerControl, close};
use visionflow_sync::{Frame, decode_all};

/// The largest update; a larger one is refused.
const MAX_UPDATE: usize = 8 << 20;
/// The largest presence message; a larger one ends the socket.
const MAX_AWARENESS: usize = 64 << 10;
/// The largest websocket message that is read at all.
const MAX_MESSAGE: usize = 16 << 20;
/// Each socket has one for as long as it is open.
const READ_BUFFER: usize = 8 << 10;
/// Larger updates are checked away from the threads that serve everyone.
const CHECK_ELSEWHERE: usize = 256 << 10;
/// A peer that says nothing for so long, not even a pong, is gone.
const SILENCE: Duration = Duration::from_secs(65);
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
    upgrade: WebSocketUpgrade,
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
    let upgrade = upgrade
        .max_message_size(MAX_MESSAGE)
        .read_buffer_size(READ_BUFFER)
        .max_frame_size(MAX_MESSAGE);
    let running = app.relay().0.sockets_running.clone();
    Ok(upgrade.on_upgrade(move |socket| running.track_future(serve(app, socket, admission, open))))
}

type Entrance = std::result::Result<(Caller, RoomAccess, Speech), (u16, &'static str)>;

async fn serve(app: App, mut socket: WebSocket, entrance: Entrance, open: bool) {
    match entrance {
        Ok((caller, access, speech)) => {
            let (control, script) = match speech {
                Speech::Sync { control } => (control, None),
                Speech::Events(wish) => (true, Some(Script::new(wish, &caller, !open))),
            };
            stay(app, socket, caller, access, control, script).await;
        }
        Err((code, reason)) => {
            let _ = socket.send(writer::close_message(code, reason)).await;
            // The other side answers the close, so that the connection ends in order.
            let rest = async { while let Some(Ok(_)) = socket.recv().await {} };
            let _ = tokio::time::timeout(CLOSE_PATIENCE, rest).await;
        }
    }
}

async fn stay(
    app: App,
    socket: WebSocket,
    caller: Caller,
    access: RoomAccess,
    control: bool,
    script: Option<Script>,
) {
    let hub = app.relay().0.clone();
    let expires_at = caller.expires_at;
    let can_edit = access.role.is_some();
    let member = Arc::new(Member::new(
        hub.next_member_id(),
        access.identity,
        caller,
        can_edit,
        control,
        script,
    ));
    member.tell(&ServerControl::Welcome {
        room_id: member.room_id,
        user_id: member.user_id,
        can_edit,
    });
    if access.item_deleted {
        member.tell(&ServerControl::ItemDeleted);
    }
    hub.add(&member);
    // Whatever changed between the first look at the role and being findable is found now.
    access::recheck(&hub.store, &member).await;
    let room = hub.enter(access.identity);
    let (sink, mut stream) = socket.split();
    let writer = if member.script.is_some() {
        let store = hub.store.clone();
        tokio::spawn(events::write(store, room.clone(), member.clone(), sink))
    } else {
        tokio::spawn(writer::write(room.clone(), member.clone(), sink))
    };
    let mut reader = Reader {
        app,
        room,
        member: member.clone(),
        frames: 0,
        pace: Pace::new(Instant::now()),
        expires_at,
    };
    if reader
        .room
        .send(Command::Join(member.clone()))
        .await
        .is_ok()
    {
        reader.run(&mut stream).await;
    }
    let all = member.in_flight.acquire_many(IN_FLIGHT_KIB);
    let _ = tokio::time::timeout(DRAIN_PATIENCE, all).await;
    member.outbox.close(close::GOING_AWAY, "the socket ends");
    reader.room.presence.leave(member.id);
    reader.room.authors.forget(&member);
    let _ = reader.room.send(Command::Leave(member.clone())).await;
    hub.remove(&member);
    let _ = writer.await;
    // What still comes is read until the other side has answered the close: unread bytes would
    // make the system reset the connection, and the code be lost.
    let rest = async { while let Some(Ok(_)) = stream.next().await {} };
    let _ = tokio::time::timeout(CLOSE_PATIENCE, rest).await;
}

struct Reader {
    app: App,
    room: RoomGuard,
    member: Arc<Member>,
    /// Sync step 2 and update frames so far.
    frames: u64,
    pace: Pace,
    /// When the token ends, in seconds since 1970.
    expires_at: i64,
}

impl Reader {
    /// Reads until either side ends.
    async fn run(&mut self, stream: &mut SplitStream<WebSocket>) {
        let hub = self.app.relay().0.clone();
        loop {
            let message = tokio::select! {
                biased;
                () = self.member.ended.cancelled() => return,
                () = hub.closing.cancelled() => return,
                () = tokio::time::sleep(self.token_left()) => {
                    self.member.outbox.close(close::UNAUTHENTICATED, "the token has expired");
                    return;
                }
                message = tokio::time::timeout(SILENCE, stream.next()) => message,
            };
            let message = match message {
                Ok(Some(Ok(message))) => message,
                Ok(Some(Err(error))) => {
                    tracing::debug!(%error, "a socket ended with an error");
                    if self.member.script.is_some() {
                        let detail = format!("The message cannot be read: {error}.");
                        self.member.refuse(0, RefusalReason::TooLarge, detail);
                    }
                    return self
                        .member
                        .outbox
                        .close(close::PROTOCOL, "the message is malformed or too large");
                }
                Ok(None) | Err(_) => return,
            };
            match message {
                Message::Binary(bytes) => {
                    if self.on_message(&bytes).await.is_break() {
                        return;
                    }
                }
                Message::Text(text) if self.member.script.is_some() => {
                    if self.on_text(&text).await.is_break() {
                        return;
                    }
                }
                Message::Text(_) => {
                    return self
                        .member
                        .outbox
                        .close(close::PROTOCOL, "only binary messages are understood");
                }
                Message::Close(_) => return,
                Message::Ping(_) | Message::Pong(_) => {}
            }
        }
    }

    fn token_left(&self) -> Duration {
        let left = self.expires_at - OffsetDateTime::now_utc().unix_timestamp();
        Duration::from_secs(left.max(0) as u64)
    }

    async fn on_message(&mut self, bytes: &Bytes) -> ControlFlow<()> {
        if self.member.script.is_some() {
            return self.take(Script::update(bytes), bytes.len()).await;
        }
        let frames = match decode_all(bytes) {
            Ok(frames) => frames,
            Err(error) => {
                tracing::debug!(%error, "a malformed message");
                self.member
                    .outbox
                    .close(close::PROTOCOL, "the message is malformed");
                return ControlFlow::Break(());
            }
        };
        let length = bytes.len();
        for frame in frames {
            self.take(frame, length).await?;
        }
        ControlFlow::Continue(())
    }

    /// What a script says in JSON.
    async fn on_text(&mut self, text: &str) -> ControlFlow<()> {
        let member = self.member.clone();
        match member.script.as_ref().map(|script| script.frame(text)) {
            Some(Ok(frame)) => self.take(frame, text.len()).await,
            Some(Err(detail)) => {
                member.refuse(0, RefusalReason::Undecodable, detail);
                self.take(Frame::Unknown(0), text.len()).await
            }
            None => ControlFlow::Continue(()),
        }
    }

    async fn take(&mut self, frame: Frame, length: usize) -> ControlFlow<()> {
        self.rest_before(&frame).await?;
        self.on_frame(frame, length).await
    }

    /// Who sends too fast is held back.
    async fn rest_before(&mut self, frame: &Frame) -> ControlFlow<()> {
        let wait = self.pace.wait_for(frame, Instant::now());
        if wait.is_zero() {
            return ControlFlow::Continue(());
        }
        metrics::counter!("relay_frames_held_back_total").increment(1);
        tokio::select! {
            () = tokio::time::sleep(wait) => ControlFlow::Continue(()),
            () = self.member.ended.cancelled() => ControlFlow::Break(()),
            () = self.app.relay().0.closing.cancelled() => ControlFlow::Break(()),
        }
    }

    async fn on_frame(&mut self, frame: Frame, length: usize) -> ControlFlow<()> {
        let member = self.member.clone();
        match frame {
            Frame::SyncStep1(state_vector) => {
                self.ask(Command::Answer {
                    member,
                    state_vector,
                })
                .await?;
            }
            Frame::SyncStep2(update) => self.on_update(update, true).await?,
            Frame::Update(update) => self.on_update(update, false).await?,
            Frame::Awareness(_) if length > MAX_AWARENESS => {
                member
                    .outbox
                    .close(close::PROTOCOL, "the presence message is too large");
                return ControlFlow::Break(());
            }
            Frame::Awareness(update) => {
                let local = self.app.local();
                let named = local.is_some_and(|local| local.user_id == member.user_id);
                let update = self.room.authors.honest(update, &member, named);
                let speaker = (!named).then_some(member.user_id);
                self.room.presence.apply(update, member.id, speaker);
            }
            Frame::AwarenessQuery => member.outbox.everyone(),
            Frame::Control(json) => self.on_control(&json).await?,
            Frame::Auth(_) | Frame::Unknown(_) => {}
        }
        ControlFlow::Continue(())
    }

    async fn on_update(&mut self, update: Vec<u8>, may_be_known: bool) -> ControlFlow<()> {
        self.frames += 1;
        let (frame, length) = (self.frames, update.len());
        if length > MAX_UPDATE {
            let detail = format!("The update has {length} bytes; {MAX_UPDATE} are the most.");
            self.member.refuse(frame, RefusalReason::TooLarge, detail);
            return ControlFlow::Continue(());
        }
        let kib = (length.div_ceil(1024) as u32).max(LEAST_KIB);
        let permit = tokio::select! {
            permit = self.member.in_flight.clone().acquire_many_owned(kib) => permit,
            () = self.member.ended.cancelled() => return ControlFlow::Break(()),
        };
        let Ok(permit) = permit else {
            return ControlFlow::Break(());
        };
        match check(update.into()).await {
            Ok(update) => {
                let member = self.member.clone();
                self.ask(Command::Update {
                    member,
                    frame,
                    update,
                    may_be_known,
                    permit,
                })
                .await
            }
            Err(detail) => {
                self.member
                    .refuse(frame, RefusalReason::Undecodable, detail);
                ControlFlow::Continue(())
            }
        }
    }

    async fn on_control(&mut self, json: &str) -> ControlFlow<()> {
        match serde_json::from_str(json) {
            Ok(ClientControl::Authenticate { token }) => {
                match access::renew(&self.app, &self.member, &token).await {
                    Ok(expires_at) => {
                        self.expires_at = expires_at;
                        self.member
                            .tell(&ServerControl::Authenticated { expires_at });
                    }
                    Err(error) => {
                        tracing::debug!(%error, "a renewed token was refused");
                        self.member
                            .outbox
                            .close(close::UNAUTHENTICATED, "the new token is not valid");
                        return ControlFlow::Break(());
                    }
                }
            }
            Ok(ClientControl::Typing { thread_id }) => {
                if self.member.may_tell_typing() {
                    let message = ServerControl::Typing {
                        thread_id,
                        user_id: self.member.user_id,
                        name: self.member.caller().name,
                    };
                    let room = Audience::Room(self.member.room_id);
                    self.app.relay().tell(room, &message);
                }
            }
            Err(error) => tracing::debug!(%error, "an unknown control frame"),
        }
        ControlFlow::Continue(())
    }

    async fn ask(&self, command: Command) -> ControlFlow<()> {
        match self.room.send(command).await {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

async fn check(update: Bytes) -> std::result::Result<Checked, String> {
    if update.len() < CHECK_ELSEWHERE {
        return Checked::new(update);
    }
    let checked = tokio::task::spawn_blocking(|| Checked::new(update)).await;
    checked.unwrap_or_else(|_| Err("The update cannot be decoded.".to_owned()))
}
