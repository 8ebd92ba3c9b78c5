//! Updates of very many clients, and how much may wait for predecessors that have not come.
//!
//! Where clients' structs wait for each other, Yrs goes from client to client by recursion, as deep
//! as the chain is long: one of some ten thousand clients, made up in a few hundred kilobytes, would
//! end the process.
//! So a large update is taken apart and handed over in an order in which nothing has to wait, and
//! what must wait for others is counted and limited.

use crate::lib0::write_var_uint;
use crate::scan::{Struct, UpdateError, Visitor, client_ids, scan_update};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use yrs::StateVector;

/// As many clients as Yrs may walk by recursion; honest clients wait one by one, for moments.
const MAX_CLIENTS: usize = 1000;

/// The clients of updates that may be waiting in the document.
#[derive(Default)]
pub(crate) struct Waiting(HashSet<u64>);

impl Waiting {
    /// The parts in which `update` may go to a document that has come as far as `known` says.
    ///
    /// Malformed updates may not.
    pub(crate) fn admit<'a>(
        &mut self,
        update: &'a [u8],
        known: impl FnOnce() -> StateVector,
    ) -> Result<Vec<Cow<'a, [u8]>>, UpdateError> {
        let clients = client_ids(update)?;
        if self.0.len() + clients.len() <= MAX_CLIENTS {
            self.0.extend(clients);
            return Ok(vec![Cow::Borrowed(update)]);
        }
        let mut structs = Structs::default();
        scan_update(update, &mut structs)?;
        let known = known();
        let clocks = known.iter();
        let clocks = clocks.map(|(client, clock)| (client.get(), u64::from(*clock)));
        let (mut parts, waiting) = structs.in_order(update, clocks.collect());
        let left: HashSet<_> = self.0.iter().copied().chain(waiting).collect();
        if left.len() > MAX_CLIENTS {
            return Err(UpdateError::TooManyGaps);
        }
        self.0 = left;
        parts.push([&[0], &update[structs.deletions..]].concat());
        Ok(parts.into_iter().map(Cow::Owned).collect())
    }

    /// Nothing waits any more.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
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
