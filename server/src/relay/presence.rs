//! Presence of one room: never stored, merged, and sent to everyone once a tick.
//!
//! Nothing is queued: at each tick every reader is told that there is news, and takes it when its
//! socket is ready for more. A reader that is behind therefore gets the newest state of everyone
//! who changed since the frame it got last, and never a stale one; readers in step share one frame,
//! encoded once.

use super::authors::account_in;
use super::hub::Hub;
use super::room::Room;
use bytes::Bytes;
use metrics::{counter, histogram};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;
use visionflow_sync::{AwarenessStates, AwarenessUpdate};

/// The least time between two presence frames to one reader. What changes after a pause goes out
/// at once; a busy room pays one frame a reader and tick, however many people move.
const TICK: Duration = Duration::from_millis(20);
/// A tick of a crowd is longer, by so much for each reader: what it costs grows with their square.
const TICK_PER_READER: Duration = Duration::from_micros(600);
/// What a person sees of the others is never older for the tick's sake than this.
const LONGEST_TICK: Duration = Duration::from_millis(50);
/// With so many readers an edit takes the next tick, while there are ticks: else each edit would
/// cost a write for every reader.
const CROWD: usize = 16;
/// A frame to another server holds at most so many states.
const PART: usize = 64;
/// How often silent clients are looked for.
const SWEEP: Duration = Duration::from_secs(3);

/// Connections from this number on are other servers; sockets are counted from 1.
pub(super) const AFAR: u64 = 1 << 63;

pub(super) struct Presence {
    inner: Mutex<Inner>,
    started: Instant,
}

/// Whether ticks are to [`begin`]: there is news, and nobody is telling it yet.
#[must_use]
pub(super) struct Due(bool);

#[derive(Default)]
struct Inner {
    states: AwarenessStates,
    /// The tick with which each client's newest state goes out.
    changed_at: BTreeMap<u64, u64>,
    tick: u64,
    /// Something goes out with the next tick.
    news: bool,
    /// Somebody sees to the ticks.
    ticking: bool,
    /// Frames of this tick, by the tick that their readers saw last.
    frames: HashMap<u64, Option<Bytes>>,
    /// Clients whose sockets are here, and whose newest state other servers have not been told.
    untold: BTreeSet<u64>,
}

impl Presence {
    pub fn new() -> Self {
        Self {
            inner: Mutex::default(),
            started: Instant::now(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_ms(&self) -> u64 {
        self.started.elapsed().as_millis() as u64
    }

    /// What a socket of this server says, and whose it is where people sign in.
    pub fn apply(&self, update: AwarenessUpdate, member_id: u64, speaker: Option<Uuid>) -> Due {
        let now_ms = self.now_ms();
        let mut inner = self.lock();
        let update = told_apart(&inner.states, update, member_id, speaker);
        let changed = inner.states.apply(&update, member_id, now_ms);
        inner.untold.extend(&changed);
        inner.note(&changed)
    }

    /// What another server says, which counts as one connection.
    pub fn apply_from_afar(&self, update: AwarenessUpdate, owner: u64) -> Due {
        let now_ms = self.now_ms();
        let mut inner = self.lock();
        let update = told_apart(&inner.states, update, owner, None);
        let changed = inner.states.apply(&update, owner, now_ms);
        inner.note(&changed)
    }

    /// The connection has ended: its clients are gone for everyone.
    pub fn leave(&self, owner: u64) -> Due {
        let now_ms = self.now_ms();
        let mut inner = self.lock();
        let left = inner.states.remove(owner, now_ms);
        if !is_afar(owner) {
            inner.untold.extend(&left);
        }
        inner.note(&left)
    }

    /// Whether a tick is coming that tells all `readers` to write what lies ready for them, so that
    /// it need not be done now.
    pub fn carries(&self, readers: usize) -> bool {
        if readers < CROWD {
            return false;
        }
        let mut inner = self.lock();
        inner.news |= inner.ticking;
        inner.ticking
    }

    /// Frames with what other servers have not been told of the people here.
    pub fn take_for_others(&self) -> Vec<Bytes> {
        let mut inner = self.lock();
        let untold: Vec<u64> = std::mem::take(&mut inner.untold).into_iter().collect();
        let parts = untold.chunks(PART);
        let frames = parts.filter_map(|part| inner.states.encode(part.iter().copied()));
        frames.map(Bytes::from).collect()
    }

    /// Another server has just come: it is told of everyone here.
    pub fn tell_others_of_everyone(&self) {
        let mut inner = self.lock();
        let here: Vec<u64> = inner.states.spoken_for(|owner| !is_afar(owner)).collect();
        inner.untold.extend(here);
    }

    /// What a reader lacks that saw tick `seen` last (0: nothing yet), as one frame, and the tick
    /// that it has seen with it.
    pub fn since(&self, seen: u64) -> (u64, Option<Bytes>) {
        let mut inner = self.lock();
        (inner.tick, inner.frame_since(seen))
    }

    /// Begins the next tick; false when nothing has changed, and then the ticks have ended.
    fn begin_tick(&self) -> bool {
        let mut inner = self.lock();
        inner.ticking = std::mem::take(&mut inner.news);
        if !inner.ticking {
            // Whoever has not got them yet is late, and has its own made.
            inner.frames = HashMap::new();
            return false;
        }
        inner.tick += 1;
        inner.frames.clear();
        // Now, so that readers in step see this tick and nothing of the next.
        let before = inner.tick - 1;
        inner.frame_since(before);
        true
    }

    fn sweep(&self) -> Due {
        let now_ms = self.now_ms();
        let mut inner = self.lock();
        let silent = inner.states.expire(now_ms);
        let due = inner.note(&silent);
        let Inner {
            states,
            changed_at,
            untold,
            ..
        } = &mut *inner;
        changed_at.retain(|client, _| states.contains(*client));
        untold.retain(|client| states.contains(*client));
        due
    }
}

impl Inner {
    fn note(&mut self, changed: &[u64]) -> Due {
        if changed.is_empty() {
            return Due(false);
        }
        let next = self.tick + 1;
        let changed = changed.iter().map(|client| (*client, next));
        self.changed_at.extend(changed);
        self.news = true;
        Due(!std::mem::replace(&mut self.ticking, true))
    }

    /// A late reader also gets what has changed since the tick began, and gets that again with the
    /// next: else somebody who never rests would never be seen by it.
    fn frame_since(&mut self, seen: u64) -> Option<Bytes> {
        if let Some(frame) = self.frames.get(&seen) {
            return frame.clone();
        }
        let frame = if seen == 0 {
            self.states.encode(self.states.present())
        } else {
            let newer = self.changed_at.iter().filter(|(_, tick)| **tick > seen);
            self.states.encode(newer.map(|(client, _)| *client))
        };
        let frame = frame.map(Bytes::from);
        if self.ticking {
            self.frames.insert(seen, frame.clone());
        }
        frame
    }
}

/// Has everyone told that there is news, where that is `due`: tick by tick, until there is none.
///
/// The same bytes go to all: a client recognises its own state by its clock, and public clients
/// take the echo for a sign that the connection lives.
pub(super) fn begin(hub: &Arc<Hub>, room: &Arc<Room>, Due(due): Due) {
    if due {
        tokio::spawn(tell(hub.clone(), room.clone()));
    }
}

async fn tell(hub: Arc<Hub>, room: Arc<Room>) {
    loop {
        let started = Instant::now();
        if !room.presence.begin_tick() {
            return;
        }
        let members = room.members();
        for member in &members {
            member.outbox.presence();
        }
        hub.bus.moved(&room);
        counter!("relay_awareness_frames_total").increment(members.len() as u64);
        histogram!("relay_awareness_fanout_seconds").record(started.elapsed());
        let tick = tick(members.len());
        drop(members);
        tokio::time::sleep(tick).await;
    }
}

/// Looks for silent clients in all rooms, until the server goes away.
pub(super) async fn run(hub: Arc<Hub>) {
    while hub.pause(SWEEP).await {
        for room in hub.rooms() {
            begin(&hub, &room, room.presence.sweep());
        }
    }
}

/// What is left of an update when clients stay with the account that they name: somebody may move to
/// another connection or server, and nobody else may take their place there. `speaker` is known of
/// sockets here; of what comes from afar its own server has seen to it that it is true.
fn told_apart(
    states: &AwarenessStates,
    mut update: AwarenessUpdate,
    owner: u64,
    speaker: Option<Uuid>,
) -> AwarenessUpdate {
    update.entries.retain(|entry| {
        let shown = states.shown_by_another(entry.client, owner);
        let Some(account) = shown.and_then(account_in) else {
            return true;
        };
        let named = || entry.json.as_deref().and_then(account_in);
        speaker.or_else(named) == Some(account)
    });
    update
}

/// Whether a connection's number stands for another server.
fn is_afar(owner: u64) -> bool {
    owner >= AFAR
}

fn tick(readers: usize) -> Duration {
    let readers = u32::try_from(readers).unwrap_or(u32::MAX);
    TICK_PER_READER
        .saturating_mul(readers)
        .clamp(TICK, LONGEST_TICK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use visionflow_sync::{AwarenessEntry, Frame, decode_all};

    /// Whether ticks are to begin.
    fn says(presence: &Presence, client: u64, clock: u64) -> bool {
        let entry = AwarenessEntry {
            client,
            clock,
            json: Some("{}".into()),
        };
        let update = AwarenessUpdate {
            entries: vec![entry],
        };
        let mut inner = presence.lock();
        let changed = inner.states.apply(&update, client, 0);
        inner.note(&changed).0
    }

    fn clocks(frame: Option<Bytes>) -> Vec<(u64, u64)> {
        let Some(frame) = frame else { return vec![] };
        let frames = decode_all(&frame).unwrap();
        let [Frame::Awareness(update)] = &frames[..] else {
            panic!("{frames:?}");
        };
        let clocks = update.entries.iter();
        clocks.map(|entry| (entry.client, entry.clock)).collect()
    }

    #[test]
    fn a_reader_gets_the_newest_of_what_it_lacks_and_nothing_twice() {
        let presence = Presence::new();
        assert!(!presence.begin_tick());
        says(&presence, 7, 1);
        says(&presence, 8, 1);
        assert!(presence.begin_tick());
        let (in_step, frame) = presence.since(0);
        assert_eq!(clocks(frame), [(7, 1), (8, 1)]);
        for clock in 2..9 {
            says(&presence, 7, clock);
            assert!(presence.begin_tick());
        }
        // One that was away for seven ticks sees one state, and not that of who stood still.
        let (seen, frame) = presence.since(in_step);
        assert_eq!(clocks(frame), [(7, 8)]);
        assert_eq!(presence.since(seen), (seen, None));
    }

    #[test]
    fn ticks_are_begun_once_and_end_with_the_news() {
        let presence = Presence::new();
        assert!(says(&presence, 7, 1));
        assert!(!says(&presence, 8, 1), "the first word has begun them");
        assert!(presence.begin_tick());
        assert!(!says(&presence, 7, 2), "they still run");
        assert!(presence.begin_tick());
        assert!(!presence.begin_tick());
        assert!(!says(&presence, 7, 2), "nothing new");
        assert!(says(&presence, 7, 3));
    }

    #[test]
    fn a_tick_carries_edits_to_a_crowd() {
        let presence = Presence::new();
        assert!(!presence.carries(CROWD), "nobody moves");
        says(&presence, 7, 1);
        assert!(!presence.carries(CROWD - 1));
        assert!(presence.begin_tick());
        assert!(presence.carries(CROWD));
        assert!(presence.begin_tick(), "for the edit alone");
        assert!(!presence.begin_tick());
        assert!(!presence.carries(CROWD));
    }

    #[test]
    fn readers_in_step_share_one_frame() {
        let presence = Presence::new();
        says(&presence, 7, 1);
        presence.begin_tick();
        let (seen, _) = presence.since(0);
        says(&presence, 7, 2);
        presence.begin_tick();
        // After the tick: goes out with the next one.
        says(&presence, 7, 3);
        let (a, b) = (
            presence.since(seen).1.unwrap(),
            presence.since(seen).1.unwrap(),
        );
        assert_eq!(a.as_ptr(), b.as_ptr());
        assert_eq!(clocks(Some(a)), [(7, 2)]);
        presence.begin_tick();
        assert_eq!(clocks(presence.since(seen + 1).1), [(7, 3)]);
    }

    #[test]
    fn nobody_takes_the_place_of_somebody_on_another_server() {
        let (ada, ben) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let state = |clock, user: Option<Uuid>| AwarenessUpdate {
            entries: vec![AwarenessEntry {
                client: 7,
                clock,
                json: Some(match user {
                    Some(id) => format!(r#"{{"user":{{"id":"{id}"}}}}"#).into(),
                    None => "{}".into(),
                }),
            }],
        };
        let shown = |presence: &Presence| {
            let inner = presence.lock();
            inner.states.shown_by_another(7, 0).and_then(account_in)
        };
        let presence = Presence::new();
        // A socket here, against Ada's on another server.
        let _ = presence.apply_from_afar(state(1, Some(ada)), AFAR);
        let _ = presence.apply(state(5, Some(ben)), 3, Some(ben));
        let _ = presence.apply(state(6, None), 3, Some(ben));
        assert_eq!(shown(&presence), Some(ada));
        // She comes here; another server's people are not her either.
        let _ = presence.apply(state(2, Some(ada)), 4, Some(ada));
        let _ = presence.apply_from_afar(state(8, Some(ben)), AFAR);
        let _ = presence.apply_from_afar(state(9, None), AFAR);
        assert_eq!(shown(&presence), Some(ada));
        // She goes back there.
        let _ = presence.apply_from_afar(state(3, Some(ada)), AFAR);
        assert_eq!(presence.lock().states.shown_by_another(7, AFAR), None);
        // Who names nobody may move as well.
        let _ = presence.apply_from_afar(state(4, None), AFAR);
        let _ = presence.apply(state(5, Some(ben)), 3, Some(ben));
        assert_eq!(shown(&presence), Some(ben));
    }

    #[test]
    fn a_crowd_is_told_less_often_but_often_enough() {
        assert_eq!(tick(2), TICK);
        assert_eq!(tick(50), Duration::from_millis(30));
        assert_eq!(tick(100_000), LONGEST_TICK);
    }
}
