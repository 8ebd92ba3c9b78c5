//! Setting points: where the button is let go.

use crate::selection::Selection;
use crate::snap::place;
use crate::step::{Step, View, add, drawing_label, new_preview};
use crate::tool::Tool;
use crate::{Button, Context, Cursor, Hint, Input};
use visionflow_geometry::Point;
use visionflow_model::{LabelId, Shape};

#[derive(Debug, Default)]
pub(crate) struct PointTool {
    state: State,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Idle,
    /// The button is down; the point follows the pointer (image space).
    Placing { label: LabelId, at: Point },
}

impl Tool for PointTool {
    fn handle(&mut self, input: &Input, _: &Selection, context: &mut Context<'_>) -> Step {
        match (input, self.state) {
            (
                Input::PointerDown {
                    pos,
                    button: Button::Primary,
                    pointer,
                    ..
                },
                _,
            ) => match drawing_label(context) {
                Ok(label) => {
                    let at = place(*pos, *pointer, context);
                    self.state = State::Placing { label, at };
                    Step::handled()
                }
                Err(notice) => Step::notice(notice),
            },
            (Input::PointerMove { pos, pointer, .. }, State::Placing { label, .. }) => {
                let at = place(*pos, *pointer, context);
                self.state = State::Placing { label, at };
                Step::handled()
            }
            (
                Input::PointerUp {
                    pos,
                    button: Button::Primary,
                    pointer,
                    ..
                },
                State::Placing { label, .. },
            ) => {
                self.state = State::Idle;
                let at = place(*pos, *pointer, context);
                add(label, Shape::Point(at), context)
            }
            (Input::KeyDown { key, .. }, State::Placing { .. }) if key == "Escape" => {
                self.cancel();
                Step::handled()
            }
            (Input::PointerMove { .. } | Input::PointerUp { .. }, State::Idle) => Step::handled(),
            _ => Step::unhandled(),
        }
    }

    fn snaps(&self) -> bool {
        true
    }

    fn cancel(&mut self) {
        self.state = State::Idle;
    }

    fn view(&self, _: &Selection, context: &Context<'_>) -> View {
        let mut view = View {
            cursor: Cursor::Crosshair,
            hint: Hint::PointStart,
            ..View::default()
        };
        if let State::Placing { label, at } = self.state {
            view.preview = vec![new_preview(label, Shape::Point(at), true, context)];
            view.hint = Hint::PointPlacing;
        }
        view
    }
}
