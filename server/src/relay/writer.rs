//! The half of a socket that writes: what its outbox holds, and pings.

use super::member::Member;
use super::outbox::News;
use super::room::{Command, Room};
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use bytes::Bytes;
use futures_util::SinkExt;
use futures_util::stream::SplitSink;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

pub(super) const PING_EVERY: Duration = Duration::from_secs(20);
/// A peer that takes nothing for so long is gone.
const WRITE_PATIENCE: Duration = Duration::from_mins(1);

/// Writes what the outbox holds, many frames to one flush, until the socket is closed.
pub(super) async fn write(
    room: Arc<Room>,
    member: Arc<Member>,
    mut sink: SplitSink<WebSocket, Message>,
) {
    let _ended = member.ended.clone().drop_guard();
    let mut ping_at = Instant::now() + PING_EVERY;
    let mut presence_seen = 0;
    loop {
        let batch = tokio::select! {
            batch = member.outbox.next() => batch,
            () = tokio::time::sleep_until(ping_at) => {
                ping_at = Instant::now() + PING_EVERY;
                if flush(&mut sink, vec![Message::Ping(Bytes::new())]).await.is_err() {
                    return;
                }
                continue;
            }
        };
        let mut messages: Vec<Message> = batch.frames.into_iter().map(Message::Binary).collect();
        if let Some(news) = batch.presence {
            if news == News::Everyone {
                presence_seen = 0;
            }
            let (seen, frame) = room.presence.since(presence_seen);
            presence_seen = seen;
            messages.extend(frame.map(Message::Binary));
        }
        messages.extend(
            batch
                .close
                .map(|(code, reason)| close_message(code, reason)),
        );
        if flush(&mut sink, messages).await.is_err() || batch.close.is_some() {
            return;
        }
        if let Some(sent_seq) = batch.resync_from {
            let resync = Command::Resync {
                member: member.clone(),
                sent_seq,
            };
            if room.send(resync).await.is_err() {
                return;
            }
        }
    }
}

pub(super) async fn flush(
    sink: &mut SplitSink<WebSocket, Message>,
    messages: Vec<Message>,
) -> Result<(), ()> {
    let write = async {
        for message in messages {
            sink.feed(message).await?;
        }
        sink.flush().await
    };
    match tokio::time::timeout(WRITE_PATIENCE, write).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(()),
    }
}

pub(super) fn close_message(code: u16, reason: &'static str) -> Message {
    Message::Close(Some(CloseFrame {
        code,
        reason: reason.into(),
    }))
}
