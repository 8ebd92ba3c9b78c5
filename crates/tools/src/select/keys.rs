//! Keys of the selection, whichever tool is active.

use super::transform::{kept_inside, set_shapes};
use super::vertex::VertexDrag;
use super::{Select, State};
use crate::selection::Selection;
use crate::step::{Step, clamped};
use crate::{Context, Modifiers, Notice};
use visionflow_document::Edit;
use visionflow_geometry::{Point, Rect, Vec2};
use visionflow_model::MAX_COORDINATE;

impl Select {
    pub(crate) fn key(
        &mut self,
        key: &str,
        modifiers: Modifiers,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Step {
        let in_gesture = !matches!(self.state, State::Idle | State::Over(_));
        if key == "Escape" {
            return self.escape(selection);
        }
        if modifiers.command() && key.eq_ignore_ascii_case("a") {
            return if in_gesture {
                Step::handled()
            } else {
                select_all(context)
            };
        }
        let arrow = arrow(key);
        let edits = arrow.is_some() || matches!(key, "Delete" | "Backspace");
        if !edits || modifiers.command() || selection.ids().is_empty() {
            return Step::unhandled();
        }
        if in_gesture {
            return Step::handled();
        }
        if !context.can_edit {
            return Step::notice(Notice::ReadOnly);
        }
        match arrow {
            Some(direction) => {
                let step = if modifiers.shift { 10.0 } else { 1.0 };
                self.nudge(direction * step, selection, context)
            }
            None => self.delete(selection, context),
        }
    }

    fn escape(&mut self, selection: &Selection) -> Step {
        if self.cancel() || self.active_vertex.take().is_some() {
            return Step::handled();
        }
        if selection.ids().is_empty() {
            return Step::unhandled();
        }
        Step::select(Vec::new())
    }

    fn delete(&mut self, selection: &Selection, context: &Context<'_>) -> Step {
        match self.active_vertex {
            Some(vertex) => self.remove_vertex(vertex, selection, context),
            None => delete_all(selection),
        }
    }

    /// Moves the chosen vertex, or all that is selected, by image pixels.
    fn nudge(&mut self, by: Vec2, selection: &Selection, context: &Context<'_>) -> Step {
        let vertex = self.active_vertex.and_then(|vertex| {
            let (id, polygon) = selection.single_polygon(context.document)?;
            VertexDrag::grab(id, polygon, vertex)
        });
        if let Some(mut drag) = vertex {
            let Some(at) = drag.vertex.get(&drag.polygon) else {
                return Step::handled();
            };
            drag.drag(clamped(at + by, context.image));
            return Step::edits(drag.edits(context.document));
        }
        let Some(bounds) = selection.bounds() else {
            return Step::handled();
        };
        let by = kept_inside(bounds, by, context.image);
        if by == Vec2::default() {
            return Step::handled();
        }
        let shapes = selection.shapes(context.document).into_iter();
        Step::edits(set_shapes(
            shapes.map(|(id, shape)| (id, shape.translated(by))),
        ))
    }
}

/// Deletes what is selected.
pub(crate) fn delete_all(selection: &Selection) -> Step {
    Step {
        selection: Some(Vec::new()),
        ..Step::edits(selection.ids().iter().copied().map(Edit::Delete).collect())
    }
}

/// Everything that can be seen on the image.
fn select_all(context: &Context<'_>) -> Step {
    let far = Point::new(MAX_COORDINATE, MAX_COORDINATE);
    let near = Point::new(-MAX_COORDINATE, -MAX_COORDINATE);
    Step::select(context.scene.in_rect(Rect::from_corners(near, far)))
}

fn arrow(key: &str) -> Option<Vec2> {
    match key {
        "ArrowLeft" => Some(Vec2::new(-1.0, 0.0)),
        "ArrowRight" => Some(Vec2::new(1.0, 0.0)),
        "ArrowUp" => Some(Vec2::new(0.0, -1.0)),
        "ArrowDown" => Some(Vec2::new(0.0, 1.0)),
        _ => None,
    }
}
