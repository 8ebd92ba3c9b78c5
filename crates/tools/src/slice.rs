//! Cutting areas and lines along a line, which is dragged or set corner by corner.
//!
//! What is selected is cut, or with nothing selected whatever the line crosses. The largest part
//! keeps the annotation; the others are new and like it in everything but the shape.
//! Boxes and ellipses become polygons, lines several lines.

mod parts;

use crate::selection::Selection;
use crate::step::{Step, View, private_preview};
use crate::tool::Tool;
use crate::trail::{Rules, Trail, Trailed};
use crate::{Button, Context, Cursor, Hint, Input, Notice};
use visionflow_document::Edit;
use visionflow_geometry::{Point, Rect};
use visionflow_model::{Annotation, AnnotationId, Shape};

const RULES: Rules = Rules {
    closes: false,
    freehand: false,
};

#[derive(Debug, Default)]
pub(crate) struct SliceTool {
    line: Option<Trail>,
}

impl Tool for SliceTool {
    fn handle(&mut self, input: &Input, selection: &Selection, context: &mut Context<'_>) -> Step {
        let Some(line) = &mut self.line else {
            return self.begin(input, context);
        };
        match line.handle(input, RULES, context) {
            Trailed::Unhandled => Step::unhandled(),
            Trailed::Handled => Step::handled(),
            Trailed::Cancelled => {
                self.cancel();
                Step::handled()
            }
            Trailed::Finished | Trailed::Closed | Trailed::Stretched => {
                self.cut(selection, context)
            }
        }
    }

    fn snaps(&self) -> bool {
        true
    }

    fn cancel(&mut self) {
        self.line = None;
    }

    fn interrupt(&mut self) {
        if self.line.as_mut().is_some_and(|line| !line.interrupt()) {
            self.cancel();
        }
    }

    fn view(&self, _: &Selection, _: &Context<'_>) -> View {
        let mut view = View {
            cursor: Cursor::Crosshair,
            hint: Hint::SliceStart,
            ..View::default()
        };
        if let Some(line) = &self.line {
            let shape = Shape::Polyline(line.with_ghost());
            view.preview = vec![private_preview(shape, false)];
            view.handles = line.handles();
            view.hint = Hint::SliceNext;
        }
        view
    }

    fn can_take_back(&self) -> bool {
        self.line.is_some()
    }

    fn take_back(&mut self) {
        if self.line.as_mut().is_some_and(|line| !line.take_back()) {
            self.line = None;
        }
    }
}

impl SliceTool {
    fn begin(&mut self, input: &Input, context: &Context<'_>) -> Step {
        match input {
            Input::PointerDown {
                button: Button::Primary,
                ..
            } if !context.can_edit => Step::notice(Notice::ReadOnly),
            Input::PointerDown {
                pos,
                button: Button::Primary,
                pointer,
                ..
            } => {
                self.line = Some(Trail::begin(*pos, *pointer, context));
                Step::handled()
            }
            Input::PointerMove { .. } | Input::PointerUp { .. } => Step::handled(),
            _ => Step::unhandled(),
        }
    }

    fn cut(&mut self, selection: &Selection, context: &mut Context<'_>) -> Step {
        let Some(trail) = self.line.take() else {
            return Step::unhandled();
        };
        let line = trail.points().to_vec();
        if line.len() < 2 {
            self.line = Some(trail);
            return Step::notice(Notice::TooFewPoints);
        }
        let mut edits = Vec::new();
        let mut ids = Vec::new();
        let mut is_locked = false;
        for annotation in targets(&line, selection, context) {
            let mut shapes = parts::of(&annotation.shape, &line, context.image).into_iter();
            let Some(first) = shapes.next() else {
                continue;
            };
            if annotation.locked {
                is_locked = true;
                continue;
            }
            edits.push(Edit::SetShape(annotation.id, first));
            ids.push(annotation.id);
            for shape in shapes {
                let id = (context.new_id)();
                let annotation = annotation.clone();
                edits.push(Edit::Add(Annotation {
                    id,
                    shape,
                    ..annotation
                }));
                ids.push(id);
            }
        }
        match edits.is_empty() {
            true if is_locked => Step::notice(Notice::Locked),
            true => Step::notice(Notice::NothingToSlice),
            false => Step {
                selection: Some(ids),
                ..Step::edits(edits)
            },
        }
    }
}

/// What can be cut: of the selection, or else of what the line comes near to.
fn targets<'a>(
    line: &[Point],
    selection: &Selection,
    context: &Context<'a>,
) -> Vec<&'a Annotation> {
    let document = context.document;
    let cuttable = |id: &AnnotationId| {
        let annotation = document.get(*id)?;
        parts::can_be_cut(&annotation.shape).then_some(annotation)
    };
    let selected: Vec<_> = selection.ids().iter().filter_map(cuttable).collect();
    if !selected.is_empty() {
        return selected;
    }
    // A straight line's rectangle has no area of its own.
    let around = Rect::around(line.iter().copied()).unwrap_or_default();
    let near = context.scene.in_rect(around.inflated(1.0));
    near.iter().filter_map(cuttable).collect()
}
