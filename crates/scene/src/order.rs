//! The drawing order of all annotations: by z, then by id.
//!
//! Kept as slots only, found by binary search: an annotation drawn on top is appended, any other
//! change moves four bytes for each annotation above it.

use crate::shapes::Entry;
use std::cmp::Ordering;
use visionflow_model::AnnotationId;

/// The place of an annotation in the drawing order.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    z: f64,
    id: AnnotationId,
}

impl Place {
    pub fn of(entry: &Entry) -> Self {
        Self {
            z: entry.z,
            id: entry.id,
        }
    }

    pub fn compare(&self, other: &Self) -> Ordering {
        self.z.total_cmp(&other.z).then(self.id.cmp(&other.id))
    }
}

/// Slots in drawing order, bottom first.
#[derive(Debug, Default)]
pub struct Order {
    slots: Vec<u32>,
}

impl Order {
    pub fn slots(&self) -> &[u32] {
        &self.slots
    }

    pub fn clear(&mut self) {
        self.slots.clear();
    }

    /// Takes slots whose entries are all there, in any order.
    pub fn replace(&mut self, slots: impl Iterator<Item = u32>, entries: &[Option<Entry>]) {
        self.slots.clear();
        self.slots.extend(slots);
        sort(&mut self.slots, entries);
    }

    /// Takes slots that are in order.
    pub fn replace_sorted(&mut self, slots: impl Iterator<Item = u32>) {
        self.slots.clear();
        self.slots.extend(slots);
    }

    /// Puts a slot in its place, if it is not there yet; whether it lies on top of all.
    pub fn insert(&mut self, slot: u32, entries: &[Option<Entry>]) -> bool {
        match self.find(slot, entries) {
            Ok(_) => false,
            Err(at) => {
                self.slots.insert(at, slot);
                at + 1 == self.slots.len()
            }
        }
    }

    /// Takes a slot out while its entry is still what it was put in with.
    pub fn remove(&mut self, slot: u32, entries: &[Option<Entry>]) -> bool {
        let found = self.find(slot, entries);
        if let Ok(at) = found {
            self.slots.remove(at);
        }
        found.is_ok()
    }

    fn find(&self, slot: u32, entries: &[Option<Entry>]) -> Result<usize, usize> {
        let Some(place) = place(slot, entries) else {
            return Err(self.slots.len());
        };
        // Most of what is new lies on top.
        let above_all = |last: &u32| compare(*last, &place, entries) == Ordering::Less;
        if self.slots.last().is_none_or(above_all) {
            return Err(self.slots.len());
        }
        self.slots
            .binary_search_by(|other| compare(*other, &place, entries))
    }
}

/// Sorts slots into drawing order.
pub fn sort(slots: &mut [u32], entries: &[Option<Entry>]) {
    slots.sort_unstable_by(|a, b| match (place(*a, entries), place(*b, entries)) {
        (Some(a), Some(b)) => a.compare(&b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    });
}

fn place(slot: u32, entries: &[Option<Entry>]) -> Option<Place> {
    entries[slot as usize].as_ref().map(Place::of)
}

fn compare(slot: u32, with: &Place, entries: &[Option<Entry>]) -> Ordering {
    place(slot, entries).map_or(Ordering::Less, |place| place.compare(with))
}
