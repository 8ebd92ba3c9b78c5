//! Drawing polygons: one click a corner, or freehand; as something new, as a hole of the selected
//! polygon (Alt with the first click), or as a further part of it (Shift).

mod rings;

use crate::selection::Selection;
use crate::step::{Step, View, add, drawing_label, new_preview, set_polygon};
use crate::tool::Tool;
use crate::trail::{Rules, Trail, Trailed};
use crate::{Button, Context, Cursor, Hint, Input, Modifiers, Notice, PointerKind};
use visionflow_document::Document;
use visionflow_geometry::{Point, Polygon};
use visionflow_model::{Annotation, AnnotationId, LabelId, Shape};

const RULES: Rules = Rules {
    closes: true,
    freehand: true,
};

#[derive(Debug, Default)]
pub(crate) struct PolygonTool {
    drawing: Option<Drawing>,
}

#[derive(Debug)]
struct Drawing {
    label: LabelId,
    goal: Goal,
    trail: Trail,
}

/// What the ring becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goal {
    New,
    HoleIn(AnnotationId),
    PartOf(AnnotationId),
}

impl Tool for PolygonTool {
    fn handle(&mut self, input: &Input, selection: &Selection, context: &mut Context<'_>) -> Step {
        let Some(drawing) = &mut self.drawing else {
            return self.idle(input, selection, context);
        };
        match drawing.trail.handle(input, RULES, context) {
            Trailed::Unhandled => Step::unhandled(),
            Trailed::Handled | Trailed::Stretched => Step::handled(),
            Trailed::Cancelled => {
                self.cancel();
                Step::handled()
            }
            Trailed::Finished | Trailed::Closed => self.close(modifiers_of(input), context),
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

    fn view(&self, selection: &Selection, context: &Context<'_>) -> View {
        let mut view = View {
            cursor: Cursor::Crosshair,
            hint: match selected_polygon(selection, context) {
                Some(_) => Hint::PolygonMore,
                None => Hint::PolygonStart,
            },
            ..View::default()
        };
        let Some(Drawing { label, goal, trail }) = &self.drawing else {
            return view;
        };
        let closing = trail.is_closing();
        let shape = Shape::Polygon(Polygon::from_ring(trail.with_ghost()));
        let mut preview = new_preview(*label, shape, closing, context);
        if *goal != Goal::New {
            preview.label = Some(*label);
        }
        view.preview = vec![preview];
        view.handles = trail.handles();
        view.hint = match goal {
            _ if closing => Hint::PolygonClose,
            _ if trail.is_freehand() => Hint::Freehand,
            Goal::New => Hint::PolygonNext,
            Goal::HoleIn(_) => Hint::PolygonHole,
            Goal::PartOf(_) => Hint::PolygonPart,
        };
        if closing {
            view.cursor = Cursor::Pointer;
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

    fn document_changed(&mut self, document: &Document) -> bool {
        let is_gone = self.drawing.as_ref().is_some_and(|d| match d.goal {
            Goal::New => false,
            Goal::HoleIn(id) | Goal::PartOf(id) => polygon_of(document.get(id)).is_none(),
        });
        if is_gone {
            self.drawing = None;
        }
        is_gone
    }
}

impl PolygonTool {
    fn idle(&mut self, input: &Input, selection: &Selection, context: &Context<'_>) -> Step {
        match input {
            Input::PointerDown {
                pos,
                button: Button::Primary,
                modifiers,
                pointer,
                ..
            } => self.begin(*pos, *modifiers, *pointer, selection, context),
            Input::PointerMove { .. } | Input::PointerUp { .. } | Input::PointerLeave => {
                Step::handled()
            }
            _ => Step::unhandled(),
        }
    }

    fn begin(
        &mut self,
        pos: Point,
        modifiers: Modifiers,
        pointer: PointerKind,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Step {
        let changes = modifiers.alt || modifiers.shift;
        let selected = selected_polygon(selection, context).filter(|_| changes);
        let (label, goal) = match selected {
            Some(_) if !context.can_edit => return Step::notice(Notice::ReadOnly),
            Some(annotation) if annotation.locked => return Step::notice(Notice::Locked),
            Some(annotation) if modifiers.alt => (annotation.label, Goal::HoleIn(annotation.id)),
            Some(annotation) => (annotation.label, Goal::PartOf(annotation.id)),
            None => match drawing_label(context) {
                Ok(label) => (label, Goal::New),
                Err(notice) => return Step::notice(notice),
            },
        };
        let trail = Trail::begin(pos, pointer, context);
        self.drawing = Some(Drawing { label, goal, trail });
        Step::handled()
    }

    fn close(&mut self, modifiers: Modifiers, context: &mut Context<'_>) -> Step {
        let Some(drawing) = self.drawing.take() else {
            return Step::unhandled();
        };
        let ring = drawing.trail.points();
        if ring.len() < 3 {
            self.drawing = Some(drawing);
            return Step::notice(Notice::TooFewVertices);
        }
        let ring = if context.settings.share_borders || modifiers.command() {
            rings::with_shared_borders(ring, drawing.goal.target(), context)
        } else {
            ring.to_vec()
        };
        let target = drawing.goal.target().map(|id| context.document.get(id));
        let polygon = target.and_then(polygon_of);
        let combined = match (drawing.goal, polygon) {
            (Goal::HoleIn(_), Some(polygon)) => rings::cut_out(polygon, ring),
            (Goal::PartOf(_), Some(polygon)) => Some(rings::joined(polygon, ring)),
            _ => {
                let shape = Shape::Polygon(Polygon::from_ring(ring));
                return add(drawing.label, shape, context);
            }
        };
        match (drawing.goal.target(), combined) {
            (Some(id), Some(polygon)) => Step::edits(vec![set_polygon(id, polygon)]),
            _ => Step::notice(Notice::NothingLeft),
        }
    }
}

impl Goal {
    /// The annotation that is changed.
    fn target(self) -> Option<AnnotationId> {
        match self {
            Self::New => None,
            Self::HoleIn(id) | Self::PartOf(id) => Some(id),
        }
    }
}

/// The polygon that can get holes and parts: the only selected annotation.
fn selected_polygon<'a>(selection: &Selection, context: &Context<'a>) -> Option<&'a Annotation> {
    let [id] = selection.ids() else { return None };
    let annotation = context.document.get(*id);
    annotation.filter(|annotation| matches!(annotation.shape, Shape::Polygon(_)))
}

fn polygon_of(annotation: Option<&Annotation>) -> Option<&Polygon> {
    match &annotation?.shape {
        Shape::Polygon(polygon) => Some(polygon),
        _ => None,
    }
}

fn modifiers_of(input: &Input) -> Modifiers {
    match input {
        Input::PointerDown { modifiers, .. }
        | Input::PointerMove { modifiers, .. }
        | Input::PointerUp { modifiers, .. }
        | Input::KeyDown { modifiers, .. } => *modifiers,
        _ => Modifiers::default(),
    }
}
