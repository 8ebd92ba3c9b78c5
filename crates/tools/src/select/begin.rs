//! What the pointer is on, and the gesture that a drag from there begins.

use super::grip::{self, Grip};
use super::marquee::{Lasso, Marquee};
use super::moving::Moving;
use super::resizing::{Reshaping, Resizing};
use super::turning::Turning;
use super::vertex::{VertexDrag, VertexRef};
use super::{Press, Select, State, Target};
use crate::selection::Selection;
use crate::{Context, PointerKind};
use visionflow_geometry::{Point, Rect};
use visionflow_model::AnnotationId;

impl Select {
    pub(super) fn target(
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
        if !self.lasso
            && let Some(id) = context.scene.pick_suggestion(point, tolerance)
        {
            return Target::Suggestion(id);
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

    /// The gesture that a drag begins; `None` where it begins none.
    pub(super) fn begin(
        &self,
        press: Press,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Option<State> {
        let Press {
            target, modifiers, ..
        } = press;
        let point = context.image_point(press.at);
        let on_grip = matches!(target, Target::Grip(_));
        let over_body = matches!(target, Target::Body(_)) && !self.lasso;
        if !on_grip && (self.lasso || modifiers.alt || (modifiers.command() && !over_body)) {
            return Some(State::Lasso(Lasso::begin(point, modifiers.shift)));
        }
        if matches!(
            target,
            Target::Empty | Target::Locked(_) | Target::Suggestion(_)
        ) {
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
            Target::Body(_) | Target::Locked(_) | Target::Suggestion(_) | Target::Empty => None,
        }
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

/// All that lies at `point`, the topmost first.
pub(super) fn below(point: Point, tolerance: f64, context: &Context<'_>) -> Vec<AnnotationId> {
    let around = Rect {
        min: point,
        max: point,
    };
    let mut found = context.scene.in_rect(around.inflated(tolerance));
    found.reverse();
    found
}
