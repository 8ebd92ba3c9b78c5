//! Updates taken apart: what of them can be taken in, in an order in which nothing has to wait, and
//! what has to wait for structs that have not come.
//!
//! Where clients' structs wait for each other, Yrs goes from client to client by recursion, as deep
//! as the chain is long: one of some ten thousand clients, made up in a few hundred kilobytes, would
//! end the process. So updates of very many clients go to it in parts.

use super::held::Piece;
use super::{Admitted, Id, MAX_CLIENTS, clock};
use crate::lib0::write_var_uint;
use crate::scan::{Struct, UpdateError, Visitor, scan_update};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use yrs::StateVector;

/// The structs of an update as far as their order matters.
pub(super) struct Structs<'a> {
    update: &'a [u8],
    chains: Vec<Chain>,
    /// What structs refer to.
    origins: Vec<Id>,
    /// The origins that stand before this are those of structs that have been seen.
    seen: usize,
    has_gaps: bool,
    deletions: usize,
}

/// One client's structs, ascending.
struct Chain {
    client: u64,
    links: Vec<Link>,
}

pub(super) struct Link {
    pub clocks: Range<u64>,
    /// Where it lies in the update.
    bytes: Range<usize>,
    /// Which origins must be there first.
    origins: Range<usize>,
}

impl Visitor for Structs<'_> {
    fn origin(&mut self, client: u64, clock: u64) {
        self.origins.push((client, clock));
    }

    fn found(&mut self, found: Struct) {
        let origins = std::mem::replace(&mut self.seen, self.origins.len())..self.origins.len();
        if found.is_gap {
            self.has_gaps = true;
            return;
        }
        let link = Link {
            clocks: found.clocks,
            bytes: found.bytes,
            origins,
        };
        match self.chains.last_mut() {
            Some(chain) if chain.client == found.client => chain.links.push(link),
            _ => self.chains.push(Chain {
                client: found.client,
                links: vec![link],
            }),
        }
    }

    fn deletions(&mut self, offset: usize) {
        self.deletions = offset;
    }
}

impl<'a> Structs<'a> {
    pub(super) fn of(update: &'a [u8]) -> Result<Self, UpdateError> {
        let mut structs = Self {
            update,
            chains: Vec::new(),
            origins: Vec::new(),
            seen: 0,
            has_gaps: false,
            deletions: 0,
        };
        scan_update(update, &mut structs)?;
        Ok(structs)
    }

    /// What becomes of it in a document that has come as far as `known`.
    ///
    /// Goes along a chain as far as it leads, and on where one was waited for.
    pub(super) fn admit(&self, known: &StateVector) -> Admitted<'a> {
        let mut order = Order {
            structs: self,
            known,
            ends: HashMap::new(),
        };
        let mut parts = Vec::with_capacity(self.chains.len() + 1);
        let mut next = vec![0; self.chains.len()];
        let mut waiting: HashMap<u64, Vec<usize>> = HashMap::new();
        let mut ready: Vec<usize> = (0..self.chains.len()).collect();
        while let Some(index) = ready.pop() {
            let chain = &self.chains[index];
            let start = next[index];
            while let Some(link) = chain.links.get(next[index]) {
                if let Some((client, _)) = order.missing(chain.client, link) {
                    // For its own predecessors it waits in vain: they would be in this chain.
                    if client != chain.client {
                        waiting.entry(client).or_default().push(index);
                    }
                    break;
                }
                order.add(chain.client, link);
                next[index] += 1;
            }
            if next[index] > start {
                parts.extend(
                    chain
                        .runs(start..next[index])
                        .map(|run| self.part(chain, run)),
                );
                ready.extend(waiting.remove(&chain.client).unwrap_or_default());
            }
        }
        let mut held = Vec::new();
        for (chain, next) in self.chains.iter().zip(next) {
            for run in chain.runs(next..chain.links.len()) {
                order.hold(chain, run, &mut held);
            }
        }
        let ends = order.ends.into_iter().collect();
        if held.is_empty() && !self.has_gaps && self.chains.len() <= MAX_CLIENTS {
            let parts = vec![Cow::Borrowed(self.update)];
            return Admitted { parts, ends, held };
        }
        parts.push([&[0], &self.update[self.deletions..]].concat());
        let parts = parts.into_iter().map(Cow::Owned).collect();
        Admitted { parts, ends, held }
    }

    /// Each struct with its client and its bytes.
    pub(super) fn each(&self) -> impl Iterator<Item = (u64, &Link, &[u8])> {
        let links = self.chains.iter();
        let links = links.flat_map(|it| it.links.iter().map(|link| (it.client, link)));
        links.map(|(client, link)| (client, link, self.bytes(link, link)))
    }

    /// The bytes from a struct to a later one of the same client.
    fn bytes(&self, first: &Link, last: &Link) -> &[u8] {
        &self.update[first.bytes.start..last.bytes.end]
    }

    /// An update with some of a client's structs, which follow each other without a gap.
    fn part(&self, chain: &Chain, links: Range<usize>) -> Vec<u8> {
        let links = &chain.links[links];
        let mut part = vec![1];
        write_var_uint(&mut part, links.len() as u64);
        write_var_uint(&mut part, chain.client);
        if let [first, ..] = links
            && let [.., last] = links
        {
            write_var_uint(&mut part, first.clocks.start);
            part.extend_from_slice(self.bytes(first, last));
        }
        part.push(0);
        part
    }
}

impl Chain {
    /// The ranges of links in which each follows the one before without a gap.
    fn runs(&self, links: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let follows = |pair: &[Link]| pair[0].clocks.end == pair[1].clocks.start;
        let mut next = links.start;
        std::iter::from_fn(move || {
            let start = next;
            let rest = &self.links[start..links.end];
            if rest.is_empty() {
                return None;
            }
            next += 1 + rest.windows(2).take_while(|pair| follows(pair)).count();
            Some(start..next)
        })
    }
}

/// How far a document and what goes to it of an update have come.
struct Order<'a> {
    structs: &'a Structs<'a>,
    known: &'a StateVector,
    /// Beyond what is known.
    ends: HashMap<u64, u64>,
}

impl Order<'_> {
    fn end(&self, client: u64) -> u64 {
        let end = self.ends.get(&client).copied();
        end.unwrap_or_else(|| clock(self.known, client))
    }

    fn add(&mut self, client: u64, link: &Link) {
        let end = self.end(client).max(link.clocks.end);
        self.ends.insert(client, end);
    }

    /// What must be there before this struct of the client and has not come.
    fn missing(&self, client: u64, link: &Link) -> Option<Id> {
        let end = self.end(client);
        if link.clocks.start > end {
            return Some((client, link.clocks.start - 1));
        }
        if link.clocks.end <= end {
            return None;
        }
        self.missing_origin(link)
    }

    fn missing_origin(&self, link: &Link) -> Option<Id> {
        let origins = &self.structs.origins[link.origins.clone()];
        let is_missing = |(client, clock): &&Id| self.end(*client) <= *clock;
        origins.iter().find(is_missing).copied()
    }

    /// Holds the structs of a run, of which the first cannot be taken in, in pieces: one begins with
    /// each struct that waits for another client's. So none is looked through again and again.
    fn hold(&self, chain: &Chain, run: Range<usize>, held: &mut Vec<(Id, Piece)>) {
        let waits_for_others = |link: &Link| {
            let missing = self.missing_origin(link);
            missing.is_some_and(|(client, _)| client != chain.client)
        };
        let mut start = run.start;
        for next in start + 1..=run.end {
            if next < run.end && !waits_for_others(&chain.links[next]) {
                continue;
            }
            let (first, last) = (&chain.links[start], &chain.links[next - 1]);
            let missing = self.missing(chain.client, first);
            let begins = |link: &Link| {
                let offset = link.bytes.start - first.bytes.start;
                (link.clocks.start as u32, offset as u32)
            };
            let piece = Piece {
                client: chain.client,
                structs: chain.links[start..next].iter().map(begins).collect(),
                end: last.clocks.end,
                bytes: self.structs.bytes(first, last).into(),
            };
            held.push((missing.expect("else it would have been taken in"), piece));
            start = next;
        }
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
            let mut structs = Structs::of(&update).unwrap();
            // As if they were too many to go there at once.
            structs.has_gaps = true;
            let admitted = structs.admit(&StateVector::default());
            prop_assert!(admitted.held.is_empty());
            let copy = Doc::with_client_id(7);
            for part in &admitted.parts {
                apply(&copy, part);
                prop_assert!(!copy.transact().has_missing_updates());
            }
            prop_assert_eq!(contents(&copy), contents(&doc));
            prop_assert_eq!(copy.transact().state_vector(), doc.transact().state_vector());
        }
    }
}
