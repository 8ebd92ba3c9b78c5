//! Whose presence is whose: nobody speaks as somebody else in a room's awareness.
//!
//! Awareness states are JSON that clients make themselves. Two things in them are not theirs to
//! choose: the client id of somebody else who is here, and the id of another account. An entry that
//! takes one of them is passed over; so is what public clients echo, which is old news anyway.
//! Clients of other servers are told apart by the accounts that their states name (`presence`).

mod claim;

use super::member::Member;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;
use visionflow_sync::AwarenessUpdate;

/// More clients than this are not told apart, and not heard.
const MAX_CLIENTS: usize = 4096;

#[derive(Default)]
pub(super) struct Authors(Mutex<HashMap<u64, Author>>);

#[derive(Clone, Copy)]
struct Author {
    user_id: Uuid,
    member_id: u64,
}

impl Authors {
    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Author>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What of the update the member may say. `named` people name themselves: nobody signs in.
    pub fn honest(&self, update: AwarenessUpdate, member: &Member, named: bool) -> AwarenessUpdate {
        let mut authors = self.lock();
        let mut entries = update.entries;
        entries.retain(|entry| {
            let own = authors
                .get(&entry.client)
                .is_none_or(|author| author.user_id == member.user_id);
            let Some(state) = &entry.json else { return own };
            if !own || !(named || claims_nobody_else(state, member.user_id)) {
                metrics::counter!("relay_awareness_refused_total").increment(1);
                return false;
            }
            let room = authors.len() < MAX_CLIENTS || authors.contains_key(&entry.client);
            if room {
                let author = Author {
                    user_id: member.user_id,
                    member_id: member.id,
                };
                authors.insert(entry.client, author);
            }
            room
        });
        AwarenessUpdate { entries }
    }

    /// The member's socket has closed.
    pub fn forget(&self, member: &Member) {
        self.lock()
            .retain(|_, author| author.member_id != member.id);
    }

    /// The account whose socket speaks for the client; `None` for one on another server.
    pub fn of(&self, client: u64) -> Option<Uuid> {
        self.lock().get(&client).map(|author| author.user_id)
    }
}

/// The account that a state names, if any.
pub(super) fn account_in(state: &str) -> Option<Uuid> {
    claim::read(state).ok()?
}

/// Public clients write what they like there; only another account's id is not theirs. What this
/// reader does not understand another one may, and see a name in it: so it is refused.
fn claims_nobody_else(state: &str, user_id: Uuid) -> bool {
    claim::read(state).is_ok_and(|claimed| claimed.is_none_or(|account| account == user_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_accounts_id_is_not_ones_own_to_show() {
        let (ada, ben) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let check = |state: &str, expected: bool| {
            assert_eq!(claims_nobody_else(state, ada), expected, "{state}");
        };
        check(
            &format!(r#"{{"user":{{"id":"{ada}"}},"cursor":null}}"#),
            true,
        );
        check(
            &format!(r#"{{"user":{{"id":"{ben}","name":"Ben"}}}}"#),
            false,
        );
        check(&format!(r#"{{"user":{{"id":"{}"}}}}"#, ben.simple()), false);
        check(r#"{"user":{"name":"Ben"}}"#, true);
        check(r#"{"user":{"id":"u1"}}"#, true);
        check(r#"{"user":7}"#, true);
        check("{}", true);
        check("not json", false);
        // The last of two counts, as in a browser; half a character is read by some.
        check(
            &format!(r#"{{"user":{{"id":"{ada}"}},"user":{{"id":"{ben}"}}}}"#),
            false,
        );
        check(r#"{"user":{"id":"u1","name":"\ud800"}}"#, false);
    }
}
