//! Corners set one after the other, by clicks, or many at once by dragging freehand: what polygons,
//! polylines, cuts and measurements have in common.

mod pointer;

use crate::snap::place;
use crate::{Button, Context, Input, PointerKind};
use visionflow_geometry::Point;
use visionflow_scene::{Handle, HandleKind};

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
}
