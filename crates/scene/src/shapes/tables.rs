//! Where the pictures of the annotations in view lie in the draw list's tables.

use super::form::Form;
use super::{Entry, owner};
use crate::draw_list::Layer;
use crate::ink::Ink;
use crate::runs::{Run, Runs};
use crate::style::Palette;
use crate::visual::{Part, Subject, Visualizer};
use visionflow_geometry::Rect;

/// Hands out runs of primitives and styles, and fills them.
#[derive(Debug, Default)]
pub struct Tables {
    runs: Runs,
    free_styles: Vec<u32>,
    style_end: u32,
    /// Refilled for every shape.
    ink: Ink,
}

impl Tables {
    /// Draws an entry in a form (a group as `rect`), in place of what it had.
    /// Whether the order table has to be written anew for it.
    pub fn show(
        &mut self,
        slot: u32,
        entry: &mut Entry,
        (form, rect): (Form, Option<Rect>),
        palette: &Palette,
        visualizer: &mut Visualizer,
        layer: &mut Layer,
    ) -> bool {
        let ink = &mut self.ink;
        ink.clear();
        match (form, rect.or(entry.bounds.map(crate::index::Bounds::rect))) {
            (Form::Dot | Form::Group, Some(rect)) => visualizer.dot(rect, ink),
            _ => visualizer.append(
                Subject {
                    shape: &entry.shape,
                    bones: palette.bones(entry.label),
                    part: Part::Whole,
                    detail: form.detail(),
                    owner: owner(slot),
                },
                ink,
            ),
        }
        if entry.form == Form::Absent {
            entry.style_slot = self.free_styles.pop().unwrap_or_else(|| {
                self.style_end += 1;
                self.style_end - 1
            });
        } else if entry.form == Form::Tiles && form != Form::Tiles {
            visualizer.masks.release(owner(slot));
        }
        ink.paint(0, entry.style_slot);
        layer.kinds |= ink.kinds();
        let (primitives, drawn) = ink.seal();
        let run = self.runs.resize(entry.run, primitives.len() as u32);
        layer.primitives.write(run.start as usize, primitives);
        let moved = run.start != entry.run.start || drawn != entry.drawn;
        entry.run = run;
        entry.drawn = drawn;
        entry.form = form;
        paint(entry, palette, layer);
        moved
    }

    /// Gives back what an entry has in the tables.
    pub fn hide(&mut self, slot: u32, entry: &mut Entry, visualizer: &mut Visualizer) {
        if entry.form == Form::Absent {
            return;
        }
        if entry.form == Form::Tiles {
            visualizer.masks.release(owner(slot));
        }
        self.runs.give_back(entry.run);
        self.free_styles.push(entry.style_slot);
        entry.run = Run::default();
        entry.drawn = 0;
        entry.form = Form::Absent;
    }

    /// Whether most of a large table is unused.
    pub fn are_sparse(&self) -> bool {
        self.runs.end() > 1 << 16 && self.runs.used() * 4 < self.runs.end()
    }

    /// Begins anew, with nothing in the tables.
    pub fn clear(&mut self, layer: &mut Layer) {
        self.runs = Runs::default();
        self.free_styles = Vec::new();
        self.style_end = 0;
        layer.kinds = 0;
        layer.primitives.clear();
        layer.styles.clear();
        layer.order.clear();
    }
}

/// Writes an entry's style.
pub fn paint(entry: &Entry, palette: &Palette, layer: &mut Layer) {
    let own = entry.own_style();
    let style = palette.shape(entry.label, own, entry.state, &entry.shape);
    layer.styles.put(entry.style_slot as usize, style);
}
