//! The rooms and sockets of this process.

use super::bus::Bus;
use super::committer::Committer;
use super::member::Member;
use super::room::{Room, RoomGuard};
use crate::ops::Rate;
use crate::store::{RoomIdentity, Store};
use metrics::gauge;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// Where the updates of open documents come to more, they are folded up as soon as they may be. In
/// memory they take eight times as much.
const CROWDED: usize = 8 << 20;

pub(super) struct Hub {
    pub store: Store,
    pub committer: Arc<Committer>,
    pub bus: Bus,
    pub keep_snapshots: u32,
    /// A document that nobody has edited for so long is written as a snapshot, and leaves memory.
    pub rest: Duration,
    /// Updates passed on to others.
    pub ops: Arc<Rate>,
    /// The server is going away.
    pub closing: CancellationToken,
    /// Sockets and rooms, waited for at the end.
    pub sockets_running: TaskTracker,
    pub rooms_running: TaskTracker,
    pub bus_running: TaskTracker,
    rooms: Mutex<HashMap<Uuid, Arc<Room>>>,
    members: Mutex<HashMap<u64, Arc<Member>>>,
    next_member: AtomicU64,
    /// Documents in memory, open or folded.
    awake: AtomicUsize,
    /// The bytes of the open ones, as updates.
    open: AtomicUsize,
    /// Somebody has come or left since it was last asked.
    people_changed: AtomicBool,
}

impl Hub {
    pub fn new(store: Store, keep_snapshots: u32, rest: Duration) -> Self {
        Self {
            committer: Arc::new(Committer::new(store.clone())),
            bus: Bus::new(),
            ops: Arc::default(),
            store,
            keep_snapshots,
            rest,
            closing: CancellationToken::new(),
            sockets_running: TaskTracker::new(),
            rooms_running: TaskTracker::new(),
            bus_running: TaskTracker::new(),
            rooms: Mutex::default(),
            members: Mutex::default(),
            next_member: AtomicU64::new(1),
            awake: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
            people_changed: AtomicBool::new(false),
        }
    }

    /// Waits for so long; `false` as soon as the server is going away.
    pub async fn pause(&self, time: Duration) -> bool {
        let sleep = tokio::time::sleep(time);
        self.closing.run_until_cancelled(sleep).await.is_some()
    }

    /// The room's actor, started if need be; it stays in memory as long as the guard lives.
    pub fn enter(self: &Arc<Self>, identity: RoomIdentity) -> RoomGuard {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let room = rooms
            .entry(identity.room_id)
            .or_insert_with(|| Room::start(self, identity));
        let guard = RoomGuard::new(room.clone());
        gauge!("relay_rooms").set(rooms.len() as f64);
        guard
    }

    /// Forgets the room unless someone has entered it meanwhile; `force` also then.
    pub fn evict(&self, room: &Arc<Room>, force: bool) -> bool {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if !force && room.guards() > 0 {
            return false;
        }
        if rooms
            .get(&room.identity.room_id)
            .is_some_and(|known| Arc::ptr_eq(known, room))
        {
            rooms.remove(&room.identity.room_id);
        }
        gauge!("relay_rooms").set(rooms.len() as f64);
        true
    }

    pub fn room(&self, room_id: Uuid) -> Option<Arc<Room>> {
        self.rooms
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&room_id)
            .cloned()
    }

    pub fn rooms(&self) -> Vec<Arc<Room>> {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.values().cloned().collect()
    }

    pub fn awake(&self) -> usize {
        self.awake.load(Ordering::Relaxed)
    }

    /// Counts a document in memory for as long as what is returned lives.
    pub fn wake(self: &Arc<Self>) -> Awake {
        let awake = self.awake.fetch_add(1, Ordering::Relaxed) + 1;
        gauge!("relay_documents").set(awake as f64);
        Awake(self.clone())
    }

    /// Counts an open document, whose update takes so many bytes, for as long as what is returned
    /// lives.
    pub fn open(self: &Arc<Self>, bytes: usize) -> Open {
        let mut open = Open {
            hub: self.clone(),
            bytes: 0,
        };
        open.grow(bytes);
        open
    }

    pub fn open_bytes(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Whether open documents take more memory than they should.
    pub fn is_crowded(&self) -> bool {
        self.open_bytes() > CROWDED
    }

    pub fn next_member_id(&self) -> u64 {
        self.next_member.fetch_add(1, Ordering::Relaxed)
    }

    pub fn add(&self, member: &Arc<Member>) {
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        members.insert(member.id, member.clone());
        gauge!("relay_sockets").set(members.len() as f64);
        self.people_changed.store(true, Ordering::Relaxed);
    }

    pub fn remove(&self, member: &Member) {
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        members.remove(&member.id);
        gauge!("relay_sockets").set(members.len() as f64);
        self.people_changed.store(true, Ordering::Relaxed);
    }

    /// Whether somebody has come or left since the last call.
    pub fn take_people_changed(&self) -> bool {
        self.people_changed.swap(false, Ordering::Relaxed)
    }

    /// The open sockets for which `wanted` holds.
    pub fn members(&self, wanted: impl Fn(&Member) -> bool) -> Vec<Arc<Member>> {
        let members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        members
            .values()
            .filter(|member| wanted(member))
            .cloned()
            .collect()
    }
}

/// A document is in memory.
pub(super) struct Awake(Arc<Hub>);

impl Drop for Awake {
    fn drop(&mut self) {
        let awake = self.0.awake.fetch_sub(1, Ordering::Relaxed) - 1;
        gauge!("relay_documents").set(awake as f64);
    }
}

/// A document lies open in memory.
pub(super) struct Open {
    hub: Arc<Hub>,
    bytes: usize,
}

impl Open {
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// An event of so many bytes came to it.
    pub fn grow(&mut self, bytes: usize) {
        self.bytes += bytes;
        let open = self.hub.open.fetch_add(bytes, Ordering::Relaxed) + bytes;
        gauge!("relay_open_document_bytes").set(open as f64);
    }

    /// Its update takes so many bytes: less than all its events, where they changed the same.
    pub fn measured(&mut self, bytes: usize) {
        self.hub.open.fetch_sub(self.bytes, Ordering::Relaxed);
        self.bytes = 0;
        self.grow(bytes);
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let open = self.hub.open.fetch_sub(self.bytes, Ordering::Relaxed) - self.bytes;
        gauge!("relay_open_document_bytes").set(open as f64);
    }
}
