//! Selecting, moving, resizing, editing vertices.

mod grip;
pub(crate) mod keys;
mod pointer;
mod resize;
mod transform;
mod vertex;

use crate::selection::Selection;
use crate::step::{Step, View, changed_preview};
use crate::{Button, Context, Cursor, Hint, Input, Modifiers};
use resize::Side;
use transform::{Moving, Resizing};
use vertex::{VertexDrag, VertexRef};
use visionflow_document::Document;
use visionflow_geometry::{Point, Rect};
use visionflow_model::{AnnotationId, Preview, Shape};

#[derive(Debug, Default)]
pub(crate) struct Select {
    state: State,
    /// The vertex that Delete removes and the arrow keys move.
    active_vertex: Option<VertexRef>,
    /// Where the pointer was last seen, in screen space.
    pointer: Option<Point>,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Idle,
    /// Over something, no button down.
    Over(Target),
    /// The button is down; a click or a drag begins.
    Pressed {
        /// In screen space.
        at: Point,
        target: Target,
        modifiers: Modifiers,
        /// It was selected already when it was pressed.
        selected_before: bool,
    },
    Moving(Moving),
    Resizing(Resizing),
    Vertex(VertexDrag),
    Marquee {
        /// In image space.
        start: Point,
        now: Point,
        /// Adds to what is selected.
        adds: bool,
    },
}

/// What the pointer is on.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Target {
    Side(Side),
    Vertex(VertexRef),
    /// The middle of the edge that begins at this vertex.
    Edge(VertexRef),
    Body(AnnotationId),
    Empty,
}

impl Select {
    pub(crate) fn handle(
        &mut self,
        input: &Input,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Step {
        match input {
            Input::PointerDown {
                pos,
                button: Button::Primary,
                modifiers,
                pointer,
                ..
            } => self.down(*pos, *modifiers, *pointer, selection, context),
            Input::PointerMove {
                pos,
                modifiers,
                pointer,
            } => {
                self.moved(*pos, *modifiers, *pointer, selection, context);
                Step::handled()
            }
            Input::PointerUp {
                pos,
                button: Button::Primary,
                modifiers,
                pointer,
            } => self.up(*pos, *modifiers, *pointer, selection, context),
            Input::PointerLeave => {
                self.pointer = None;
                if matches!(self.state, State::Over(_)) {
                    self.state = State::Idle;
                }
                Step::handled()
            }
            Input::KeyDown { key, modifiers } => self.key(key, *modifiers, selection, context),
            _ => Step::unhandled(),
        }
    }

    /// Ends a gesture without a trace; whether there was one.
    pub(crate) fn cancel(&mut self) -> bool {
        let gesture = !matches!(self.state, State::Idle | State::Over(_));
        self.state = State::Idle;
        gesture
    }

    /// Forgets the tool's own choices too, when another tool takes over.
    pub(crate) fn rest(&mut self) {
        self.cancel();
        self.active_vertex = None;
        self.pointer = None;
    }

    /// What a watcher may not do ends; selecting goes on.
    pub(crate) fn stop_editing(&mut self) {
        if matches!(
            self.state,
            State::Moving(_) | State::Resizing(_) | State::Vertex(_)
        ) {
            self.cancel();
        }
        self.active_vertex = None;
    }

    /// Another selection makes what was chosen inside the old one meaningless.
    pub(crate) fn selection_changed(&mut self) {
        self.active_vertex = None;
    }

    /// The document changed: a gesture with what is gone ends; whether one did.
    pub(crate) fn document_changed(&mut self, selection: &Selection, document: &Document) -> bool {
        let polygon = selection.single_polygon(document);
        self.active_vertex = self
            .active_vertex
            .filter(|vertex| polygon.is_some_and(|(_, polygon)| vertex.get(polygon).is_some()));
        let exists = |id: AnnotationId| document.get(id).is_some();
        let stands = match &self.state {
            State::Moving(moving) => moving.ids().all(exists),
            State::Resizing(resizing) => resizing.ids().all(exists),
            State::Vertex(drag) => exists(drag.id),
            State::Pressed { target, .. } | State::Over(target) => match target {
                Target::Body(id) => exists(*id),
                Target::Side(_) => !selection.ids().is_empty(),
                Target::Vertex(_) | Target::Edge(_) => polygon.is_some(),
                Target::Empty => true,
            },
            State::Idle | State::Marquee { .. } => true,
        };
        !stands && self.cancel()
    }

    pub(crate) fn view(&self, selection: &Selection, context: &Context<'_>) -> View {
        let mut view = View {
            hint: self.idle_hint(selection, context),
            ..View::default()
        };
        match &self.state {
            State::Idle => self.show_grips(None, selection, context, &mut view),
            State::Over(target) => {
                if let Target::Body(id) = target {
                    view.hover = Some(*id);
                }
                view.cursor = target.cursor(selection, context);
                self.show_grips(Some(*target), selection, context, &mut view);
            }
            State::Pressed { target, .. } => {
                view.cursor = target.cursor(selection, context);
                self.show_grips(Some(*target), selection, context, &mut view);
            }
            State::Moving(moving) => {
                view.preview = previews(moving.shapes());
                view.cursor = Cursor::Move;
                view.hint = Hint::Moving;
            }
            State::Resizing(resizing) => {
                view.preview = previews(resizing.shapes());
                view.handles = grip::side_handles(resizing.to(), Some(resizing.side), context);
                view.cursor = resizing.side.cursor();
                view.hint = Hint::Resizing;
            }
            State::Vertex(drag) => {
                view.preview = vec![changed_preview(drag.id, drag.shape())];
                view.handles =
                    grip::vertex_handles(&drag.polygon, drag.vertex, self.pointer, context);
                view.cursor = Cursor::Move;
                view.hint = Hint::MovingVertex;
            }
            State::Marquee { start, now, .. } => {
                view.preview.push(Preview {
                    annotation: None,
                    label: None,
                    shape: Shape::Box(Rect::from_corners(*start, *now)),
                    closed: true,
                });
                view.cursor = Cursor::Crosshair;
                view.hint = Hint::Marquee;
            }
        }
        view
    }

    fn show_grips(
        &self,
        target: Option<Target>,
        selection: &Selection,
        context: &Context<'_>,
        view: &mut View,
    ) {
        if context.can_edit {
            let active = self.active_vertex.map(Target::Vertex);
            view.handles = grip::handles(selection, [target, active], self.pointer, context);
        }
    }

    fn idle_hint(&self, selection: &Selection, context: &Context<'_>) -> Hint {
        match selection.ids().len() {
            _ if !context.can_edit => Hint::SelectWatch,
            _ if self.active_vertex.is_some() => Hint::VertexSelected,
            0 => Hint::SelectNothing,
            1 if selection.single_polygon(context.document).is_some() => Hint::SelectPolygon,
            1 => Hint::SelectOne,
            _ => Hint::SelectMany,
        }
    }
}

impl Target {
    fn cursor(self, selection: &Selection, context: &Context<'_>) -> Cursor {
        match self {
            Self::Side(side) => side.cursor(),
            Self::Vertex(_) => Cursor::Move,
            Self::Edge(_) => Cursor::Copy,
            Self::Body(id) if context.can_edit && selection.contains(id) => Cursor::Move,
            Self::Body(_) => Cursor::Pointer,
            Self::Empty => Cursor::Default,
        }
    }
}

fn previews(shapes: impl Iterator<Item = (AnnotationId, Shape)>) -> Vec<Preview> {
    shapes
        .map(|(id, shape)| changed_preview(id, shape))
        .collect()
}
