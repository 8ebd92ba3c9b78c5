//! Pressing, dragging and letting go.

use super::grip::{self, Grip};
use super::marquee::{Lasso, Marquee};
use super::transform::{Moving, Reshaping, Resizing, Turning};
use super::vertex::{self, VertexDrag, VertexRef};
use super::{Press, Select, State, Target};
use crate::selection::Selection;
use crate::skeleton::joints;
use crate::snap;
use crate::step::Step;
use crate::text::TextTool;
use crate::{Context, Modifiers, Notice, PointerKind};
use std::collections::HashSet;
use visionflow_commands::{Workplace, copied};
use visionflow_document::Edit;
use visionflow_geometry::{Point, Rect};
use visionflow_model::{AnnotationId, JointState, Shape};

impl Select {
    fn target(
        &self,
        pos: Point,
        pointer: PointerKind,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Target {
        if context.can_edit
            && let Some(grip) = grip::at(pos, pointer.reach(), selection, context)
        {
            return Target::Grip(grip);
        }
        let point = context.camera.image_from_screen(pos);
        let tolerance = context.image_length(pointer.reach() * 0.6);
        let is_locked = |id| context.document.get(id).map(|a| a.locked);
        if let Some(id) = self.dug_out
            && selection.contains(id)
            && is_locked(id) == Some(false)
            && below(point, tolerance, context).contains(&id)
        {
            return Target::Body(id);
        }
        match context.scene.pick(point, tolerance) {
            Some(id) => match is_locked(id) {
                Some(false) => Target::Body(id),
                // What is locked lets the pointer through to what is not.
                Some(true) => below(point, tolerance, context)
                    .into_iter()
                    .find(|id| is_locked(*id) == Some(false))
                    .map_or(Target::Locked(id), Target::Body),
                // The scene may be a step behind the document.
                None => Target::Empty,
            },
            None => Target::Empty,
        }
    }

    pub(super) fn down(
        &mut self,
        pos: Point,
        modifiers: Modifiers,
        clicks: u32,
        pointer: PointerKind,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Step {
        self.pointer = Some(pos);
        let target = self.target(pos, pointer, selection, context);
        if let Target::Grip(Grip::Vertex(vertex)) = target
            && modifiers.alt
        {
            self.state = State::Idle;
            return self.alt_click(vertex, selection, context);
        }
        if !matches!(target, Target::Grip(Grip::Vertex(_))) {
            self.vertices.clear();
        }
        let mut step = Step::handled();
        let mut selected_before = false;
        if let (Target::Body(id) | Target::Locked(id), false) = (target, self.lasso) {
            selected_before = selection.contains(id);
            if clicks >= 2 && !modifiers.shift {
                if let Some(step) = self.double_click(id, context) {
                    return step;
                }
            } else if modifiers.shift {
                let members = self.meant(id, context);
                step.selection = Some(toggled(selection, &members));
            } else if !selected_before && !cycles(modifiers) {
                self.leave_unless_inside(id, context);
                step.selection = Some(self.meant(id, context));
            }
        }
        self.state = State::Pressed(Press {
            at: pos,
            target,
            modifiers,
            selected_before,
        });
        step
    }

    /// Types a text anew, or goes into a group; `None` where a double click means no more than two.
    fn double_click(&mut self, id: AnnotationId, context: &Context<'_>) -> Option<Step> {
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
    fn meant(&mut self, id: AnnotationId, context: &Context<'_>) -> Vec<AnnotationId> {
        let group = context.document.get(id).and_then(|a| a.group);
        if group.is_some() && group == self.entered {
            return vec![id];
        }
        self.groups.with(id, context.document)
    }

    fn leave_unless_inside(&mut self, id: AnnotationId, context: &Context<'_>) {
        let group = context.document.get(id).and_then(|a| a.group);
        self.entered = self.entered.filter(|entered| group == Some(*entered));
    }

    /// Removes a vertex, or says of a joint that it is seen, hidden, or not there.
    fn alt_click(
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

    pub(super) fn moved(
        &mut self,
        pos: Point,
        modifiers: Modifiers,
        pointer: PointerKind,
        selection: &Selection,
        context: &Context<'_>,
    ) {
        self.pointer = Some(pos);
        match &self.state {
            State::Idle | State::Over(_) => {
                self.state = State::Over(self.target(pos, pointer, selection, context));
                return;
            }
            State::Pressed(press) => {
                if press.at.distance(pos) <= pointer.slack() {
                    return;
                }
                match self.begin(*press, selection, context) {
                    Some(state) => self.state = state,
                    None => return,
                }
            }
            _ => {}
        }
        let point = context.image_point(pos);
        match &mut self.state {
            State::Moving(moving) => moving.drag(point, modifiers, context),
            State::Resizing(resizing) => resizing.drag(point, modifiers, context),
            State::Reshaping(reshaping) => {
                let to = context.image_point_inside(pos);
                reshaping.drag(to, modifiers.shift, context.image);
            }
            State::Turning(turning) => turning.drag(point, modifiers.shift, context.image),
            State::Vertices(drag) => {
                let to = if drag.vertices.len() == 1 && !modifiers.alt {
                    snap::place_beside(Some(drag.id), pos, pointer, context)
                } else {
                    context.image_point_inside(pos)
                };
                drag.drag(to, modifiers.alt, context.image);
            }
            State::Marquee(marquee) => marquee.now = point,
            State::Lasso(lasso) => lasso.extend(point, context),
            State::Idle
            | State::Over(_)
            | State::Pressed(_)
            | State::Nudging(_)
            | State::Typing(_) => {}
        }
    }

    /// The gesture that a drag begins; `None` where it begins none.
    fn begin(&self, press: Press, selection: &Selection, context: &Context<'_>) -> Option<State> {
        let Press {
            target, modifiers, ..
        } = press;
        let point = context.image_point(press.at);
        let on_grip = matches!(target, Target::Grip(_));
        let over_body = matches!(target, Target::Body(_)) && !self.lasso;
        if !on_grip && (self.lasso || modifiers.alt || (modifiers.command() && !over_body)) {
            return Some(State::Lasso(Lasso::begin(point, modifiers.shift)));
        }
        if matches!(target, Target::Empty | Target::Locked(_)) {
            return Some(State::Marquee(Marquee {
                start: point,
                now: point,
                adds: modifiers.shift,
            }));
        }
        if !context.can_edit {
            return None;
        }
        match target {
            Target::Body(id) if modifiers.command() => {
                let ids: &[AnnotationId] = if selection.contains(id) {
                    selection.ids()
                } else {
                    &[id]
                };
                let annotations = ids.iter().filter_map(|id| context.document.get(*id));
                let shapes = annotations.map(|a| (a.id, a.shape.clone())).collect();
                Moving::of(point, shapes, true).map(State::Moving)
            }
            Target::Body(id) if selection.contains(id) => {
                Moving::begin(point, selection, context.document).map(State::Moving)
            }
            Target::Grip(grip) => begin_grip(grip, point, &self.vertices, selection, context),
            Target::Body(_) | Target::Locked(_) | Target::Empty => None,
        }
    }

    pub(super) fn up(
        &mut self,
        pos: Point,
        modifiers: Modifiers,
        pointer: PointerKind,
        selection: &Selection,
        context: &mut Context<'_>,
    ) -> Step {
        // The last move may lie before the place of release.
        self.moved(pos, modifiers, pointer, selection, context);
        match std::mem::take(&mut self.state) {
            State::Pressed(press) => self.click(press, pointer, selection, context),
            State::Moving(moving) if moving.copies => duplicate(&moving, context),
            State::Moving(moving) => Step::edits(moving.edits()),
            State::Resizing(resizing) => Step::edits(resizing.edits(context.image)),
            State::Reshaping(reshaping) => Step::edits(reshaping.edits()),
            State::Turning(turning) => Step::edits(turning.edits()),
            State::Vertices(drag) => {
                self.vertices.clone_from(&drag.vertices);
                Step::edits(drag.edits(context.document))
            }
            State::Marquee(marquee) => {
                let found = marquee.chosen(modifiers, context);
                self.select_found(found, marquee.adds, selection, context)
            }
            State::Lasso(lasso) => {
                let found = lasso.chosen(modifiers, context);
                self.select_found(found, lasso.adds, selection, context)
            }
            other @ (State::Nudging(_) | State::Typing(_)) => {
                self.state = other;
                Step::handled()
            }
            State::Idle | State::Over(_) => Step::handled(),
        }
    }

    /// Selects what a marquee or a lasso found, with the rest of its groups.
    fn select_found(
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

    fn click(
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
}

fn begin_grip(
    grip: Grip,
    at: Point,
    vertices: &[VertexRef],
    selection: &Selection,
    context: &Context<'_>,
) -> Option<State> {
    let document = context.document;
    match grip {
        Grip::Side(side) => {
            let single = selection.single(document);
            let reshaping = single.and_then(|a| Reshaping::begin(a.id, &a.shape, side));
            if let Some(reshaping) = reshaping {
                return Some(State::Reshaping(reshaping));
            }
            let margin = grip::Frame::of(selection, context)?.margin;
            Resizing::begin(side, margin, selection, document).map(State::Resizing)
        }
        Grip::Turn => Turning::begin(at, selection, document).map(State::Turning),
        Grip::Vertex(vertex) => {
            let annotation = selection.single(document)?;
            VertexDrag::grab(annotation.id, &annotation.shape, vertex, vertices)
                .map(State::Vertices)
        }
        Grip::Edge(edge) => {
            let annotation = selection.single(document)?;
            VertexDrag::insert(annotation.id, &annotation.shape, edge).map(State::Vertices)
        }
        Grip::Upright(edge) => {
            let annotation = selection.single(document)?;
            VertexDrag::grab_upright(annotation.id, &annotation.shape, edge).map(State::Vertices)
        }
    }
}

/// Copies of what was dragged, where it was dropped.
fn duplicate(moving: &Moving, context: &mut Context<'_>) -> Step {
    let (document, image) = (context.document, context.image);
    let originals: Vec<_> = moving.ids().filter_map(|id| document.get(id)).collect();
    let mut workplace = Workplace {
        document,
        image,
        new_id: &mut *context.new_id,
    };
    match copied(&originals, moving.by(), &mut workplace) {
        Ok(plan) => Step {
            selection: Some(plan.selection),
            ..Step::edits(plan.edits)
        },
        Err(_) => Step::handled(),
    }
}

/// Whether a click looks for what lies underneath.
fn cycles(modifiers: Modifiers) -> bool {
    modifiers.alt || modifiers.command()
}

/// All that lies at `point`, the topmost first.
fn below(point: Point, tolerance: f64, context: &Context<'_>) -> Vec<AnnotationId> {
    let around = Rect {
        min: point,
        max: point,
    };
    let mut found = context.scene.in_rect(around.inflated(tolerance));
    found.reverse();
    found
}

/// Without `members` where all of them are selected, otherwise with them.
fn toggled(selection: &Selection, members: &[AnnotationId]) -> Vec<AnnotationId> {
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
