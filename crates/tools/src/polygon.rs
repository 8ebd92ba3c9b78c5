//! Drawing polygons, one click a vertex.

use crate::selection::Selection;
use crate::step::{Step, View};
use crate::tool::Tool;
use crate::{Button, Context, Cursor, Hint, Input, Notice, PointerKind};
use visionflow_document::Edit;
use visionflow_geometry::{Point, Polygon};
use visionflow_model::{Annotation, LabelId, MAX_VERTICES, Preview, Shape};
use visionflow_scene::{Handle, HandleKind};

/// The second click of a double click may lie this far from the first, in CSS pixels.
const DOUBLE_CLICK_REACH: f64 = 6.0;

#[derive(Debug, Default)]
pub(crate) struct PolygonTool {
    state: State,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Idle,
    /// At least one vertex is set.
    Drawing {
        label: LabelId,
        /// In image space.
        points: Vec<Point>,
        /// Where the ghost edge ends, in image space.
        pointer: Option<Point>,
        /// The pointer is on the first vertex: a click closes.
        closing: bool,
    },
}

impl Tool for PolygonTool {
    fn handle(&mut self, input: &Input, _: &Selection, context: &mut Context<'_>) -> Step {
        match input {
            Input::PointerDown {
                pos,
                button: Button::Primary,
                clicks,
                pointer,
                ..
            } => self.down(*pos, *clicks, *pointer, context),
            Input::PointerMove { pos, pointer, .. } => {
                self.moved(*pos, *pointer, context);
                Step::handled()
            }
            Input::PointerUp {
                button: Button::Primary,
                ..
            } => Step::handled(),
            Input::PointerLeave => {
                self.left();
                Step::handled()
            }
            Input::KeyDown { key, .. } if self.is_drawing() => self.key(key, context),
            _ => Step::unhandled(),
        }
    }

    fn cancel(&mut self) {
        self.state = State::Idle;
    }

    fn view(&self, _: &Selection, context: &Context<'_>) -> View {
        let mut view = View {
            cursor: Cursor::Crosshair,
            hint: Hint::PolygonStart,
            ..View::default()
        };
        let State::Drawing {
            label,
            points,
            pointer,
            closing,
        } = &self.state
        else {
            return view;
        };
        let ghost = pointer.filter(|_| !closing);
        let ring = points.iter().copied().chain(ghost).collect();
        view.preview.push(Preview {
            annotation: None,
            label: Some(context.label.unwrap_or(*label)),
            shape: Shape::Polygon(Polygon::from_ring(ring)),
            closed: *closing,
        });
        view.handles = points
            .iter()
            .enumerate()
            .map(|(index, position)| Handle {
                position: *position,
                kind: HandleKind::Circle,
                active: *closing && index == 0,
            })
            .collect();
        view.hint = if *closing {
            Hint::PolygonClose
        } else {
            Hint::PolygonNext
        };
        if *closing {
            view.cursor = Cursor::Pointer;
        }
        view
    }

    fn can_take_back(&self) -> bool {
        self.is_drawing()
    }

    /// Takes the last vertex back; with the only one the drawing ends.
    fn take_back(&mut self) {
        if let State::Drawing {
            points, closing, ..
        } = &mut self.state
        {
            points.pop();
            *closing = false;
            if points.is_empty() {
                self.state = State::Idle;
            }
        }
    }
}

impl PolygonTool {
    fn is_drawing(&self) -> bool {
        matches!(self.state, State::Drawing { .. })
    }

    fn down(
        &mut self,
        pos: Point,
        clicks: u32,
        pointer: PointerKind,
        context: &mut Context<'_>,
    ) -> Step {
        if !context.can_edit {
            return Step::notice(Notice::ReadOnly);
        }
        let at = context.image_point_inside(pos);
        let State::Drawing { points, .. } = &mut self.state else {
            let Some(label) = context.label else {
                return Step::notice(Notice::ChooseLabel);
            };
            self.state = State::Drawing {
                label,
                points: vec![at],
                pointer: Some(at),
                closing: false,
            };
            return Step::handled();
        };
        // The first click of the two has set its vertex already.
        let doubled = clicks >= 2
            && points
                .last()
                .is_some_and(|last| context.screen_distance(*last, at) <= DOUBLE_CLICK_REACH);
        if doubled || closes(points, pos, pointer, context) {
            return self.close(context);
        }
        if points.last() != Some(&at) && points.len() < MAX_VERTICES {
            points.push(at);
        }
        Step::handled()
    }

    fn moved(&mut self, pos: Point, kind: PointerKind, context: &Context<'_>) {
        if let State::Drawing {
            points,
            pointer,
            closing,
            ..
        } = &mut self.state
        {
            *pointer = Some(context.image_point_inside(pos));
            *closing = closes(points, pos, kind, context);
        }
    }

    fn left(&mut self) {
        if let State::Drawing {
            pointer, closing, ..
        } = &mut self.state
        {
            *pointer = None;
            *closing = false;
        }
    }

    fn key(&mut self, key: &str, context: &mut Context<'_>) -> Step {
        match key {
            "Escape" => {
                self.cancel();
                Step::handled()
            }
            "Enter" => self.close(context),
            "Backspace" | "Delete" => {
                self.take_back();
                Step::handled()
            }
            _ => Step::unhandled(),
        }
    }

    fn close(&mut self, context: &mut Context<'_>) -> Step {
        let State::Drawing { label, points, .. } = &mut self.state else {
            return Step::unhandled();
        };
        let shape = Shape::Polygon(Polygon::from_ring(points.clone()));
        if shape.check().is_err() {
            return Step::notice(Notice::TooFewVertices);
        }
        let annotation =
            Annotation::new((context.new_id)(), context.label.unwrap_or(*label), shape);
        self.state = State::Idle;
        Step {
            selection: Some(vec![annotation.id]),
            edits: vec![Edit::Add(annotation)],
            ..Step::handled()
        }
    }
}

/// Whether a click at `pos` (screen space) is one on the first vertex, with enough of them set.
fn closes(points: &[Point], pos: Point, pointer: PointerKind, context: &Context<'_>) -> bool {
    let on_first = points.first().is_some_and(|first| {
        context.camera.screen_from_image(*first).distance(pos) <= pointer.reach() + 3.0
    });
    points.len() >= 3 && on_first
}
