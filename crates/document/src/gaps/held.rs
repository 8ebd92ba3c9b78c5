//! Structs that wait, by where they stand and by what they wait for.

use super::Id;
use super::order::Structs;
use crate::lib0::write_var_uint;
use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included};
use yrs::IdSet;
use yrs::block::{ClientID, ID};

/// Where one clock is looked for in so many pieces at the most, the nearest first. More overlap only
/// where somebody made them to.
const NEAREST: usize = 16;

/// Structs of one client, each after the one before, that can be taken in together.
pub(super) struct Piece {
    pub client: u64,
    /// The clock of each, and where it begins in `bytes`.
    pub structs: Box<[(u32, u32)]>,
    /// The clock after the last.
    pub end: u64,
    /// As they stand in an update.
    pub bytes: Box<[u8]>,
}

impl Piece {
    fn start(&self) -> u64 {
        u64::from(self.structs[0].0)
    }

    /// Each struct with its clock.
    fn each(&self) -> impl Iterator<Item = (u64, &[u8])> {
        (0..self.structs.len()).map(|at| (u64::from(self.structs[at].0), self.bytes_of(at)))
    }

    fn bytes_of(&self, at: usize) -> &[u8] {
        let begin = self.structs[at].1 as usize;
        let end = self.structs.get(at + 1);
        &self.bytes[begin..end.map_or(self.bytes.len(), |(_, end)| *end as usize)]
    }

    fn at(&self, clock: u64) -> Option<&[u8]> {
        let found = self
            .structs
            .binary_search_by_key(&clock, |(clock, _)| u64::from(*clock));
        Some(self.bytes_of(found.ok()?))
    }
}

#[derive(Default)]
pub(super) struct Held {
    /// By client and first clock. The same structs may come in several forms: what is deleted is
    /// written without its content, and together with its neighbours.
    pieces: BTreeMap<Id, Vec<Piece>>,
    /// Where those stand that wait for a struct. Some may have gone.
    awaited: BTreeMap<Id, Vec<Id>>,
    len: usize,
}

impl Held {
    /// How many pieces there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Keeps a piece until `missing` has come; false where all of it waits already.
    pub fn insert(&mut self, missing: Id, piece: Piece) -> bool {
        if piece
            .each()
            .all(|(clock, bytes)| self.has((piece.client, clock), bytes))
        {
            return false;
        }
        let id = (piece.client, piece.start());
        self.pieces.entry(id).or_default().push(piece);
        self.awaited.entry(missing).or_default().push(id);
        self.len += 1;
        true
    }

    /// Whether just this struct waits.
    fn has(&self, id: Id, bytes: &[u8]) -> bool {
        let before = self.pieces.range((id.0, 0)..=id).rev();
        let mut nearest = before.flat_map(|(_, forms)| forms).take(NEAREST);
        nearest.any(|piece| piece.at(id.1) == Some(bytes))
    }

    /// Updates with what has waited for structs of a client before clock `end`.
    pub fn release(&mut self, client: u64, end: u64) -> Vec<Vec<u8>> {
        let mut released = Vec::new();
        let until_end = (Included((client, 0)), Excluded((client, end)));
        while let Some((missing, _)) = self.awaited.range(until_end).next() {
            let missing = *missing;
            for id in self.awaited.remove(&missing).unwrap_or_default() {
                let pieces = self.pieces.remove(&id).unwrap_or_default();
                self.len -= pieces.len();
                released.extend(pieces.iter().map(|piece| Writer::of(piece).finish()));
            }
        }
        released
    }

    /// All of it: in one update, but for what overlaps.
    pub fn updates(&self) -> Vec<Vec<u8>> {
        let mut pieces = self.pieces.values().flatten();
        let Some(first) = pieces.next() else {
            return Vec::new();
        };
        let mut all = Writer::of(first);
        let mut overlapping = Vec::new();
        for piece in pieces {
            if all.can_take(piece) {
                all.add(piece);
            } else {
                overlapping.push(Writer::of(piece).finish());
            }
        }
        overlapping.insert(0, all.finish());
        overlapping
    }

    /// What an update has of it, byte for byte.
    pub fn repeated_by(&self, update: &Structs<'_>) -> IdSet {
        let mut repeated = IdSet::new();
        for (client, link, bytes) in update.each() {
            let clock = link.clocks.start;
            if self.has((client, clock), bytes) {
                let id = ID::new(ClientID::new(client), clock as u32);
                repeated.insert(id, (link.clocks.end - clock) as u32);
            }
        }
        repeated
    }
}

/// An update in the making, with what is between a client's pieces left out.
struct Writer {
    clients: u64,
    body: Vec<u8>,
    client: u64,
    start: u64,
    end: u64,
    structs: u64,
    bytes: Vec<u8>,
}

impl Writer {
    fn of(piece: &Piece) -> Self {
        let mut writer = Self {
            clients: 0,
            body: Vec::new(),
            client: piece.client,
            start: piece.start(),
            end: piece.start(),
            structs: 0,
            bytes: Vec::new(),
        };
        writer.add(piece);
        writer
    }

    fn can_take(&self, piece: &Piece) -> bool {
        self.client != piece.client || self.end <= piece.start()
    }

    fn add(&mut self, piece: &Piece) {
        const SKIP: u8 = 10;
        if piece.client != self.client {
            self.end_client();
            (self.client, self.start, self.end) = (piece.client, piece.start(), piece.start());
        }
        if piece.start() > self.end {
            self.bytes.push(SKIP);
            write_var_uint(&mut self.bytes, piece.start() - self.end);
            self.structs += 1;
        }
        self.bytes.extend_from_slice(&piece.bytes);
        self.structs += piece.structs.len() as u64;
        self.end = piece.end;
    }

    fn end_client(&mut self) {
        self.clients += 1;
        write_var_uint(&mut self.body, self.structs);
        write_var_uint(&mut self.body, self.client);
        write_var_uint(&mut self.body, self.start);
        self.body.append(&mut self.bytes);
        self.structs = 0;
    }

    /// The update, without deletions.
    fn finish(mut self) -> Vec<u8> {
        self.end_client();
        let mut update = Vec::with_capacity(self.body.len() + 11);
        write_var_uint(&mut update, self.clients);
        update.append(&mut self.body);
        update.push(0);
        update
    }
}
