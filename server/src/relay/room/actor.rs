//! The one task that owns a room's document, while it is awake (`life`).
//!
//! An update is checked here, then submitted to be committed; only what is durable is applied,
//! sent to the others and acknowledged, so that nobody ever holds what a crash could take back.
//! Edits of the server itself are the one exception: they are made in the document first, and
//! whoever asks for its state waits until they are durable.

mod intake;
mod outcome;
mod rest;

use super::folded::{Checkpoints, Quiet};
use super::life::{IDLE, Rest};
use super::load::Loaded;
use super::persist::Persistence;
use super::{Command, Room};
use crate::error::Result;
use crate::projection::{Projected, Touches};
use crate::relay::Edited;
use crate::relay::committer::Outcome;
use crate::relay::hub::{Hub, Open};
use crate::relay::member::Member;
use crate::relay::wire;
use bytes::Bytes;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
use tokio::time::Instant;
use uuid::Uuid;
use visionflow_api::{ServerControl, close};
use visionflow_document::{Change, Document};
use yrs::StateVector;
use yrs::updates::decoder::Decode;

/// Something on its way to the log, in the order of the log.
struct InFlight {
    origin: Origin,
    /// `None`: nothing new, acknowledged when its turn comes.
    payload: Option<Bytes>,
    user_id: Uuid,
}

enum Origin {
    Socket {
        member: Arc<Member>,
        frame: u64,
        _permit: OwnedSemaphorePermit,
    },
    /// Made in the document already.
    Server {
        change: Change,
        reply: oneshot::Sender<Result<Edited>>,
    },
}

pub(super) struct Actor {
    pub(super) hub: Arc<Hub>,
    pub(super) room: Arc<Room>,
    pub(super) document: Document,
    /// That it lies open, and what it takes as an update.
    pub(super) open: Open,
    /// The last event that the document holds.
    pub(super) seq: i64,
    pub(super) touches: Touches,
    pub(super) persistence: Persistence,
    /// What the document holds, to tell new operations from repeated ones.
    known: StateVector,
    /// The accounts that CRDT client ids belong to; none for the server's.
    clients: HashMap<u64, Option<Uuid>>,
    in_flight: VecDeque<InFlight>,
    /// Edits of the server that are in the document and not yet durable.
    pub(super) local_in_flight: usize,
    /// Requests for state that wait for those edits.
    waiting: Vec<Command>,
    checkpoints: Checkpoints,
    quiet: Quiet,
    outcomes: mpsc::UnboundedSender<Outcome>,
    outcomes_received: mpsc::UnboundedReceiver<Outcome>,
    /// The document can no longer be trusted: end, and let the next visitor load it afresh.
    broken: bool,
}

impl Actor {
    pub(super) fn new(hub: Arc<Hub>, room: Arc<Room>, loaded: Box<Loaded>) -> Self {
        let Loaded {
            document,
            bytes,
            kept,
        } = *loaded;
        let (outcomes, outcomes_received) = mpsc::unbounded_channel();
        let known = state_vector(&document);
        room.projected.set(kept.progress.projected_seq);
        room.seq.store(kept.seq, Ordering::Relaxed);
        room.log.open(kept.seq);
        Self {
            persistence: Persistence::new(kept.progress, hub.rest),
            open: hub.open(bytes),
            hub,
            room,
            document,
            seq: kept.seq,
            touches: kept.touches,
            known,
            clients: kept.clients,
            in_flight: VecDeque::new(),
            local_in_flight: 0,
            waiting: Vec::new(),
            checkpoints: kept.checkpoints,
            quiet: kept.quiet,
            outcomes,
            outcomes_received,
            broken: false,
        }
    }

    /// Serves until the room has ended, or rests; `first` is why it serves again.
    pub(super) async fn run(mut self, first: Option<Command>) -> Rest {
        if let Some(command) = first {
            self.quiet.since = Instant::now();
            self.take(command).await;
        }
        loop {
            if self.broken {
                self.hub.evict(&self.room, true);
                return Rest::Ended;
            }
            let idle = self.room.guards() == 0 && self.in_flight.is_empty();
            if !idle {
                self.quiet.left = Instant::now();
            }
            let closing = idle && self.hub.closing.is_cancelled();
            let ends_at = self.quiet.left + IDLE;
            if (closing || (idle && ends_at <= Instant::now())) && self.room.mailbox.is_empty() {
                self.finish().await;
                if self.hub.evict(&self.room, false) {
                    return Rest::Ended;
                }
                self.quiet.left = Instant::now();
            }
            let mut next = self.next_work();
            if let Some((at, progress)) = self.rests_at() {
                if at <= Instant::now() && self.room.mailbox.is_empty() {
                    return self.rest(progress).await;
                }
                next = next.min(at);
            }
            tokio::select! {
                biased;
                Some(outcome) = self.outcomes_received.recv() => {
                    self.quiet.since = Instant::now();
                    self.on_outcome(outcome).await;
                }
                Some(done) = self.persistence.finished() => self.on_persisted(done),
                command = self.room.mailbox.next() => if let Some(command) = command {
                    self.quiet.since = Instant::now();
                    self.take(command).await;
                },
                () = tokio::time::sleep_until(next) => self.persist(),
                () = tokio::time::sleep_until(ends_at), if idle => {}
                () = self.hub.closing.cancelled(), if idle && !closing => {}
            }
        }
    }

    async fn take(&mut self, command: Command) {
        match command {
            Command::Follow { seq } => self.follow(seq).await,
            Command::Update(update) => self.update(*update).await,
            command => self.on_command(command),
        }
    }

    fn on_command(&mut self, command: Command) {
        match command {
            Command::Join(member) => self.join(member),
            Command::Leave(member) => self.room.remove(&member),
            Command::Edit { .. } if self.edits_wait() => self.waiting.push(command),
            Command::Edit {
                user_id,
                make,
                reply,
            } => self.edit(user_id, make, reply),
            Command::Answer { .. } | Command::Resync { .. } if self.local_in_flight > 0 => {
                self.waiting.push(command);
            }
            Command::Answer {
                member,
                state_vector,
            } => self.answer(&member, &state_vector),
            Command::Resync { member, sent_seq } => self.resync(&member, sent_seq),
            Command::Project => self.persistence.hurry(),
            // Those may wait for the database, and never wait for others here.
            Command::Update(_) | Command::Follow { .. } => {}
            Command::LabelsChanged => {
                self.touches.retry_unlabelled();
                self.persistence.hurry();
            }
        }
    }

    fn join(&mut self, member: Arc<Member>) {
        member
            .outbox
            .document(0, wire::sync_step_1(&self.document.state_vector()));
        member.outbox.everyone();
        self.room.add(member);
    }

    fn answer(&mut self, member: &Member, state_vector: &[u8]) {
        match self.document.diff(state_vector) {
            Ok(diff) => member.outbox.answer(self.seq, self.frames(&diff)),
            Err(error) => {
                tracing::debug!(%error, "a state vector was refused");
                member
                    .outbox
                    .close(close::PROTOCOL, "the state vector is malformed");
            }
        }
    }

    /// What a reader lacks, and what waits here for what it builds on.
    fn frames(&self, diff: &[u8]) -> Vec<Bytes> {
        let waiting = self.document.waiting();
        let waiting = waiting.iter().map(|update| wire::update(update));
        std::iter::once(wire::sync_step_2(diff))
            .chain(waiting)
            .collect()
    }

    fn resync(&mut self, member: &Member, sent_seq: i64) {
        metrics::counter!("relay_resyncs_total").increment(1);
        let from = self
            .checkpoints
            .iter()
            .rev()
            .find(|(seq, _)| *seq <= sent_seq);
        let from = from.map_or(&[][..], |(_, state_vector)| state_vector);
        match self.document.diff(from) {
            Ok(diff) => member.outbox.resync(self.seq, self.frames(&diff)),
            Err(error) => tracing::error!(%error, "a state vector of our own was refused"),
        }
    }

    pub(super) fn on_projected(&mut self, projected: &Projected) {
        self.room.projected.raise(projected.seq);
        for member in self.room.members() {
            let mine = projected
                .passed_over
                .iter()
                .filter(|(_, user)| *user == Some(member.user_id));
            let annotation_ids: Vec<Uuid> = mine.map(|(id, _)| id.0).collect();
            if !annotation_ids.is_empty() {
                let detail = "The label is not one of this project's.".to_owned();
                member.tell(&ServerControl::Ignored {
                    annotation_ids,
                    detail,
                });
            }
        }
    }
}

fn state_vector(document: &Document) -> StateVector {
    StateVector::decode_v1(&document.state_vector()).expect("Yrs reads what it writes")
}
