//! Pressing, dragging and letting go.

use super::grip::{self, Grip};
use super::transform::{Moving, Resizing};
use super::vertex::{self, VertexDrag, VertexRef};
use super::{Select, State, Target};
use crate::selection::Selection;
use crate::step::{Step, set_polygon};
use crate::{Context, Modifiers, Notice, PointerKind};
use std::collections::HashSet;
use visionflow_geometry::{Point, Rect};
use visionflow_model::AnnotationId;

impl Select {
    fn target(
        pos: Point,
        pointer: PointerKind,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Target {
        if context.can_edit
            && let Some(grip) = grip::at(pos, pointer.reach(), selection, context)
        {
            return match grip {
                Grip::Side(side) => Target::Side(side),
                Grip::Vertex(vertex) => Target::Vertex(vertex),
                Grip::Edge(vertex) => Target::Edge(vertex),
            };
        }
        let point = context.camera.image_from_screen(pos);
        let tolerance = context.image_length(pointer.reach() * 0.6);
        match context.scene.pick(point, tolerance) {
            // The scene may be a step behind the document.
            Some(id) if context.document.get(id).is_some() => Target::Body(id),
            _ => Target::Empty,
        }
    }

    pub(super) fn down(
        &mut self,
        pos: Point,
        modifiers: Modifiers,
        pointer: PointerKind,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Step {
        self.pointer = Some(pos);
        let target = Self::target(pos, pointer, selection, context);
        if let Target::Vertex(vertex) = target
            && modifiers.alt
        {
            self.state = State::Idle;
            return self.remove_vertex(vertex, selection, context);
        }
        if !matches!(target, Target::Vertex(_)) {
            self.active_vertex = None;
        }
        let mut step = Step::handled();
        let mut selected_before = false;
        if let Target::Body(id) = target {
            selected_before = selection.contains(id);
            step.selection = if modifiers.shift {
                Some(toggled(selection.ids(), id))
            } else {
                (!selected_before).then(|| vec![id])
            };
        }
        self.state = State::Pressed {
            at: pos,
            target,
            modifiers,
            selected_before,
        };
        step
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
                self.state = State::Over(Self::target(pos, pointer, selection, context));
                return;
            }
            State::Pressed {
                at,
                target,
                modifiers: pressed,
                ..
            } => {
                if at.distance(pos) <= pointer.slack() {
                    return;
                }
                let (at, target, adds) = (*at, *target, pressed.shift);
                match begin(target, at, adds, selection, context) {
                    Some(state) => self.state = state,
                    None => return,
                }
            }
            _ => {}
        }
        let point = context.image_point(pos);
        match &mut self.state {
            State::Moving(moving) => moving.drag(point, context.image),
            State::Resizing(resizing) => {
                resizing.drag(
                    context.image_point_inside(pos),
                    modifiers.shift,
                    context.image,
                );
            }
            State::Vertex(drag) => drag.drag(context.image_point_inside(pos)),
            State::Marquee { now, .. } => *now = point,
            State::Idle | State::Over(_) | State::Pressed { .. } => {}
        }
    }

    pub(super) fn up(
        &mut self,
        pos: Point,
        modifiers: Modifiers,
        pointer: PointerKind,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Step {
        // The last move may lie before the place of release.
        self.moved(pos, modifiers, pointer, selection, context);
        match std::mem::take(&mut self.state) {
            State::Pressed {
                target,
                modifiers,
                selected_before,
                ..
            } => self.click(target, modifiers, selected_before, selection, context),
            State::Moving(moving) => Step::edits(moving.edits()),
            State::Resizing(resizing) => Step::edits(resizing.edits()),
            State::Vertex(drag) => {
                self.active_vertex = Some(drag.vertex);
                Step::edits(drag.edits(context.document))
            }
            State::Marquee { start, now, adds } => {
                let inside = context.scene.in_rect(Rect::from_corners(start, now));
                let before = if adds { selection.ids() } else { &[] };
                Step::select(united(before, inside))
            }
            State::Idle | State::Over(_) => Step::handled(),
        }
    }

    fn click(
        &mut self,
        target: Target,
        modifiers: Modifiers,
        selected_before: bool,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Step {
        match target {
            Target::Body(id)
                if selected_before && !modifiers.shift && selection.ids().len() > 1 =>
            {
                Step::select(vec![id])
            }
            Target::Empty if !modifiers.shift => Step::select(Vec::new()),
            Target::Vertex(vertex) => {
                self.active_vertex = Some(vertex);
                Step::handled()
            }
            Target::Edge(edge) => self.insert_vertex(edge, selection, context),
            _ => Step::handled(),
        }
    }

    fn insert_vertex(
        &mut self,
        edge: VertexRef,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Step {
        let inserted = selection
            .single_polygon(context.document)
            .and_then(|(id, polygon)| VertexDrag::insert(id, polygon, edge));
        let Some(drag) = inserted else {
            return Step::handled();
        };
        self.active_vertex = Some(drag.vertex);
        Step::edits(drag.edits(context.document))
    }

    pub(super) fn remove_vertex(
        &mut self,
        vertex: VertexRef,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Step {
        self.active_vertex = None;
        match selection.single_polygon(context.document) {
            Some((id, polygon)) => match vertex::removed(polygon, vertex) {
                Some(polygon) => Step::edits(vec![set_polygon(id, polygon)]),
                None => Step::notice(Notice::TooFewVertices),
            },
            None => Step::handled(),
        }
    }
}

/// The gesture that dragging `target` from `at` (screen space) begins; `None` where it begins none.
fn begin(
    target: Target,
    at: Point,
    adds: bool,
    selection: &Selection,
    context: &Context<'_>,
) -> Option<State> {
    let point = context.image_point(at);
    if target == Target::Empty {
        let now = point;
        return Some(State::Marquee {
            start: point,
            now,
            adds,
        });
    }
    if !context.can_edit {
        return None;
    }
    match target {
        Target::Body(id) if selection.contains(id) => {
            Moving::begin(point, selection, context.document).map(State::Moving)
        }
        Target::Side(side) => {
            Resizing::begin(side, selection, context.document).map(State::Resizing)
        }
        Target::Vertex(vertex) => {
            let (id, polygon) = selection.single_polygon(context.document)?;
            VertexDrag::grab(id, polygon, vertex).map(State::Vertex)
        }
        Target::Edge(edge) => {
            let (id, polygon) = selection.single_polygon(context.document)?;
            VertexDrag::insert(id, polygon, edge).map(State::Vertex)
        }
        Target::Body(_) | Target::Empty => None,
    }
}

fn toggled(ids: &[AnnotationId], id: AnnotationId) -> Vec<AnnotationId> {
    let mut toggled: Vec<_> = ids.iter().copied().filter(|other| *other != id).collect();
    if toggled.len() == ids.len() {
        toggled.push(id);
    }
    toggled
}

fn united(ids: &[AnnotationId], more: Vec<AnnotationId>) -> Vec<AnnotationId> {
    let known: HashSet<_> = ids.iter().copied().collect();
    let new = more.into_iter().filter(|id| !known.contains(id));
    ids.iter().copied().chain(new).collect()
}
