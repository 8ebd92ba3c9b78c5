//! Updates of very many clients, and how much may wait for predecessors that have not come.
//!
//! Where clients' structs wait for each other, Yrs goes from client to client by recursion, as deep
//! as the chain is long: one of some ten thousand clients, made up in a few hundred kilobytes, would
//! end the process.
//! So a large update is taken apart and handed over in an order in which nothing has to wait, and
//! what must wait for others is counted and limited.
//!
//! Structs that only lack their own client's predecessors do not wait in Yrs: they are taken in
//! behind a gap. A state vector ends at the gap, and of a client on whose gap two replicas agree
//! neither would tell the other what it has behind it; so those clients are remembered here.

use crate::lib0::write_var_uint;
use crate::scan::{Struct, UpdateError, Visitor, scan_update};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use yrs::StateVector;
use yrs::block::ClientID;

/// As many clients as Yrs may walk by recursion; honest clients wait one by one, for moments.
const MAX_CLIENTS: usize = 1000;

#[derive(Default)]
pub(crate) struct Waiting {
    /// The clients of updates that may be waiting in the document.
    clients: HashSet<u64>,
    /// How far the structs of clients go that stand behind a gap.
    ahead: HashMap<u64, u64>,
}

impl Waiting {
    /// The parts in which `update` may go to a document that has come as far as `known` says.
    ///
    /// Malformed updates may not.
    pub(crate) fn admit<'a>(
        &mut self,
        update: &'a [u8],
        known: impl FnOnce() -> StateVector,
    ) -> Result<Vec<Cow<'a, [u8]>>, UpdateError> {
        let mut ends = Ends::default();
        scan_update(update, &mut ends)?;
        for (client, end) in &ends.0 {
            let ahead = self.ahead.entry(*client).or_default();
            *ahead = (*ahead).max(*end);
        }
        if self.clients.len() + ends.0.len() <= MAX_CLIENTS {
            self.clients.extend(ends.0.keys());
            return Ok(vec![Cow::Borrowed(update)]);
        }
        let mut structs = Structs::default();
        scan_update(update, &mut structs)?;
        let known = known();
        let clocks = known.iter();
        let clocks = clocks.map(|(client, clock)| (client.get(), u64::from(*clock)));
        let (mut parts, waiting) = structs.in_order(update, clocks.collect());
        let left: HashSet<_> = self.clients.iter().copied().chain(waiting).collect();
        if left.len() > MAX_CLIENTS {
            return Err(UpdateError::TooManyGaps);
        }
        self.clients = left;
        parts.push([&[0], &update[structs.deletions..]].concat());
        Ok(parts.into_iter().map(Cow::Owned).collect())
    }

    /// Nothing waits any more.
    pub(crate) fn clear(&mut self) {
        self.clients.clear();
    }

    /// The document has come as far as `known`: what reaches beyond stands behind gaps.
    pub(crate) fn settle(&mut self, known: &StateVector) {
        let clock = |client: u64| u64::from(known.get(&ClientID::new(client)));
        self.ahead.retain(|client, end| *end > clock(*client));
    }

    /// Whether something stands behind a gap.
    pub(crate) fn is_ahead(&self) -> bool {
        !self.ahead.is_empty()
    }

    /// A replica at `known` as it has to be answered: what it has of clients with gaps it cannot say.
    pub(crate) fn sayable(&self, known: StateVector) -> StateVector {
        if self.ahead.is_empty() {
            return known;
        }
        let clocks = known.iter().map(|(client, clock)| (*client, *clock));
        clocks
            .filter(|(client, _)| !self.ahead.contains_key(&client.get()))
            .collect()
    }
}

/// How far the structs of each client go that an update brings.
#[derive(Default)]
struct Ends(HashMap<u64, u64>);

impl Visitor for Ends {
    fn found(&mut self, found: Struct) {
        let end = self.0.entry(found.client).or_default();
        if !found.is_gap {
            *end = (*end).max(found.clocks.end);
        }
    }
}

/// The structs of an update as far as their order matters.
#[derive(Default)]
struct Structs {
    chains: Vec<Chain>,
    /// Origins of the struct that comes next.
    origins: Vec<(u64, u64)>,
    deletions: usize,
}

/// One client's structs, each after the one before, with the items that must be there first.
struct Chain {
    client: u64,
    links: Vec<(Struct, Vec<(u64, u64)>)>,
}

impl Visitor for Structs {
    fn origin(&mut self, client: u64, clock: u64) {
        self.origins.push((client, clock));
    }

    fn found(&mut self, found: Struct) {
        let client = found.client;
        let link = (found, std::mem::take(&mut self.origins));
        match self.chains.last_mut() {
            Some(chain) if chain.client == client => chain.links.push(link),
            _ => self.chains.push(Chain {
                client,
                links: vec![link],
            }),
        }
    }

    fn deletions(&mut self, offset: usize) {
        self.deletions = offset;
    }
}

impl Structs {
    /// Updates with the structs in an order in which each finds its origins, then those that do not
    /// find theirs; and the clients of these.
    ///
    /// Goes along a chain as far as it leads, and on where one was waited for.
    fn in_order(&self, update: &[u8], mut known: HashMap<u64, u64>) -> (Vec<Vec<u8>>, Vec<u64>) {
        let mut parts = Vec::with_capacity(self.chains.len() + 1);
        let mut next = vec![0; self.chains.len()];
        let mut waiting: HashMap<u64, Vec<usize>> = HashMap::new();
        let mut ready: Vec<usize> = (0..self.chains.len()).collect();
        while let Some(index) = ready.pop() {
            let chain = &self.chains[index];
            let start = next[index];
            while let Some((link, origins)) = chain.links.get(next[index]) {
                let before = known.get(&chain.client).copied().unwrap_or(0);
                if link.is_gap || link.clocks.start > before {
                    break;
                }
                let missing = |(client, clock): &&(u64, u64)| {
                    known.get(client).is_none_or(|known| known <= clock)
                };
                if let Some((client, _)) = origins.iter().find(missing) {
                    waiting.entry(*client).or_default().push(index);
                    break;
                }
                known.insert(chain.client, before.max(link.clocks.end));
                next[index] += 1;
            }
            if next[index] > start {
                parts.push(chain.part(start..next[index], update));
                ready.extend(waiting.remove(&chain.client).unwrap_or_default());
            }
        }
        let mut left = Vec::new();
        for (chain, next) in self.chains.iter().zip(next) {
            if next < chain.links.len() {
                parts.push(chain.part(next..chain.links.len(), update));
                left.push(chain.client);
            }
        }
        (parts, left)
    }
}

impl Chain {
    /// An update with only these of the client's structs.
    fn part(&self, links: Range<usize>, update: &[u8]) -> Vec<u8> {
        let mut part = vec![1];
        write_var_uint(&mut part, links.len() as u64);
        write_var_uint(&mut part, self.client);
        let links = &self.links[links];
        if let (Some((first, _)), Some((last, _))) = (links.first(), links.last()) {
            write_var_uint(&mut part, first.clocks.start);
            part.extend_from_slice(&update[first.bytes.start..last.bytes.end]);
        }
        part.push(0);
        part
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use yrs::updates::decoder::Decode;
    use yrs::{Any, Doc, Map, ReadTxn, Transact, Update};

    fn apply(doc: &Doc, update: &[u8]) {
        let update = Update::decode_v1(update).unwrap();
        doc.transact_mut().apply_update(update).unwrap();
    }

    fn contents(doc: &Doc) -> HashMap<String, Any> {
        let map = doc.get_or_insert_map("annotations");
        let txn = doc.transact();
        let entry = |(key, value): (&str, yrs::Out)| (key.to_owned(), value.to_string(&txn).into());
        map.iter(&txn).map(entry).collect()
    }

    /// A document that some clients have written in turns, each seeing what those before it wrote.
    fn written(writes: &[(u64, u8, bool)]) -> Doc {
        let docs: Vec<_> = (1..=6).map(Doc::with_client_id).collect();
        let hub = Doc::with_client_id(99);
        for (client, key, deletes) in writes {
            let doc = &docs[*client as usize];
            let map = doc.get_or_insert_map("annotations");
            let seen = doc.transact().state_vector();
            apply(doc, &hub.transact().encode_state_as_update_v1(&seen));
            if *deletes {
                map.remove(&mut doc.transact_mut(), &key.to_string());
            } else {
                map.insert(&mut doc.transact_mut(), key.to_string(), *client as f64);
            }
            let known = hub.transact().state_vector();
            apply(&hub, &doc.transact().encode_state_as_update_v1(&known));
        }
        hub
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn parts_in_order_make_the_whole(
            writes in vec((0..6u64, 0..4u8, prop::bool::weighted(0.2)), 1..60),
        ) {
            let doc = written(&writes);
            let update = doc.transact().encode_state_as_update_v1(&StateVector::default());
            let mut structs = Structs::default();
            scan_update(&update, &mut structs).unwrap();
            let (parts, left) = structs.in_order(&update, HashMap::new());
            prop_assert_eq!(left, Vec::<u64>::new());
            let copy = Doc::with_client_id(7);
            for part in &parts {
                apply(&copy, part);
                prop_assert!(!copy.transact().has_missing_updates());
            }
            apply(&copy, &[&[0], &update[structs.deletions..]].concat());
            prop_assert_eq!(contents(&copy), contents(&doc));
            prop_assert_eq!(copy.transact().state_vector(), doc.transact().state_vector());
        }
    }
}
