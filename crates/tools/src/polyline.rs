//! Drawing polylines, one click a corner, or freehand.

use crate::selection::Selection;
use crate::step::{Step, View, add, drawing_label, new_preview};
use crate::tool::Tool;
use crate::trail::{Rules, Trail, Trailed};
use crate::{Button, Context, Cursor, Hint, Input, Notice};
use visionflow_model::{LabelId, Shape};

const RULES: Rules = Rules {
    closes: false,
    freehand: true,
};

#[derive(Debug, Default)]
pub(crate) struct PolylineTool {
    drawing: Option<Drawing>,
}

#[derive(Debug)]
struct Drawing {
    label: LabelId,
    trail: Trail,
}

impl Tool for PolylineTool {
    fn handle(&mut self, input: &Input, _: &Selection, context: &mut Context<'_>) -> Step {
        let Some(drawing) = &mut self.drawing else {
            return self.begin(input, context);
        };
        match drawing.trail.handle(input, RULES, context) {
            Trailed::Unhandled => Step::unhandled(),
            Trailed::Handled | Trailed::Stretched | Trailed::Closed => Step::handled(),
            Trailed::Cancelled => {
                self.cancel();
                Step::handled()
            }
            Trailed::Finished => self.finish(context),
        }
    }

    fn snaps(&self) -> bool {
        true
    }

    fn cancel(&mut self) {
        self.drawing = None;
    }

    fn interrupt(&mut self) {
        if self.drawing.as_mut().is_some_and(|d| !d.trail.interrupt()) {
            self.cancel();
        }
    }

    fn view(&self, _: &Selection, context: &Context<'_>) -> View {
        let mut view = View {
            cursor: Cursor::Crosshair,
            hint: Hint::PolylineStart,
            ..View::default()
        };
        if let Some(Drawing { label, trail }) = &self.drawing {
            let shape = Shape::Polyline(trail.with_ghost());
            view.preview = vec![new_preview(*label, shape, false, context)];
            view.handles = trail.handles();
            view.hint = if trail.is_freehand() {
                Hint::Freehand
            } else {
                Hint::PolylineNext
            };
        }
        view
    }

    fn can_take_back(&self) -> bool {
        self.drawing.is_some()
    }

    fn take_back(&mut self) {
        if self.drawing.as_mut().is_some_and(|d| !d.trail.take_back()) {
            self.drawing = None;
        }
    }
}

impl PolylineTool {
    fn begin(&mut self, input: &Input, context: &Context<'_>) -> Step {
        match input {
            Input::PointerDown {
                pos,
                button: Button::Primary,
                pointer,
                ..
            } => match drawing_label(context) {
                Ok(label) => {
                    let trail = Trail::begin(*pos, *pointer, context);
                    self.drawing = Some(Drawing { label, trail });
                    Step::handled()
                }
                Err(notice) => Step::notice(notice),
            },
            Input::PointerMove { .. } | Input::PointerUp { .. } => Step::handled(),
            _ => Step::unhandled(),
        }
    }

    fn finish(&mut self, context: &mut Context<'_>) -> Step {
        let Some(drawing) = self.drawing.take() else {
            return Step::unhandled();
        };
        if drawing.trail.points().len() < 2 {
            self.drawing = Some(drawing);
            return Step::notice(Notice::TooFewPoints);
        }
        let shape = Shape::Polyline(drawing.trail.points().to_vec());
        add(drawing.label, shape, context)
    }
}
