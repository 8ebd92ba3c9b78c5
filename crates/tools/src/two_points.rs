//! The gesture of two points: a drag from the one to the other, or a click on each.

use crate::snap;
use crate::step::{Step, drawing_label};
use crate::{Button, Context, Input, Modifiers, PointerKind};
use visionflow_geometry::Point;
use visionflow_model::LabelId;

#[derive(Debug, Default)]
pub(crate) struct TwoPoints {
    state: State,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Idle,
    /// The button is down; a drag or a click begins.
    Pressed { at_screen: Point, start: Start },
    /// The second point follows the pointer.
    Stretching {
        stretch: Stretch,
        /// The button is down: letting it go ends the gesture.
        pressed: bool,
    },
}

/// The first point (image space) and the label that was chosen when it was set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    pub at: Point,
    pub label: LabelId,
}

/// Both points, and the keys held down with the second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch {
    pub start: Start,
    /// Inside the image, in image space.
    pub to: Point,
    pub modifiers: Modifiers,
    /// The first point was clicked, and a click sets the second.
    pub by_clicks: bool,
}

/// What an input means for the gesture.
#[derive(Debug)]
pub(crate) enum Outcome {
    Step(Step),
    /// The second point is set.
    Done(Stretch),
}

impl TwoPoints {
    pub(crate) fn handle(&mut self, input: &Input, context: &Context<'_>) -> Outcome {
        match input {
            Input::PointerDown {
                pos,
                button: Button::Primary,
                modifiers,
                pointer,
                ..
            } => self.down(*pos, *modifiers, *pointer, context),
            Input::PointerMove {
                pos,
                modifiers,
                pointer,
            } => {
                self.moved(*pos, *modifiers, *pointer, context);
                Outcome::Step(Step::handled())
            }
            Input::PointerUp {
                pos,
                button: Button::Primary,
                modifiers,
                pointer,
            } => {
                // The last move may lie before the place of release.
                self.moved(*pos, *modifiers, *pointer, context);
                self.up()
            }
            Input::KeyDown { key, .. } if key == "Escape" && self.is_active() => {
                self.cancel();
                Outcome::Step(Step::handled())
            }
            _ => Outcome::Step(Step::unhandled()),
        }
    }

    pub(crate) fn cancel(&mut self) {
        self.state = State::Idle;
    }

    /// The pointer was taken away, as by a second finger: a first point that was clicked stays.
    pub(crate) fn interrupt(&mut self) {
        match &mut self.state {
            State::Stretching { stretch, pressed } if stretch.by_clicks => *pressed = false,
            _ => self.cancel(),
        }
    }

    /// Whether the first point was clicked and the second is not set.
    pub(crate) fn is_half_set(&self) -> bool {
        self.stretch().is_some_and(|stretch| stretch.by_clicks)
    }

    /// What the pointer spans now.
    pub(crate) fn stretch(&self) -> Option<Stretch> {
        match self.state {
            State::Stretching { stretch, .. } => Some(stretch),
            State::Idle | State::Pressed { .. } => None,
        }
    }

    fn is_active(&self) -> bool {
        !matches!(self.state, State::Idle)
    }

    fn down(
        &mut self,
        pos: Point,
        modifiers: Modifiers,
        pointer: PointerKind,
        context: &Context<'_>,
    ) -> Outcome {
        self.moved(pos, modifiers, pointer, context);
        if let State::Stretching { pressed, .. } = &mut self.state {
            *pressed = true;
            return Outcome::Step(Step::handled());
        }
        let label = match drawing_label(context) {
            Ok(label) => label,
            Err(notice) => return Outcome::Step(Step::notice(notice)),
        };
        let at = snap::place(pos, pointer, context);
        self.state = State::Pressed {
            at_screen: pos,
            start: Start { at, label },
        };
        Outcome::Step(Step::handled())
    }

    fn moved(
        &mut self,
        pos: Point,
        modifiers: Modifiers,
        pointer: PointerKind,
        context: &Context<'_>,
    ) {
        match &mut self.state {
            State::Idle => {}
            State::Pressed { at_screen, start } => {
                if at_screen.distance(pos) > pointer.slack() {
                    let stretch = Stretch {
                        start: *start,
                        to: snap::place(pos, pointer, context),
                        modifiers,
                        by_clicks: false,
                    };
                    let pressed = true;
                    self.state = State::Stretching { stretch, pressed };
                }
            }
            State::Stretching { stretch, .. } => {
                stretch.to = snap::place(pos, pointer, context);
                stretch.modifiers = modifiers;
            }
        }
    }

    fn up(&mut self) -> Outcome {
        match self.state {
            State::Pressed { start, .. } => {
                let stretch = Stretch {
                    start,
                    to: start.at,
                    modifiers: Modifiers::default(),
                    by_clicks: true,
                };
                let pressed = false;
                self.state = State::Stretching { stretch, pressed };
            }
            State::Stretching {
                stretch,
                pressed: true,
            } => {
                self.state = State::Idle;
                return Outcome::Done(stretch);
            }
            State::Idle | State::Stretching { .. } => {}
        }
        Outcome::Step(Step::handled())
    }
}
