//! The client's half of a room, over a socket that comes and goes.

mod peers;
mod pending;

use crate::{AwarenessEntry, AwarenessUpdate, Frame, FrameError, decode_all};
use peers::Peers;
use pending::Pending;
use std::sync::Arc;
use visionflow_document::{Change, Document};
use visionflow_model::Presence;

/// How often a client repeats its presence, so that it is not taken for dead.
const RENEWAL_MS: u64 = 15_000;

/// What the server says about durability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledgement {
    /// It acknowledges frames when they are durable: ours, asked with `?control=1`.
    Durable,
    /// It never says: a plain y-websocket server. What has been handed to a synchronised socket
    /// counts as saved.
    None,
}

/// What a message from the server means for the engine.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Bytes for the socket.
    Send(Vec<u8>),
    Changed(Change),
    /// The document now holds all that the server had; once per connection.
    Synced,
    /// These clients came, changed or left.
    Presence(Vec<u64>),
    /// JSON outside the public protocol.
    Control(String),
    /// The server denies access, with the reason.
    Denied(String),
    /// A frame could not be taken in; those around it were.
    Unreadable(FrameError),
}

/// The state of one client in one room; it lives across reconnections, as long as its document.
///
/// Call [`ClientSession::on_open`] and [`ClientSession::on_close`] with the socket,
/// [`ClientSession::on_message`] for each message and [`ClientSession::tick`] every second or so.
/// Edits made while there is no connection, or before the server has said what it has, are not
/// sent one by one: the answer to the server's first step carries them all.
#[derive(Debug)]
pub struct ClientSession {
    client: u64,
    acknowledgement: Acknowledgement,
    connection: Connection,
    pending: Pending,
    peers: Peers,
    /// The own presence; `None` until there is one, or after leaving.
    presence: Option<Arc<str>>,
    clock: u64,
    renewed_ms: u64,
    now_ms: u64,
}

/// How far the handshake has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Connection {
    open: bool,
    /// The server's first step was answered: it has all that we had.
    answered: bool,
    /// The server's answer has come: we have all that it had.
    synced: bool,
}

impl ClientSession {
    /// `client` is the document's client id.
    pub fn new(client: u64, acknowledgement: Acknowledgement) -> Self {
        Self {
            client,
            acknowledgement,
            connection: Connection::default(),
            pending: Pending::default(),
            peers: Peers::default(),
            presence: None,
            clock: 0,
            renewed_ms: 0,
            now_ms: 0,
        }
    }

    /// The socket is open: the messages to send.
    pub fn on_open(&mut self, document: &Document) -> Vec<Vec<u8>> {
        self.on_close();
        self.connection.open = true;
        let hello = Frame::SyncStep1(document.state_vector()).encode();
        std::iter::once(hello).chain(self.announce()).collect()
    }

    /// The socket is gone; returns the peers that are out of sight.
    pub fn on_close(&mut self) -> Vec<u64> {
        self.connection = Connection::default();
        self.pending.connection_lost();
        self.peers.clear()
    }

    /// Takes in one message; an error only when the message as a whole is unreadable, and then
    /// nothing of it was taken in.
    pub fn on_message(
        &mut self,
        message: &[u8],
        document: &mut Document,
    ) -> Result<Vec<Event>, FrameError> {
        let mut events = Vec::new();
        for frame in decode_all(message)? {
            self.on_frame(frame, document, &mut events);
        }
        Ok(events)
    }

    fn on_frame(&mut self, frame: Frame, document: &mut Document, events: &mut Vec<Event>) {
        match frame {
            Frame::SyncStep1(vector) => match document.diff(&vector) {
                Ok(diff) => self.answer(diff, document, events),
                Err(error) => events.push(Event::Unreadable(error.into())),
            },
            Frame::SyncStep2(update) => {
                apply(&update, document, events);
                if !std::mem::replace(&mut self.connection.synced, true) {
                    events.push(Event::Synced);
                }
            }
            Frame::Update(update) => apply(&update, document, events),
            Frame::Awareness(update) => self.on_awareness(&update, events),
            Frame::AwarenessQuery => events.extend(self.announce().map(Event::Send)),
            Frame::Auth(reason) => events.push(Event::Denied(reason)),
            Frame::Control(json) => events.push(Event::Control(json)),
            Frame::Unknown(_) => {}
        }
    }

    /// Sends what the server lacks: also what waits here for what only the server has, as edits from a
    /// journal do.
    fn answer(&mut self, diff: Vec<u8>, document: &Document, events: &mut Vec<Event>) {
        self.connection.answered = true;
        let waiting = document.waiting();
        for _ in &waiting {
            self.pending.sent_some();
        }
        self.pending.sent_all();
        self.settle_without_acknowledgement();
        let frames = std::iter::once(Frame::SyncStep2(diff));
        let frames = frames.chain(waiting.into_iter().map(Frame::Update));
        events.extend(frames.map(|frame| Event::Send(frame.encode())));
    }

    fn on_awareness(&mut self, update: &AwarenessUpdate, events: &mut Vec<Event>) {
        let mut changed = Vec::new();
        for entry in &update.entries {
            if entry.client == self.client {
                events.extend(self.on_own_entry(entry).map(Event::Send));
            } else if self.peers.apply(entry, self.now_ms) {
                changed.push(entry.client);
            }
        }
        if !changed.is_empty() {
            events.push(Event::Presence(changed));
        }
    }

    /// Nobody else ends our presence: whoever thinks that we left is told that we are here.
    fn on_own_entry(&mut self, entry: &AwarenessEntry) -> Option<Vec<u8>> {
        let declared_gone = entry.json.is_none() && entry.clock >= self.clock;
        self.clock = self.clock.max(entry.clock);
        declared_gone.then(|| self.announce()).flatten()
    }

    /// Takes note of an update that the document made; the message to send, if it can be sent now.
    ///
    /// Each counts as one pending edit until it is durable.
    pub fn local_update(&mut self, update: Vec<u8>) -> Option<Vec<u8>> {
        self.pending.edited();
        if !self.connection.answered {
            return None;
        }
        self.pending.sent_all();
        self.settle_without_acknowledgement();
        Some(Frame::Update(update).encode())
    }

    /// `edits` were read back from a journal into the document and are not known to be durable.
    pub fn restored(&mut self, edits: usize) {
        (0..edits).for_each(|_| self.pending.edited());
    }

    /// The first `count` document frames of this connection are durable.
    ///
    /// Returns how many edits that settles, the oldest first, so that a journal can drop as many.
    pub fn acked(&mut self, count: u64) -> usize {
        self.pending.acked(count)
    }

    /// The edits that are not known to be durable.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Whether the document holds all that the server had when this connection began.
    pub fn is_synced(&self) -> bool {
        self.connection.synced
    }

    /// Shows `presence` to the others; the message to send, if there is a connection and news.
    pub fn set_presence(&mut self, presence: &Presence, now_ms: u64) -> Option<Vec<u8>> {
        self.now_ms = now_ms;
        let json = serde_json::to_string(presence).ok()?;
        if self.presence.as_deref() == Some(json.as_str()) {
            return None;
        }
        self.presence = Some(json.into());
        self.announce()
    }

    /// Tells the others that we are leaving; the message to send before the socket is closed.
    pub fn leave(&mut self) -> Option<Vec<u8>> {
        self.presence.take()?;
        self.clock += 1;
        self.connection.open.then(|| self.presence_frame())
    }

    /// The other clients and what they show, by client id.
    pub fn peers(&self) -> impl Iterator<Item = (u64, &Presence)> {
        self.peers.iter()
    }

    /// Time has passed: repeats the own presence when it is due, lets silent peers go.
    pub fn tick(&mut self, now_ms: u64) -> Vec<Event> {
        self.now_ms = now_ms;
        let mut events = Vec::new();
        if now_ms.saturating_sub(self.renewed_ms) >= RENEWAL_MS {
            events.extend(self.announce().map(Event::Send));
        }
        let gone = self.peers.expire(now_ms);
        if !gone.is_empty() {
            events.push(Event::Presence(gone));
        }
        events
    }

    /// The own presence under a new clock, if there is one and a connection.
    ///
    /// The clock grows with each connection too: after the server has said that we left, the same
    /// clock again would be old news to the others.
    fn announce(&mut self) -> Option<Vec<u8>> {
        if !self.connection.open || self.presence.is_none() {
            return None;
        }
        self.clock += 1;
        self.renewed_ms = self.now_ms;
        Some(self.presence_frame())
    }

    fn presence_frame(&self) -> Vec<u8> {
        let entry = AwarenessEntry {
            client: self.client,
            clock: self.clock,
            json: self.presence.clone(),
        };
        let entries = vec![entry];
        Frame::Awareness(AwarenessUpdate { entries }).encode()
    }

    fn settle_without_acknowledgement(&mut self) {
        if self.acknowledgement == Acknowledgement::None {
            self.pending.acked(u64::MAX);
        }
    }
}

fn apply(update: &[u8], document: &mut Document, events: &mut Vec<Event>) {
    match document.apply_update(update) {
        Ok(change) if change == Change::default() => {}
        Ok(change) => events.push(Event::Changed(change)),
        Err(error) => events.push(Event::Unreadable(error.into())),
    }
}
