//! Pinning a comment: a click says where, on the image or on the shape under the pointer.
//!
//! Nothing is drawn and nothing saved: the embedder asks for the words ([`crate::Effects::pinned`]).

use crate::selection::Selection;
use crate::step::{Step, View};
use crate::tool::Tool;
use crate::{Button, Context, Cursor, Hint, Input, Pinned, PointerKind};
use visionflow_geometry::Point;
use visionflow_model::AnnotationId;

/// How near a shape is meant (screen space).
const REACH: f64 = 4.0;
/// The same for a finger.
const REACH_OF_FINGER: f64 = 12.0;

#[derive(Debug, Default)]
pub(crate) struct CommentTool {
    is_pressed: bool,
    over: Option<AnnotationId>,
}

impl Tool for CommentTool {
    fn handle(&mut self, input: &Input, _: &Selection, context: &mut Context<'_>) -> Step {
        match input {
            Input::PointerDown {
                pos,
                button: Button::Primary,
                pointer,
                ..
            } => {
                self.is_pressed = true;
                self.over = under(*pos, *pointer, context);
            }
            Input::PointerMove { pos, pointer, .. } => self.over = under(*pos, *pointer, context),
            Input::PointerUp {
                pos,
                button: Button::Primary,
                pointer,
                ..
            } if self.is_pressed => {
                self.cancel();
                return Step {
                    pinned: Some(Pinned {
                        at: context.image_point_inside(*pos),
                        annotation: under(*pos, *pointer, context),
                    }),
                    ..Step::handled()
                };
            }
            Input::KeyDown { key, .. } if key == "Escape" && self.is_pressed => self.cancel(),
            Input::PointerLeave => self.over = None,
            _ => return Step::unhandled(),
        }
        Step::handled()
    }

    fn cancel(&mut self) {
        *self = Self::default();
    }

    fn view(&self, _: &Selection, _: &Context<'_>) -> View {
        View {
            hover: self.over,
            cursor: Cursor::Crosshair,
            hint: Hint::Comment,
            ..View::default()
        }
    }
}

/// The shape that a comment set here is about.
fn under(pos: Point, pointer: PointerKind, context: &Context<'_>) -> Option<AnnotationId> {
    let reach = match pointer {
        PointerKind::Touch => REACH_OF_FINGER,
        PointerKind::Mouse | PointerKind::Pen => REACH,
    };
    let at = context.camera.image_from_screen(pos);
    context.scene.pick(at, context.image_length(reach))
}
