//! Updates that come before what they build on.
//!
//! Yrs takes them too, but what it then has is not to be relied on: a struct that lacks only its own
//! client's predecessors stands behind a gap, of which a state vector says nothing; one that lacks
//! its origins is merged into a list in which the structs of a client with several gaps get wrong
//! clocks, so that who joins meanwhile never gets some of them. So Yrs only gets what it can take in
//! at once, and the rest waits here as it came.
//!
//! So what a document shows follows from the updates that it has got, in whatever order they came;
//! its state vector says all that it shows; and what waits are ordinary updates again.

mod order;
mod stream;

use crate::scan::UpdateError;
use order::Structs;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use stream::Stream;
use yrs::block::ClientID;
use yrs::updates::decoder::Decode;
use yrs::{StateVector, TransactionMut, Update};

/// A struct's client and clock.
type Id = (u64, u64);

/// What waits for structs that have not come. Deletions of such wait in Yrs.
#[derive(Default)]
pub(crate) struct Waiting {
    /// Updates with structs of one client each, by one that has to be there first.
    held: BTreeMap<Id, BTreeSet<Vec<u8>>>,
}

impl Waiting {
    /// Takes into a document that has come as far as `known` what can be taken in of an update, and
    /// of what waited for it. Returns whether some of the update has to wait.
    ///
    /// Malformed updates change nothing.
    pub(crate) fn take_in(
        &mut self,
        update: &[u8],
        known: &mut StateVector,
        txn: &mut TransactionMut<'_>,
    ) -> Result<bool, UpdateError> {
        let mut ready = vec![Cow::Borrowed(update)];
        let mut waits = None;
        while let Some(update) = ready.pop() {
            let admitted = admit(&update, known)?;
            waits.get_or_insert(!admitted.held.is_empty());
            for part in admitted.parts {
                let part = Update::decode_v1(&part).map_err(|e| UpdateError::decoding(&e))?;
                txn.apply_update(part)
                    .map_err(|e| UpdateError::applying(&e))?;
            }
            for (id, update) in admitted.held {
                self.held.entry(id).or_default().insert(update);
            }
            for (client, end) in admitted.ends {
                known.set_max(ClientID::new(client), end as u32);
                while let Some(updates) = self.next_for(client, end) {
                    ready.extend(updates.into_iter().map(Cow::Owned));
                }
            }
        }
        Ok(waits == Some(true))
    }

    /// Something that has waited for the structs of a client before clock `end`.
    fn next_for(&mut self, client: u64, end: u64) -> Option<BTreeSet<Vec<u8>>> {
        let (id, _) = self.held.range((client, 0)..(client, end)).next()?;
        let id = *id;
        self.held.remove(&id)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// All that waits, as updates (lib0 v1) that may be taken in by others in any order.
    pub(crate) fn updates(&self) -> impl Iterator<Item = &[u8]> {
        self.held.values().flatten().map(Vec::as_slice)
    }
}

/// What becomes of an update.
#[derive(Default)]
struct Admitted<'a> {
    /// Updates that can be taken in one after the other.
    parts: Vec<Cow<'a, [u8]>>,
    /// How far they lead each of their clients.
    ends: Vec<(u64, u64)>,
    /// What has to wait, each for one struct.
    held: Vec<(Id, Vec<u8>)>,
}

fn admit<'a>(update: &'a [u8], known: &StateVector) -> Result<Admitted<'a>, UpdateError> {
    if let Some(ends) = Stream::ends_of(update, known)? {
        return Ok(Admitted {
            parts: vec![Cow::Borrowed(update)],
            ends,
            held: Vec::new(),
        });
    }
    Ok(Structs::of(update)?.admit(known))
}

fn clock(known: &StateVector, client: u64) -> u64 {
    u64::from(known.get(&ClientID::new(client)))
}
