//! The one task that owns a room's document.
//!
//! An update is checked here, then submitted to be committed; only what is durable is applied,
//! sent to the others and acknowledged, so that nobody ever holds what a crash could take back.
//! Edits of the server itself are the one exception: they are made in the document first, and
//! whoever asks for its state waits until they are durable.

use super::load::{self, Loaded};
use super::persist::Persistence;
use super::{Command, MakeEdits, Room};
use crate::error::{Error, Result};
use crate::history;
use crate::projection::{Projected, Touches};
use crate::relay::check::{self, Checked};
use crate::relay::committer::{Outcome, Submission};
use crate::relay::hub::Hub;
use crate::relay::member::Member;
use crate::relay::wire;
use bytes::Bytes;
use metrics::histogram;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
use tokio::time::Instant;
use uuid::Uuid;
use visionflow_api::{RefusalReason, ServerControl, close};
use visionflow_document::{Change, Document, Ignored};
use yrs::StateVector;
use yrs::updates::decoder::Decode;

/// How long a room without sockets and requests stays in memory.
const IDLE: Duration = Duration::from_secs(60);
/// State vectors are kept for readers that fall behind, one every so many events.
const CHECKPOINT_EVERY: i64 = 256;
const CHECKPOINTS: usize = 64;

pub(super) async fn run(hub: Arc<Hub>, room: Arc<Room>, mut commands: mpsc::Receiver<Command>) {
    match load::load_patiently(&hub, &room.identity).await {
        Ok(loaded) => {
            Actor::new(hub.clone(), room.clone(), loaded)
                .run(&mut commands)
                .await
        }
        Err(error) => {
            tracing::error!(room_id = %room.identity.room_id, error = format!("{error:?}"), "room not loaded");
            hub.evict(&room, true);
        }
    }
    // Whoever still waits hears that the room has ended: replies are dropped with their commands.
    commands.close();
    while let Some(command) = commands.recv().await {
        if let Command::Join(member) = command {
            member
                .outbox
                .close(1011, "the document cannot be opened at the moment");
        }
    }
    for member in room.members() {
        member.outbox.close(1011, "the room is restarting");
    }
}

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
        reply: oneshot::Sender<Result<i64>>,
    },
}

pub(super) struct Actor {
    pub(super) hub: Arc<Hub>,
    pub(super) room: Arc<Room>,
    pub(super) document: Document,
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
    checkpoints: VecDeque<(i64, Vec<u8>)>,
    outcomes: mpsc::UnboundedSender<Outcome>,
    outcomes_received: mpsc::UnboundedReceiver<Outcome>,
    /// The document can no longer be trusted: end, and let the next visitor load it afresh.
    broken: bool,
}

impl Actor {
    fn new(hub: Arc<Hub>, room: Arc<Room>, loaded: Loaded) -> Self {
        let (outcomes, outcomes_received) = mpsc::unbounded_channel();
        let known = state_vector(&loaded.document);
        room.projected_seq.send_replace(loaded.heads.projected_seq);
        Self {
            persistence: Persistence::new(&loaded),
            hub,
            room,
            document: loaded.document,
            seq: loaded.seq,
            touches: loaded.touches,
            known,
            clients: loaded.clients,
            in_flight: VecDeque::new(),
            local_in_flight: 0,
            waiting: Vec::new(),
            checkpoints: VecDeque::new(),
            outcomes,
            outcomes_received,
            broken: false,
        }
    }

    async fn run(mut self, commands: &mut mpsc::Receiver<Command>) {
        let mut idle_since = Instant::now();
        loop {
            if self.broken {
                self.hub.evict(&self.room, true);
                return;
            }
            let idle = self.room.guards() == 0 && self.in_flight.is_empty();
            if !idle {
                idle_since = Instant::now();
            }
            let closing = idle && self.hub.closing.is_cancelled();
            if (closing || (idle && idle_since.elapsed() >= IDLE)) && commands.is_empty() {
                self.finish().await;
                if self.hub.evict(&self.room, false) {
                    return;
                }
                idle_since = Instant::now();
            }
            let next_work = self
                .persistence
                .due(self.seq, &self.touches, self.local_in_flight);
            tokio::select! {
                biased;
                Some(outcome) = self.outcomes_received.recv() => self.on_outcome(outcome).await,
                Some(done) = self.persistence.finished() => self.on_persisted(done),
                Some(command) = commands.recv() => self.on_command(command),
                () = tokio::time::sleep_until(next_work) => self.persist(),
                () = self.room.left.notified() => {}
                () = tokio::time::sleep_until(idle_since + IDLE), if idle => {}
                () = self.hub.closing.cancelled(), if idle && !closing => {}
            }
        }
    }

    fn on_command(&mut self, command: Command) {
        match command {
            Command::Join(member) => self.join(member),
            Command::Leave(member) => self.room.remove(&member),
            Command::Update {
                member,
                frame,
                update,
                may_be_known,
                permit,
            } => {
                self.update(member, frame, update, may_be_known, permit);
            }
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
        if let Some(frame) = self.room.presence.everyone() {
            member.outbox.awareness(frame);
        }
        self.room.add(member);
    }

    fn answer(&mut self, member: &Member, state_vector: &[u8]) {
        match self.document.diff(state_vector) {
            Ok(diff) => member.outbox.document(self.seq, wire::sync_step_2(&diff)),
            Err(error) => {
                tracing::debug!(%error, "a state vector was refused");
                member
                    .outbox
                    .close(close::PROTOCOL, "the state vector is malformed");
            }
        }
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
            Ok(diff) => member.outbox.resync(self.seq, wire::sync_step_2(&diff)),
            Err(error) => tracing::error!(%error, "a state vector of our own was refused"),
        }
    }

    fn update(
        &mut self,
        member: Arc<Member>,
        frame: u64,
        update: Checked,
        may_be_known: bool,
        permit: OwnedSemaphorePermit,
    ) {
        let user_id = member.user_id;
        let new_clients = update.new_clients(&self.known);
        let news = !new_clients.is_empty()
            || (update.has_deletes() && !(may_be_known && self.knows_deletes_of(&update)));
        let origin = Origin::Socket {
            member: member.clone(),
            frame,
            _permit: permit,
        };
        if !news {
            self.in_flight.push_back(InFlight {
                origin,
                payload: None,
                user_id,
            });
            return self.acknowledge_known();
        }
        if !member.can_edit() {
            let detail = "You can look at this item, but not change it.".to_owned();
            return member.refuse(frame, RefusalReason::ReadOnly, detail);
        }
        let bindings = match self.bind(&new_clients, user_id) {
            Ok(bindings) => bindings,
            Err(client) => {
                let detail =
                    format!("The update writes as client {client}, which is someone else's.");
                return member.refuse(frame, RefusalReason::Undecodable, detail);
            }
        };
        let payload = update.payload;
        self.submit(payload.clone(), user_id, bindings);
        self.in_flight.push_back(InFlight {
            origin,
            payload: Some(payload),
            user_id,
        });
    }

    fn knows_deletes_of(&self, update: &Checked) -> bool {
        let own = self.document.diff(&self.document.state_vector()).ok();
        let known = own.and_then(|own| check::delete_set(&own));
        known.is_some_and(|known| !update.deletes_beyond(&known))
    }

    /// A CRDT client id belongs to the account that used it first: nobody writes as somebody else,
    /// nor takes the numbers that somebody's next operations will have.
    fn bind(&mut self, clients: &[u64], user_id: Uuid) -> Result<Vec<(u64, Option<Uuid>)>, u64> {
        let foreign = |client: &&u64| {
            self.clients
                .get(client)
                .is_some_and(|owner| *owner != Some(user_id))
        };
        if let Some(client) = clients.iter().find(foreign) {
            return Err(*client);
        }
        let mut bindings = Vec::new();
        for client in clients {
            if self.clients.insert(*client, Some(user_id)).is_none() {
                bindings.push((*client, Some(user_id)));
            }
        }
        Ok(bindings)
    }

    fn submit(&mut self, payload: Bytes, user_id: Uuid, bindings: Vec<(u64, Option<Uuid>)>) {
        let submission = Submission {
            room_id: self.room.identity.room_id,
            user_id: Some(user_id),
            payload,
            bindings,
            outcome: self.outcomes.clone(),
        };
        self.hub
            .committer
            .submit(self.room.identity.workspace_id, submission);
    }

    /// Makes edits of the server in the name of `user_id`.
    fn edit(&mut self, user_id: Uuid, make: Box<MakeEdits>, reply: oneshot::Sender<Result<i64>>) {
        let edits = match make(&self.document) {
            Ok(edits) => edits,
            Err(error) => return drop(reply.send(Err(error))),
        };
        let change = match self.document.edit(&edits) {
            Ok(change) => change,
            Err(error) => return drop(reply.send(Err(Error::invalid(error.to_string())))),
        };
        self.document.forget_history();
        let updates = self.document.take_updates();
        if updates.is_empty() {
            return drop(reply.send(Ok(self.seq)));
        }
        let own = self.document.client_id();
        let mut bindings = Vec::new();
        if self.clients.insert(own, None).is_none() {
            bindings.push((own, None));
        }
        let last = updates.len() - 1;
        let mut ending = Some((change, reply));
        for (index, update) in updates.into_iter().enumerate() {
            let payload = Bytes::from(update);
            self.submit(payload.clone(), user_id, std::mem::take(&mut bindings));
            let (change, reply) = match ending.take_if(|_| index == last) {
                Some(ending) => ending,
                None => (Change::default(), oneshot::channel().0),
            };
            let origin = Origin::Server { change, reply };
            self.in_flight.push_back(InFlight {
                origin,
                payload: Some(payload),
                user_id,
            });
            self.local_in_flight += 1;
        }
    }

    async fn on_outcome(&mut self, outcome: Outcome) {
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
                    acks.insert(member.id, (member.clone(), frame));
                    (self.apply(&payload), Some((member, frame)))
                }
                Origin::Server { change, reply } => {
                    self.local_in_flight -= 1;
                    let _ = reply.send(Ok(seq));
                    (Some(change), None)
                }
            };
            let Some(change) = change else {
                if let Some((member, frame)) = author {
                    let detail = "The update cannot be applied.".to_owned();
                    member.refuse(frame, RefusalReason::Undecodable, detail);
                }
                continue;
            };
            let author = author.map(|(member, _)| member);
            self.fan_out(&members, author.as_deref(), seq, &payload);
            if let Some(author) = &author {
                report_ignored(author, &change.ignored);
            }
            self.touches.record(&change, Some(durable.user_id), at, seq);
            self.persistence.logged(payload.len());
        }
        self.refresh_known();
        for (member, frame) in acks.into_values() {
            member.acknowledge(frame);
        }
        self.acknowledge_known();
        self.answer_waiting();
        histogram!("relay_fanout_seconds").record(started.elapsed());
    }

    fn fan_out(&self, members: &[Arc<Member>], author: Option<&Member>, seq: i64, payload: &[u8]) {
        let frame = wire::update(payload);
        for member in members {
            if author.is_none_or(|author| author.id != member.id) {
                member.outbox.document(seq, frame.clone());
            }
        }
        metrics::counter!("relay_update_deliveries_total").increment(members.len() as u64);
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

    /// Another process has written to this room: takes in its events up to `until`.
    async fn take_in_foreign(&mut self, until: i64) {
        let (room_id, after) = (self.room.identity.room_id, self.seq);
        let events = async {
            let mut tx = self
                .hub
                .store
                .begin_as_tenant(self.room.identity.workspace_id)
                .await?;
            tx.room_events(room_id, after, until, i64::MAX).await
        };
        match events.await {
            Ok(events) => {
                let members = self.room.members();
                for event in events {
                    self.seq = event.seq;
                    if let Some(change) = self.apply(&event.payload) {
                        self.fan_out(&members, None, event.seq, &event.payload);
                        self.touches
                            .record(&change, event.user_id, event.created_at, event.seq);
                    }
                }
            }
            Err(error) => {
                tracing::error!(%room_id, error = format!("{error:?}"), "events of another server not read");
                self.broken = true;
            }
        }
    }

    /// Acknowledges frames that brought nothing new, once all before them are durable.
    fn acknowledge_known(&mut self) {
        while let Some(front) = self.in_flight.pop_front_if(|front| front.payload.is_none()) {
            if let Origin::Socket { member, frame, .. } = front.origin {
                member.acknowledge(frame);
            }
        }
    }

    fn answer_waiting(&mut self) {
        if self.local_in_flight == 0 {
            for command in std::mem::take(&mut self.waiting) {
                self.on_command(command);
            }
        }
    }

    fn refresh_known(&mut self) {
        self.known = state_vector(&self.document);
        let last = self.checkpoints.back().map_or(0, |(seq, _)| *seq);
        if self.local_in_flight == 0 && self.seq >= last + CHECKPOINT_EVERY {
            if self.checkpoints.len() == CHECKPOINTS {
                self.checkpoints.pop_front();
            }
            self.checkpoints
                .push_back((self.seq, self.document.state_vector()));
        }
    }

    pub(super) fn on_projected(&mut self, projected: &Projected) {
        self.room.projected_seq.send_replace(projected.seq);
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

fn state_vector(document: &Document) -> StateVector {
    StateVector::decode_v1(&document.state_vector()).expect("Yrs reads what it writes")
}
