//! The half of a socket that writes: what its outbox holds, and pings.

use super::member::Member;
use super::outbox::News;
use super::room::{Command, Room};
use super::websocket::Sender;
use bytes::Bytes;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use visionflow_websocket::{CloseFrame, Message};

pub(super) const PING_EVERY: Duration = Duration::from_secs(20);
/// A peer that takes nothing for so long is gone.
const WRITE_PATIENCE: Duration = Duration::from_mins(1);

/// Writes what the outbox holds, many frames to one flush, until the socket is closed.
pub(super) async fn write(room: Arc<Room>, member: Arc<Member>, mut sender: Sender) {
    let _ended = member.ended.clone().drop_guard();
    let mut ping = pin!(tokio::time::sleep(PING_EVERY));
    let mut presence_seen = 0;
    loop {
        let batch = tokio::select! {
            batch = member.outbox.next() => batch,
            () = &mut ping => {
                ping.as_mut().reset(Instant::now() + PING_EVERY);
                if flush(&mut sender, vec![Message::Ping(Bytes::new())]).await.is_err() {
                    return;
                }
                continue;
            }
        };
        let mut messages: Vec<Message> = batch.pong.into_iter().map(Message::Pong).collect();
        messages.extend(batch.frames.into_iter().map(Message::Binary));
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
        if flush(&mut sender, messages).await.is_err() || batch.close.is_some() {
            return;
        }
        if let Some(sent_seq) = batch.resync_from {
            let resync = Command::Resync {
                member: member.clone(),
                sent_seq,
            };
            // Boxed, as what is written: a socket to which nothing is written is to be small.
            if Box::pin(room.send(resync)).await.is_err() {
                return;
            }
        }
    }
}

pub(super) async fn flush(sender: &mut Sender, messages: Vec<Message>) -> Result<(), ()> {
    // Boxed, as above.
    let sending = Box::pin(tokio::time::timeout(WRITE_PATIENCE, sender.send(messages)));
    match sending.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(()),
    }
}

pub(super) fn close_message(code: u16, reason: &'static str) -> Message {
    Message::Close(Some(CloseFrame {
        code,
        reason: reason.to_owned(),
    }))
}
