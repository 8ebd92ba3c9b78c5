//! The hand: dragging moves the image.

use crate::selection::Selection;
use crate::step::{Step, View};
use crate::tool::Tool;
use crate::{Button, Context, Cursor, Hint, Input};
use visionflow_geometry::Point;

/// Where the pointer was last while it drags (screen space).
#[derive(Debug, Default)]
pub(crate) struct Pan {
    last: Option<Point>,
}

impl Tool for Pan {
    fn handle(&mut self, input: &Input, _: &Selection, context: &mut Context<'_>) -> Step {
        match input {
            Input::PointerDown { pos, button, .. } if *button == Button::Primary => {
                self.last = Some(*pos);
            }
            Input::PointerMove { pos, .. } => {
                if let Some(last) = self.last.replace(*pos) {
                    let mut camera = *context.camera;
                    camera.pan(*pos - last);
                    return Step {
                        camera: Some(camera),
                        ..Step::handled()
                    };
                }
                self.last = None;
            }
            Input::PointerUp { button, .. } if *button == Button::Primary => self.last = None,
            _ => return Step::unhandled(),
        }
        Step::handled()
    }

    fn cancel(&mut self) {
        self.last = None;
    }

    fn view(&self, _: &Selection, _: &Context<'_>) -> View {
        let (cursor, hint) = match self.last {
            Some(_) => (Cursor::Grabbing, Hint::Panning),
            None => (Cursor::Grab, Hint::Pan),
        };
        View {
            cursor,
            hint,
            ..View::default()
        }
    }

    fn is_for_watchers(&self) -> bool {
        true
    }
}
