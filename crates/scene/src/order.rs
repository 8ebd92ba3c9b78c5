//! Which primitives are drawn, and in which order.
//!
//! Annotations are sorted by `(z, id)` and flattened into a list of primitives, whatever their
//! kinds, so that boxes and polygons interleave in one draw call. An annotation added on top
//! appends; anything else merges and rewrites the list from the first place that differs.
//! When the view shows a small part of a large scene, only what lies in a region around the view
//! is listed, until the view leaves the region.

use crate::draw_list::Table;
use crate::index::Index;
use crate::shapes::Entry;
use std::cmp::Ordering;
use visionflow_geometry::Rect;
use visionflow_model::AnnotationId;

/// Fewer primitives than this are never culled: the GPU skips them for less.
const CULL_FROM: usize = 4096;
/// Culled when the scene is at least this many times the view's area.
const CULL_RATIO: f64 = 4.0;
/// A region is this many times the view's area at most before a tighter one is made.
const REGION_RATIO: f64 = 16.0;

/// The place of an annotation in the drawing order.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    z: f64,
    id: AnnotationId,
    slot: u32,
}

impl Place {
    pub fn of(slot: u32, entry: &Entry) -> Self {
        Self {
            z: entry.z,
            id: entry.id,
            slot,
        }
    }

    pub fn compare(&self, other: &Self) -> Ordering {
        self.z.total_cmp(&other.z).then(self.id.cmp(&other.id))
    }
}

/// Keeps the drawing order and writes it to the order table.
#[derive(Debug, Default)]
pub struct Order {
    /// Every annotation, sorted; places that no longer hold are dropped when it is settled.
    sorted: Vec<Place>,
    added: Vec<Place>,
    /// Some places no longer hold.
    stale: bool,
    /// The list must be written anew: primitives moved to other places in the table.
    moved: bool,
    /// What lies in the region may have changed.
    bounds_changed: bool,
    listed: Listed,
    /// Refilled for every rewritten list.
    scratch: Vec<u32>,
    visible: Vec<Place>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Listed {
    #[default]
    All,
    Region(Rect),
}

impl Order {
    pub fn add(&mut self, place: Place) {
        self.added.push(place);
    }

    /// An annotation went away or changed its place in the order.
    pub fn mark_stale(&mut self) {
        self.stale = true;
    }

    /// An annotation's primitives lie elsewhere in the table now.
    pub fn mark_moved(&mut self) {
        self.moved = true;
    }

    /// An annotation lies elsewhere on the image now: it may have entered or left the region.
    pub fn mark_bounds_changed(&mut self) {
        self.bounds_changed = true;
    }

    pub fn clear(&mut self) {
        self.sorted.clear();
        self.added.clear();
        self.moved = true;
    }

    /// Brings the order table up to date for what `view` (image space) shows.
    pub fn settle(
        &mut self,
        view: Rect,
        entries: &[Option<Entry>],
        index: &Index,
        primitives: usize,
        table: &mut Table<u32>,
    ) {
        let listed = self.wanted(view, index, primitives);
        let mut relist = self.stale || self.moved || listed != self.listed;
        let added = !self.added.is_empty();
        let appended = self.settle_sorted(entries);
        match listed {
            Listed::All => match appended {
                Some(start) if !relist => self.append(start, entries, table),
                _ if relist || added => self.list_all(entries, table),
                _ => {}
            },
            Listed::Region(region) => {
                relist |= added || self.bounds_changed;
                if relist {
                    self.list_region(region, entries, index, table);
                }
            }
        }
        self.listed = listed;
        self.moved = false;
        self.bounds_changed = false;
    }

    /// What to list for this view; the region in use stays while it serves.
    fn wanted(&self, view: Rect, index: &Index, primitives: usize) -> Listed {
        let Some(all) = index.bounds() else {
            return Listed::All;
        };
        if primitives < CULL_FROM || all.area() < view.area() * CULL_RATIO {
            return Listed::All;
        }
        if let Listed::Region(region) = self.listed {
            let holds = region.contains(view.min) && region.contains(view.max);
            if holds && region.area() <= view.area() * REGION_RATIO {
                return self.listed;
            }
        }
        Listed::Region(Rect {
            min: view.min + (view.min - view.center()) * 0.75,
            max: view.max + (view.max - view.center()) * 0.75,
        })
    }

    /// Sorts in what was added and drops what no longer holds.
    /// Where the additions start, when they all lie at the end.
    fn settle_sorted(&mut self, entries: &[Option<Entry>]) -> Option<usize> {
        if self.stale {
            self.sorted.retain(|place| holds(place, entries));
            self.added.retain(|place| holds(place, entries));
            self.stale = false;
        }
        if self.added.is_empty() {
            return None;
        }
        self.added.sort_unstable_by(Place::compare);
        // One annotation may have been added twice between two frames.
        self.added.dedup_by_key(|place| place.id);
        let start = self.sorted.len();
        let on_top = self
            .sorted
            .last()
            .is_none_or(|last| last.compare(&self.added[0]) == Ordering::Less);
        self.sorted.append(&mut self.added);
        if on_top {
            return Some(start);
        }
        // Two sorted runs: the stable sort finds them and merges.
        self.sorted.sort_by(Place::compare);
        // What left its place and came back to it stands there twice.
        self.sorted.dedup_by_key(|place| place.id);
        None
    }

    fn append(&mut self, start: usize, entries: &[Option<Entry>], table: &mut Table<u32>) {
        self.scratch.clear();
        flatten(&self.sorted[start..], entries, &mut self.scratch);
        table.write(table.len(), &self.scratch);
    }

    fn list_all(&mut self, entries: &[Option<Entry>], table: &mut Table<u32>) {
        self.scratch.clear();
        flatten(&self.sorted, entries, &mut self.scratch);
        table.replace(&self.scratch);
    }

    fn list_region(
        &mut self,
        region: Rect,
        entries: &[Option<Entry>],
        index: &Index,
        table: &mut Table<u32>,
    ) {
        self.visible.clear();
        let place = |slot: u32| Some(Place::of(slot, entries[slot as usize].as_ref()?));
        self.visible
            .extend(index.touching(region).filter_map(place));
        self.visible.sort_unstable_by(Place::compare);
        self.scratch.clear();
        flatten(&self.visible, entries, &mut self.scratch);
        table.replace(&self.scratch);
    }
}

/// Whether the annotation is still there, at this place.
fn holds(place: &Place, entries: &[Option<Entry>]) -> bool {
    entries[place.slot as usize]
        .as_ref()
        .is_some_and(|entry| Place::of(place.slot, entry).compare(place) == Ordering::Equal)
}

fn flatten(places: &[Place], entries: &[Option<Entry>], out: &mut Vec<u32>) {
    for place in places {
        if let Some(entry) = &entries[place.slot as usize] {
            out.extend(entry.run.start..entry.run.start + entry.run.len);
        }
    }
}
