//! Selecting, moving, resizing, turning, editing points.
//!
//! Works beside every other tool: its keys act on the selection whichever tool is active, and it is
//! the lasso too, which only draws another line around what is to be selected.

mod align;
mod begin;
mod click;
mod grip;
mod groups;
pub(crate) mod keys;
mod marquee;
mod moving;
mod pointer;
mod resize;
mod resizing;
mod turning;
mod vertex;
mod view;

use crate::selection::Selection;
use crate::step::Step;
use crate::text::TextTool;
use crate::tool::Tool;
use crate::{Button, Context, Input, Modifiers, ToolKind};
use grip::Grip;
use groups::Groups;
use keys::Nudge;
use marquee::{Lasso, Marquee};
use moving::Moving;
use resizing::{Reshaping, Resizing};
use turning::Turning;
use vertex::{VertexDrag, VertexRef};
use visionflow_document::{Change, Edit};
use visionflow_geometry::Point;
use visionflow_model::{AnnotationId, GroupId, Preview};

#[derive(Debug, Default)]
pub(crate) struct Select {
    state: State,
    /// The vertices that Delete removes and the arrow keys move.
    vertices: Vec<VertexRef>,
    /// Where the pointer was last seen, in screen space.
    pointer: Option<Point>,
    /// The group whose members are selected one by one.
    entered: Option<GroupId>,
    groups: Groups,
    /// What a click looked for underneath: while it is selected, what lies above does not hide it.
    dug_out: Option<AnnotationId>,
    /// Every drag draws a freehand line.
    lasso: bool,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Idle,
    /// Over something, no button down.
    Over(Target),
    /// The button is down; a click or a drag begins.
    Pressed(Press),
    Moving(Moving),
    Resizing(Resizing),
    Reshaping(Reshaping),
    Turning(Turning),
    Vertices(VertexDrag),
    Marquee(Marquee),
    Lasso(Lasso),
    /// An arrow key is held down.
    Nudging(Nudge),
    /// A text is typed anew, as its own tool does it.
    Typing(TextTool),
}

#[derive(Clone, Copy, Debug)]
struct Press {
    /// In screen space.
    at: Point,
    target: Target,
    modifiers: Modifiers,
    /// It was selected already when it was pressed.
    selected_before: bool,
}

/// What the pointer is on.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Target {
    Grip(Grip),
    Body(AnnotationId),
    /// A body that a click selects and a drag does not move: it is locked.
    Locked(AnnotationId),
    /// What a model proposes; a drag begins as beside it.
    Suggestion(AnnotationId),
    Empty,
}

impl Select {
    /// The annotation of which a single point is dragged: it jumps onto corners nearby.
    pub(crate) fn snapping(&self) -> Option<AnnotationId> {
        match &self.state {
            State::Vertices(drag) if drag.vertices.len() == 1 => Some(drag.id),
            _ => None,
        }
    }

    pub(crate) fn handle(
        &mut self,
        input: &Input,
        selection: &Selection,
        context: &mut Context<'_>,
    ) -> Step {
        if let State::Typing(tool) = &mut self.state {
            let step = tool.handle(input, selection, context);
            if !tool.is_typing() {
                self.state = State::Idle;
            }
            return step;
        }
        match input {
            Input::PointerDown {
                pos,
                button: Button::Primary,
                modifiers,
                clicks,
                pointer,
            } => self.down(*pos, *modifiers, *clicks, *pointer, selection, context),
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

    /// The active tool is another one now.
    pub(crate) fn switched(&mut self, tool: ToolKind) {
        self.lasso = tool == ToolKind::Lasso;
    }

    /// Ends the moving by arrow keys when `input` is not part of it; the edits it has come to.
    pub(crate) fn settle(&mut self, input: &Input) -> Vec<Edit> {
        if keys::goes_on(input) {
            return Vec::new();
        }
        self.settle_now()
    }

    /// The same whatever comes next.
    pub(crate) fn settle_now(&mut self) -> Vec<Edit> {
        match std::mem::take(&mut self.state) {
            State::Nudging(nudge) => nudge.edits(),
            other => {
                self.state = other;
                Vec::new()
            }
        }
    }

    /// The system took the pointer away; typing does not need it.
    pub(crate) fn interrupt(&mut self) {
        if !matches!(self.state, State::Typing(_)) {
            self.cancel();
        }
    }

    /// Whether no gesture is in progress.
    pub(crate) fn is_idle(&self) -> bool {
        matches!(self.state, State::Idle | State::Over(_))
    }

    /// Whether arrow keys move something right now, which is shown beside any other tool.
    pub(crate) fn nudged(&self) -> Option<Vec<Preview>> {
        match &self.state {
            State::Nudging(nudge) => Some(nudge.previews()),
            _ => None,
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
        self.vertices.clear();
        self.pointer = None;
    }

    /// What a watcher may not do ends; selecting goes on.
    pub(crate) fn stop_editing(&mut self) {
        let selects = matches!(
            self.state,
            State::Idle | State::Over(_) | State::Pressed(_) | State::Marquee(_) | State::Lasso(_)
        );
        if !selects {
            self.cancel();
        }
        self.vertices.clear();
    }

    /// Another selection makes what was chosen inside the old one meaningless.
    pub(crate) fn selection_changed(&mut self) {
        self.vertices.clear();
    }

    /// The document changed: a gesture with what is gone ends; whether one did.
    pub(crate) fn document_changed(
        &mut self,
        change: &Change,
        selection: &Selection,
        context: &Context<'_>,
    ) -> bool {
        let document = context.document;
        self.groups.changed(change, document);
        match &mut self.state {
            State::Moving(moving) | State::Nudging(Nudge::Shapes(moving)) => {
                moving.take_strokes(change, document, context.image);
            }
            State::Resizing(resizing) => resizing.take_strokes(change, document),
            State::Turning(turning) => turning.take_strokes(change, document, context.image),
            _ => {}
        }
        let shape = selection.single(document).map(|a| &a.shape);
        let has = |v: &VertexRef| shape.is_some_and(|shape| vertex::get(shape, *v).is_some());
        self.vertices.retain(has);
        let exists = |id: AnnotationId| document.get(id).is_some();
        let stands = match &self.state {
            State::Moving(moving) => moving.ids().all(exists),
            State::Resizing(resizing) => resizing.ids().all(exists),
            State::Reshaping(reshaping) => exists(reshaping.id),
            State::Turning(turning) => turning.ids().all(exists),
            State::Vertices(drag) => exists(drag.id),
            State::Nudging(nudge) => nudge.ids().into_iter().all(exists),
            State::Typing(tool) => tool.edited().is_none_or(exists),
            State::Pressed(Press { target, .. }) | State::Over(target) => match target {
                Target::Body(id) | Target::Locked(id) => exists(*id),
                Target::Grip(Grip::Side(_) | Grip::Turn) => !selection.ids().is_empty(),
                Target::Grip(_) => shape.is_some(),
                Target::Suggestion(_) | Target::Empty => true,
            },
            State::Idle | State::Marquee(_) | State::Lasso(_) => true,
        };
        !stands && self.cancel()
    }
}
