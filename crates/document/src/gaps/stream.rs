//! The look that is enough for nearly every update: whether its structs can be taken in as they come.

use super::clock;
use crate::scan::{Struct, UpdateError, Visitor, scan_update};
use std::collections::HashMap;
use yrs::StateVector;

/// A walk through an update beside the document that is to take it in.
pub(super) struct Stream<'a> {
    known: &'a StateVector,
    /// The client whose structs pass by, and how far it has come with them.
    current: Option<(u64, u64)>,
    /// How far those before it have come.
    ends: HashMap<u64, u64>,
    /// Each struct so far finds its predecessor and its origins in the document or before itself.
    is_ready: bool,
}

impl<'a> Stream<'a> {
    /// How far the update leads each of its clients, if nothing in it has to wait for anything.
    pub(super) fn ends_of(
        update: &[u8],
        known: &'a StateVector,
    ) -> Result<Option<Vec<(u64, u64)>>, UpdateError> {
        let mut stream = Self {
            known,
            current: None,
            ends: HashMap::new(),
            is_ready: true,
        };
        scan_update(update, &mut stream)?;
        let Self { current, ends, .. } = stream;
        let ends = ends.into_iter().chain(current);
        Ok(stream.is_ready.then(|| ends.collect()))
    }

    fn has(&self, client: u64, at: u64) -> bool {
        let is_before = |(end_of, end): (u64, u64)| end_of == client && at < end;
        self.current.is_some_and(is_before)
            || at < clock(self.known, client)
            || self.ends.get(&client).is_some_and(|end| at < *end)
    }
}

impl Visitor for Stream<'_> {
    fn origin(&mut self, client: u64, clock: u64) {
        self.is_ready = self.is_ready && self.has(client, clock);
    }

    fn found(&mut self, found: Struct) {
        let end = match self.current {
            Some((client, end)) if client == found.client => end,
            before => {
                self.ends.extend(before);
                clock(self.known, found.client)
            }
        };
        self.is_ready = self.is_ready && !found.is_gap && found.clocks.start <= end;
        self.current = Some((found.client, end.max(found.clocks.end)));
    }
}
