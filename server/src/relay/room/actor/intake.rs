//! What comes in: updates of sockets, checked and submitted; edits of the server.

use super::{Actor, InFlight, Origin};
use crate::error::{Error, Result};
use crate::memory::of_documents;
use crate::relay::Edited;
use crate::relay::check::{self, Checked};
use crate::relay::committer::Submission;
use crate::relay::room::{Incoming, MakeEdits};
use bytes::Bytes;
use tokio::sync::oneshot;
use uuid::Uuid;
use visionflow_api::RefusalReason;
use visionflow_document::Change;

impl Actor {
    pub(super) async fn update(&mut self, incoming: Incoming) {
        let Incoming {
            member,
            frame,
            update,
            may_be_known,
            permit,
        } = incoming;
        let user_id = member.user_id;
        let mut new_clients = self.new_clients(&update);
        if !self.owns_all(user_id, &new_clients) {
            // Who came here from another server may carry what others did there, before this one
            // has heard of it.
            self.catch_up().await;
            new_clients = self.new_clients(&update);
        }
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

    /// Whether all these clients are known to be the account's.
    fn owns_all(&self, user_id: Uuid, clients: &[u64]) -> bool {
        let own = |client| self.clients.get(client) == Some(&Some(user_id));
        clients.iter().all(own)
    }

    /// The clients of whom the update brings something new. What only repeats what waits here is
    /// not, nor a forgery where it is others'.
    fn new_clients(&self, update: &Checked) -> Vec<u64> {
        let clients = update.new_clients(&self.known);
        if clients.is_empty() || self.document.is_whole() {
            return clients;
        }
        match self.document.repeated_by(&update.payload) {
            Ok(held) => update.new_clients_beside(&self.known, &held),
            Err(_) => clients,
        }
    }

    fn knows_deletes_of(&self, update: &Checked) -> bool {
        let known = check::deletions(&self.document);
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
    pub(super) fn edit(
        &mut self,
        user_id: Uuid,
        make: Box<MakeEdits>,
        reply: oneshot::Sender<Result<Edited>>,
    ) {
        let edits = match make(&self.document) {
            Ok(edits) => edits,
            Err(error) => return drop(reply.send(Err(error))),
        };
        let change = match of_documents(|| self.document.edit(&edits)) {
            Ok(change) => change,
            Err(error) => return drop(reply.send(Err(Error::invalid(error.to_string())))),
        };
        self.document.forget_history();
        let updates = self.document.take_updates();
        if updates.is_empty() {
            let (seq, at) = (self.seq, None);
            return drop(reply.send(Ok(Edited { seq, at })));
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
}
