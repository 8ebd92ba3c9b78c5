//! All annotations of the image, whether they are in view or not: a slot each, the index, the
//! order, and which of them changed since the last frame.

mod entry;
mod form;
mod resident;
mod tables;

pub use entry::Entry;
pub use form::View;

use crate::draw_list::Layer;
use crate::index::{Bounds, Index};
use crate::masks::Owner;
use crate::order::Order;
use crate::style::{Palette, State};
use crate::visual::Visualizer;
use form::Form;
use resident::Resident;
use visionflow_model::{Annotation, AnnotationId, AnnotationMap, Shape};

/// All annotations with their index and drawing order.
#[derive(Debug, Default)]
pub struct Shapes {
    entries: Vec<Option<Entry>>,
    free_slots: Vec<u32>,
    slots: AnnotationMap<u32>,
    order: Order,
    pub index: Index,
    resident: Resident,
}

impl Shapes {
    pub fn get(&self, id: AnnotationId) -> Option<&Entry> {
        self.entries[*self.slots.get(&id)? as usize].as_ref()
    }

    pub fn by_slot(&self, slot: u32) -> Option<&Entry> {
        self.entries[slot as usize].as_ref()
    }

    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Adds an annotation or takes its new state.
    pub fn upsert(&mut self, annotation: &Annotation, state: State) {
        if let Some(&slot) = self.slots.get(&annotation.id) {
            self.update(slot, annotation, state);
            return;
        }
        let slot = self.add(annotation, state);
        if let Some(bounds) = self.by_slot(slot).and_then(|entry| entry.bounds) {
            self.index.insert(slot, bounds);
        }
        self.order.insert(slot, &self.entries);
        self.resident.touch(slot);
    }

    /// Replaces all annotations.
    pub fn load<'a>(
        &mut self,
        annotations: impl Iterator<Item = &'a Annotation>,
        state: impl Fn(AnnotationId) -> State,
        visualizer: &mut Visualizer,
        layer: &mut Layer,
    ) {
        self.entries.clear();
        self.free_slots.clear();
        self.slots.clear();
        self.resident.clear(visualizer, layer);
        let known = annotations.size_hint().0;
        self.entries.reserve_exact(known);
        self.slots.reserve(known);
        for annotation in annotations {
            if !self.slots.contains_key(&annotation.id) {
                self.add(annotation, state(annotation.id));
            }
        }
        let count = self.entries.len() as u32;
        self.order.clear();
        self.order.replace(0..count, &self.entries);
        let bounds =
            |(slot, entry): (usize, &Option<Entry>)| Some((slot as u32, entry.as_ref()?.bounds?));
        self.index = Index::load(self.entries.iter().enumerate().filter_map(bounds));
    }

    pub fn remove(&mut self, id: AnnotationId, visualizer: &mut Visualizer) {
        let Some(slot) = self.slots.remove(&id) else {
            return;
        };
        self.order.remove(slot, &self.entries);
        self.resident.leave(slot, &mut self.entries, visualizer);
        let entry = self.entries[slot as usize].take();
        if let Some(bounds) = entry.and_then(|entry| entry.bounds) {
            self.index.remove(slot, bounds);
        }
        self.free_slots.push(slot);
    }

    /// Takes a new state of an annotation, if it is there.
    pub fn set_state(&mut self, id: AnnotationId, mut state: State) {
        let Some(&slot) = self.slots.get(&id) else {
            return;
        };
        if let Some(entry) = &mut self.entries[slot as usize] {
            state.locked = entry.state.locked;
            state.suggested = entry.state.suggested;
            if entry.state != state {
                entry.state = state;
                self.resident.restyle(slot);
            }
        }
    }

    /// Everything looks different: colours changed, or what coordinates are relative to.
    pub fn redraw_all(&mut self) {
        self.resident.redraw_all();
    }

    /// Brings the tables up to date for a view of the image; whether texts in view may differ.
    pub fn settle(
        &mut self,
        view: View,
        palette: &Palette,
        visualizer: &mut Visualizer,
        layer: &mut Layer,
    ) -> bool {
        let all = resident::All {
            entries: &mut self.entries,
            order: &self.order,
            index: &self.index,
            count: self.slots.len(),
        };
        self.resident.settle(all, view, palette, visualizer, layer)
    }

    /// How many entries and index nodes the last `settle` looked at.
    pub fn visited(&self) -> usize {
        self.resident.visited()
    }

    /// The texts in view, bottom first.
    pub fn texts(&self) -> impl Iterator<Item = &Entry> {
        let slots = self.resident.texts().iter();
        slots.filter_map(|&slot| self.by_slot(slot))
    }

    fn add(&mut self, annotation: &Annotation, state: State) -> u32 {
        let slot = self.free_slots.pop().unwrap_or_else(|| {
            self.entries.push(None);
            (self.entries.len() - 1) as u32
        });
        self.entries[slot as usize] = Some(Entry::new(annotation, state));
        self.slots.insert(annotation.id, slot);
        slot
    }

    fn update(&mut self, slot: u32, annotation: &Annotation, state: State) {
        let Some(entry) = &self.entries[slot as usize] else {
            return;
        };
        if entry.z.total_cmp(&annotation.z).is_ne() {
            self.order.remove(slot, &self.entries);
            self.resident.unlist(slot, &self.entries);
            if let Some(entry) = &mut self.entries[slot as usize] {
                entry.z = annotation.z;
            }
            self.order.insert(slot, &self.entries);
        }
        let Some(entry) = &mut self.entries[slot as usize] else {
            return;
        };
        let bounds = annotation.shape.bounds().map(Bounds::around);
        if bounds != entry.bounds {
            if let Some(old) = entry.bounds {
                self.index.remove(slot, old);
            }
            if let Some(new) = bounds {
                self.index.insert(slot, new);
            }
        }
        entry.take(annotation, state, bounds);
        self.resident.touch(slot);
    }
}

/// Whether a shape is painted by the host rather than made of primitives alone.
fn is_text(shape: &Shape) -> bool {
    matches!(shape, Shape::Text(_))
}

/// The masks of an annotation in the atlas.
fn owner(slot: u32) -> Owner {
    Owner::Slot(slot)
}

impl Entry {
    fn is_listed(&self) -> bool {
        self.form != Form::Absent
    }
}
