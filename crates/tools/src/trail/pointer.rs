//! What pressing, dragging and letting go do to the corners.

use super::{Press, Rules, Trail, Trailed};
use crate::snap::{in_steps, place};
use crate::{Context, Modifiers, PointerKind};
use visionflow_geometry::{Point, Simplify, simplify_path};
use visionflow_model::MAX_VERTICES;

/// The second click of a double click may lie this far from the first, in CSS pixels.
const DOUBLE_CLICK_REACH: f64 = 6.0;
/// A drag shorter than this is a click by an unsteady hand, in CSS pixels.
const FREEHAND_START: f64 = 9.0;
/// Freehand points lie at least this far apart, in CSS pixels.
const FREEHAND_STEP: f64 = 2.0;
/// What a freehand line may lose when it is simplified, in CSS pixels.
const FREEHAND_TOLERANCE: f64 = 1.0;

impl Trail {
    pub(super) fn down(
        &mut self,
        pos: Point,
        modifiers: Modifiers,
        clicks: u32,
        pointer: PointerKind,
        rules: Rules,
        context: &Context<'_>,
    ) -> Trailed {
        let at = self.next(pos, modifiers, pointer, context);
        let last = self.points.last().copied().unwrap_or(at);
        // The first click of the two has set its corner already.
        if clicks >= 2 && context.screen_distance(last, at) <= DOUBLE_CLICK_REACH {
            return Trailed::Finished;
        }
        if rules.closes && self.is_on_first(pos, pointer, context) {
            return Trailed::Closed;
        }
        self.steps_before_press = self.steps.len();
        if last != at && self.points.len() < MAX_VERTICES {
            self.steps.push(self.points.len());
            self.points.push(at);
        }
        self.pointer = Some(at);
        self.press = Press::Down(pos);
        Trailed::Handled
    }

    pub(super) fn moved(
        &mut self,
        pos: Point,
        modifiers: Modifiers,
        pointer: PointerKind,
        rules: Rules,
        context: &Context<'_>,
    ) {
        if let Press::Down(at) = self.press
            && at.distance(pos) > FREEHAND_START.max(pointer.slack())
        {
            if rules.freehand {
                self.press = Press::Freehand;
                self.steps.push(self.points.len());
            } else {
                self.press = Press::Stretch;
            }
        }
        let on_first = rules.closes && self.is_on_first(pos, pointer, context);
        if self.is_freehand() {
            let at = context.image_point_inside(pos);
            self.pointer = Some(at);
            self.closing = on_first;
            let is_apart = self.points.last().is_none_or(|last| {
                context.screen_distance(*last, at) >= FREEHAND_STEP && *last != at
            });
            if is_apart && self.points.len() < MAX_VERTICES {
                self.points.push(at);
            }
        } else {
            self.pointer = Some(self.next(pos, modifiers, pointer, context));
            self.closing = on_first;
        }
    }

    pub(super) fn up(&mut self, context: &Context<'_>) -> Trailed {
        match std::mem::replace(&mut self.press, Press::None) {
            Press::Freehand => self.simplify(context),
            Press::Stretch => {
                self.push_pointer();
                if !self.closing {
                    return Trailed::Stretched;
                }
            }
            Press::None | Press::Down(_) => return Trailed::Handled,
        }
        if self.closing {
            Trailed::Closed
        } else {
            Trailed::Handled
        }
    }

    /// Keeps of the freehand line what is needed to look like it.
    fn simplify(&mut self, context: &Context<'_>) {
        // From the corner where the freehand line begins.
        let first = self.steps.last().map_or(0, |count| count.saturating_sub(1));
        let tolerance = context.image_length(FREEHAND_TOLERANCE);
        let line = simplify_path(&self.points[first..], Simplify::Distance(tolerance));
        self.points.truncate(first);
        self.points.extend(line);
    }

    fn push_pointer(&mut self) {
        if let Some(at) = self.pointer
            && !self.closing
            && self.points.last() != Some(&at)
            && self.points.len() < MAX_VERTICES
        {
            self.steps.push(self.points.len());
            self.points.push(at);
        }
    }

    /// Where a click would set the next corner; with Shift in steps of 45° from the last one.
    fn next(
        &self,
        pos: Point,
        modifiers: Modifiers,
        pointer: PointerKind,
        context: &Context<'_>,
    ) -> Point {
        match self.points.last() {
            Some(last) if modifiers.shift => {
                in_steps(*last, context.image_point(pos), context.image)
            }
            _ => place(pos, pointer, context),
        }
    }

    fn is_on_first(&self, pos: Point, pointer: PointerKind, context: &Context<'_>) -> bool {
        self.points.len() >= 3
            && self.points.first().is_some_and(|first| {
                context.camera.screen_from_image(*first).distance(pos) <= pointer.reach() + 3.0
            })
    }
}
