//! Drawing freehand lines: pressed, the pointer leaves a line, which is smoothed when it ends.

use crate::boxes::MIN_SIDE;
use crate::selection::Selection;
use crate::step::{Step, View, add, clamped, drawing_label, new_preview, snapped};
use crate::tool::Tool;
use crate::{Button, Context, Cursor, Hint, Input};
use visionflow_geometry::{Point, Rect, smoothed};
use visionflow_model::{LabelId, MAX_VERTICES, Shape};

/// Points lie at least this far apart while they are drawn, in CSS pixels.
const STEP: f64 = 1.5;
/// How far the line may lie from the drawn one in the end, in CSS pixels.
const TOLERANCE: f64 = 1.5;

#[derive(Debug, Default)]
pub(crate) struct PathTool {
    drawing: Option<Drawing>,
}

#[derive(Debug)]
struct Drawing {
    label: LabelId,
    /// In image space.
    points: Vec<Point>,
}

impl Tool for PathTool {
    fn handle(&mut self, input: &Input, _: &Selection, context: &mut Context<'_>) -> Step {
        match (input, &mut self.drawing) {
            (
                Input::PointerDown {
                    pos,
                    button: Button::Primary,
                    ..
                },
                _,
            ) => match drawing_label(context) {
                Ok(label) => {
                    let points = vec![context.image_point_inside(*pos)];
                    self.drawing = Some(Drawing { label, points });
                    Step::handled()
                }
                Err(notice) => Step::notice(notice),
            },
            (Input::PointerMove { pos, .. }, drawing) => {
                if let Some(drawing) = drawing {
                    drawing.go(*pos, context);
                }
                Step::handled()
            }
            (
                Input::PointerUp {
                    pos,
                    button: Button::Primary,
                    ..
                },
                drawing,
            ) => match drawing.take() {
                Some(mut drawing) => {
                    drawing.go(*pos, context);
                    drawing.finish(context)
                }
                None => Step::handled(),
            },
            (Input::KeyDown { key, .. }, Some(_)) if key == "Escape" => {
                self.cancel();
                Step::handled()
            }
            _ => Step::unhandled(),
        }
    }

    fn cancel(&mut self) {
        self.drawing = None;
    }

    fn view(&self, _: &Selection, context: &Context<'_>) -> View {
        let mut view = View {
            cursor: Cursor::Crosshair,
            hint: Hint::PathStart,
            ..View::default()
        };
        if let Some(Drawing { label, points }) = &self.drawing {
            view.hint = Hint::PathDrawing;
            if points.len() > 1 {
                let shape = Shape::Path(points.clone());
                view.preview = vec![new_preview(*label, shape, false, context)];
            }
        }
        view
    }
}

impl Drawing {
    fn go(&mut self, pos: Point, context: &Context<'_>) {
        let at = context.image_point_inside(pos);
        let is_apart = |last: &Point| context.screen_distance(*last, at) >= STEP && *last != at;
        if self.points.last().is_none_or(is_apart) && self.points.len() < MAX_VERTICES {
            self.points.push(at);
        }
    }

    fn finish(self, context: &mut Context<'_>) -> Step {
        let bounds = Rect::around(self.points.iter().copied()).unwrap_or_default();
        let longest = bounds.width().max(bounds.height());
        if longest < context.image_length(MIN_SIDE) {
            return Step::handled();
        }
        let tolerance = context.image_length(TOLERANCE);
        let line = smoothed(&self.points, tolerance);
        let points = line.into_iter().map(|p| clamped(snapped(p), context.image));
        let shape = Shape::Path(points.collect());
        add(self.label, shape, context)
    }
}
