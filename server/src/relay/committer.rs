//! Durability: the updates of all rooms of one tenant, committed in groups.
//!
//! One task a tenant gathers what arrives within [`GATHER`] (and during the commit before it) into
//! one transaction, so that a busy tenant pays one `fsync` for many edits and each tenant's batch
//! runs under that tenant's claims alone. Rooms hear the outcome in the order of submission.

use crate::error::{Error, Result};
use crate::store::{Appended, NewRoomEvent, Store};
use bytes::Bytes;
use metrics::{counter, histogram};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use tokio::sync::mpsc;
use uuid::Uuid;

/// How long the first update of a group waits for company.
const GATHER: Duration = Duration::from_millis(3);
/// One transaction takes at most so much; the rest follows in the next.
const MAX_GROUP: usize = 1000;
const MAX_GROUP_BYTES: usize = 32 << 20;
/// After so long without success the rooms let go of their sockets, so that clients keep their
/// edits in their own journals; trying goes on.
const STALLED_AFTER: Duration = Duration::from_secs(10);
const IDLE: Duration = Duration::from_mins(1);

/// One update on its way into the log.
pub(super) struct Submission {
    pub room_id: Uuid,
    pub user_id: Option<Uuid>,
    pub payload: Bytes,
    /// CRDT client ids that the update uses for the first time in the room, with their owner.
    pub bindings: Vec<(u64, Option<Uuid>)>,
    pub outcome: mpsc::UnboundedSender<Outcome>,
}

/// What became of a room's submissions.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outcome {
    /// The next `count` submissions are durable; the last has number `seq`.
    Committed {
        count: usize,
        seq: i64,
        at: OffsetDateTime,
    },
    /// The database has not answered for [`STALLED_AFTER`]; trying goes on.
    Stalled,
    /// The next submissions can never be written: the room is gone, or refused by the database.
    Lost,
}

pub(super) struct Committer {
    store: Store,
    tenants: Mutex<HashMap<Uuid, mpsc::UnboundedSender<Submission>>>,
}

impl Committer {
    pub fn new(store: Store) -> Self {
        Self {
            store,
            tenants: Mutex::default(),
        }
    }

    /// Queues an update; the order of calls is the order of the log.
    pub fn submit(self: &std::sync::Arc<Self>, workspace_id: Uuid, submission: Submission) {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = tenants.entry(workspace_id).or_insert_with(|| {
            let (queue, submissions) = mpsc::unbounded_channel();
            let tenant = Tenant {
                committer: self.clone(),
                workspace_id,
                submissions,
            };
            tokio::spawn(tenant.run());
            queue
        });
        // The task leaves only under the same lock, with an empty queue.
        let _ = queue.send(submission);
    }
}

/// The task of one tenant.
struct Tenant {
    committer: std::sync::Arc<Committer>,
    workspace_id: Uuid,
    submissions: mpsc::UnboundedReceiver<Submission>,
}

impl Tenant {
    async fn run(mut self) {
        loop {
            let Ok(first) = tokio::time::timeout(IDLE, self.submissions.recv()).await else {
                let mut tenants = self
                    .committer
                    .tenants
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                if self.submissions.is_empty() {
                    tenants.remove(&self.workspace_id);
                    return;
                }
                continue;
            };
            let Some(first) = first else { return };
            tokio::time::sleep(GATHER).await;
            let group = self.gather(first);
            self.commit(group).await;
        }
    }

    fn gather(&mut self, first: Submission) -> Vec<Submission> {
        let mut bytes = first.payload.len();
        let mut group = vec![first];
        while group.len() < MAX_GROUP && bytes < MAX_GROUP_BYTES {
            let Ok(next) = self.submissions.try_recv() else {
                break;
            };
            bytes += next.payload.len();
            group.push(next);
        }
        group
    }

    /// Tries until it is done; only a refusal that repeating cannot change is given up on.
    async fn commit(&self, group: Vec<Submission>) {
        let rooms = rooms_of(&group);
        let started = Instant::now();
        let mut pause = Duration::from_millis(50);
        let mut stalled = false;
        loop {
            match self.write_in_time(&group).await {
                Ok(appended) => {
                    histogram!("relay_commit_seconds").record(started.elapsed());
                    counter!("relay_updates_total").increment(group.len() as u64);
                    return report(&rooms, &appended);
                }
                Err(error) if is_final(&error) => {
                    tracing::error!(workspace_id = %self.workspace_id, error = format!("{error:?}"), "updates refused by the database");
                    // One room's trouble must not take the others' updates with it.
                    if rooms.len() == 1 {
                        return report(&rooms, &[]);
                    }
                    for part in split(group) {
                        Box::pin(self.commit(part)).await;
                    }
                    return;
                }
                Err(error) => {
                    counter!("relay_commit_failures_total").increment(1);
                    tracing::warn!(workspace_id = %self.workspace_id, error = format!("{error:?}"), "commit failed, trying again");
                }
            }
            if !stalled && started.elapsed() >= STALLED_AFTER {
                stalled = true;
                for (_, _, outcome) in &rooms {
                    let _ = outcome.send(Outcome::Stalled);
                }
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }

    /// An attempt that hangs is given up: if it succeeds all the same, the updates stand in the log
    /// twice, which changes nothing.
    async fn write_in_time(&self, group: &[Submission]) -> Result<Vec<Appended>> {
        tokio::time::timeout(STALLED_AFTER, self.write(group))
            .await
            .unwrap_or_else(|_| Err(Error::unavailable("The database does not answer.")))
    }

    async fn write(&self, group: &[Submission]) -> Result<Vec<Appended>> {
        let bindings: Vec<(Uuid, u64, Option<Uuid>)> = group
            .iter()
            .flat_map(|s| {
                s.bindings
                    .iter()
                    .map(|(client, user)| (s.room_id, *client, *user))
            })
            .collect();
        let events: Vec<NewRoomEvent> = group
            .iter()
            .map(|s| NewRoomEvent {
                room_id: s.room_id,
                user_id: s.user_id,
                payload: s.payload.clone(),
            })
            .collect();
        let mut tx = self
            .committer
            .store
            .begin_as_tenant(self.workspace_id)
            .await?;
        let appended = tx.append_room_events(self.workspace_id, &events).await?;
        if !bindings.is_empty() {
            tx.bind_room_clients(self.workspace_id, &bindings).await?;
        }
        tx.commit().await?;
        Ok(appended)
    }
}

type RoomShare = (Uuid, usize, mpsc::UnboundedSender<Outcome>);

/// Each room of the group with its number of submissions.
fn rooms_of(group: &[Submission]) -> Vec<RoomShare> {
    let mut rooms: Vec<RoomShare> = Vec::new();
    for submission in group {
        match rooms.iter_mut().find(|room| room.0 == submission.room_id) {
            Some(room) => room.1 += 1,
            None => rooms.push((submission.room_id, 1, submission.outcome.clone())),
        }
    }
    rooms
}

fn report(rooms: &[RoomShare], appended: &[Appended]) {
    for (room_id, count, outcome) in rooms {
        let count = *count;
        let head = appended.iter().find(|head| head.room_id == *room_id);
        let _ = outcome.send(match head {
            Some(head) => Outcome::Committed {
                count,
                seq: head.seq,
                at: head.created_at,
            },
            None => Outcome::Lost,
        });
    }
}

/// The same submissions, one group a room.
fn split(group: Vec<Submission>) -> Vec<Vec<Submission>> {
    let mut parts: Vec<Vec<Submission>> = Vec::new();
    for submission in group {
        match parts
            .iter_mut()
            .find(|part| part[0].room_id == submission.room_id)
        {
            Some(part) => part.push(submission),
            None => parts.push(vec![submission]),
        }
    }
    parts
}

/// Whether the database understood and said no (data exception, constraint, permission, syntax),
/// as opposed to being away, restarting, full or in a deadlock.
fn is_final(error: &Error) -> bool {
    let Error::Internal(source) = error else {
        return false;
    };
    source
        .downcast_ref::<sqlx::Error>()
        .and_then(sqlx::Error::as_database_error)
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| matches!(&code[..2], "22" | "23" | "42" | "54"))
}
