//! What became durable: applied, sent to the others, acknowledged.

use super::{Actor, Origin, state_vector};
use crate::error::Error;
use crate::history;
use crate::relay::Edited;
use crate::relay::committer::Outcome;
use crate::relay::member::Member;
use crate::relay::wire;
use metrics::histogram;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use time::OffsetDateTime;
use uuid::Uuid;
use visionflow_api::{RefusalReason, ServerControl, close};
use visionflow_document::{Change, Ignored};

/// State vectors are kept for readers that fall behind, one every so many events.
const CHECKPOINT_EVERY: i64 = 256;
const CHECKPOINTS: usize = 64;

impl Actor {
    pub(super) async fn on_outcome(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Committed { count, seq, at } => self.on_committed(count, seq, at).await,
            Outcome::Stalled => {
                for member in self.room.members() {
                    member
                        .outbox
                        .close(1011, "the server cannot store edits at the moment");
                }
            }
            Outcome::Lost => {
                for member in self.room.members() {
                    member.outbox.close(close::NOT_FOUND, "the room is gone");
                }
                self.broken = true;
            }
        }
    }

    async fn on_committed(&mut self, count: usize, seq: i64, at: OffsetDateTime) {
        let started = std::time::Instant::now();
        let first = seq - count as i64 + 1;
        if first != self.seq + 1 {
            self.take_in_foreign(first - 1).await;
        }
        let mut acks: HashMap<u64, (Arc<Member>, u64)> = HashMap::new();
        let mut in_want = HashSet::new();
        let members = self.room.members();
        for seq in first..=seq {
            self.acknowledge_known();
            let Some(durable) = self.in_flight.pop_front() else {
                break;
            };
            let payload = durable.payload.unwrap_or_default();
            self.seq = seq;
            let (change, author) = match durable.origin {
                Origin::Socket {
                    member,
                    frame,
                    _permit,
                } => {
                    member.committed(seq, frame);
                    acks.insert(member.id, (member.clone(), frame));
                    (self.apply(&payload), Some((member, frame)))
                }
                Origin::Server { change, reply } => {
                    self.local_in_flight -= 1;
                    let at = Some(at);
                    let _ = reply.send(Ok(Edited { seq, at }));
                    (Some(change), None)
                }
            };
            let user_id = Some(durable.user_id);
            self.room.log.push(seq, at, user_id, &payload);
            let Some(change) = change else {
                if let Some((member, frame)) = author {
                    let detail = "The update cannot be applied.".to_owned();
                    member.refuse(frame, RefusalReason::Undecodable, detail);
                }
                continue;
            };
            let author = author.map(|(member, _)| member);
            fan_out(&members, author.as_deref(), seq, &payload);
            if let Some(author) = &author {
                report_ignored(author, &change.ignored);
                if change.waits {
                    in_want.insert(author.id);
                }
            }
            self.touches.record(&change, Some(durable.user_id), at, seq);
            self.logged(payload.len());
        }
        self.deliver(&members);
        self.refresh_known();
        self.hub.bus.grown(&self.room, self.seq);
        for (member, frame) in acks.into_values() {
            member.acknowledge(frame);
            if in_want.contains(&member.id) && !self.document.is_whole() && member.may_be_asked() {
                self.ask(&member);
            }
        }
        self.acknowledge_known();
        self.answer_waiting();
        histogram!("relay_fanout_seconds").record(started.elapsed());
    }

    /// Asks for what has not come: an edit that was refused, for one, that later ones build on.
    fn ask(&self, member: &Member) {
        let question = wire::sync_step_1(&self.document.state_vector());
        member.outbox.document(self.seq, question);
    }

    /// An event of so many bytes is in the document.
    fn logged(&mut self, bytes: usize) {
        self.open.grow(bytes);
        self.persistence.logged(bytes);
    }

    fn apply(&mut self, payload: &[u8]) -> Option<Change> {
        let change = history::apply(&mut self.document, payload);
        if change.is_none() {
            // It stands in the log, where every replay passes over it in the same way.
            tracing::warn!(room_id = %self.room.identity.room_id, seq = self.seq, "a committed update cannot be applied");
            self.broken = true;
        }
        change
    }

    /// What lies ready for the members is written, at the latest with the next tick.
    fn deliver(&self, members: &[Arc<Member>]) {
        if !self.room.presence.carries(members.len()) {
            for member in members {
                member.outbox.wake();
            }
        }
    }

    /// The log has grown to `seq`. What this server has under way explains itself soon; else it is
    /// another server's.
    pub(super) async fn follow(&mut self, seq: i64) {
        if self.in_flight.is_empty() && self.seq < seq {
            self.take_in_foreign(seq).await;
            self.refresh_known();
        }
    }

    /// Takes in everything that is in the log at this moment.
    pub(super) async fn catch_up(&mut self) {
        // What is under way from here explains itself, and must not be taken for another server's.
        while !self.in_flight.is_empty() && !self.broken {
            let Some(outcome) = self.outcomes_received.recv().await else {
                return;
            };
            self.on_outcome(outcome).await;
        }
        let room_id = self.room.identity.room_id;
        match self.hub.store.room_seqs(&[room_id]).await {
            Ok(heads) => {
                if let Some(seq) = heads.get(&room_id) {
                    self.follow(*seq).await;
                }
            }
            Err(error) => {
                tracing::warn!(%room_id, error = format!("{error:?}"), "the log's head was not read");
            }
        }
    }

    /// Another process has written to this room: takes in its events up to `until`.
    async fn take_in_foreign(&mut self, until: i64) {
        let (room_id, after) = (self.room.identity.room_id, self.seq);
        let events = async {
            let mut tx = self
                .hub
                .store
                .begin_as_tenant(self.room.identity.workspace_id)
                .await?;
            let events = tx.room_events(room_id, after, until, i64::MAX).await?;
            Ok::<_, Error>((events, tx.room_clients(room_id).await?))
        };
        match events.await {
            Ok((events, clients)) => {
                for (client, user) in clients {
                    self.clients.entry(client as u64).or_insert(user);
                }
                let members = self.room.members();
                for event in events {
                    if event.seq != self.seq + 1 {
                        tracing::error!(%room_id, after = self.seq, "the log has a gap");
                        self.broken = true;
                        return;
                    }
                    self.seq = event.seq;
                    self.room
                        .log
                        .push(event.seq, event.created_at, event.user_id, &event.payload);
                    self.logged(event.payload.len());
                    if let Some(change) = self.apply(&event.payload) {
                        fan_out(&members, None, event.seq, &event.payload);
                        self.touches
                            .record(&change, event.user_id, event.created_at, event.seq);
                    }
                }
                self.deliver(&members);
            }
            Err(error) => {
                tracing::error!(%room_id, error = format!("{error:?}"), "events of another server not read");
                self.broken = true;
            }
        }
    }

    /// Acknowledges frames that brought nothing new, once all before them are durable.
    pub(super) fn acknowledge_known(&mut self) {
        while let Some(front) = self.in_flight.pop_front_if(|front| front.payload.is_none()) {
            if let Origin::Socket { member, frame, .. } = front.origin {
                member.acknowledge_known(self.seq, frame);
            }
        }
    }

    /// Edits of the server wait when others have waited for a moment without one in flight: who
    /// asks for the state, and rows that are due. A script that writes without a pause would keep
    /// both from ever having their turn.
    pub(super) fn edits_wait(&self) -> bool {
        let rows_are_due = self.persistence.rows_are_due(self.seq, &self.touches);
        self.local_in_flight > 0 && (rows_are_due || !self.waiting.is_empty())
    }

    /// Gives everyone who waited their turn, in order; the rows first.
    fn answer_waiting(&mut self) {
        if self.local_in_flight == 0 {
            self.persist();
            for command in std::mem::take(&mut self.waiting) {
                self.on_command(command);
            }
        }
    }

    fn refresh_known(&mut self) {
        self.known = state_vector(&self.document);
        self.room.seq.store(self.seq, Ordering::Relaxed);
        let last = self.checkpoints.back().map_or(0, |(seq, _)| *seq);
        if self.local_in_flight == 0 && self.seq >= last + CHECKPOINT_EVERY {
            if self.checkpoints.len() == CHECKPOINTS {
                self.checkpoints.pop_front();
            }
            self.checkpoints
                .push_back((self.seq, self.document.state_vector()));
        }
    }
}

fn report_ignored(author: &Member, ignored: &[Ignored]) {
    let Some(first) = ignored.first() else { return };
    let id = |entry: &Ignored| Uuid::parse_str(entry.id.split('/').next()?).ok();
    let mut annotation_ids: Vec<Uuid> = ignored.iter().filter_map(id).collect();
    annotation_ids.dedup();
    author.tell(&ServerControl::Ignored {
        annotation_ids,
        detail: first.reason.clone(),
    });
}

/// Lays the update ready for everyone but its author.
fn fan_out(members: &[Arc<Member>], author: Option<&Member>, seq: i64, payload: &[u8]) {
    let frame = wire::update(payload);
    for member in members {
        if author.is_none_or(|author| author.id != member.id) {
            member.outbox.lay(seq, frame.clone());
        }
    }
    metrics::counter!("relay_update_deliveries_total").increment(members.len() as u64);
}
