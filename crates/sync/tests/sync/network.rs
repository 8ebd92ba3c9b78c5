//! Sessions against a small relay over connections that break at any time, and a relay that
//! crashes: whatever was acknowledged survives, and all end with the same.

use crate::support::*;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{BTreeSet, VecDeque};
use visionflow_document::Document;
use visionflow_model::AnnotationId;
use visionflow_sync::{Acknowledgement, ClientSession, Event, Frame, decode_all};

const CLIENTS: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    Edit(usize),
    Undo(usize),
    /// The relay reads one message of a client, or the client one of the relay.
    Up(usize),
    Down(usize),
    /// The relay stores what it has read, acknowledges it and tells the others.
    Commit,
    Break(usize),
    /// A client is gone, and comes back with what its journal holds and nothing else.
    Reload(usize),
    /// The relay loses whatever it had not stored, and every connection.
    Crash,
}

fn step() -> impl Strategy<Value = Step> {
    let client = || 0..CLIENTS;
    prop_oneof![
        4 => client().prop_map(Step::Edit),
        1 => client().prop_map(Step::Undo),
        8 => client().prop_map(Step::Up),
        8 => client().prop_map(Step::Down),
        4 => Just(Step::Commit),
        2 => client().prop_map(Step::Break),
        1 => client().prop_map(Step::Reload),
        1 => Just(Step::Crash),
    ]
}

struct Client {
    document: Document,
    session: ClientSession,
    open: bool,
    to_relay: VecDeque<Vec<u8>>,
    from_relay: VecDeque<Vec<u8>>,
    /// The relay's count of this connection's document frames.
    frames: u64,
    edits: Vec<AnnotationId>,
    /// The updates of edits that are not known to be durable.
    journal: VecDeque<Vec<u8>>,
    /// How many of `edits` are known to be durable.
    settled: usize,
}

struct Room {
    clients: Vec<Client>,
    stored: Vec<Vec<u8>>,
    /// Read but not stored: by whom, and the update.
    batch: Vec<(usize, Vec<u8>)>,
    next: u32,
}

impl Room {
    fn new() -> Self {
        let client = |n: u64| Client {
            document: Document::new(n),
            session: ClientSession::new(n, Acknowledgement::Durable),
            open: false,
            to_relay: VecDeque::new(),
            from_relay: VecDeque::new(),
            frames: 0,
            edits: Vec::new(),
            journal: VecDeque::new(),
            settled: 0,
        };
        Self {
            clients: (1..=CLIENTS as u64).map(client).collect(),
            stored: Vec::new(),
            batch: Vec::new(),
            next: 0,
        }
    }

    fn relay(&self) -> Document {
        Document::from_updates(99, self.stored.iter().map(Vec::as_slice)).unwrap()
    }

    fn run(&mut self, step: &Step) {
        match step {
            Step::Edit(n) => {
                self.next += 1;
                let client = &mut self.clients[*n];
                client.document.edit(&[add(self.next)]).unwrap();
                client.edits.push(id(self.next));
                client.flush();
            }
            Step::Undo(n) => {
                let client = &mut self.clients[*n];
                if client.document.undo().is_some() {
                    // Whoever undoes wants the annotation gone; that is an edit like another.
                    client.edits.push(id(0));
                    client.flush();
                }
            }
            Step::Up(n) => self.up(*n),
            Step::Down(n) => self.clients[*n].down(),
            Step::Commit => self.commit(),
            Step::Break(n) => self.break_connection(*n),
            Step::Reload(n) => {
                self.break_connection(*n);
                self.clients[*n].reload();
            }
            Step::Crash => {
                self.batch.clear();
                (0..CLIENTS).for_each(|n| self.break_connection(n));
            }
        }
        for client in &self.clients {
            assert_eq!(
                client.session.pending(),
                client.edits.len() - client.settled
            );
        }
    }

    fn up(&mut self, n: usize) {
        if !self.clients[n].open {
            let relay = self.relay();
            let client = &mut self.clients[n];
            client.open = true;
            client.to_relay = client.session.on_open(&client.document).into();
            client.from_relay = [Frame::SyncStep1(relay.state_vector()).encode()].into();
            return;
        }
        let Some(message) = self.clients[n].to_relay.pop_front() else {
            return;
        };
        for frame in decode_all(&message).unwrap() {
            match frame {
                Frame::SyncStep1(vector) => {
                    let relay = self.relay();
                    let answer = Frame::SyncStep2(relay.diff(&vector).unwrap());
                    let waiting = relay.waiting().into_iter().map(Frame::Update);
                    let frames = std::iter::once(answer).chain(waiting);
                    let to_client = &mut self.clients[n].from_relay;
                    to_client.extend(frames.map(|frame| frame.encode()));
                }
                Frame::SyncStep2(update) | Frame::Update(update) => self.batch.push((n, update)),
                _ => {}
            }
        }
    }

    fn commit(&mut self) {
        for (n, update) in std::mem::take(&mut self.batch) {
            self.stored.push(update.clone());
            for (to, client) in self.clients.iter_mut().enumerate() {
                if to == n {
                    client.frames += 1;
                    let ack = Frame::Control(client.frames.to_string());
                    client.from_relay.push_back(ack.encode());
                } else {
                    client
                        .from_relay
                        .push_back(Frame::Update(update.clone()).encode());
                }
            }
        }
    }

    fn break_connection(&mut self, n: usize) {
        self.batch.retain(|(from, _)| *from != n);
        let client = &mut self.clients[n];
        client.open = false;
        client.frames = 0;
        client.to_relay.clear();
        client.from_relay.clear();
        client.session.on_close();
    }

    /// What the relay acknowledged is what it has stored.
    fn check_durable(&self) {
        let relay = self.relay();
        let stored: BTreeSet<_> = relay.annotations().map(|a| a.id).collect();
        for client in &self.clients {
            let undone = client.edits[..].contains(&id(0));
            for edit in &client.edits[..client.settled] {
                assert!(
                    undone || stored.contains(edit),
                    "{edit} was acknowledged and is lost"
                );
            }
        }
    }
}

impl Client {
    fn flush(&mut self) {
        for update in self.document.take_updates() {
            self.journal.push_back(update.clone());
            let message = self.session.local_update(update);
            self.to_relay.extend(message);
        }
    }

    fn reload(&mut self) {
        let client = self.document.client_id() + CLIENTS as u64;
        let journal = self.journal.iter().map(Vec::as_slice);
        self.document = Document::from_updates(client, journal).unwrap();
        self.session = ClientSession::new(client, Acknowledgement::Durable);
        self.session.restored(self.journal.len());
    }

    fn down(&mut self) {
        let message = if self.open {
            self.from_relay.pop_front()
        } else {
            None
        };
        let Some(message) = message else { return };
        for event in self
            .session
            .on_message(&message, &mut self.document)
            .unwrap()
        {
            match event {
                Event::Send(message) => self.to_relay.push_back(message),
                Event::Control(count) => {
                    let settled = self.session.acked(count.parse().unwrap());
                    self.journal.drain(..settled);
                    self.settled += settled;
                }
                Event::Unreadable(error) => panic!("{error}"),
                _ => {}
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_acknowledged_is_lost_and_all_converge(steps in vec(step(), 1..150)) {
        let mut room = Room::new();
        for step in &steps {
            room.run(step);
            room.check_durable();
        }
        for _ in 0..60 {
            for n in 0..CLIENTS {
                room.run(&Step::Up(n));
                room.run(&Step::Down(n));
            }
            room.run(&Step::Commit);
        }
        // Long queues take longer.
        while room.clients.iter().any(|c| !c.to_relay.is_empty() || !c.from_relay.is_empty()) {
            for n in 0..CLIENTS {
                room.run(&Step::Up(n));
                room.run(&Step::Down(n));
            }
            room.run(&Step::Commit);
        }
        let all = |document: &Document| document.annotations().map(|a| a.id).collect::<BTreeSet<_>>();
        let relay = room.relay();
        for client in &room.clients {
            prop_assert_eq!(all(&client.document), all(&relay));
            prop_assert_eq!(client.session.pending(), 0);
            prop_assert!(client.session.is_synced());
        }
    }
}
