//! Many peers, random edits, a network that delays, repeats, reorders and loses.

use crate::support::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::{BTreeMap, BTreeSet};
use visionflow_document::{Change, Document, Edit};
use visionflow_model::{AnnotationId, AttributeValue, Shape, Suggestion, Verdict};

const PEERS: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    Edit(usize, Vec<Op>),
    Undo(usize),
    Redo(usize),
    /// One waiting update goes from one peer to another, from anywhere in the queue; it may stay.
    Deliver {
        from: usize,
        to: usize,
        at: usize,
        again: bool,
    },
    /// Everything that waits between two peers is lost; they resynchronise.
    Reconnect(usize, usize),
    Restart(usize),
}

#[derive(Clone, Debug)]
pub enum Op {
    Add(u32),
    Shape(u32, f64),
    Label(u32, u32),
    Z(u32, f64),
    Attribute(u32, u32, Option<bool>),
    Delete(u32),
    AddMask(u32),
    Paint(u32, i32, i32),
    Erase(u32, i32, i32),
    Convert(u32),
    Suggest(u32),
    Decide(u32, Verdict),
}

pub fn op() -> impl Strategy<Value = Op> {
    let n = || 0..6u32;
    prop_oneof![
        3 => n().prop_map(Op::Add),
        2 => (n(), 1.0..500.0).prop_map(|(n, x)| Op::Shape(n, x)),
        1 => (n(), 0..4u32).prop_map(|(n, l)| Op::Label(n, l)),
        1 => (n(), -5.0..5.0).prop_map(|(n, z)| Op::Z(n, z)),
        1 => (n(), 0..2u32, any::<Option<bool>>()).prop_map(|(n, a, v)| Op::Attribute(n, a, v)),
        2 => n().prop_map(Op::Delete),
        2 => n().prop_map(Op::AddMask),
        3 => (n(), 0..400, 1..200).prop_map(|(n, x, w)| Op::Paint(n, x, w)),
        2 => (n(), 0..400, 1..200).prop_map(|(n, x, w)| Op::Erase(n, x, w)),
        1 => n().prop_map(Op::Convert),
        3 => n().prop_map(Op::Suggest),
        5 => (n(), select(&Verdict::ALL[..])).prop_map(|(n, v)| Op::Decide(n, v)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let peer = || 0..PEERS;
    prop_oneof![
        5 => (peer(), vec(op(), 1..4)).prop_map(|(p, ops)| Step::Edit(p, ops)),
        2 => peer().prop_map(Step::Undo),
        1 => peer().prop_map(Step::Redo),
        6 => (peer(), peer(), 0..20usize, any::<bool>())
            .prop_map(|(from, to, at, again)| Step::Deliver { from, to, at, again }),
        1 => (peer(), peer()).prop_map(|(a, b)| Step::Reconnect(a, b)),
        1 => peer().prop_map(Step::Restart),
    ]
}

pub fn edit(op: &Op) -> Edit {
    match *op {
        Op::Add(n) => add(n),
        Op::Shape(n, x) => Edit::SetShape(id(n), rect(x, x / 3.0, x, 0.1)),
        Op::Label(n, l) => Edit::SetLabel(id(n), label(l)),
        Op::Z(n, z) => Edit::SetZ(id(n), z),
        Op::Attribute(n, a, value) => {
            Edit::SetAttribute(id(n), attribute(a), value.map(AttributeValue::Bool))
        }
        Op::Delete(n) => Edit::Delete(id(n)),
        Op::AddMask(n) => Edit::Add(annotation(n, Shape::Mask(row(3, 0..300)))),
        Op::Paint(n, x, w) => Edit::PaintMask(id(n), stroke(3, x..x + w)),
        Op::Erase(n, x, w) => Edit::PaintMask(id(n), erasure(3, x..x + w)),
        Op::Suggest(n) => suggest(n),
        Op::Decide(n, verdict) => decide(n, verdict),
        Op::Convert(n) => Edit::SetShape(id(n), Shape::Mask(row(3, 100..260))),
    }
}

struct Network {
    peers: Vec<Document>,
    /// `queues[from][to]`: updates on their way.
    queues: Vec<Vec<Vec<Vec<u8>>>>,
    next_client: u64,
}

impl Network {
    fn new() -> Self {
        Self {
            peers: (1..=PEERS as u64).map(Document::new).collect(),
            queues: vec![vec![Vec::new(); PEERS]; PEERS],
            next_client: 100,
        }
    }

    fn run(&mut self, step: &Step) {
        match step {
            Step::Edit(peer, ops) => {
                let edits: Vec<_> = ops.iter().map(edit).collect();
                let before = contents(&self.peers[*peer]);
                if self.peers[*peer].edit(&edits).is_err() {
                    assert_eq!(contents(&self.peers[*peer]), before);
                }
                self.flush(*peer);
            }
            Step::Undo(peer) => {
                self.peers[*peer].undo();
                self.flush(*peer);
            }
            Step::Redo(peer) => {
                self.peers[*peer].redo();
                self.flush(*peer);
            }
            Step::Deliver {
                from,
                to,
                at,
                again,
            } => {
                let queue = &mut self.queues[*from][*to];
                if !queue.is_empty() {
                    let at = at % queue.len();
                    let update = if *again {
                        queue[at].clone()
                    } else {
                        queue.remove(at)
                    };
                    self.peers[*to].apply_update(&update).unwrap();
                }
            }
            Step::Reconnect(a, b) if a != b => {
                self.queues[*a][*b].clear();
                self.queues[*b][*a].clear();
                self.sync(*a, *b);
            }
            Step::Reconnect(..) => {}
            Step::Restart(peer) => {
                self.next_client += 1;
                let mut restarted = Document::new(self.next_client);
                bring(&mut restarted, &self.peers[*peer]);
                self.peers[*peer] = restarted;
            }
        }
    }

    fn flush(&mut self, peer: usize) {
        let updates = self.peers[peer].take_updates();
        for to in (0..PEERS).filter(|to| *to != peer) {
            self.queues[peer][to].extend(updates.iter().cloned());
        }
    }

    fn sync(&mut self, a: usize, b: usize) {
        let (low, high) = (a.min(b), a.max(b));
        let (left, right) = self.peers.split_at_mut(high);
        sync(&mut left[low], &mut right[0]);
    }

    /// A copy read from scratch sees the same as the projection that was kept up to date.
    fn check_projections(&self) {
        for peer in &self.peers {
            let copy = Document::from_updates(9999, [peer.diff(&[]).unwrap().as_slice()]).unwrap();
            assert_eq!(contents(&copy), contents(peer));
            assert_eq!(suggestions(&copy), suggestions(peer));
            for suggestion in peer.suggestions() {
                let stands = peer.get(suggestion.id()).is_some();
                assert!(!stands || suggestion.verdict == Verdict::Accepted);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_peers_end_with_the_same(steps in vec(step(), 1..80)) {
        let mut network = Network::new();
        for step in &steps {
            network.run(step);
        }
        network.check_projections();
        for _ in 0..2 {
            for peer in 1..PEERS {
                network.sync(0, peer);
            }
        }
        let first = (contents(&network.peers[0]), suggestions(&network.peers[0]));
        for peer in &network.peers {
            prop_assert_eq!(&(contents(peer), suggestions(peer)), &first);
            prop_assert!(peer.is_whole());
        }
        network.check_projections();
    }

    /// Updates of several authors who see each other's now and then come in any order.
    #[test]
    fn what_is_shown_follows_from_what_has_come_in_whatever_order(
        steps in vec((0..PEERS, vec(op(), 1..3), prop::bool::weighted(0.3)), 1..25),
        order in any::<u64>(),
        joins in any::<prop::sample::Index>(),
    ) {
        let mut authors: Vec<_> = (1..=PEERS as u64).map(Document::new).collect();
        let mut updates: Vec<Vec<u8>> = Vec::new();
        for (author, ops, looks) in &steps {
            if *looks {
                for update in &updates {
                    authors[*author].apply_update(update).unwrap();
                }
            }
            let _ = authors[*author].edit(&ops.iter().map(edit).collect::<Vec<_>>());
            updates.extend(authors[*author].take_updates());
        }
        let whole = Document::from_updates(50, updates.iter().map(Vec::as_slice)).unwrap();
        prop_assert!(whole.is_whole());
        shuffle(&mut updates, order);
        let joins = joins.index(updates.len() + 1);
        let (before, after) = updates.split_at(joins);
        let (mut relay, mut late) = (Document::new(51), Document::new(52));
        for update in before {
            relay.apply_update(update).unwrap();
        }
        bring(&mut late, &relay);
        let reversed = before.iter().rev().map(Vec::as_slice);
        let other = Document::from_updates(53, reversed).unwrap();
        for document in [&late, &other] {
            prop_assert_eq!(contents(document), contents(&relay));
            prop_assert_eq!(document.waiting(), relay.waiting());
        }
        for update in relay.waiting() {
            prop_assert!(!late.apply_update(&update).unwrap().waits, "it waits already");
        }
        for update in after {
            relay.apply_update(update).unwrap();
            late.apply_update(update).unwrap();
        }
        for document in [&relay, &late] {
            prop_assert!(document.is_whole());
            prop_assert_eq!(contents(document), contents(&whole));
        }
    }

    #[test]
    fn undoing_everything_restores_the_first_state(steps in vec(vec(op(), 1..4), 1..40)) {
        let (mut document, _) = pair(3);
        document.bring(&[suggest(4)]).unwrap();
        let all = |document: &Document| (contents(document), suggestions(document));
        let first = all(&document);
        for ops in &steps {
            let before = all(&document);
            let change = document.edit(&ops.iter().map(edit).collect::<Vec<_>>());
            if let Ok(change) = change {
                check_tells(&change, &before.1, &suggestions(&document));
            } else {
                prop_assert_eq!(all(&document), before);
            }
        }
        let last = all(&document);
        while document.can_undo() {
            document.undo();
        }
        prop_assert_eq!(all(&document), first);
        while document.can_redo() {
            document.redo();
        }
        prop_assert_eq!(all(&document), last);
    }

    #[test]
    fn undo_of_one_never_touches_what_only_the_other_touched(
        mine in vec(vec(op(), 1..3), 1..15),
        theirs in vec(vec(op(), 1..3), 1..15),
    ) {
        let (mut a, mut b) = (Document::new(1), Document::new(2));
        for n in 0..6 {
            a.edit(&[add(n)]).unwrap();
        }
        a.edit(&(10..16).map(add).collect::<Vec<_>>()).unwrap();
        send(&mut a, &mut [&mut b]);
        a.forget_history();
        for (mine, theirs) in mine.iter().zip(&theirs) {
            let _ = a.edit(&mine.iter().map(edit).collect::<Vec<_>>());
            let _ = b.edit(&theirs.iter().map(|op| edit(&moved(op))).collect::<Vec<_>>());
            send(&mut a, &mut [&mut b]);
            send(&mut b, &mut [&mut a]);
        }
        let only_theirs = |document: &Document| {
            let mut all = contents(document);
            all.retain(|annotation, _| (10..16).any(|n| id(n) == *annotation));
            all
        };
        let before = only_theirs(&a);
        while a.can_undo() {
            a.undo();
        }
        prop_assert_eq!(only_theirs(&a), before);
        send(&mut a, &mut [&mut b]);
        prop_assert_eq!(contents(&a), contents(&b));
    }
}

/// Another order of them for each seed.
fn shuffle<T>(items: &mut [T], mut seed: u64) {
    for at in (1..items.len()).rev() {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        items.swap(at, (seed >> 33) as usize % (at + 1));
    }
}

#[test]
fn who_joins_while_something_is_missing_lacks_nothing_once_it_has_come() {
    let mut author = Document::new(7);
    let updates: Vec<_> = (0..3)
        .map(|n| {
            author.edit(&[add(n)]).unwrap();
            author.take_updates().concat()
        })
        .collect();
    let (mut relay, mut reader) = (Document::new(8), Document::new(9));
    for document in [&mut relay, &mut reader] {
        document.apply_update(&updates[0]).unwrap();
    }
    relay.apply_update(&updates[2]).unwrap();
    assert!(!relay.is_whole() && reader.is_whole());
    // Both have come equally far, but the relay has something that waits.
    bring(&mut reader, &relay);
    for document in [&mut relay, &mut reader] {
        document.apply_update(&updates[1]).unwrap();
        assert_eq!(contents(document), contents(&author));
        assert_eq!(document.state_vector().len(), author.state_vector().len());
    }
    assert!(relay.is_whole() && reader.is_whole());
    // Nothing waits any more: nothing is said twice.
    let nothing = relay.diff(&reader.state_vector()).unwrap();
    assert_eq!(nothing, author.diff(&author.state_vector()).unwrap());
}

/// What Yrs keeps waiting it merges, and takes in what has no origins behind a gap: who joined when
/// the second, the fourth and the fifth of these had come never got the fifth.
#[test]
fn what_waits_behind_several_gaps_reaches_who_joins() {
    let (mut other, mut author) = (Document::new(6), Document::new(7));
    other.edit(&[add(0), add(1)]).unwrap();
    let begun = other.take_updates();
    author.apply_update(&begun[0]).unwrap();
    for (n, z) in [(0, 1.0), (0, 2.0), (1, 1.0), (2, 1.0), (1, 2.0)] {
        let step = match n {
            2 => add(n),
            n => Edit::SetZ(id(n), z),
        };
        author.edit(&[step]).unwrap();
    }
    let updates = author.take_updates();
    for seed in 0..600 {
        let mut order = [0, 1, 2, 3, 4];
        shuffle(&mut order, seed);
        for joins in 0..=order.len() {
            let (mut relay, mut reader) = (Document::new(8), Document::new(9));
            relay.apply_update(&begun[0]).unwrap();
            for at in &order[..joins] {
                relay.apply_update(&updates[*at]).unwrap();
            }
            bring(&mut reader, &relay);
            for at in &order[joins..] {
                relay.apply_update(&updates[*at]).unwrap();
                reader.apply_update(&updates[*at]).unwrap();
            }
            for document in [&relay, &reader] {
                assert!(document.is_whole());
                assert_eq!(
                    contents(document),
                    contents(&author),
                    "{order:?} at {joins}"
                );
            }
        }
    }
}

/// A change names exactly the suggestions that are not as they were, each once.
fn check_tells(change: &Change, before: &Suggestions, after: &Suggestions) {
    let mut told = change.suggestions.clone();
    told.sort();
    let ids = before.keys().chain(after.keys()).copied();
    let changed = ids.filter(|id| before.get(id) != after.get(id));
    let changed: BTreeSet<_> = changed.collect();
    assert_eq!(told, changed.into_iter().collect::<Vec<_>>());
}

type Suggestions = BTreeMap<AnnotationId, Suggestion>;

/// The same operation on the other person's annotations.
fn moved(op: &Op) -> Op {
    let mut op = op.clone();
    match &mut op {
        Op::Add(n)
        | Op::Shape(n, _)
        | Op::Label(n, _)
        | Op::Z(n, _)
        | Op::Attribute(n, ..)
        | Op::Delete(n)
        | Op::AddMask(n)
        | Op::Paint(n, ..)
        | Op::Erase(n, ..)
        | Op::Suggest(n)
        | Op::Decide(n, _)
        | Op::Convert(n) => *n += 10,
    }
    op
}
