//! The walk of one script along the log of its room.

use super::log::Reading;
use super::{Script, wire};
use crate::error::{Error, Result};
use crate::relay::member::Member;
use crate::relay::room::Room;
use crate::store::{RoomEvent, Store};
use serde_json::json;
use std::sync::Arc;
use tokio::sync::mpsc;
use visionflow_document::check_update;
use visionflow_websocket::Message;

/// Who lacks more events than this gets a snapshot first.
const FAR: i64 = 1000;
/// Events read from the database, or sent from memory, at once.
const PAGE: usize = 200;
/// Their bytes; one larger event is read alone.
const PAGE_BYTES: i64 = 4 << 20;
/// The update that changes nothing, in place of one that Yjs could not read.
const NOTHING: [u8; 2] = [0, 0];

/// Sends `roomInfo`, then every event after the client's last one, in order, with acknowledgements
/// in their places; until the socket ends, or it is told to finish and nothing is left.
pub(super) async fn run(
    store: Store,
    room: Arc<Room>,
    member: Arc<Member>,
    out: mpsc::Sender<Vec<Message>>,
) {
    let Some(script) = &member.script else { return };
    let reading = room.log.read();
    let walk = Walk {
        store,
        room,
        member: &member,
        script,
        reading,
        at: script.last_seq,
    };
    if let Err(error) = walk.run(out).await {
        tracing::error!(room_id = %member.room.room_id, error = format!("{error:?}"), "a script's events not read");
        let reason = "the events cannot be read at the moment";
        member.outbox.close(1011, reason);
    }
}

struct Walk<'a> {
    store: Store,
    room: Arc<Room>,
    member: &'a Member,
    script: &'a Script,
    reading: Reading,
    /// The last event that was handed on.
    at: i64,
}

impl Walk<'_> {
    async fn run(mut self, out: mpsc::Sender<Vec<Message>>) -> Result<()> {
        let head = tokio::select! {
            head = self.reading.opened() => head,
            () = self.member.ended.cancelled() => return Ok(()),
        };
        if out.send(vec![self.greet(head).await?]).await.is_err() {
            return Ok(());
        }
        loop {
            let messages = self.next().await?;
            if !messages.is_empty() {
                if out.send(messages).await.is_err() {
                    return Ok(());
                }
                continue;
            }
            if self.script.finishing.is_cancelled() {
                return Ok(());
            }
            tokio::select! {
                () = self.reading.grown() => {}
                () = self.script.acks.news() => {}
                () = self.script.finishing.cancelled() => {}
                () = self.member.ended.cancelled() => return Ok(()),
            }
        }
    }

    /// `roomInfo`. The database may be ahead of this server, by what others have written.
    async fn greet(&mut self, head: i64) -> Result<Message> {
        let room = self.room.identity;
        let mut tx = self.store.begin_as_tenant(room.workspace_id).await?;
        let heads = tx.room_heads(room.room_id).await?;
        tx.commit().await?;
        let heads = heads.ok_or_else(Error::not_found)?;
        let head = heads.seq.max(head);
        if self.at > head {
            // It is not from this log.
            self.at = 0;
        }
        Ok(wire::text(&json!({
            "type": "roomInfo",
            "roomId": room.room_id,
            "seq": head,
            "snapshotSeq": heads.snapshot_seq,
            "userId": self.script.person,
            "name": self.script.name,
            "canEdit": self.member.can_edit(),
        })))
    }

    /// What comes next; nothing where the client has everything.
    async fn next(&mut self) -> Result<Vec<Message>> {
        let mut messages = Vec::new();
        let head = self.reading.head();
        if self.at < head {
            match self.reading.after(self.at) {
                Some(events) => {
                    for (seq, frame) in events.into_iter().take(PAGE) {
                        self.hand_on(seq, || frame, &mut messages);
                    }
                }
                None => self.read(head, &mut messages).await?,
            }
        }
        for (seq, here) in self.script.acks.take_until(self.at) {
            messages.extend(wire::acks(seq, &here));
        }
        Ok(messages)
    }

    /// Event `seq`, or where it is the client's own, its acknowledgement.
    fn hand_on(
        &mut self,
        seq: i64,
        frame: impl FnOnce() -> bytes::Bytes,
        messages: &mut Vec<Message>,
    ) {
        // What is acknowledged at an earlier event had to wait for that one only.
        for (seq, here) in self.script.acks.take_until(self.at) {
            messages.extend(wire::acks(seq, &here));
        }
        let here = self.script.acks.take(seq);
        if !here.as_ref().is_some_and(|here| here.own) {
            messages.push(Message::Binary(frame()));
        }
        messages.extend(here.iter().flat_map(|here| wire::acks(seq, here)));
        self.at = seq;
    }

    /// From the database: a snapshot where the way is long, or else the next events.
    async fn read(&mut self, head: i64, messages: &mut Vec<Message>) -> Result<()> {
        if head - self.at > FAR && self.jump(messages).await? {
            return Ok(());
        }
        let events = self.events(head).await?;
        let (mut last, from) = (self.at, self.at);
        for event in events {
            if event.seq != last + 1 {
                break;
            }
            last = event.seq;
            self.hand_on(event.seq, || frame_of(&event), messages);
        }
        if self.at > from || self.jump(messages).await? {
            return Ok(());
        }
        // Neither the next event nor a snapshot beyond it.
        Err(Error::internal(anyhow::anyhow!(
            "the log has a gap after event {}",
            self.at
        )))
    }

    async fn events(&self, head: i64) -> Result<Vec<RoomEvent>> {
        let room = self.room.identity;
        let mut tx = self.store.begin_as_tenant(room.workspace_id).await?;
        let page = tx
            .room_events_page(room.room_id, self.at, head, PAGE as i64, PAGE_BYTES)
            .await?;
        tx.commit().await?;
        Ok(page)
    }

    /// To the newest snapshot, if it lies ahead and can be read.
    async fn jump(&mut self, messages: &mut Vec<Message>) -> Result<bool> {
        let room = self.room.identity;
        let mut tx = self.store.begin_as_tenant(room.workspace_id).await?;
        let snapshot = tx.room_snapshot(room.room_id, i64::MAX).await?;
        tx.commit().await?;
        let Some(snapshot) = snapshot.filter(|snapshot| snapshot.seq > self.at) else {
            return Ok(false);
        };
        let seq = snapshot.seq;
        let checked = tokio::task::spawn_blocking(move || {
            let sound = snapshot.is_intact() && check_update(&snapshot.state).is_ok();
            sound.then_some(snapshot.state)
        });
        let Ok(Some(state)) = checked.await else {
            tracing::error!(room_id = %room.room_id, seq, "a snapshot cannot be read; using the log");
            return Ok(false);
        };
        messages.push(Message::Binary(wire::snapshot(seq, &state)));
        self.at = seq;
        Ok(true)
    }
}

fn frame_of(event: &RoomEvent) -> bytes::Bytes {
    let readable = check_update(&event.payload).is_ok();
    let payload = if readable {
        &event.payload[..]
    } else {
        &NOTHING
    };
    wire::event(event.seq, event.created_at, event.user_id, payload)
}
