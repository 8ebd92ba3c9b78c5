//! Structs that wait, by where they stand and by what they wait for.

use super::Id;
use super::order::Structs;
use crate::lib0::write_var_uint;
use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included};
use yrs::IdSet;
use yrs::block::{ClientID, ID};

/// Structs of one client, each after the one before, that can be taken in together.
pub(super) struct Piece {
    pub client: u64,
    /// The clock of the first.
    pub start: u64,
    /// The clock after the last.
    pub end: u64,
    /// How many they are.
    pub structs: usize,
    /// As they stand in an update.
    pub bytes: Box<[u8]>,
}

#[derive(Default)]
pub(super) struct Held {
    /// By client and first clock.
    pieces: BTreeMap<Id, Piece>,
    /// Where those stand that wait for a struct. Some may have gone.
    awaited: BTreeMap<Id, Vec<Id>>,
}

impl Held {
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Keeps a piece until `missing` has come; false where all of it waits already.
    pub fn insert(&mut self, missing: Id, piece: Piece) -> bool {
        let id = (piece.client, piece.start);
        let before = self.pieces.range((piece.client, 0)..=id).next_back();
        if before.is_some_and(|(_, before)| before.end >= piece.end) {
            return false;
        }
        self.pieces.insert(id, piece);
        self.awaited.entry(missing).or_default().push(id);
        true
    }

    /// Updates with what has waited for structs of a client before clock `end`.
    pub fn release(&mut self, client: u64, end: u64) -> Vec<Vec<u8>> {
        let mut released = Vec::new();
        let until_end = (Included((client, 0)), Excluded((client, end)));
        while let Some((missing, _)) = self.awaited.range(until_end).next() {
            let missing = *missing;
            for id in self.awaited.remove(&missing).unwrap_or_default() {
                let piece = self.pieces.remove(&id);
                released.extend(piece.map(|piece| Writer::of(&piece).finish()));
            }
        }
        released
    }

    /// All of it, in as few updates as there are pieces in one place.
    pub fn updates(&self) -> Vec<Vec<u8>> {
        let mut pieces = self.pieces.values();
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
        for (client, runs) in update.chains() {
            let mut at = 0;
            while let Some(first) = runs.get(at) {
                at += 1;
                let Some(piece) = self.pieces.get(&(client, first.clocks.start)) else {
                    continue;
                };
                let last = runs.get(at + piece.structs - 2);
                let is_same = last.is_some_and(|last| {
                    last.clocks.end == piece.end && update.bytes(first, last) == &*piece.bytes
                });
                if is_same {
                    let id = ID::new(ClientID::new(client), piece.start as u32);
                    repeated.insert(id, (piece.end - piece.start) as u32);
                    at += piece.structs - 1;
                }
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
            start: piece.start,
            end: piece.start,
            structs: 0,
            bytes: Vec::new(),
        };
        writer.add(piece);
        writer
    }

    fn can_take(&self, piece: &Piece) -> bool {
        self.client != piece.client || self.end <= piece.start
    }

    fn add(&mut self, piece: &Piece) {
        const SKIP: u8 = 10;
        if piece.client != self.client {
            self.end_client();
            (self.client, self.start, self.end) = (piece.client, piece.start, piece.start);
        }
        if piece.start > self.end {
            self.bytes.push(SKIP);
            write_var_uint(&mut self.bytes, piece.start - self.end);
            self.structs += 1;
        }
        self.bytes.extend_from_slice(&piece.bytes);
        self.structs += piece.structs as u64;
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
