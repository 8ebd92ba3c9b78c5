//! The relay of live documents: `GET /v1/ws/rooms/{room_id}`.
//!
//! It speaks y-websocket's binary protocol, so that the public client joins unchanged; clients that
//! connect with `?control=1` also get the frames of [`visionflow_api::ServerControl`].
//!
//! Scripts may ask for ordered events instead (`?protocol=events`, `events`), in the same rooms.
//!
//! The way of an edit: `reader` reads and checks the frame, the room's actor (`room/actor`) decides
//! whether it is new and allowed and submits it, `committer` makes it durable in a group, the actor
//! applies it to the document, sends it to the others through their `outbox`es and acknowledges it;
//! after a moment `room/persist` writes the rows. Presence goes another way, from `reader` to
//! `presence`, which everyone's writer asks once a tick for the newest, and is never stored.
//!
//! Decisions worth knowing:
//! - Nothing is fanned out or acknowledged before it is committed. While the database is away edits
//!   wait; after ten seconds sockets are closed with 1011, so that clients keep their journals.
//! - Too fast is never refused but slowed: a socket whose edits wait for the database is not read,
//!   and one that sends more than 500 frames a second (`pace`) is not read for a moment.
//! - A CRDT client id belongs to the account that first used it in the room. An update with *new*
//!   operations of someone else's client is refused ([`RefusalReason::Undecodable`]; a public client
//!   is let go with 4400), known ones may be repeated by anybody.
//! - A person without a role may look: their updates are refused with `ReadOnly`, those of public
//!   clients ignored; presence is welcome.
//! - Several servers may share a database: they tell each other of edits, presence and notices
//!   (`bus`), and `follow` takes in within half a second what word was lost of.
//! - A room that nobody edits sleeps (`room/life`): its sockets stay, its document leaves memory.
//! - The room of a deleted item stays open and keeps accepting, so that nothing is lost when the
//!   item is restored; clients are told by `ItemDeleted`.
//!
//! [`RefusalReason::Undecodable`]: visionflow_api::RefusalReason::Undecodable

mod access;
mod authors;
mod bus;
mod check;
mod committer;
mod events;
mod follow;
mod hub;
mod mark;
mod member;
mod outbox;
mod pace;
mod people;
mod presence;
mod reader;
mod room;
mod socket;
mod websocket;
mod wire;
mod writer;

use crate::App;
use crate::error::{Error, Result};
use crate::store::{RoomIdentity, Store};
use bus::Said;
use hub::Hub;
use member::Member;
use room::Command;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use tokio::sync::oneshot;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;
use visionflow_api::ServerControl;
use visionflow_document::{Document, Edit};

/// How long a request waits for its edit to be durable, or for rows to catch up.
const REQUEST_PATIENCE: Duration = Duration::from_secs(15);
/// How long a shutdown waits for sockets, and then for rooms.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(8);

/// Where edits of the server stand.
#[derive(Clone, Copy, Debug)]
pub struct Edited {
    /// The event that holds them.
    pub seq: i64,
    /// When it became durable; `None` when there was nothing to change.
    pub at: Option<OffsetDateTime>,
}

/// Whose open sockets are told something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audience {
    /// Everybody in this room.
    Room(Uuid),
    /// Everybody in a room of this project.
    Project(Uuid),
    /// This account, wherever it is.
    User(Uuid),
}

/// Cheap to clone: a handle.
#[derive(Clone)]
pub struct Relay(Arc<Hub>);

impl Relay {
    /// Of each room the newest `keep_snapshots` are kept; a document that nobody has edited for
    /// `rest` leaves memory until it is needed.
    pub fn new(store: Store, keep_snapshots: u32, rest: Duration) -> Self {
        Self(Arc::new(Hub::new(store, keep_snapshots, rest)))
    }

    /// Brings the rows of rooms up to date that a crash left behind their log, and begins to speak
    /// with other servers, over NATS where its address is given; returns at once.
    /// An error is an address that makes no sense.
    pub fn start(&self, nats_url: Option<&str>) -> anyhow::Result<()> {
        let nats = nats_url.map(bus::Address::parse).transpose()?;
        self.0.bus_running.spawn(bus::run(self.0.clone(), nats));
        tokio::spawn(follow::run(self.0.clone()));
        tokio::spawn(presence::run(self.0.clone()));
        self.0.bus_running.spawn(people::run(self.0.clone()));
        let hub = self.0.clone();
        tokio::spawn(async move {
            if let Err(error) = catch_up(&hub).await {
                tracing::error!(
                    error = format!("{error:?}"),
                    "rows left behind by the last run not brought up to date"
                );
            }
        });
        Ok(())
    }

    /// Makes edits of an item's document in the name of `user_id`, live for everyone who has it
    /// open; returns once they are durable.
    ///
    /// `make` reads the document as it is at that moment; its error is passed on.
    pub async fn edit(
        &self,
        room: RoomIdentity,
        user_id: Uuid,
        make: impl FnOnce(&Document) -> Result<Vec<Edit>> + Send + 'static,
    ) -> Result<Edited> {
        let room = self.0.enter(room);
        let (reply, outcome) = oneshot::channel();
        let edit = async {
            room.send(Command::Edit {
                user_id,
                make: Box::new(make),
                reply,
            })
            .await?;
            outcome
                .await
                .map_err(|_| Error::unavailable("The edit was not stored; try again."))?
        };
        patiently(edit).await
    }

    /// Documents in memory; other open rooms sleep.
    pub fn awake(&self) -> usize {
        self.0.awake()
    }

    /// What documents take, as updates, that lie open; others in memory are folded up.
    pub fn open_bytes(&self) -> usize {
        self.0.open_bytes()
    }

    /// Waits until the rows of a room hold everything up to event `seq`.
    pub async fn projected(&self, room: RoomIdentity, seq: i64) -> Result<()> {
        let room = self.0.enter(room);
        patiently(room.projected(seq)).await
    }

    /// Tells everyone who has an item of the project open.
    pub fn ontology_changed(&self, project_id: Uuid, version: i64) {
        self.0.bus.say(Said::OntologyChanged {
            project_id,
            version,
        });
        self.ontology_changed_here(project_id, version);
    }

    fn ontology_changed_here(&self, project_id: Uuid, version: i64) {
        let wanted = |member: &Member| member.room.project_id == project_id;
        for member in self.0.members(wanted) {
            member.tell(&ServerControl::OntologyChanged { version });
            if let Some(room) = self.0.room(member.room.room_id) {
                tokio::spawn(async move { room.send(Command::LabelsChanged).await });
            }
        }
    }

    /// Open sockets of this person in the project re-read the role.
    pub fn role_changed(&self, project_id: Uuid, user_id: Uuid) {
        self.recheck(project_id, Some(user_id));
    }

    /// The project was deleted: nobody has access any more.
    pub fn project_deleted(&self, project_id: Uuid) {
        self.recheck(project_id, None);
    }

    fn recheck(&self, project_id: Uuid, user_id: Option<Uuid>) {
        self.0.bus.say(Said::Recheck {
            project_id,
            user_id,
        });
        self.recheck_here(project_id, user_id);
    }

    fn recheck_here(&self, project_id: Uuid, user_id: Option<Uuid>) {
        let hub = self.0.clone();
        let wanted = move |member: &Member| {
            member.room.project_id == project_id
                && user_id.is_none_or(|user| member.user_id == user)
        };
        tokio::spawn(async move {
            for member in hub.members(wanted) {
                access::recheck(&hub.store, &member).await;
            }
        });
    }

    /// The room's item was moved to the bin.
    pub fn item_deleted(&self, room_id: Uuid) {
        self.tell(Audience::Room(room_id), &ServerControl::ItemDeleted);
    }

    pub fn item_restored(&self, room_id: Uuid) {
        self.tell(Audience::Room(room_id), &ServerControl::ItemRestored);
    }

    /// Open sockets.
    pub fn clients(&self) -> usize {
        self.0.members(|_| true).len()
    }

    /// Rooms in memory.
    pub fn rooms(&self) -> usize {
        self.0.rooms().len()
    }

    /// Updates passed on to others.
    pub fn ops_per_sec(&self) -> f64 {
        self.0.ops.per_sec()
    }

    /// Sockets that are open in the room.
    pub fn clients_in(&self, room_id: Uuid) -> u64 {
        self.0
            .room(room_id)
            .map_or(0, |room| room.members().len() as u64)
    }

    /// Sends one of our own frames to the sockets that asked for them. What is told has to be
    /// committed: whoever hears of it may ask for it at once.
    pub fn tell(&self, audience: Audience, message: &ServerControl) {
        let message = message.clone();
        self.tell_here(audience, &message);
        self.0.bus.say(Said::Tell { audience, message });
    }

    fn tell_here(&self, audience: Audience, message: &ServerControl) {
        let told = self.0.members(|member| match audience {
            Audience::Room(id) => member.room.room_id == id,
            Audience::Project(id) => member.room.project_id == id,
            Audience::User(id) => member.user_id == id,
        });
        for member in told {
            member.tell(message);
        }
    }

    /// Commits and acknowledges what has arrived, closes every socket with 1001, and writes the
    /// rows.
    pub async fn shutdown(&self) {
        self.0.closing.cancel();
        self.0.sockets_running.close();
        let sockets = tokio::time::timeout(SHUTDOWN_PATIENCE, self.0.sockets_running.wait());
        if sockets.await.is_err() {
            tracing::warn!("some sockets did not close in time");
        }
        self.0.rooms_running.close();
        let rooms = tokio::time::timeout(SHUTDOWN_PATIENCE, self.0.rooms_running.wait());
        if rooms.await.is_err() {
            tracing::warn!(
                "some rooms did not finish in time; their rows are made at the next start"
            );
        }
        // Last, so that other servers have heard of everything.
        self.0.bus.stop();
        self.0.bus_running.close();
        let _ = tokio::time::timeout(SHUTDOWN_PATIENCE, self.0.bus_running.wait()).await;
    }
}

async fn catch_up(hub: &Arc<Hub>) -> Result<()> {
    let mut after = Uuid::nil();
    loop {
        let rooms = hub.store.unprojected_rooms(after, 100).await?;
        let Some(last) = rooms.last() else {
            return Ok(());
        };
        after = last.room_id;
        tracing::info!(
            rooms = rooms.len(),
            "bringing rows up to date with their log"
        );
        for room in rooms {
            if hub.closing.is_cancelled() {
                return Ok(());
            }
            if let Err(error) = catch_up_with(hub, room).await {
                tracing::error!(room_id = %room.room_id, error = format!("{error:?}"), "rows not brought up to date");
            }
        }
    }
}

async fn catch_up_with(hub: &Arc<Hub>, room: RoomIdentity) -> Result<()> {
    let mut tx = hub.store.begin_as_tenant(room.workspace_id).await?;
    let heads = tx
        .room_heads(room.room_id)
        .await?
        .ok_or_else(Error::not_found)?;
    tx.commit().await?;
    patiently(hub.enter(room).projected(heads.seq)).await
}

async fn patiently<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::time::timeout(REQUEST_PATIENCE, work)
        .await
        .unwrap_or_else(|_| {
            Err(Error::unavailable(
                "The server is busy storing edits; try again.",
            ))
        })
}

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().route("/v1/ws/rooms/{room_id}", axum::routing::get(socket::enter))
}
