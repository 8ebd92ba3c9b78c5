//! What a click means: whom it selects, and what it does to a point.

use super::begin::below;
use super::grip::Grip;
use super::vertex::{self, VertexDrag, VertexRef};
use super::{Press, Select, State, Target};
use crate::selection::Selection;
use crate::skeleton::joints;
use crate::step::Step;
use crate::text::TextTool;
use crate::{Context, Modifiers, Notice, PointerKind};
use std::collections::HashSet;
use visionflow_document::Edit;
use visionflow_model::{AnnotationId, JointState, Shape};

impl Select {
    pub(super) fn click(
        &mut self,
        press: Press,
        pointer: PointerKind,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Step {
        let modifiers = press.modifiers;
        match press.target {
            Target::Body(_) | Target::Locked(_) if cycles(modifiers) || self.lasso => {
                self.cycle(press, pointer, selection, context)
            }
            Target::Body(id) if press.selected_before && !modifiers.shift => {
                let members = self.meant(id, context);
                let differs = selection.ids().len() > members.len();
                if differs {
                    Step::select(members)
                } else {
                    Step::handled()
                }
            }
            Target::Suggestion(id) => {
                self.entered = None;
                Step {
                    pick: Some(id),
                    ..Step::select(Vec::new())
                }
            }
            Target::Empty if !modifiers.shift => {
                self.entered = None;
                Step::select(Vec::new())
            }
            Target::Grip(Grip::Vertex(vertex)) => {
                self.choose_vertex(vertex, modifiers);
                Step::handled()
            }
            Target::Grip(Grip::Edge(edge)) => self.insert_vertex(edge, selection, context),
            _ => Step::handled(),
        }
    }

    /// Selects what lies under the selected one at the place of the click; the best hit at first.
    fn cycle(
        &mut self,
        press: Press,
        pointer: PointerKind,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Step {
        let point = context.camera.image_from_screen(press.at);
        let tolerance = context.image_length(pointer.reach() * 0.6);
        let best = context.scene.pick(point, tolerance);
        let mut stack = below(point, tolerance, context);
        stack.retain(|id| context.document.get(*id).is_some_and(|a| !a.locked));
        if let Some(best) = best
            && let Some(at) = stack.iter().position(|id| *id == best)
        {
            stack.rotate_left(at);
        }
        let selected = stack.iter().rposition(|id| selection.contains(*id));
        let next = match selected {
            Some(at) if !self.lasso => stack.get((at + 1) % stack.len()),
            _ => stack.first(),
        };
        let Some(next) = next.copied() else {
            return Step::handled();
        };
        self.leave_unless_inside(next, context);
        self.dug_out = Some(next);
        let members = self.meant(next, context);
        if press.modifiers.shift {
            return Step::select(united(selection.ids(), members));
        }
        Step::select(members)
    }

    /// With Shift one more or less, otherwise this one alone.
    fn choose_vertex(&mut self, vertex: VertexRef, modifiers: Modifiers) {
        if !modifiers.shift {
            self.vertices = vec![vertex];
        } else if let Some(at) = self.vertices.iter().position(|v| *v == vertex) {
            self.vertices.remove(at);
        } else {
            self.vertices.push(vertex);
        }
    }

    fn insert_vertex(
        &mut self,
        edge: VertexRef,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Step {
        let inserted = selection
            .single(context.document)
            .and_then(|annotation| VertexDrag::insert(annotation.id, &annotation.shape, edge));
        let Some(drag) = inserted else {
            return Step::handled();
        };
        self.vertices.clone_from(&drag.vertices);
        Step::edits(drag.edits(context.document))
    }

    /// Types a text anew, or goes into a group; `None` where a double click means no more than two.
    pub(super) fn double_click(&mut self, id: AnnotationId, context: &Context<'_>) -> Option<Step> {
        let annotation = context.document.get(id)?;
        if context.can_edit
            && !annotation.locked
            && let Some(tool) = TextTool::editing(annotation)
        {
            self.state = State::Typing(tool);
            return Some(Step::select(vec![id]));
        }
        let group = annotation
            .group
            .filter(|group| self.entered != Some(*group))?;
        self.entered = Some(group);
        self.state = State::Idle;
        Some(Step::select(vec![id]))
    }

    /// All that a click on `id` means: its group, unless that has been entered.
    pub(super) fn meant(&mut self, id: AnnotationId, context: &Context<'_>) -> Vec<AnnotationId> {
        let group = context.document.get(id).and_then(|a| a.group);
        if group.is_some() && group == self.entered {
            return vec![id];
        }
        self.groups.with(id, context.document)
    }

    pub(super) fn leave_unless_inside(&mut self, id: AnnotationId, context: &Context<'_>) {
        let group = context.document.get(id).and_then(|a| a.group);
        self.entered = self.entered.filter(|entered| group == Some(*entered));
    }

    /// Removes a vertex, or says of a joint that it is seen, hidden, or not there.
    pub(super) fn alt_click(
        &mut self,
        vertex: VertexRef,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Step {
        let Some(annotation) = selection.single(context.document) else {
            return Step::handled();
        };
        match &annotation.shape {
            Shape::Skeleton(skeleton) => {
                self.vertices = vec![vertex];
                let joint = skeleton.joints.values().nth(vertex.index);
                let next = joint.map_or(JointState::Visible, |j| joints::next_state(j.state));
                self.set_joints(next, selection, context.document)
            }
            Shape::Polygon(_) | Shape::Polyline(_) | Shape::Path(_) => {
                self.vertices.clear();
                match vertex::removed(&annotation.shape, &[vertex]) {
                    Some(shape) => Step::edits(vec![Edit::SetShape(annotation.id, shape)]),
                    None => Step::notice(Notice::TooFewVertices),
                }
            }
            _ => Step::handled(),
        }
    }

    /// Selects what a marquee or a lasso found, with the rest of its groups.
    pub(super) fn select_found(
        &mut self,
        found: Vec<AnnotationId>,
        adds: bool,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Step {
        let entered = self.entered;
        let in_entered = |id: &AnnotationId| {
            entered.is_some() && context.document.get(*id).and_then(|a| a.group) == entered
        };
        let found = if found.iter().all(in_entered) {
            found
        } else {
            self.entered = None;
            self.groups.completed(found, context.document)
        };
        let before = if adds { selection.ids() } else { &[] };
        Step::select(united(before, found))
    }
}

/// Whether a click looks for what lies underneath.
pub(super) fn cycles(modifiers: Modifiers) -> bool {
    modifiers.alt || modifiers.command()
}

/// Without `members` where all of them are selected, otherwise with them.
pub(super) fn toggled(selection: &Selection, members: &[AnnotationId]) -> Vec<AnnotationId> {
    if members.iter().all(|id| selection.contains(*id)) {
        let others = selection.ids().iter().filter(|id| !members.contains(id));
        others.copied().collect()
    } else {
        united(selection.ids(), members.to_vec())
    }
}

fn united(ids: &[AnnotationId], more: Vec<AnnotationId>) -> Vec<AnnotationId> {
    let known: HashSet<_> = ids.iter().copied().collect();
    let new = more.into_iter().filter(|id| !known.contains(id));
    ids.iter().copied().chain(new).collect()
}
