//! Corners set one after the other, by clicks, or many at once by dragging freehand: what polygons,
//! polylines, cuts and measurements have in common.

use crate::snap::{in_steps, place};
use crate::{Button, Context, Input, Modifiers, PointerKind};
use visionflow_geometry::{Point, Simplify, simplify_path};
use visionflow_model::MAX_VERTICES;
use visionflow_scene::{Handle, HandleKind};

/// The second click of a double click may lie this far from the first, in CSS pixels.
const DOUBLE_CLICK_REACH: f64 = 6.0;
/// A drag shorter than this is a click by an unsteady hand, in CSS pixels.
const FREEHAND_START: f64 = 9.0;
/// Freehand points lie at least this far apart, in CSS pixels.
const FREEHAND_STEP: f64 = 2.0;
/// What a freehand line may lose when it is simplified, in CSS pixels.
const FREEHAND_TOLERANCE: f64 = 1.0;

/// The corners so far; there is always one at least.
#[derive(Debug)]
pub(crate) struct Trail {
    /// In image space.
    points: Vec<Point>,
    /// How many there were before each step that can be taken back.
    steps: Vec<usize>,
    /// Where the next one would be, in image space.
    pointer: Option<Point>,
    /// The pointer is on the first corner: a click closes.
    closing: bool,
    press: Press,
    /// How many steps there were before the button went down.
    steps_before_press: usize,
}

/// What a drawing allows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// A click on the first corner means something.
    pub closes: bool,
    /// Dragging draws along; otherwise it ends in one more corner.
    pub freehand: bool,
}

/// What the pressed button does.
#[derive(Clone, Copy, Debug)]
enum Press {
    None,
    /// It set a corner, and may begin to drag; where it went down, in screen space.
    Down(Point),
    /// Draws along.
    Freehand,
    /// Carries the next corner.
    Stretch,
}

/// What an input means for the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trailed {
    Unhandled,
    Handled,
    /// Escape, or the only corner was taken back.
    Cancelled,
    /// Enter or a double click.
    Finished,
    /// A click on the first corner.
    Closed,
    /// A drag without freehand ended in a corner.
    Stretched,
}

impl Trail {
    /// With the corner that a press at `pos` (screen space) sets.
    pub(crate) fn begin(pos: Point, pointer: PointerKind, context: &Context<'_>) -> Self {
        let at = place(pos, pointer, context);
        Self {
            points: vec![at],
            steps: vec![0],
            pointer: Some(at),
            closing: false,
            press: Press::Down(pos),
            steps_before_press: 0,
        }
    }

    pub(crate) fn points(&self) -> &[Point] {
        &self.points
    }

    /// The corners and the one that a click would set now.
    pub(crate) fn with_ghost(&self) -> Vec<Point> {
        let ghost = self.pointer.filter(|_| !self.closing);
        self.points.iter().copied().chain(ghost).collect()
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.closing
    }

    pub(crate) fn is_freehand(&self) -> bool {
        matches!(self.press, Press::Freehand)
    }

    /// A circle on each corner that was clicked.
    pub(crate) fn handles(&self) -> Vec<Handle> {
        let handle = |(index, position): (usize, &Point)| Handle {
            position: *position,
            kind: HandleKind::Circle,
            active: self.closing && index == 0,
        };
        self.points.iter().enumerate().map(handle).collect()
    }

    pub(crate) fn handle(&mut self, input: &Input, rules: Rules, context: &Context<'_>) -> Trailed {
        match input {
            Input::PointerDown {
                pos,
                button: Button::Primary,
                modifiers,
                clicks,
                pointer,
            } => self.down(*pos, *modifiers, *clicks, *pointer, rules, context),
            Input::PointerMove {
                pos,
                modifiers,
                pointer,
            } => {
                self.moved(*pos, *modifiers, *pointer, rules, context);
                Trailed::Handled
            }
            Input::PointerUp {
                pos,
                button: Button::Primary,
                modifiers,
                pointer,
            } => {
                // The last move may lie before the place of release.
                self.moved(*pos, *modifiers, *pointer, rules, context);
                self.up(context)
            }
            Input::PointerLeave => {
                self.pointer = None;
                self.closing = false;
                Trailed::Handled
            }
            Input::KeyDown { key, .. } => self.key(key),
            _ => Trailed::Unhandled,
        }
    }

    fn down(
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

    fn moved(
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

    fn up(&mut self, context: &Context<'_>) -> Trailed {
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

    fn key(&mut self, key: &str) -> Trailed {
        match key {
            "Escape" => Trailed::Cancelled,
            "Enter" => Trailed::Finished,
            "Backspace" | "Delete" => {
                if self.take_back() {
                    Trailed::Handled
                } else {
                    Trailed::Cancelled
                }
            }
            _ => Trailed::Unhandled,
        }
    }

    /// The pointer was taken away, as by a second finger: what its press began is taken back, and
    /// the rest stays; false when nothing is left.
    pub(crate) fn interrupt(&mut self) -> bool {
        if !matches!(self.press, Press::None) {
            while self.steps.len() > self.steps_before_press {
                self.take_back();
            }
        }
        self.press = Press::None;
        self.pointer = None;
        self.closing = false;
        !self.points.is_empty()
    }

    /// Takes the latest step back; false when nothing is left.
    pub(crate) fn take_back(&mut self) -> bool {
        self.press = Press::None;
        self.closing = false;
        let count = self.steps.pop().unwrap_or(0);
        self.points.truncate(count);
        !self.points.is_empty()
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
