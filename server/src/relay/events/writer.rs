//! The writing half of a script's socket.

use super::presence::Others;
use super::{feed, wire};
use crate::relay::member::Member;
use crate::relay::outbox::{Batch, News};
use crate::relay::room::Room;
use crate::relay::websocket::Sender;
use crate::relay::writer::{PING_EVERY, close_message, flush};
use crate::store::Store;
use bytes::Bytes;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;
use visionflow_api::ServerControl;
use visionflow_sync::{Frame, decode_all};
use visionflow_websocket::Message;

/// How long the end of a socket waits for the events and acknowledgements before it.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Writes what the feed and the outbox hold, until the socket is closed.
pub(in crate::relay) async fn write(
    store: Store,
    room: Arc<Room>,
    member: Arc<Member>,
    sender: Sender,
) {
    let _ended = member.ended.clone().drop_guard();
    let (events, fed) = mpsc::channel(1);
    let feed = feed::run(store, room.clone(), member.clone(), events);
    let _feed = AbortOnDropHandle::new(tokio::spawn(feed));
    let writer = Writer {
        room,
        member,
        sender,
        fed,
        others: Others::default(),
        presence_seen: 0,
        held: Some(Vec::new()),
    };
    writer.run().await;
}

struct Writer {
    room: Arc<Room>,
    member: Arc<Member>,
    sender: Sender,
    fed: mpsc::Receiver<Vec<Message>>,
    others: Others,
    /// The tick of the room's presence that was told last.
    presence_seen: u64,
    /// What waits until `roomInfo`, the feed's first message, has been sent.
    held: Option<Vec<Message>>,
}

impl Writer {
    async fn run(mut self) {
        let mut ping_at = Instant::now() + PING_EVERY;
        let mut feeding = true;
        loop {
            let mut close = None;
            let messages = tokio::select! {
                fed = self.fed.recv(), if feeding => {
                    feeding = fed.is_some();
                    let mut messages = fed.unwrap_or_default();
                    if feeding {
                        messages.extend(self.held.take().into_iter().flatten());
                    }
                    messages
                }
                batch = self.member.outbox.next() => {
                    close = batch.close;
                    let messages = self.translate(batch);
                    match &mut self.held {
                        Some(held) => {
                            held.extend(messages);
                            Vec::new()
                        }
                        None => messages,
                    }
                }
                () = tokio::time::sleep_until(ping_at) => {
                    ping_at = Instant::now() + PING_EVERY;
                    vec![Message::Ping(Bytes::new())]
                }
            };
            if flush(&mut self.sender, messages).await.is_err() {
                return;
            }
            if let Some((code, reason)) = close {
                return self.end(code, reason).await;
            }
        }
    }

    /// The feed's last words, then the close.
    async fn end(mut self, code: u16, reason: &'static str) {
        if let Some(script) = &self.member.script {
            script.finishing.cancel();
        }
        let until = Instant::now() + LAST_WORDS;
        while let Ok(Some(messages)) = tokio::time::timeout_at(until, self.fed.recv()).await {
            if flush(&mut self.sender, messages).await.is_err() {
                return;
            }
        }
        let mut last = self.held.take().unwrap_or_default();
        last.push(close_message(code, reason));
        let _ = flush(&mut self.sender, last).await;
    }

    /// What the outbox holds for everyone, in the words of this protocol.
    fn translate(&mut self, batch: Batch) -> Vec<Message> {
        let mut frames = batch.frames;
        if let Some(news) = batch.presence {
            if news == News::Everyone {
                self.presence_seen = 0;
            }
            let (seen, frame) = self.room.presence.since(self.presence_seen);
            self.presence_seen = seen;
            frames.extend(frame);
        }
        let frames = frames.iter().filter_map(|frame| decode_all(frame).ok());
        let mut messages: Vec<Message> = batch.pong.into_iter().map(Message::Pong).collect();
        for frame in frames.flatten() {
            match frame {
                Frame::Control(json) => {
                    let control = serde_json::from_str::<ServerControl>(&json).ok();
                    messages.extend(control.as_ref().and_then(wire::notice));
                }
                Frame::Awareness(update) => {
                    if let Some(script) = &self.member.script {
                        messages.extend(
                            self.others
                                .tell(&update, script, |client| self.room.authors.of(client)),
                        );
                    }
                }
                _ => {}
            }
        }
        messages
    }
}
