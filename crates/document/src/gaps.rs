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

mod held;
mod order;
mod stream;

use crate::scan::UpdateError;
use held::{Held, Piece};
use order::Structs;
use std::borrow::Cow;
use stream::Stream;
use yrs::block::ClientID;
use yrs::updates::decoder::Decode;
use yrs::{IdSet, StateVector, TransactionMut, Update, WriteTxn};

/// A struct's client and clock.
type Id = (u64, u64);

/// Where structs of more clients wait for each other, they go to Yrs in parts: see `order.rs`.
const MAX_CLIENTS: usize = 1000;
/// Pieces that may wait; each takes some hundred bytes beside its own. Honest clients send in order,
/// and one that comes back with all that it did offline has a piece for each edit at the most.
const MAX_PIECES: usize = 200_000;

/// What waits for structs that have not come. Deletions of such wait in Yrs.
#[derive(Default)]
pub(crate) struct Waiting {
    held: Held,
}

impl Waiting {
    /// Takes into a document that has come as far as `known` what can be taken in of an update, and
    /// of what waited for it. Returns whether some of the update has to wait that did not before.
    ///
    /// Updates that are malformed, or would make too much wait, change nothing.
    pub(crate) fn take_in(
        &mut self,
        update: &[u8],
        known: &mut StateVector,
        txn: &mut TransactionMut<'_>,
    ) -> Result<bool, UpdateError> {
        let admitted = admit(update, known)?;
        if self.held.len() + admitted.held.len() > MAX_PIECES {
            return Err(UpdateError::TooManyGaps);
        }
        apart_from_deletions(txn, |txn| {
            let mut released = Vec::new();
            let waits = self.enter(admitted, known, txn, &mut released)?;
            self.enter_all(released, known, txn)?;
            Ok(waits)
        })
    }

    /// Takes in what has waited for structs that the replica `client` has now written itself: of
    /// forged updates, for nobody else builds on what nobody has seen. Returns whether there was any.
    pub(crate) fn catch_up(
        &mut self,
        client: u64,
        known: &mut StateVector,
        txn: &mut TransactionMut<'_>,
    ) -> Result<bool, UpdateError> {
        let released = self.held.release(client, clock(known, client));
        if released.is_empty() {
            return Ok(false);
        }
        apart_from_deletions(txn, |txn| self.enter_all(released, known, txn))?;
        Ok(true)
    }

    fn enter_all(
        &mut self,
        mut released: Vec<Vec<u8>>,
        known: &mut StateVector,
        txn: &mut TransactionMut<'_>,
    ) -> Result<(), UpdateError> {
        while let Some(update) = released.pop() {
            let admitted = admit(&update, known)?;
            self.enter(admitted, known, txn, &mut released)?;
        }
        Ok(())
    }

    /// Returns whether something new has to wait; what waited until now is `released`.
    fn enter(
        &mut self,
        admitted: Admitted<'_>,
        known: &mut StateVector,
        txn: &mut TransactionMut<'_>,
        released: &mut Vec<Vec<u8>>,
    ) -> Result<bool, UpdateError> {
        for part in admitted.parts {
            let part = Update::decode_v1(&part).map_err(|e| UpdateError::decoding(&e))?;
            txn.apply_update(part)
                .map_err(|e| UpdateError::applying(&e))?;
        }
        let mut waits = false;
        for (missing, piece) in admitted.held {
            waits |= self.held.insert(missing, piece);
        }
        for (client, end) in admitted.ends {
            known.set_max(ClientID::new(client), end as u32);
            released.extend(self.held.release(client, end));
        }
        Ok(waits)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.held.len() == 0
    }

    /// All that waits, as updates (lib0 v1) that others may take in in any order: one, unless what
    /// waits overlaps.
    pub(crate) fn updates(&self) -> Vec<Vec<u8>> {
        self.held.updates()
    }

    /// What an update has of what waits, byte for byte.
    pub(crate) fn repeated_by(&self, update: &[u8]) -> Result<IdSet, UpdateError> {
        Ok(self.held.repeated_by(&Structs::of(update)?))
    }
}

/// Yrs tries deletions that wait in it again with each update: here once, after all of `work`.
fn apart_from_deletions<T>(
    txn: &mut TransactionMut<'_>,
    work: impl FnOnce(&mut TransactionMut<'_>) -> Result<T, UpdateError>,
) -> Result<T, UpdateError> {
    let deletions = txn.prune_pending();
    let done = work(txn);
    if let Some(deletions) = deletions {
        txn.apply_update(deletions)
            .map_err(|e| UpdateError::applying(&e))?;
    }
    done
}

/// What becomes of an update.
#[derive(Default)]
struct Admitted<'a> {
    /// Updates that can be taken in one after the other.
    parts: Vec<Cow<'a, [u8]>>,
    /// How far they lead each of their clients.
    ends: Vec<(u64, u64)>,
    /// What has to wait, each for one struct.
    held: Vec<(Id, Piece)>,
}

fn admit<'a>(update: &'a [u8], known: &StateVector) -> Result<Admitted<'a>, UpdateError> {
    match Stream::ends_of(update, known)? {
        Some(ends) if ends.len() <= MAX_CLIENTS => Ok(Admitted {
            parts: vec![Cow::Borrowed(update)],
            ends,
            held: Vec::new(),
        }),
        _ => Ok(Structs::of(update)?.admit(known)),
    }
}

fn clock(known: &StateVector, client: u64) -> u64 {
    u64::from(known.get(&ClientID::new(client)))
}
