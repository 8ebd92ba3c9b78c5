//! Drawing boxes: by dragging from corner to corner, or by a click on each of two corners.

use crate::selection::Selection;
use crate::step::{Step, View, clamped};
use crate::tool::Tool;
use crate::{Button, Context, Cursor, Hint, Input, Modifiers, Notice};
use visionflow_document::Edit;
use visionflow_geometry::{Point, Rect};
use visionflow_model::{Annotation, LabelId, Preview, Shape};

/// A box that is narrower or lower than this on the screen was a slip, in CSS pixels.
const MIN_SIDE: f64 = 3.0;

#[derive(Debug, Default)]
pub(crate) struct BoxTool {
    state: State,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Idle,
    /// The button is down; a drag or a click begins.
    Pressed { at_screen: Point, start: Corner },
    /// The second corner follows the pointer.
    Drawing {
        start: Corner,
        now: Point,
        /// The first corner was clicked: the next press ends, and not the release.
        by_clicks: bool,
    },
}

/// The first corner (image space) and the label that was chosen when it was set.
#[derive(Clone, Copy, Debug)]
struct Corner {
    at: Point,
    label: LabelId,
}

impl Tool for BoxTool {
    fn handle(&mut self, input: &Input, _: &Selection, context: &mut Context<'_>) -> Step {
        match input {
            Input::PointerDown {
                pos,
                button: Button::Primary,
                modifiers,
                ..
            } => self.down(*pos, *modifiers, context),
            Input::PointerMove {
                pos,
                modifiers,
                pointer,
            } => {
                self.moved(*pos, *modifiers, pointer.slack(), context);
                Step::handled()
            }
            Input::PointerUp {
                pos,
                button: Button::Primary,
                modifiers,
                pointer,
            } => {
                // The last move may lie before the place of release.
                self.moved(*pos, *modifiers, pointer.slack(), context);
                self.up(*pos, *modifiers, context)
            }
            Input::KeyDown { key, .. } if key == "Escape" && self.is_drawing() => {
                self.cancel();
                Step::handled()
            }
            _ => Step::unhandled(),
        }
    }

    fn cancel(&mut self) {
        self.state = State::Idle;
    }

    fn view(&self, _: &Selection, context: &Context<'_>) -> View {
        let mut view = View {
            cursor: Cursor::Crosshair,
            hint: Hint::BoxStart,
            ..View::default()
        };
        if let State::Drawing {
            start,
            now,
            by_clicks,
        } = self.state
        {
            view.hint = if by_clicks {
                Hint::BoxSecondCorner
            } else {
                Hint::BoxDrag
            };
            view.preview.push(Preview {
                annotation: None,
                label: Some(context.label.unwrap_or(start.label)),
                shape: Shape::Box(Rect::from_corners(start.at, now)),
                closed: true,
            });
        }
        view
    }
}

impl BoxTool {
    fn is_drawing(&self) -> bool {
        !matches!(self.state, State::Idle)
    }

    fn down(&mut self, pos: Point, modifiers: Modifiers, context: &mut Context<'_>) -> Step {
        match self.state {
            State::Drawing { start, .. } => self.finish(start, pos, modifiers, context),
            State::Idle | State::Pressed { .. } => {
                if !context.can_edit {
                    return Step::notice(Notice::ReadOnly);
                }
                let Some(label) = context.label else {
                    return Step::notice(Notice::ChooseLabel);
                };
                let at = context.image_point_inside(pos);
                self.state = State::Pressed {
                    at_screen: pos,
                    start: Corner { at, label },
                };
                Step::handled()
            }
        }
    }

    fn moved(&mut self, pos: Point, modifiers: Modifiers, slack: f64, context: &Context<'_>) {
        match &mut self.state {
            State::Idle => {}
            State::Pressed { at_screen, start } => {
                if at_screen.distance(pos) > slack {
                    self.state = State::Drawing {
                        start: *start,
                        now: second_corner(*start, pos, modifiers, context),
                        by_clicks: false,
                    };
                }
            }
            State::Drawing { start, now, .. } => {
                *now = second_corner(*start, pos, modifiers, context);
            }
        }
    }

    fn up(&mut self, pos: Point, modifiers: Modifiers, context: &mut Context<'_>) -> Step {
        match self.state {
            State::Pressed { start, .. } => {
                self.state = State::Drawing {
                    start,
                    now: start.at,
                    by_clicks: true,
                };
                Step::handled()
            }
            State::Drawing {
                start,
                by_clicks: false,
                ..
            } => self.finish(start, pos, modifiers, context),
            State::Idle | State::Drawing { .. } => Step::handled(),
        }
    }

    fn finish(
        &mut self,
        start: Corner,
        pos: Point,
        modifiers: Modifiers,
        context: &mut Context<'_>,
    ) -> Step {
        self.state = State::Idle;
        let rect = Rect::from_corners(start.at, second_corner(start, pos, modifiers, context));
        let least = context.image_length(MIN_SIDE);
        if rect.width() < least || rect.height() < least {
            return Step::handled();
        }
        let annotation = Annotation::new(
            (context.new_id)(),
            context.label.unwrap_or(start.label),
            Shape::Box(rect),
        );
        Step {
            selection: Some(vec![annotation.id]),
            edits: vec![Edit::Add(annotation)],
            ..Step::handled()
        }
    }
}

/// The corner under the pointer; with Shift the one that makes a square.
fn second_corner(start: Corner, pos: Point, modifiers: Modifiers, context: &Context<'_>) -> Point {
    let corner = context.image_point_inside(pos);
    if !modifiers.shift {
        return corner;
    }
    let by = corner - start.at;
    let room = |by: f64, at: f64, low: f64, high: f64| if by < 0.0 { at - low } else { high - at };
    let (image, at) = (context.image, start.at);
    let side =
        by.x.abs()
            .max(by.y.abs())
            .min(room(by.x, at.x, image.min.x, image.max.x))
            .min(room(by.y, at.y, image.min.y, image.max.y));
    let square = Point::new(at.x + side.copysign(by.x), at.y + side.copysign(by.y));
    clamped(square, image)
}
