//! The annotations as they lie in the draw list: a slot each, with its primitives and its style.

use crate::draw_list::{Layer, Primitive};
use crate::index::Index;
use crate::order::{Order, Place};
use crate::runs::{Run, Runs};
use crate::style::{self, Palette, State};
use crate::visual::{Part, Visualizer};
use std::collections::HashMap;
use visionflow_geometry::{Point, Rect};
use visionflow_model::{Annotation, AnnotationId, LabelId, Shape};

/// One annotation in the scene.
#[derive(Debug)]
pub struct Entry {
    pub id: AnnotationId,
    pub label: LabelId,
    pub z: f64,
    pub shape: Shape,
    /// `None` for what lies nowhere on the image.
    pub bounds: Option<Rect>,
    /// Its primitives in the table.
    pub run: Run,
    pub state: State,
}

/// All annotations with their index and drawing order.
#[derive(Debug, Default)]
pub struct Shapes {
    /// By slot, which is also the index of the annotation's style.
    entries: Vec<Option<Entry>>,
    free_slots: Vec<u32>,
    slots: HashMap<AnnotationId, u32>,
    runs: Runs,
    order: Order,
    pub index: Index,
    visualizer: Visualizer,
    /// Refilled for every shape.
    primitives: Vec<Primitive>,
}

impl Shapes {
    pub fn get(&self, id: AnnotationId) -> Option<&Entry> {
        self.entries[*self.slots.get(&id)? as usize].as_ref()
    }

    pub fn by_slot(&self, slot: u32) -> Option<&Entry> {
        self.entries[slot as usize].as_ref()
    }

    /// Adds an annotation or takes its new state.
    pub fn upsert(
        &mut self,
        annotation: &Annotation,
        state: State,
        palette: &Palette,
        layer: &mut Layer,
    ) {
        let slot = if let Some(&slot) = self.slots.get(&annotation.id) {
            self.update(slot, annotation, layer);
            slot
        } else {
            let slot = self.add(annotation, layer);
            if let Some(bounds) = annotation.shape.bounds() {
                self.index.insert(slot, bounds);
            }
            slot
        };
        self.restyle(slot, state, palette, layer);
    }

    /// Replaces all annotations.
    pub fn load<'a>(
        &mut self,
        annotations: impl Iterator<Item = &'a Annotation>,
        state: impl Fn(AnnotationId) -> State,
        palette: &Palette,
        layer: &mut Layer,
    ) {
        self.entries.clear();
        self.free_slots.clear();
        self.slots.clear();
        self.runs = Runs::default();
        self.order.clear();
        layer.primitives.replace(&[]);
        layer.styles.replace(&[]);
        for annotation in annotations {
            if self.slots.contains_key(&annotation.id) {
                continue;
            }
            let slot = self.add(annotation, layer);
            self.restyle(slot, state(annotation.id), palette, layer);
        }
        let bounds =
            |(slot, entry): (usize, &Option<Entry>)| Some((slot as u32, entry.as_ref()?.bounds?));
        self.index = Index::load(self.entries.iter().enumerate().filter_map(bounds));
    }

    pub fn remove(&mut self, id: AnnotationId) {
        let Some(slot) = self.slots.remove(&id) else {
            return;
        };
        let entry = self.entries[slot as usize]
            .take()
            .expect("a slot that is named holds an entry");
        if let Some(bounds) = entry.bounds {
            self.index.remove(slot, bounds);
        }
        self.runs.give_back(entry.run);
        self.free_slots.push(slot);
        self.order.mark_stale();
        self.order.mark_moved();
    }

    /// Moves the origin of the primitives' coordinates: all are made anew.
    pub fn set_origin(&mut self, origin: Point, layer: &mut Layer) {
        if self.visualizer.origin == origin {
            return;
        }
        self.visualizer.origin = origin;
        for slot in 0..self.entries.len() {
            if let Some(mut entry) = self.entries[slot].take() {
                entry.run = self.draw(slot as u32, entry.run, &entry.shape, layer);
                self.entries[slot] = Some(entry);
            }
        }
    }

    /// Takes new colours.
    pub fn restyle_all(&mut self, palette: &Palette, layer: &mut Layer) {
        for slot in 0..self.entries.len() {
            if let Some(entry) = &self.entries[slot] {
                self.restyle(slot as u32, entry.state, palette, layer);
            }
        }
    }

    pub fn set_state(
        &mut self,
        id: AnnotationId,
        state: State,
        palette: &Palette,
        layer: &mut Layer,
    ) {
        if let Some(&slot) = self.slots.get(&id) {
            self.restyle(slot, state, palette, layer);
        }
    }

    /// Brings the order table up to date for a view of the image.
    pub fn settle(&mut self, view: Rect, layer: &mut Layer) {
        let used = self.runs.used();
        self.order
            .settle(view, &self.entries, &self.index, used, &mut layer.order);
    }

    fn add(&mut self, annotation: &Annotation, layer: &mut Layer) -> u32 {
        let slot = self.free_slots.pop().unwrap_or_else(|| {
            self.entries.push(None);
            (self.entries.len() - 1) as u32
        });
        let run = self.draw(slot, Run::default(), &annotation.shape, layer);
        let entry = Entry {
            id: annotation.id,
            label: annotation.label,
            z: annotation.z,
            shape: annotation.shape.clone(),
            bounds: annotation.shape.bounds(),
            run,
            state: State::default(),
        };
        self.order.add(Place::of(slot, &entry));
        self.entries[slot as usize] = Some(entry);
        self.slots.insert(annotation.id, slot);
        slot
    }

    fn update(&mut self, slot: u32, annotation: &Annotation, layer: &mut Layer) {
        let mut entry = self.entries[slot as usize]
            .take()
            .expect("a slot that is named holds an entry");
        entry.label = annotation.label;
        if entry.z.total_cmp(&annotation.z).is_ne() {
            entry.z = annotation.z;
            self.order.mark_stale();
            self.order.add(Place::of(slot, &entry));
        }
        if entry.shape != annotation.shape {
            self.reshape(slot, &mut entry, &annotation.shape, layer);
        }
        self.entries[slot as usize] = Some(entry);
    }

    fn reshape(&mut self, slot: u32, entry: &mut Entry, shape: &Shape, layer: &mut Layer) {
        let run = self.draw(slot, entry.run, shape, layer);
        if run != entry.run {
            entry.run = run;
            self.order.mark_moved();
        }
        let bounds = shape.bounds();
        if bounds != entry.bounds {
            if let Some(old) = entry.bounds {
                self.index.remove(slot, old);
            }
            if let Some(new) = bounds {
                self.index.insert(slot, new);
            }
            entry.bounds = bounds;
            self.order.mark_bounds_changed();
        }
        entry.shape.clone_from(shape);
    }

    /// Writes the primitives of `shape` in place of those of `run`.
    fn draw(&mut self, slot: u32, run: Run, shape: &Shape, layer: &mut Layer) -> Run {
        self.primitives.clear();
        self.visualizer
            .append(shape, Part::Whole, &mut self.primitives);
        for primitive in &mut self.primitives {
            primitive.style = slot;
        }
        let run = self.runs.resize(run, self.primitives.len() as u32);
        layer.primitives.write(run.start as usize, &self.primitives);
        run
    }

    fn restyle(&mut self, slot: u32, state: State, palette: &Palette, layer: &mut Layer) {
        if let Some(entry) = &mut self.entries[slot as usize] {
            entry.state = state;
            let width = Visualizer::selected_width(&entry.shape);
            let style = style::shape(palette.color(entry.label), state, width);
            layer.styles.put(slot as usize, style);
        }
    }
}
