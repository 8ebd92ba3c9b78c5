//! The connection: tokens, opening, reopening with backoff, and what comes in.

use super::socket::{Socket, SocketEvent};
use super::{Room, token};
use crate::browser::{now_ms, random_unit};
use crate::engine::{Inner, State};
use crate::error::js_message;
use crate::{EngineEvent, RoomServer};
use gloo::timers::callback::Timeout;
use std::rc::Weak;
use visionflow_api::{ClientControl, close};
use visionflow_sync::{Event, Frame};
use wasm_bindgen_futures::spawn_local;

/// The first wait before reconnecting and the longest, in ms.
const BACKOFF_MS: (f64, f64) = (300.0, 10_000.0);
/// A connection that does not open, or does not acknowledge, in this time is given up (ms).
const PATIENCE_MS: u64 = 15_000;
/// A token is renewed this long before it ends (ms), a short-lived one at half its time.
const RENEW_BEFORE_MS: u64 = 60_000;
/// Between two attempts to renew (ms).
const RENEW_AGAIN_MS: u64 = 5_000;

/// The socket of a room and what is known about its next attempt.
#[derive(Default)]
pub struct Link {
    state: LinkState,
    /// Failed attempts since the last connection that worked.
    failures: u32,
    /// Connections in a row that were refused for their token.
    refused_tokens: u32,
    /// Some connection ended or could not be made; cleared when one works.
    has_failed: bool,
    /// Distinguishes an answer to an old question.
    attempt: u64,
    /// When the token in use is to be renewed, ms since the epoch.
    renew_at_ms: Option<u64>,
}

#[derive(Default)]
enum LinkState {
    #[default]
    Idle,
    /// A token was asked for, or a socket is opening.
    Opening {
        since_ms: u64,
        socket: Option<Socket>,
    },
    Open(Socket),
    Waiting {
        _timer: Timeout,
    },
    /// It makes no sense to try again.
    Ended,
}

impl Link {
    pub fn send(&self, frame: &[u8]) {
        if let LinkState::Open(socket) = &self.state {
            socket.send(frame);
        }
    }

    /// Whether a connection was lost or could not be made, and none works now.
    pub fn has_failed(&self) -> bool {
        self.has_failed
    }

    pub fn is_open(&self) -> bool {
        matches!(self.state, LinkState::Open(_))
    }

    /// The connection works.
    pub fn succeeded(&mut self) {
        self.failures = 0;
        self.refused_tokens = 0;
        self.has_failed = false;
    }

    /// The token is good until then, in ms since the epoch.
    pub fn token_lasts(&mut self, until_ms: u64) {
        let now = now_ms();
        let left = until_ms.saturating_sub(now);
        let wait = (left - RENEW_BEFORE_MS.min(left / 2)).max(RENEW_AGAIN_MS);
        self.renew_at_ms = Some(now + wait);
    }

    /// Exponential, with jitter so that a restarted server is not met by everyone at once.
    fn backoff_ms(&self) -> u32 {
        let (least, most) = BACKOFF_MS;
        let exponential = least * f64::from(1_u32 << self.failures.min(10));
        (exponential.min(most) * (0.5 + random_unit() / 2.0)) as u32
    }
}

impl Room {
    /// Asks for a token and opens the socket with it.
    pub fn open_link(&mut self) {
        if !self.is_restored || matches!(self.link.state, LinkState::Ended) {
            return;
        }
        self.link.attempt += 1;
        self.link.state = LinkState::Opening {
            since_ms: now_ms(),
            socket: None,
        };
        let (inner, id, attempt) = (self.inner.clone(), self.id, self.link.attempt);
        let token = (self.config.token)();
        spawn_local(async move {
            let token = token.await;
            with_room(&inner, id, |state, room| {
                if room.link.attempt == attempt {
                    match token {
                        Ok(token) => room.open_socket(&token),
                        Err(reason) => {
                            crate::browser::warn(&format!("no token: {reason}"));
                            state.connection_lost(room);
                        }
                    }
                }
            });
        });
    }

    fn open_socket(&mut self, token: &str) {
        self.link.renew_at_ms = None;
        let url = self.address(token);
        let (inner, id) = (self.inner.clone(), self.id);
        let opened = Socket::open(&url, move |event| {
            with_room(&inner, id, |state, room| state.on_socket(room, event));
        });
        match opened {
            Ok(socket) => {
                if let LinkState::Opening { socket: slot, .. } = &mut self.link.state {
                    *slot = Some(socket);
                }
            }
            Err(error) => {
                crate::browser::warn(&format!("socket: {}", js_message(&error)));
                self.reopen_later();
            }
        }
    }

    /// The socket's address with the token, whose end is noted.
    fn address(&mut self, token: &str) -> String {
        let base = self.config.base_ws_url.trim_end_matches('/');
        if matches!(self.server, RoomServer::YWebsocket { .. }) {
            return match token {
                "" => base.to_owned(),
                parameters => format!("{base}?{parameters}"),
            };
        }
        if let Some(ends) = token::expiry_ms(token) {
            self.link.token_lasts(ends);
        }
        format!(
            "{base}/v1/ws/rooms/{}?control=1&token={}",
            self.config.room_id,
            js_sys::encode_uri_component(token),
        )
    }

    /// Tries again after the backoff.
    fn reopen_later(&mut self) {
        let wait = self.link.backoff_ms();
        self.link.failures += 1;
        self.link.has_failed = true;
        self.link.attempt += 1;
        let (inner, id) = (self.inner.clone(), self.id);
        self.link.state = LinkState::Waiting {
            _timer: Timeout::new(wait, move || {
                with_room(&inner, id, |_, room| room.open_link());
            }),
        };
    }

    /// The network is back: tries at once.
    pub fn hurry(&mut self) {
        if matches!(self.link.state, LinkState::Waiting { .. }) {
            self.link.failures = 0;
            self.open_link();
        }
    }

    /// Sends a fresh token before the one in use ends, so that the socket can stay.
    fn renew_token_when_due(&mut self) {
        let now = now_ms();
        if !self.link.is_open() || self.link.renew_at_ms.is_none_or(|at| at > now) {
            return;
        }
        // Once more if the server does not confirm.
        self.link.renew_at_ms = Some(now + RENEW_AGAIN_MS);
        let (inner, id, attempt) = (self.inner.clone(), self.id, self.link.attempt);
        let token = (self.config.token)();
        spawn_local(async move {
            let token = token.await;
            with_room(&inner, id, |_, room| {
                if room.link.attempt != attempt {
                    return;
                }
                if let Ok(token) = token
                    && let Ok(json) = serde_json::to_string(&ClientControl::Authenticate { token })
                {
                    room.link.send(&Frame::Control(json).encode());
                }
            });
        });
    }
}

impl State {
    /// The room's share of the engine's heartbeat, about once a second.
    pub fn tick_room(&mut self) {
        let Some(id) = self.room.as_ref().map(|room| room.id) else {
            return;
        };
        self.in_room(id, |state, room| {
            let now = now_ms();
            let events = room.session.tick(now);
            state.on_session_events(room, events);
            room.renew_token_when_due();
            Self::adopt_late(room);
            let opens_too_long = match &room.link.state {
                LinkState::Opening { since_ms, .. } => now.saturating_sub(*since_ms) > PATIENCE_MS,
                // A half-open connection shows only by what does not come back.
                LinkState::Open(_) => room
                    .waiting_since_ms
                    .is_some_and(|since| now.saturating_sub(since) > PATIENCE_MS),
                _ => false,
            };
            if opens_too_long {
                state.connection_lost(room);
            }
        });
        self.save_document_when_idle();
    }

    /// The browser says that the network is gone, or back.
    pub fn network_changed(&mut self, is_online: bool) {
        let Some(id) = self.room.as_ref().map(|room| room.id) else {
            return;
        };
        self.in_room(id, |state, room| {
            if is_online {
                room.hurry();
            } else if room.link.is_open() {
                state.connection_lost(room);
            }
        });
    }

    fn on_socket(&mut self, room: &mut Room, event: SocketEvent) {
        match event {
            SocketEvent::Open => self.on_open(room),
            SocketEvent::Message(message) => self.on_message(room, &message),
            SocketEvent::Closed { code } => self.on_closed(room, code),
        }
    }

    fn on_open(&mut self, room: &mut Room) {
        let state = std::mem::take(&mut room.link.state);
        let LinkState::Opening {
            socket: Some(socket),
            ..
        } = state
        else {
            room.link.state = state;
            return;
        };
        room.link.state = LinkState::Open(socket);
        room.waiting_since_ms = (!room.pending.is_empty()).then(now_ms);
        // The first announcement may carry nothing yet; the session repeats the latest.
        let _ = room.session.set_presence(&self.presence, now_ms());
        for frame in room.session.on_open(&self.document) {
            room.link.send(&frame);
        }
    }

    fn on_message(&mut self, room: &mut Room, message: &[u8]) {
        match room.session.on_message(message, &mut self.document) {
            Ok(events) => {
                self.on_session_events(room, events);
                room.settle_unacknowledged();
            }
            Err(error) => {
                crate::browser::warn(&format!("unreadable message: {error}"));
                self.connection_lost(room);
            }
        }
    }

    fn on_session_events(&mut self, room: &mut Room, events: Vec<Event>) {
        for event in events {
            match event {
                Event::Send(frame) => room.link.send(&frame),
                Event::Changed(change) => {
                    room.state_saver.changed();
                    self.took(&change);
                }
                Event::Synced => {
                    room.link.succeeded();
                    self.remake_edits(room);
                }
                Event::Presence(_) => self.show_peers(&room.peers()),
                Event::Control(json) => self.on_control(room, &json),
                Event::Denied(reason) => self.notice(&reason),
                Event::Unreadable(error) => {
                    crate::browser::warn(&format!("unreadable frame: {error}"));
                }
            }
        }
    }

    fn on_closed(&mut self, room: &mut Room, code: u16) {
        match code {
            close::NOT_FOUND => {
                room.session.on_close();
                room.link.state = LinkState::Ended;
                room.link.has_failed = true;
                self.show_peers(&[]);
                self.events.push(EngineEvent::RoomNotFound);
            }
            close::UNAUTHENTICATED => {
                room.link.refused_tokens += 1;
                if room.link.refused_tokens == 2 {
                    self.events.push(EngineEvent::Unauthenticated);
                }
                self.connection_lost(room);
            }
            _ => self.connection_lost(room),
        }
    }

    /// Closes what is left of the connection and tries again later.
    pub(super) fn connection_lost(&mut self, room: &mut Room) {
        room.session.on_close();
        room.waiting_since_ms = None;
        room.reopen_later();
        self.show_peers(&[]);
    }
}

/// Runs `f` if the engine lives and is still in this room.
pub(super) fn with_room(inner: &Weak<Inner>, id: u64, f: impl FnOnce(&mut State, &mut Room)) {
    if let Some(inner) = inner.upgrade()
        && !inner.is_destroyed()
    {
        inner.with(|state| {
            state.in_room(id, f);
        });
    }
}
