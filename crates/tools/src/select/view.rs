//! What the selection shows in each state.

use super::align::Guide;
use super::grip::{self, Grip};
use super::moving::Moving;
use super::{Select, State, Target};
use crate::selection::Selection;
use crate::step::{View, changed_preview, private_preview};
use crate::tool::Tool;
use crate::{Context, Cursor, Hint, Measure};
use visionflow_model::{AnnotationId, Preview, Shape};

impl Select {
    pub(crate) fn view(&self, selection: &Selection, context: &Context<'_>) -> View {
        let mut view = View {
            hint: self.idle_hint(selection, context),
            ..View::default()
        };
        if self.lasso {
            view.cursor = Cursor::Crosshair;
        }
        match &self.state {
            State::Typing(tool) => return tool.view(selection, context),
            State::Idle => self.show_grips(None, selection, context, &mut view),
            State::Over(target) => {
                if let Target::Body(id) | Target::Locked(id) | Target::Suggestion(id) = target {
                    view.hover = Some(*id);
                }
                self.show_target(*target, selection, context, &mut view);
            }
            State::Pressed(press) => {
                self.show_target(press.target, selection, context, &mut view);
            }
            gesture => self.show_gesture(gesture, context, &mut view),
        }
        view
    }

    fn show_target(
        &self,
        target: Target,
        selection: &Selection,
        context: &Context<'_>,
        view: &mut View,
    ) {
        if !self.lasso || matches!(target, Target::Grip(_)) {
            view.cursor = target.cursor(selection, context);
        }
        self.show_grips(Some(target), selection, context, view);
    }

    fn show_gesture(&self, gesture: &State, context: &Context<'_>, view: &mut View) {
        match gesture {
            State::Moving(moving) => {
                view.preview = moving_previews(moving, context);
                show_guides(&moving.guides, view);
                (view.cursor, view.hint) = (Cursor::Move, Hint::Moving);
                if moving.copies {
                    (view.cursor, view.hint) = (Cursor::Copy, Hint::Duplicating);
                }
            }
            State::Resizing(resizing) => {
                view.preview = previews(resizing.shapes());
                view.handles = grip::side_handles(resizing.to().into(), resizing.side, context);
                show_guides(&resizing.guides, view);
                view.cursor = resizing.side.cursor(0.0);
                view.hint = Hint::Resizing;
            }
            State::Reshaping(reshaping) => {
                view.preview = vec![changed_preview(reshaping.id, reshaping.shape())];
                let frame = reshaping.frame();
                view.handles = grip::side_handles(frame, reshaping.side, context);
                view.cursor = reshaping.side.cursor(frame.angle);
                view.hint = Hint::Resizing;
            }
            State::Turning(turning) => {
                view.preview = previews(turning.shapes());
                view.measures.push(Measure {
                    at: turning.pointer,
                    text: format!("{}°", turning.degrees()),
                });
                (view.cursor, view.hint) = (Cursor::Grabbing, Hint::Turning);
            }
            State::Vertices(drag) => {
                view.preview = vec![changed_preview(drag.id, drag.shape().clone())];
                view.handles =
                    grip::vertex_handles(drag.shape(), &drag.vertices, None, self.pointer, context);
                (view.cursor, view.hint) = (Cursor::Move, Hint::MovingVertex);
            }
            State::Marquee(marquee) => {
                let rect = Shape::Box(marquee.rect());
                view.preview.push(private_preview(rect, true));
                (view.cursor, view.hint) = (Cursor::Crosshair, Hint::Marquee);
            }
            State::Lasso(lasso) => {
                let line = Shape::Path(lasso.line().to_vec());
                view.preview.push(private_preview(line, false));
                (view.cursor, view.hint) = (Cursor::Crosshair, Hint::Lasso);
            }
            State::Nudging(nudge) => {
                view.preview = nudge.previews();
                view.hint = Hint::Moving;
            }
            State::Idle | State::Over(_) | State::Pressed(_) | State::Typing(_) => {}
        }
    }

    fn show_grips(
        &self,
        target: Option<Target>,
        selection: &Selection,
        context: &Context<'_>,
        view: &mut View,
    ) {
        if context.can_edit {
            view.handles = grip::handles(selection, target, &self.vertices, self.pointer, context);
        }
    }

    fn idle_hint(&self, selection: &Selection, context: &Context<'_>) -> Hint {
        let single = selection.single(context.document).map(|a| &a.shape);
        match (selection.ids().len(), single) {
            _ if !context.can_edit => Hint::SelectWatch,
            (1, Some(Shape::Skeleton(_))) if !self.vertices.is_empty() => Hint::JointSelected,
            _ if !self.vertices.is_empty() => Hint::VertexSelected,
            (0, _) if self.lasso => Hint::LassoStart,
            (0, _) => Hint::SelectNothing,
            (1, None) => Hint::SelectLocked,
            (1, Some(Shape::Polygon(_) | Shape::Polyline(_) | Shape::Path(_))) => {
                Hint::SelectPolygon
            }
            (1, Some(Shape::Skeleton(_))) => Hint::SelectSkeleton,
            (1, Some(Shape::Text(_))) => Hint::SelectText,
            (1, _) => Hint::SelectOne,
            _ => Hint::SelectMany,
        }
    }
}

impl Target {
    fn cursor(self, selection: &Selection, context: &Context<'_>) -> Cursor {
        match self {
            Self::Grip(Grip::Side(side)) => {
                let frame = grip::Frame::of(selection, context);
                side.cursor(frame.map_or(0.0, |frame| frame.bounds.angle))
            }
            Self::Grip(Grip::Turn) => Cursor::Grab,
            Self::Grip(Grip::Vertex(_)) => Cursor::Move,
            Self::Grip(Grip::Edge(_)) => Cursor::Copy,
            Self::Grip(Grip::Upright(_)) => Cursor::ResizeEw,
            Self::Body(id) if context.can_edit && selection.contains(id) => Cursor::Move,
            Self::Body(_) | Self::Suggestion(_) => Cursor::Pointer,
            Self::Locked(_) | Self::Empty => Cursor::Default,
        }
    }
}

pub(super) fn previews(shapes: impl Iterator<Item = (AnnotationId, Shape)>) -> Vec<Preview> {
    shapes
        .map(|(id, shape)| changed_preview(id, shape))
        .collect()
}

/// Copies are drawn beside their originals.
fn moving_previews(moving: &Moving, context: &Context<'_>) -> Vec<Preview> {
    if !moving.copies {
        return previews(moving.shapes());
    }
    let copy = |(id, shape)| Preview {
        annotation: None,
        label: context.document.get(id).map(|a| a.label),
        shape,
        closed: true,
    };
    moving.shapes().map(copy).collect()
}

fn show_guides(guides: &[Guide], view: &mut View) {
    let guide = |(a, b): &Guide| private_preview(Shape::Polyline(vec![*a, *b]), false);
    view.preview.extend(guides.iter().map(guide));
}
