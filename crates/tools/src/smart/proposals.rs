//! Every object of the photograph, proposed to one person and drawn for nobody else.

use super::found;
use crate::ask::{Ask, Candidate};
use crate::step::{Step, View, new_preview, private_preview};
use crate::{Context, Cursor, Hint};
use visionflow_geometry::Point;
use visionflow_model::{LabelId, Shape};

#[derive(Debug)]
pub(super) struct Proposals {
    label: LabelId,
    /// As it was when the search began: another one would begin it anew.
    tolerance: f64,
    found: Vec<Candidate>,
    is_searching: bool,
}

impl Proposals {
    pub fn new(label: LabelId, context: &Context<'_>) -> Self {
        Self {
            label,
            tolerance: super::prompts::tolerance(context),
            found: Vec::new(),
            is_searching: true,
        }
    }

    pub fn ask(&self) -> Option<Ask> {
        self.is_searching.then_some(Ask::Everything {
            tolerance: self.tolerance,
        })
    }

    pub fn len(&self) -> usize {
        self.found.len()
    }

    pub fn extend(&mut self, found: Vec<Candidate>) {
        self.found.extend(found);
    }

    /// No more will be found.
    pub fn end(&mut self) {
        self.is_searching = false;
    }

    /// Nothing is left to decide, now or later.
    pub fn is_over(&self) -> bool {
        !self.is_searching && self.found.is_empty()
    }

    /// Accepts the proposal at a place, or rejects it.
    pub fn click(&mut self, at: Point, rejects: bool, context: &mut Context<'_>) -> Step {
        let Some(index) = self.at(at) else {
            return Step::handled();
        };
        let candidate = self.found.swap_remove(index);
        if rejects {
            return Step::handled();
        }
        let label = context.label.unwrap_or(self.label);
        found::selecting(found::added(&candidate.outline, label, context))
    }

    /// Accepts what was found so far as one step, and ends the search.
    pub fn accept_all(&mut self, context: &mut Context<'_>) -> Step {
        self.end();
        let label = context.label.unwrap_or(self.label);
        let found = std::mem::take(&mut self.found);
        found::selecting(found::all_added(&found, label, context))
    }

    pub fn show(&self, view: &mut View, pointer: Option<Point>, context: &Context<'_>) {
        view.hint = Hint::SmartProposals;
        let pointed = pointer.and_then(|at| self.at(at));
        if pointed.is_some() {
            view.cursor = Cursor::Pointer;
        }
        let previews = self.found.iter().enumerate().map(|(index, candidate)| {
            let shape = Shape::Polygon(candidate.outline.clone());
            if pointed == Some(index) {
                new_preview(self.label, shape, true, context)
            } else {
                private_preview(shape, true)
            }
        });
        view.preview.extend(previews);
    }

    /// The smallest proposal at a place: what lies inside another can be reached.
    fn at(&self, at: Point) -> Option<usize> {
        let numbered = self.found.iter().enumerate();
        let there = numbered.filter(|(_, candidate)| candidate.outline.contains(at));
        let smallest = there.min_by(|(_, a), (_, b)| a.outline.area().total_cmp(&b.outline.area()));
        smallest.map(|(index, _)| index)
    }
}
