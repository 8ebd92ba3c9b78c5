//! What a socket says: read, checked and passed on to its room.

use super::Audience;
use super::access;
use super::check::Checked;
use super::events::Script;
use super::member::{LEAST_KIB, Member};
use super::pace::Pace;
use super::presence;
use super::room::{Command, Incoming, RoomGuard};
use super::websocket::Receiver;
use crate::App;
use bytes::Bytes;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use tokio::time::Instant;
use visionflow_api::{ClientControl, RefusalReason, ServerControl, close};
use visionflow_sync::{Frame, decode_all};
use visionflow_websocket::Message;

/// The largest update; a larger one is refused.
const MAX_UPDATE: usize = 8 << 20;
/// The largest presence message; a larger one ends the socket.
const MAX_AWARENESS: usize = 64 << 10;
/// Larger updates are checked away from the threads that serve everyone.
const CHECK_ELSEWHERE: usize = 256 << 10;
/// How a socket ends whose client gives no reason.
const NORMAL: u16 = 1000;
/// A peer that says nothing for so long, not even a pong, is gone.
const SILENCE: Duration = Duration::from_secs(65);

pub(super) struct Reader {
    app: App,
    pub room: RoomGuard,
    member: Arc<Member>,
    /// Sync step 2 and update frames so far.
    frames: u64,
    pace: Pace,
    /// When the token ends, in seconds since 1970.
    expires_at: i64,
}

impl Reader {
    /// `expires_at`: when the member's token ends, in seconds since 1970.
    pub fn new(app: App, room: RoomGuard, member: Arc<Member>, expires_at: i64) -> Self {
        Self {
            app,
            room,
            member,
            frames: 0,
            pace: Pace::new(Instant::now()),
            expires_at,
        }
    }

    /// Reads until either side ends.
    pub async fn run(&mut self, receiver: &mut Receiver) {
        let (hub, member) = (self.app.relay().0.clone(), self.member.clone());
        // All three are kept from message to message: most come long before any of them.
        let mut ended = pin!(member.ended.cancelled());
        let mut closing = pin!(hub.closing.cancelled());
        // For silence and the token's end, set anew when it rings.
        let mut alarm = pin!(tokio::time::sleep(SILENCE));
        let mut heard = Instant::now();
        loop {
            let left = self.token_left();
            if left.is_zero() {
                return member
                    .outbox
                    .close(close::UNAUTHENTICATED, "the token has expired");
            }
            let rings_at = (heard + SILENCE).min(Instant::now() + left);
            if alarm.deadline() > rings_at {
                alarm.as_mut().reset(rings_at);
            }
            let message = tokio::select! {
                biased;
                message = receiver.next() => message,
                () = &mut ended => return,
                () = &mut closing => return,
                () = &mut alarm => {
                    if heard.elapsed() >= SILENCE {
                        return;
                    }
                    alarm.as_mut().reset(rings_at);
                    continue;
                }
            };
            heard = Instant::now();
            let message = match message {
                Some(Ok(message)) => message,
                Some(Err(error)) => {
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
                None => return,
            };
            match message {
                // Boxed, too.
                Message::Binary(bytes) => {
                    if Box::pin(self.on_message(&bytes)).await.is_break() {
                        return;
                    }
                }
                Message::Text(text) if self.member.script.is_some() => {
                    if Box::pin(self.on_text(&text)).await.is_break() {
                        return;
                    }
                }
                Message::Text(_) => {
                    return self
                        .member
                        .outbox
                        .close(close::PROTOCOL, "only binary messages are understood");
                }
                Message::Close(frame) => {
                    let code = frame.map_or(NORMAL, |frame| frame.code);
                    return self.member.outbox.close(code, "");
                }
                Message::Ping(bytes) => self.member.outbox.pong(bytes),
                Message::Pong(_) => {}
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
                let due = self.room.presence.apply(update, member.id, speaker);
                presence::begin(&self.app.relay().0, &self.room, due);
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
                let incoming = Incoming {
                    member,
                    frame,
                    update,
                    may_be_known,
                    permit,
                };
                self.ask(Command::Update(Box::new(incoming))).await
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
                // Boxed, as whatever is seldom awaited: each socket has room for the largest.
                match Box::pin(access::renew(&self.app, &self.member, &token)).await {
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
                    let room = Audience::Room(self.member.room.room_id);
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
