//! What of the annotations lies in the draw list: those in a region around the view, each in a
//! form that its size on the screen asks for.
//!
//! While the view stays in the region and the zoom within a factor of two, a frame costs what
//! changed since the last one. Leaving the region costs what the next region holds, never what the
//! scene holds.

use super::form::{self, DOT, Form, View};
use super::tables::{self, Tables};
use super::{Entry, is_text};
use crate::draw_list::Layer;
use crate::index::{Found, Index};
use crate::order::{self, Order};
use crate::style::Palette;
use crate::visual::Visualizer;
use std::collections::HashSet;
use visionflow_geometry::{Rect, Vec2};

/// So few are all resident, wherever the view is.
const CULL_FROM: usize = 4096;
/// From so many on, neighbours that cover no more than this together (device pixels) are drawn as
/// one: their strokes lie over each other anyway.
const GROUP_FROM: usize = 20_000;
const GROUP: f64 = 4.0;
/// Entries of the primitives' table (32 bytes each) beyond which more becomes dots.
const BUDGET: usize = 4 << 20;
/// A region reaches so far beyond the view on each side, in widths and heights of it.
const MARGIN: f64 = 0.5;

/// What was chosen to be in the draw list, and what of it changed since.
#[derive(Debug, Default)]
pub struct Resident {
    region: Option<Region>,
    listed: Order,
    tables: Tables,
    /// Drawn anew with the next frame, or no longer drawn.
    touched: Vec<u32>,
    restyled: Vec<u32>,
    texts: Vec<u32>,
    texts_changed: bool,
    /// Those that are drawn for their neighbours too.
    groups: HashSet<u32>,
    /// What is in the tables has to be chosen anew.
    is_unsettled: bool,
    /// Everything in them is drawn anew.
    is_stale: bool,
    dirty: Dirty,
    visited: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Region {
    /// `None` for all of the plane.
    rect: Option<Rect>,
    /// Where masks have their tiles, which are too large to have all of them; `None` without masks.
    masks: Option<Rect>,
    level: i8,
}

/// What of the order table has to be written.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Dirty {
    #[default]
    Nothing,
    /// From this listed annotation on, all of which are new.
    Tail(usize),
    All,
}

/// All annotations, as the scene holds them.
pub struct All<'a> {
    pub entries: &'a mut [Option<Entry>],
    pub order: &'a Order,
    pub index: &'a Index,
    pub count: usize,
}

/// What drawing needs besides an entry.
struct Studio<'a> {
    palette: &'a Palette,
    visualizer: &'a mut Visualizer,
    layer: &'a mut Layer,
}

impl Resident {
    /// An annotation is new or differs.
    pub fn touch(&mut self, slot: u32) {
        self.touched.push(slot);
    }

    /// An annotation's style differs, or whether it is shown.
    pub fn restyle(&mut self, slot: u32) {
        self.restyled.push(slot);
    }

    pub fn redraw_all(&mut self) {
        self.is_stale = true;
    }

    /// Takes an annotation out of the drawing order before its place changes.
    pub fn unlist(&mut self, slot: u32, entries: &[Option<Entry>]) {
        if self.listed.remove(slot, entries) {
            self.dirty = Dirty::All;
        }
    }

    /// Takes an annotation out before it is gone.
    pub fn leave(&mut self, slot: u32, entries: &mut [Option<Entry>], visualizer: &mut Visualizer) {
        self.unlist(slot, entries);
        if let Some(entry) = &mut entries[slot as usize] {
            // Those it stood for are to be seen.
            self.is_unsettled |= self.groups.contains(&slot);
            self.texts_changed |= is_text(&entry.shape);
            self.tables.hide(slot, entry, visualizer);
        }
    }

    pub fn clear(&mut self, visualizer: &mut Visualizer, layer: &mut Layer) {
        visualizer.masks.clear();
        self.tables.clear(layer);
        *self = Self {
            tables: std::mem::take(&mut self.tables),
            texts_changed: true,
            ..Self::default()
        };
    }

    pub fn visited(&self) -> usize {
        self.visited
    }

    /// The slots of the texts in view.
    pub fn texts(&self) -> &[u32] {
        &self.texts
    }

    /// Brings the tables up to date; whether texts in view may differ.
    pub fn settle(
        &mut self,
        mut all: All<'_>,
        view: View,
        palette: &Palette,
        visualizer: &mut Visualizer,
        layer: &mut Layer,
    ) -> bool {
        self.visited = 0;
        let mut studio = Studio {
            palette,
            visualizer,
            layer,
        };
        let mut region = self.wanted(&all, view, studio.visualizer);
        if self.is_stale || self.region != Some(region) || self.has_to_choose(all.entries) {
            self.texts_changed = true;
            self.list(&mut all, region, view, &mut studio);
        } else {
            self.take_changes(&mut all, region, &mut studio);
            if region.masks.is_none() && studio.visualizer.masks.is_in_use() {
                // The first mask: from here on the view matters.
                region = self.wanted(&all, view, studio.visualizer);
                self.list(&mut all, region, view, &mut studio);
            }
        }
        self.write_order(all.entries, studio.layer);
        if self.texts_changed {
            let text = |slot: &u32| {
                let entry = all.entries[*slot as usize].as_ref();
                entry.is_some_and(|entry| is_text(&entry.shape))
            };
            self.texts.clear();
            let listed = self.listed.slots().iter().copied();
            self.texts.extend(listed.filter(text));
        }
        std::mem::take(&mut self.texts_changed)
    }

    /// Whether what is in the tables has to be chosen anew for what changed: because others come to be
    /// seen, or because so many come or go that a list of those that stay is quicker.
    fn has_to_choose(&self, entries: &[Option<Entry>]) -> bool {
        let comes_or_goes = |slot: &&u32| {
            let entry = entries[**slot as usize].as_ref();
            entry.is_some_and(|entry| entry.state.is_hidden() == entry.is_listed())
        };
        let coming = self.restyled.iter().filter(comes_or_goes);
        let touched = self.touched.iter();
        let stood_for_others = |slot: &u32| self.groups.contains(slot);
        let listed = self.listed.slots().len();
        self.is_unsettled
            || self.touched.len() + self.restyled.len() > 512 + listed / 2
            || touched.clone().filter(comes_or_goes).count() + coming.clone().count()
                > 512 + listed / 64
            || touched.chain(coming).any(stood_for_others)
    }

    /// What to keep in the tables for this view; the region in use stays while it serves.
    fn wanted(&self, all: &All<'_>, view: View, visualizer: &mut Visualizer) -> Region {
        let level = view.level;
        let near = around(view.rect);
        let has_masks = visualizer.masks.is_in_use();
        if !has_masks {
            // Where the first one would be shown.
            visualizer.masks.look_at(near, level);
        }
        let masks = has_masks.then_some(near);
        let everything = Region {
            rect: None,
            masks,
            level,
        };
        let Some(bounds) = all.index.bounds() else {
            return everything;
        };
        // Where nothing is, nothing can be missing.
        let needed = view.rect.clamped_to(bounds);
        let holds = |rect: Rect| rect.contains(needed.min) && rect.contains(needed.max);
        if let Some(region) = self.region
            && region.level == level
            && region.masks.is_some() == has_masks
            && region.masks.is_none_or(holds)
        {
            let serves = match region.rect {
                Some(rect) => holds(rect),
                // All of it, as long as that is not much more than the view.
                None => all.count <= 2 * CULL_FROM || bounds.area() <= view.rect.area() * 16.0,
            };
            if serves {
                return region;
            }
        }
        if all.count <= CULL_FROM || (near.contains(bounds.min) && near.contains(bounds.max)) {
            return everything;
        }
        Region {
            rect: Some(near),
            masks,
            level,
        }
    }

    /// Chooses anew what is in the tables.
    fn list(&mut self, all: &mut All<'_>, region: Region, view: View, studio: &mut Studio<'_>) {
        let restyles = !self.restyled.is_empty();
        let mut redraws = std::mem::take(&mut self.is_stale);
        self.is_unsettled = false;
        for slot in std::mem::take(&mut self.touched) {
            if let Some(entry) = &mut all.entries[slot as usize] {
                self.tables.hide(slot, entry, studio.visualizer);
            }
        }
        self.restyled.clear();
        let near = region.masks.unwrap_or_else(|| around(view.rect));
        studio.visualizer.masks.look_at(near, region.level);
        let (mut wanted, groups) = self.survey(all, region);
        self.groups = groups.iter().map(|(slot, _)| *slot).collect();
        let mut is_wanted = vec![0_u64; all.entries.len().div_ceil(64)];
        for &slot in &wanted {
            is_wanted[slot as usize / 64] |= 1 << (slot % 64);
        }
        let has = |slot: u32| is_wanted[slot as usize / 64] >> (slot % 64) & 1 == 1;

        for &slot in self.listed.slots() {
            if let Some(entry) = &mut all.entries[slot as usize]
                && (entry.form == Form::Group || !has(slot))
            {
                self.tables.hide(slot, entry, studio.visualizer);
            }
        }
        if self.tables.are_sparse() {
            for &slot in self.listed.slots() {
                if let Some(entry) = &mut all.entries[slot as usize] {
                    self.tables.hide(slot, entry, studio.visualizer);
                }
            }
            self.tables.clear(studio.layer);
            redraws = true;
        }
        // Sorting costs more for each than leafing through an order that is known.
        if wanted.len() * 8 < all.order.slots().len() {
            order::sort(&mut wanted, all.entries);
            self.listed.replace_sorted(wanted.iter().copied());
        } else {
            self.visited += all.order.slots().len();
            let slots = all.order.slots().iter().copied();
            self.listed.replace_sorted(slots.filter(|slot| has(*slot)));
        }
        for (slot, rect) in groups {
            if let Some(entry) = &mut all.entries[slot as usize] {
                let is_point = matches!(entry.shape, visionflow_model::Shape::Point(_));
                let form = if is_point { Form::Full } else { Form::Group };
                self.show(slot, entry, (form, Some(rect)), studio);
            }
        }
        let dot = affordable_dot(self.listed.slots(), all.entries, region.level);
        for &slot in self.listed.slots() {
            let Some(entry) = &mut all.entries[slot as usize] else {
                continue;
            };
            if entry.form == Form::Group {
                continue;
            }
            let form = Form::of(entry, region.level, dot);
            if redraws || form != entry.form || form == Form::Tiles {
                self.tables.show(
                    slot,
                    entry,
                    (form, None),
                    studio.palette,
                    studio.visualizer,
                    studio.layer,
                );
            } else if restyles {
                tables::paint(entry, studio.palette, studio.layer);
            }
        }
        self.spread_masks(all, studio);
        let masks = studio.visualizer.masks.is_in_use().then_some(near);
        self.region = Some(Region { masks, ..region });
        self.dirty = Dirty::All;
    }

    /// Shows masks more coarsely while the atlas has no room for all of them.
    fn spread_masks(&mut self, all: &mut All<'_>, studio: &mut Studio<'_>) {
        while studio.visualizer.masks.coarsen_if_full() {
            for &slot in self.listed.slots() {
                if let Some(entry) = &mut all.entries[slot as usize]
                    && entry.form == Form::Tiles
                {
                    let form = (Form::Tiles, None);
                    let (palette, layer) = (studio.palette, &mut *studio.layer);
                    self.tables
                        .show(slot, entry, form, palette, studio.visualizer, layer);
                }
            }
        }
    }

    /// The slots in the region, in any order, and which of them stand for their neighbours.
    fn survey(&mut self, all: &All<'_>, region: Region) -> (Vec<u32>, Vec<(u32, Rect)>) {
        let entries = &*all.entries;
        let is_shown = |slot: u32| {
            let entry = entries[slot as usize].as_ref();
            entry.is_some_and(|entry| !entry.state.is_hidden())
        };
        let merge = if all.count >= GROUP_FROM {
            (GROUP / form::scale(region.level)) as f32
        } else {
            -1.0
        };
        let (mut wanted, mut groups) = (Vec::new(), Vec::new());
        self.visited += all
            .index
            .survey(region.rect, merge, is_shown, |found| match found {
                Found::One(slot) => wanted.push(slot),
                Found::Many(slot, rect) => {
                    wanted.push(slot);
                    groups.push((slot, rect));
                }
            });
        (wanted, groups)
    }

    /// Draws anew what was touched.
    fn take_changes(&mut self, all: &mut All<'_>, region: Region, studio: &mut Studio<'_>) {
        let mut touched = std::mem::take(&mut self.touched);
        let mut restyled = std::mem::take(&mut self.restyled);
        for slot in restyled.drain(..) {
            self.visited += 1;
            let Some(entry) = &all.entries[slot as usize] else {
                continue;
            };
            if entry.state.is_hidden() == entry.is_listed() {
                touched.push(slot);
            } else if entry.is_listed() {
                tables::paint(entry, studio.palette, studio.layer);
            }
        }
        for slot in touched.drain(..) {
            self.visited += 1;
            let Some(entry) = &mut all.entries[slot as usize] else {
                continue;
            };
            self.texts_changed |= is_text(&entry.shape);
            let is_near = entry.bounds.is_some_and(|bounds| {
                region
                    .rect
                    .is_none_or(|rect| rect.intersects(bounds.rect()))
            });
            if is_near && !entry.state.is_hidden() {
                let form = Form::of(entry, region.level, DOT);
                self.show(slot, entry, (form, None), studio);
                self.enlist(slot, all.entries);
            } else if entry.is_listed() {
                self.tables.hide(slot, entry, studio.visualizer);
                self.unlist(slot, all.entries);
            }
        }
        // Both were emptied; they keep their memory.
        (self.touched, self.restyled) = (touched, restyled);
    }

    fn show(
        &mut self,
        slot: u32,
        entry: &mut Entry,
        form: (Form, Option<Rect>),
        studio: &mut Studio<'_>,
    ) {
        let was_listed = entry.is_listed();
        let moved = self.tables.show(
            slot,
            entry,
            form,
            studio.palette,
            studio.visualizer,
            studio.layer,
        );
        if moved && was_listed {
            self.dirty = Dirty::All;
        }
    }

    fn enlist(&mut self, slot: u32, entries: &[Option<Entry>]) {
        let before = self.listed.slots().len();
        let on_top = self.listed.insert(slot, entries);
        if self.listed.slots().len() == before {
            return;
        }
        self.dirty = match (self.dirty, on_top) {
            (Dirty::Nothing, true) => Dirty::Tail(before),
            (dirty @ Dirty::Tail(_), true) => dirty,
            _ => Dirty::All,
        };
    }

    fn write_order(&mut self, entries: &[Option<Entry>], layer: &mut Layer) {
        let from = match self.dirty {
            Dirty::Nothing => return,
            Dirty::Tail(from) => from,
            Dirty::All => 0,
        };
        let mut primitives = Vec::new();
        for &slot in &self.listed.slots()[from..] {
            if let Some(entry) = &entries[slot as usize] {
                primitives.extend(entry.run.start..entry.run.start + entry.drawn);
            }
        }
        if self.dirty == Dirty::All {
            self.visited += self.listed.slots().len();
            layer.order.replace(&primitives);
        } else {
            layer.order.write(layer.order.len(), &primitives);
        }
        self.dirty = Dirty::Nothing;
    }
}

/// The view with what lies around it.
fn around(view: Rect) -> Rect {
    let margin = Vec2::new(view.width() * MARGIN, view.height() * MARGIN);
    Rect {
        min: view.min + margin * -1.0,
        max: view.max + margin,
    }
}

/// The size (device pixels) below which shapes become dots, so that all of them fit the budget.
fn affordable_dot(listed: &[u32], entries: &[Option<Entry>], level: i8) -> f64 {
    let mut dot = DOT;
    if listed.len() < CULL_FROM {
        return dot;
    }
    while dot < 64.0 {
        let present = listed
            .iter()
            .filter_map(|slot| entries[*slot as usize].as_ref());
        let weight: usize = present
            .map(|entry| Form::of(entry, level, dot).weight(entry))
            .sum();
        if weight <= BUDGET {
            break;
        }
        dot *= 2.0;
    }
    dot
}
