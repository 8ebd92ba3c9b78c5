//! The ordered event protocol, for scripts: `GET /v1/ws/rooms/{room_id}?protocol=events`.
//!
//! `docs/rooms.md` describes it to those who use it. It is spoken in the same rooms as
//! y-websocket's: an edit of either is an event of the one log, presence of either is one map.
//!
//! What a script is sent of the document does not go through its `outbox` as others' does. A task
//! of its own (`feed`) walks along the log from where the client is: through the database where
//! that is long ago, through the room's memory (`log`) where it is recent, with a snapshot first
//! where the way is too long. So there is neither a gap nor a duplicate where replay ends and live
//! events begin, and a slow reader holds nothing up but its own walk.
//!
//! What a script says becomes the frames that others send (`inbox`), and what the room tells others
//! in frames becomes JSON (`wire`, `presence`).

mod acks;
mod feed;
mod inbox;
mod log;
mod presence;
mod wire;
mod writer;

pub(super) use log::Log;
pub(super) use writer::write;

use crate::caller::Caller;
use acks::Acks;
use std::sync::atomic::AtomicU64;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Bytes in UTF-8 of a `userId`.
const MAX_PERSON: usize = 64;

/// What the address of a socket asks for.
pub(super) struct Wish {
    last_seq: i64,
    user_id: Option<String>,
}

impl Wish {
    /// Errors say what is wrong with the query, in the room a close frame has.
    pub fn parse(last_seq: Option<&str>, user_id: Option<&str>) -> Result<Self, &'static str> {
        let last_seq = match last_seq {
            None | Some("") => 0,
            Some(text) => text
                .parse()
                .ok()
                .filter(|seq| *seq >= 0)
                .ok_or("lastSeq is a whole number from 0 on")?,
        };
        let user_id = user_id.filter(|id| !id.is_empty()).map(str::to_owned);
        let fits = |id: &String| id.len() <= MAX_PERSON && !id.contains(char::is_control);
        if user_id.as_ref().is_some_and(|id| !fits(id)) {
            return Err("userId has at most 64 bytes and no control characters");
        }
        Ok(Self { last_seq, user_id })
    }
}

/// One script's socket.
pub(super) struct Script {
    /// The last event that the client has.
    last_seq: i64,
    /// The `userId` of its presence.
    person: String,
    name: String,
    /// Its client id in the room's awareness, and the clock of its state there.
    client: u64,
    clock: AtomicU64,
    acks: Acks,
    /// The socket ends: what is left is sent, and nothing awaited.
    finishing: CancellationToken,
}

impl Script {
    /// Nobody names himself, except where nobody signs in.
    pub fn new(wish: Wish, caller: &Caller, signed_in: bool) -> Self {
        let (person, name) = match wish.user_id {
            Some(id) if !signed_in => (id.clone(), id),
            _ => (caller.user_id.to_string(), caller.name.clone()),
        };
        Self {
            last_seq: wish.last_seq,
            person,
            name,
            client: u64::from(Uuid::new_v4().as_u128() as u32),
            clock: AtomicU64::new(0),
            acks: Acks::default(),
            finishing: CancellationToken::new(),
        }
    }

    /// Update number `update` of this socket is event `seq`. Called before the event is.
    pub fn committed(&self, seq: i64, update: u64) -> bool {
        self.acks.add(seq, update, true)
    }

    /// Update number `update` brought nothing that the log up to `seq` does not hold.
    pub fn known(&self, seq: i64, update: u64) -> bool {
        self.acks.add(seq, update, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_is_checked() {
        let check = |last_seq: Option<&str>, user_id: Option<&str>, expected: Option<i64>| {
            let wish = Wish::parse(last_seq, user_id);
            assert_eq!(wish.ok().map(|wish| wish.last_seq), expected);
        };
        check(None, None, Some(0));
        check(Some(""), Some(""), Some(0));
        check(Some("17"), Some("u1"), Some(17));
        check(Some("-1"), None, None);
        check(Some("1e3"), None, None);
        check(Some("99999999999999999999"), None, None);
        check(None, Some(&"x".repeat(65)), None);
        check(None, Some("a\nb"), None);
    }
}
