//! A first look at bytes from outside, before the CRDT sees them.
//!
//! Yrs decodes what it is given: a few bytes can ask it for gigabytes, a value of a million nested
//! arrays ends the process, blocks that contradict each other break invariants that it relies on.
//! So an update is walked here once, without allocating, and refused unless every length fits the
//! bytes at hand and every clock its place.
//!
//! Only plain values pass: our document has no shared types but its four maps, and nested ones would
//! let a peer build structures as deep as it likes, which Yrs walks by recursion.
//!
//! The format is Yjs' update format, version 1 (`encoding.js` and `structs/` in yjs).

use crate::lib0::{ReadError, Reader};
use std::collections::HashSet;
use std::ops::Range;
use thiserror::Error;

/// Clients are JavaScript's safe integers.
const MAX_CLIENT: u64 = (1 << 53) - 1;
/// Yrs calculates with clocks as `i32`.
const MAX_CLOCK: u64 = (1 << 31) - 1;
/// How deep a value may be nested; a polygon's geometry in its record takes four.
const MAX_DEPTH: usize = 16;

/// Why an update or a state vector is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum UpdateError {
    #[error("the update is malformed: {0}")]
    Malformed(String),
    /// Decodable, but nothing that a document of ours may hold.
    #[error("the update holds {0}; only plain values are taken")]
    Unsupported(&'static str),
    #[error("the update does not fit the document: {0}")]
    Unfit(String),
    /// What it builds on has not come, and too much waits for such already.
    #[error("too many edits wait for what they build on")]
    TooManyGaps,
}

impl UpdateError {
    pub(crate) fn decoding(error: &yrs::encoding::read::Error) -> Self {
        Self::Malformed(error.to_string())
    }

    pub(crate) fn applying(error: &yrs::error::UpdateError) -> Self {
        Self::Unfit(error.to_string())
    }
}

impl From<ReadError> for UpdateError {
    fn from(error: ReadError) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// Whether an update (lib0 v1) can be decoded and applied without harm.
pub fn check_update(update_v1: &[u8]) -> Result<(), UpdateError> {
    scan_update(update_v1, &mut ())
}

/// The clients of which an update (lib0 v1) brings structs, ascending.
///
/// Clients that it only deletes from are not among them.
pub fn client_ids(update_v1: &[u8]) -> Result<Vec<u64>, UpdateError> {
    let mut clients = Clients::default();
    scan_update(update_v1, &mut clients)?;
    clients.0.sort_unstable();
    Ok(clients.0)
}

/// What a scan comes by, in the order of the update.
pub(crate) trait Visitor {
    /// The struct that comes next waits for this item.
    fn origin(&mut self, _client: u64, _clock: u64) {}
    /// The struct that comes next is the first of an entry of a root map.
    fn entry(&mut self, _root: &str, _key: &str) {}
    fn found(&mut self, _found: Struct) {}
    /// The deletions begin here, and end the update.
    fn deletions(&mut self, _offset: usize) {}
}

/// One struct of an update.
pub(crate) struct Struct {
    pub client: u64,
    pub clocks: Range<u64>,
    /// It stands for structs that the update does not have.
    pub is_gap: bool,
    /// Where it lies in the update.
    pub bytes: Range<usize>,
}

impl Visitor for () {}

/// The clients that bring structs.
#[derive(Default)]
struct Clients(Vec<u64>);

impl Visitor for Clients {
    fn found(&mut self, found: Struct) {
        if !found.is_gap && self.0.last() != Some(&found.client) {
            self.0.push(found.client);
        }
    }
}

/// Whether a state vector (lib0 v1) can be decoded without harm.
pub fn check_state_vector(state_vector: &[u8]) -> Result<(), UpdateError> {
    let mut reader = Reader::new(state_vector);
    for _ in 0..reader.count(2)? {
        read_client(&mut reader)?;
        read_clock(&mut reader)?;
    }
    ensure_end(&reader)
}

pub(crate) fn scan_update(update: &[u8], visitor: &mut impl Visitor) -> Result<(), UpdateError> {
    let mut reader = Reader::new(update);
    let mut seen = HashSet::new();
    for _ in 0..reader.count(4)? {
        let structs = reader.count(2)?;
        let client = read_client(&mut reader)?;
        if structs == 0 || !seen.insert(client) {
            return malformed("a client's structs come twice or not at all");
        }
        scan_structs(&mut reader, structs, client, visitor)?;
    }
    visitor.deletions(reader.position());
    scan_delete_set(&mut reader)?;
    ensure_end(&reader)
}

/// Walks the structs of one client.
fn scan_structs(
    reader: &mut Reader<'_>,
    structs: usize,
    client: u64,
    visitor: &mut impl Visitor,
) -> Result<(), UpdateError> {
    const GC: u8 = 0;
    const SKIP: u8 = 10;
    let mut clock = read_clock(reader)?;
    for _ in 0..structs {
        let offset = reader.position();
        let info = reader.u8()?;
        let length = match info {
            GC | SKIP => reader.var_uint()?,
            _ => {
                scan_item_head(reader, info, (client, clock), visitor)?;
                scan_content(reader, info)?
            }
        };
        let end = advance(clock, length)?;
        visitor.found(Struct {
            client,
            clocks: clock..end,
            is_gap: info == SKIP,
            bytes: offset..reader.position(),
        });
        clock = end;
    }
    Ok(())
}

/// Origins, parent and key of an item.
fn scan_item_head(
    reader: &mut Reader<'_>,
    info: u8,
    (client, clock): (u64, u64),
    visitor: &mut impl Visitor,
) -> Result<(), UpdateError> {
    const ORIGIN: u8 = 0x80;
    const RIGHT_ORIGIN: u8 = 0x40;
    const KEY: u8 = 0x20;
    for flag in [ORIGIN, RIGHT_ORIGIN] {
        if info & flag != 0 {
            let (origin, at) = (read_client(reader)?, read_clock(reader)?);
            if origin == client && at >= clock {
                return malformed("an item refers to one after itself");
            }
            visitor.origin(origin, at);
        }
    }
    if info & (ORIGIN | RIGHT_ORIGIN) != 0 {
        return Ok(());
    }
    if reader.var_uint()? != 1 {
        return Err(UpdateError::Unsupported(
            "a value inside another shared type",
        ));
    }
    let root = reader.string()?;
    if info & KEY != 0 {
        visitor.entry(root, reader.string()?);
    }
    Ok(())
}

/// What an item holds; returns its length in clock ticks.
fn scan_content(reader: &mut Reader<'_>, info: u8) -> Result<u64, UpdateError> {
    let unsupported = |what| Err(UpdateError::Unsupported(what));
    match info & 0x1f {
        1 => Ok(reader.var_uint()?),
        2 => unsupported("values of Yjs before version 13"),
        3 => {
            reader.buffer()?;
            Ok(1)
        }
        4..=6 => unsupported("shared text"),
        7 => unsupported("a nested shared type"),
        8 => {
            let values = reader.count(1)?;
            for _ in 0..values {
                scan_value(reader, 0)?;
            }
            Ok(values as u64)
        }
        9 => unsupported("a subdocument"),
        _ => malformed("an unknown kind of content"),
    }
}

/// A plain value: lib0's `writeAny`.
fn scan_value(reader: &mut Reader<'_>, depth: usize) -> Result<(), UpdateError> {
    if depth > MAX_DEPTH {
        return malformed("a value is nested too deep");
    }
    match reader.u8()? {
        // undefined, null, true, false
        127 | 126 | 121 | 120 => {}
        125 => scan_var_int(reader)?,
        124 => {
            reader.take(4)?;
        }
        123 | 122 => {
            reader.take(8)?;
        }
        119 => {
            reader.string()?;
        }
        118 => {
            for _ in 0..reader.count(2)? {
                reader.string()?;
                scan_value(reader, depth + 1)?;
            }
        }
        117 => {
            for _ in 0..reader.count(1)? {
                scan_value(reader, depth + 1)?;
            }
        }
        116 => {
            reader.buffer()?;
        }
        _ => return malformed("an unknown kind of value"),
    }
    Ok(())
}

/// A signed integer: a first byte of six bits and a sign, then seven bits a byte.
fn scan_var_int(reader: &mut Reader<'_>) -> Result<(), UpdateError> {
    for _ in 0..9 {
        if reader.u8()? < 0x80 {
            return Ok(());
        }
    }
    malformed("an integer is too long")
}

/// Ranges of deleted clocks by client, ascending and apart as every writer sorts them.
fn scan_delete_set(reader: &mut Reader<'_>) -> Result<(), UpdateError> {
    let mut seen = HashSet::new();
    for _ in 0..reader.count(2)? {
        if !seen.insert(read_client(reader)?) {
            return malformed("a client's deletions come twice");
        }
        let mut end = 0;
        for _ in 0..reader.count(2)? {
            let start = read_clock(reader)?;
            if start < end {
                return malformed("deletions overlap");
            }
            end = advance(start, reader.var_uint()?)?;
        }
    }
    Ok(())
}

fn read_client(reader: &mut Reader<'_>) -> Result<u64, UpdateError> {
    match reader.var_uint()? {
        client @ 0..=MAX_CLIENT => Ok(client),
        _ => malformed("a client id is too large"),
    }
}

fn read_clock(reader: &mut Reader<'_>) -> Result<u64, UpdateError> {
    match reader.var_uint()? {
        clock @ 0..=MAX_CLOCK => Ok(clock),
        _ => malformed("a clock is too large"),
    }
}

fn advance(clock: u64, length: u64) -> Result<u64, UpdateError> {
    if length == 0 {
        return malformed("a struct is empty");
    }
    match clock.checked_add(length) {
        Some(clock) if clock <= MAX_CLOCK => Ok(clock),
        _ => malformed("a clock is too large"),
    }
}

fn ensure_end(reader: &Reader<'_>) -> Result<(), UpdateError> {
    if reader.is_at_end() {
        Ok(())
    } else {
        malformed("bytes follow the end")
    }
}

fn malformed<T>(what: &str) -> Result<T, UpdateError> {
    Err(UpdateError::Malformed(what.to_owned()))
}
