//! Keys of the selection, whichever tool is active.

use super::grip::Grip;
use super::moving::Moving;
use super::vertex::{self, VertexDrag, VertexRef};
use super::view::previews;
use super::{Select, State, Target};
use crate::selection::Selection;
use crate::skeleton::joints;
use crate::step::{Step, changed_preview};
use crate::{Context, Input, Modifiers, Notice, SmartInput};
use visionflow_document::{Document, Edit};
use visionflow_geometry::{Point, Rect, Vec2};
use visionflow_model::{AnnotationId, JointState, MAX_COORDINATE, Preview, Shape};

/// Arrow keys move something as long as one is held down; then that is one edit.
#[derive(Debug)]
pub(super) enum Nudge {
    Shapes(Moving),
    Vertices(VertexDrag),
}

impl Nudge {
    fn step(&mut self, by: Vec2, image: Rect) {
        match self {
            Self::Shapes(moving) => moving.nudge(by, image),
            Self::Vertices(drag) => drag.nudge(by, image),
        }
    }

    pub(super) fn previews(&self) -> Vec<Preview> {
        match self {
            Self::Shapes(moving) => previews(moving.shapes()),
            Self::Vertices(drag) => vec![changed_preview(drag.id, drag.shape().clone())],
        }
    }

    pub(super) fn ids(&self) -> Vec<AnnotationId> {
        match self {
            Self::Shapes(moving) => moving.ids().collect(),
            Self::Vertices(drag) => vec![drag.id],
        }
    }

    pub(super) fn edits(self) -> Vec<Edit> {
        match self {
            Self::Shapes(moving) => moving.edits(),
            Self::Vertices(drag) => {
                let shape = drag.shape().clone();
                vec![Edit::SetShape(drag.id, shape)]
            }
        }
    }
}

/// Whether the arrow keys go on after `input`.
pub(super) fn goes_on(input: &Input) -> bool {
    match input {
        Input::KeyDown { key, modifiers } => {
            let modifier = matches!(&key[..], "Shift" | "Control" | "Alt" | "Meta");
            modifier || key == "Escape" || (arrow(key).is_some() && !modifiers.command())
        }
        Input::KeyUp { key } => arrow(key).is_none(),
        Input::PointerMove { .. } | Input::PointerLeave | Input::Smart(SmartInput::Answer(_)) => {
            true
        }
        _ => false,
    }
}

impl Select {
    pub(crate) fn key(
        &mut self,
        key: &str,
        modifiers: Modifiers,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Step {
        if let State::Typing(_) = self.state {
            return Step::unhandled();
        }
        let nudging = matches!(self.state, State::Nudging(_));
        let in_gesture = !nudging && !matches!(self.state, State::Idle | State::Over(_));
        if key == "Escape" {
            return self.escape(selection, context.document);
        }
        if modifiers.command() && key.eq_ignore_ascii_case("a") {
            return if in_gesture {
                Step::handled()
            } else {
                self.select_all(selection, context)
            };
        }
        let arrow = arrow(key);
        let joint =
            joints::state_of_key(key).filter(|_| self.means_joints(selection, context.document));
        let edits = arrow.is_some() || joint.is_some() || matches!(key, "Delete" | "Backspace");
        if !edits || modifiers.command() || selection.ids().is_empty() {
            return Step::unhandled();
        }
        if in_gesture {
            return Step::handled();
        }
        if !context.can_edit {
            return Step::notice(Notice::ReadOnly);
        }
        if let Some(state) = joint {
            return self.set_joints(state, selection, context.document);
        }
        match arrow {
            Some(direction) => {
                let step = if modifiers.shift { 10.0 } else { 1.0 };
                self.nudge(direction * step, selection, context)
            }
            None => self.delete(selection, context.document),
        }
    }

    fn escape(&mut self, selection: &Selection, document: &Document) -> Step {
        if self.cancel() || !self.vertices.is_empty() {
            self.vertices.clear();
            return Step::handled();
        }
        let Some(first) = selection.ids().first() else {
            return Step::unhandled();
        };
        if self.entered.take().is_some() {
            return Step::select(self.groups.with(*first, document));
        }
        Step::select(Vec::new())
    }

    fn delete(&mut self, selection: &Selection, document: &Document) -> Step {
        let vertices = std::mem::take(&mut self.vertices);
        match selection.single(document) {
            Some(annotation) if !vertices.is_empty() => {
                if let Shape::Skeleton(_) = annotation.shape {
                    self.vertices = vertices;
                    return self.set_joints(JointState::Absent, selection, document);
                }
                match vertex::removed(&annotation.shape, &vertices) {
                    Some(shape) => Step::edits(vec![Edit::SetShape(annotation.id, shape)]),
                    None => Step::notice(Notice::TooFewVertices),
                }
            }
            _ => delete_all(selection, document),
        }
    }

    /// Moves the chosen vertices, or all that is selected, by image pixels.
    fn nudge(&mut self, by: Vec2, selection: &Selection, context: &Context<'_>) -> Step {
        if !matches!(self.state, State::Nudging(_)) {
            let document = context.document;
            let vertices = self.vertices.first().and_then(|vertex| {
                let annotation = selection.single(document)?;
                VertexDrag::grab(annotation.id, &annotation.shape, *vertex, &self.vertices)
            });
            let all = || Moving::begin(Point::default(), selection, document);
            let nudge = match vertices {
                Some(drag) => Some(Nudge::Vertices(drag)),
                None => all().map(Nudge::Shapes),
            };
            let Some(nudge) = nudge else {
                return Step::notice(Notice::Locked);
            };
            self.state = State::Nudging(nudge);
        }
        if let State::Nudging(nudge) = &mut self.state {
            nudge.step(by, context.image);
        }
        Step::handled()
    }

    /// Whether a key may say how a joint is seen.
    pub(crate) fn means_joints(&self, selection: &Selection, document: &Document) -> bool {
        !self.meant_joints(selection, document).is_empty()
    }

    /// The chosen joints of the selected skeleton, or else the one under the pointer.
    fn meant_joints(&self, selection: &Selection, document: &Document) -> Vec<VertexRef> {
        let single = selection.single(document).map(|a| &a.shape);
        if !matches!(single, Some(Shape::Skeleton(_))) {
            return Vec::new();
        }
        match self.state {
            State::Over(Target::Grip(Grip::Vertex(vertex))) if self.vertices.is_empty() => {
                vec![vertex]
            }
            _ => self.vertices.clone(),
        }
    }

    /// Whether the joints that are meant are seen.
    pub(super) fn set_joints(
        &self,
        state: JointState,
        selection: &Selection,
        document: &Document,
    ) -> Step {
        let meant = self.meant_joints(selection, document);
        let Some(annotation) = selection.single(document) else {
            return Step::handled();
        };
        let Shape::Skeleton(skeleton) = &annotation.shape else {
            return Step::handled();
        };
        let ids = meant
            .iter()
            .filter_map(|v| skeleton.joints.keys().nth(v.index));
        let changed = ids.fold(skeleton.clone(), |skeleton, id| {
            joints::with_state(&skeleton, *id, state)
        });
        Step::edits(vec![Edit::SetShape(
            annotation.id,
            Shape::Skeleton(changed),
        )])
    }

    /// Everything that can be seen on the image and is not locked; all vertices where some are
    /// chosen.
    fn select_all(&mut self, selection: &Selection, context: &Context<'_>) -> Step {
        if let Some(annotation) = selection.single(context.document)
            && !self.vertices.is_empty()
        {
            self.vertices = vertex::all(&annotation.shape).map(|(v, _)| v).collect();
            return Step::handled();
        }
        let far = Point::new(MAX_COORDINATE, MAX_COORDINATE);
        let near = Point::new(-MAX_COORDINATE, -MAX_COORDINATE);
        let mut ids = context.scene.in_rect(Rect::from_corners(near, far));
        ids.retain(|id| context.document.get(*id).is_some_and(|a| !a.locked));
        Step::select(ids)
    }
}

/// Deletes what is selected and not locked.
pub(crate) fn delete_all(selection: &Selection, document: &Document) -> Step {
    let is_locked = |id: &AnnotationId| document.get(*id).is_some_and(|a| a.locked);
    let (locked, free): (Vec<AnnotationId>, Vec<_>) =
        selection.ids().iter().copied().partition(is_locked);
    Step {
        notice: (!locked.is_empty()).then_some(Notice::Locked),
        selection: Some(locked),
        ..Step::edits(free.into_iter().map(Edit::Delete).collect())
    }
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
