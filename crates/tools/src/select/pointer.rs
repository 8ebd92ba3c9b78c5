//! Pressing, dragging and letting go.

use super::click::{cycles, toggled};
use super::grip::Grip;
use super::moving::Moving;
use super::{Press, Select, State, Target};
use crate::selection::Selection;
use crate::snap;
use crate::step::Step;
use crate::{Context, Modifiers, PointerKind};
use visionflow_commands::{Workplace, copied};
use visionflow_geometry::Point;

impl Select {
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
}

/// Copies of what was dragged, where it was dropped.
fn duplicate(moving: &Moving, context: &mut Context<'_>) -> Step {
    let (document, image) = (context.document, context.image);
    let originals: Vec<_> = moving.ids().filter_map(|id| document.get(id)).collect();
    let mut workplace = Workplace {
        document,
        image,
        ontology: context.ontology,
        is_hidden: &|id| context.scene.is_hidden(id),
        // All edits of tools are kept apart by the toolbox.
        panoptic: false,
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
