//! The tools together: which is active, what is selected, what is shown.

use crate::review::{self, Review};
use crate::select::{Select, keys};
use crate::selection::Selection;
use crate::snap;
use crate::step::{Step, View};
use crate::tool::{self, Tool};
use crate::{Ask, Context, Cursor, Effects, Hint, Input, Measure, Modifiers, Notice};
use crate::{PointerKind, SmartState, TextEntry, ToolKind};
use std::collections::HashSet;
use visionflow_document::{Change, Document, Edit};
use visionflow_geometry::Point;
use visionflow_model::{AnnotationId, Preview};
use visionflow_scene::Handle;

/// All tools of one canvas and the selection they share.
#[derive(Debug, Default)]
pub struct Toolbox {
    active: ToolKind,
    select: Select,
    /// The active tool, unless that is selecting.
    tool: Option<Box<dyn Tool>>,
    selection: Selection,
    review: Review,
    /// Edits are on their way to the document; if they are refused, what they would have added is
    /// not there to be selected.
    awaits_edits: bool,
    /// The latest click ended a drawing of many: another at once is the rest of a double click, and
    /// begins no other drawing.
    has_ended: bool,
    /// Where points may jump from, while the pointer is over the canvas.
    aim: Option<Aim>,
    shown: Shown,
}

/// The pointer as the next point has it.
#[derive(Clone, Copy, Debug)]
struct Aim {
    /// In screen space.
    pos: Point,
    modifiers: Modifiers,
    pointer: PointerKind,
}

/// What the engine was told last.
#[derive(Debug, Default)]
struct Shown {
    preview: Vec<Preview>,
    selection: Vec<AnnotationId>,
    picked: Option<AnnotationId>,
    hover: Option<AnnotationId>,
    handles: Vec<Handle>,
    cursor: Cursor,
    hint: Hint,
    text: Option<TextEntry>,
    measures: Vec<Measure>,
    snap: Option<Point>,
    ask: Option<Ask>,
    smart: SmartState,
}

impl Toolbox {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn active(&self) -> ToolKind {
        self.active
    }

    pub fn selection(&self) -> &[AnnotationId] {
        self.selection.ids()
    }

    /// The suggestion that Enter accepts and Delete rejects.
    pub fn picked(&self) -> Option<AnnotationId> {
        self.review.picked()
    }

    /// Whether somebody goes through the suggestions, so that Tab leads to the next one.
    pub fn reviews(&self) -> bool {
        self.tool.is_none() && self.review.is_under_way()
    }

    /// Whether 1, 2 and 3 say how joints of a skeleton are seen, before they mean anything else.
    pub fn awaits_digit(&self, document: &Document) -> bool {
        self.tool.is_none() && self.select.means_joints(&self.selection, document)
    }

    /// Makes `tool` the active one; a gesture in progress is cancelled, the selection stays.
    pub fn switch(&mut self, tool: ToolKind, context: &mut Context<'_>) -> Effects {
        if self.active != tool {
            let settled = self.select.settle_now();
            self.cancel();
            self.select.rest();
            self.review.end();
            self.select.switched(tool);
            self.active = tool;
            self.tool = tool::begin(tool);
            self.has_ended = false;
            self.selection.update(context.document);
            self.watch_role(context);
            return self.effects(
                Step {
                    edits: settled,
                    ..Step::default()
                },
                context,
            );
        }
        self.refresh(context)
    }

    /// Takes one event.
    ///
    /// Keys that the active tool has no use for act on the selection.
    pub fn handle(&mut self, input: &Input, context: &mut Context<'_>) -> Effects {
        if std::mem::take(&mut self.awaits_edits) {
            self.selection.update(context.document);
        }
        self.watch_role(context);
        self.watch_pointer(input);
        let settled = self.select.settle(input);
        if *input == Input::Cancel {
            self.select.interrupt();
            if let Some(tool) = &mut self.tool {
                tool.interrupt();
            }
            return self.effects(Step::edits(settled), context);
        }
        // A key that ends the moving by arrow keys does no more: what it would be about is not
        // written yet.
        if !settled.is_empty() && matches!(input, Input::KeyDown { .. }) {
            return self.effects(Step::edits(settled), context);
        }
        if let Input::KeyDown { key, modifiers } = input
            && self.tool.is_none()
            && self.select.is_idle()
            && let Some(step) = self.review.key(key, *modifiers, context)
        {
            return self.effects(step, context);
        }
        let mut step = self.step(input, context);
        if let Input::KeyDown { key, modifiers } = input
            && !step.handled
            && self.tool.is_some()
        {
            step = self.select.key(key, *modifiers, &self.selection, context);
        }
        step.edits.splice(0..0, settled);
        self.effects(step, context)
    }

    /// What the event is to the active tool.
    fn step(&mut self, input: &Input, context: &mut Context<'_>) -> Step {
        let Some(tool) = &mut self.tool else {
            return self.select.handle(input, &self.selection, context);
        };
        match input {
            Input::PointerDown { clicks: 2.., .. } if self.has_ended => return Step::handled(),
            Input::PointerDown { .. } => self.has_ended = false,
            _ => {}
        }
        let was_drawing = tool.can_take_back();
        let step = tool.handle(input, &self.selection, context);
        if matches!(input, Input::PointerDown { .. } | Input::PointerUp { .. }) {
            self.has_ended |= was_drawing && !tool.can_take_back();
        }
        step
    }

    /// The document changed, by whomever: a gesture whose annotation is gone is cancelled.
    pub fn document_changed(&mut self, change: &Change, context: &mut Context<'_>) -> Effects {
        if std::mem::take(&mut self.awaits_edits) {
            self.selection.update(context.document);
        } else {
            self.selection.follow(change, context.document);
        }
        self.review.update(context);
        let mut cancelled = self
            .select
            .document_changed(change, &self.selection, context);
        if let Some(tool) = &mut self.tool {
            cancelled |= tool.document_changed(context.document);
        }
        let step = Step {
            notice: cancelled.then_some(Notice::DeletedMeanwhile),
            ..Step::default()
        };
        self.effects(step, context)
    }

    /// Selects from outside, as a list of objects does; what does not exist is left out.
    pub fn select(&mut self, ids: &[AnnotationId], context: &mut Context<'_>) -> Effects {
        let edits = self.select.settle_now();
        self.select.cancel();
        let exists = |id: &AnnotationId| context.document.get(*id).is_some();
        let ids = ids.iter().copied().filter(exists).collect();
        let step = Step {
            edits,
            ..Step::select(ids)
        };
        self.effects(step, context)
    }

    /// Picks a shown suggestion from outside, as a list of them does; `None` lets go.
    ///
    /// Only selecting knows suggestions: with another tool nothing is picked.
    pub fn pick(&mut self, id: Option<AnnotationId>, context: &mut Context<'_>) -> Effects {
        let id = id.filter(|id| context.scene.shows_suggestion(*id) && self.tool.is_none());
        let Some(id) = id else {
            self.review.end();
            return self.refresh(context);
        };
        let edits = self.select.settle_now();
        self.select.cancel();
        let step = Step {
            edits,
            pick: Some(id),
            ..Step::select(Vec::new())
        };
        self.effects(step, context)
    }

    /// Picks the suggestion after the one that was picked last, the surest first; or before it.
    pub fn pick_next(&mut self, backwards: bool, context: &mut Context<'_>) -> Effects {
        let next = review::next(self.review.last(), backwards, context);
        self.pick(next, context)
    }

    /// Deletes what is selected, whatever the tool.
    pub fn delete_selection(&mut self, context: &mut Context<'_>) -> Effects {
        self.selection.update(context.document);
        self.select.cancel();
        let step = if self.selection.ids().is_empty() {
            Step::unhandled()
        } else if context.can_edit {
            keys::delete_all(&self.selection, context.document)
        } else {
            Step::notice(Notice::ReadOnly)
        };
        self.effects(step, context)
    }

    /// Whether undo is about the drawing in progress, vertex by vertex, and not yet about the
    /// document.
    pub fn can_take_back(&self) -> bool {
        self.tool.as_ref().is_some_and(|tool| tool.can_take_back())
    }

    /// Takes the latest vertex of the drawing in progress back.
    pub fn take_back(&mut self, context: &mut Context<'_>) -> Effects {
        if let Some(tool) = &mut self.tool {
            tool.take_back();
        }
        self.refresh(context)
    }

    /// Shows again what depends on the camera, the label or the caller's role.
    pub fn refresh(&mut self, context: &mut Context<'_>) -> Effects {
        if std::mem::take(&mut self.awaits_edits) {
            self.selection.update(context.document);
        }
        self.review.update(context);
        self.watch_role(context);
        self.effects(Step::default(), context)
    }

    fn cancel(&mut self) {
        self.select.cancel();
        if let Some(tool) = &mut self.tool {
            tool.cancel();
        }
    }

    /// Who may not edit any more loses the edit in progress.
    fn watch_role(&mut self, context: &Context<'_>) {
        if context.can_edit {
            return;
        }
        self.select.stop_editing();
        if let Some(tool) = &mut self.tool
            && !tool.is_for_watchers()
        {
            tool.cancel();
        }
    }

    fn watch_pointer(&mut self, input: &Input) {
        let (pos, modifiers, pointer) = match *input {
            Input::PointerDown {
                pos,
                modifiers,
                pointer,
                ..
            }
            | Input::PointerMove {
                pos,
                modifiers,
                pointer,
            } => (pos, modifiers, pointer),
            // A finger that is lifted points at nothing.
            Input::PointerUp {
                pointer: PointerKind::Touch,
                ..
            }
            | Input::PointerLeave
            | Input::Cancel => return self.aim = None,
            _ => return,
        };
        self.aim = Some(Aim {
            pos,
            modifiers,
            pointer,
        });
    }

    /// The corner that the next point jumps to, or that the dragged one has jumped to.
    fn snap(&self, context: &Context<'_>) -> Option<Point> {
        let aim = self.aim?;
        let own = match &self.tool {
            // With Shift it goes in steps or keeps its proportions instead.
            Some(tool) if tool.snaps() && !aim.modifiers.shift => None,
            Some(_) => return None,
            None => Some(self.select.snapping().filter(|_| !aim.modifiers.alt)?),
        };
        let can_draw = context.can_edit || self.tool.as_ref().is_some_and(|t| t.is_for_watchers());
        can_draw
            .then(|| snap::corner(own, aim.pos, aim.pointer, context))
            .flatten()
    }

    fn view(&self, context: &Context<'_>) -> View {
        if let Some(tool) = &self.tool {
            let mut view = tool.view(&self.selection, context);
            view.preview
                .extend(self.select.nudged().unwrap_or_default());
            return view;
        }
        let mut view = self.select.view(&self.selection, context);
        if self.review.picked().is_some() && self.select.is_idle() && context.can_edit {
            view.hint = Hint::Suggestion;
        }
        view
    }

    /// What the engine is to do, with what is new about the view.
    ///
    /// Along with edits handles and hint are not told: they would be those of the document before,
    /// and `document_changed` tells the right ones.
    fn effects(&mut self, step: Step, context: &mut Context<'_>) -> Effects {
        let step = kept_apart(step, context);
        match (step.pick, &step.selection) {
            (Some(id), _) if context.scene.shows_suggestion(id) => self.review.pick(id),
            (Some(_), _) => self.review.end(),
            (None, Some(ids)) => self.review.selected(ids),
            (None, None) => {}
        }
        if let Some(ids) = step.selection
            && ids != self.selection.ids()
        {
            self.selection.set(ids, context.document);
            self.select.selection_changed();
        }
        self.awaits_edits |= !step.edits.is_empty();
        let view = self.view(context);
        let snap = self.snap(context);
        let shown = &mut self.shown;
        let selection = self.selection.ids();
        let is_same_selection = shown.selection == selection;
        let is_settled = step.edits.is_empty();
        if !is_same_selection {
            shown.selection = selection.to_vec();
        }
        Effects {
            handles: is_settled
                .then(|| news(&mut shown.handles, view.handles))
                .flatten(),
            edits: step.edits,
            preview: news(&mut shown.preview, view.preview),
            selection: (!is_same_selection).then(|| shown.selection.clone()),
            picked: news(&mut shown.picked, self.review.picked()),
            hover: news(&mut shown.hover, view.hover),
            cursor: news(&mut shown.cursor, view.cursor),
            camera: step.camera,
            pinned: step.pinned,
            hint: is_settled
                .then(|| news(&mut shown.hint, view.hint))
                .flatten(),
            text: news(&mut shown.text, view.text),
            measures: news(&mut shown.measures, view.measures),
            snap: news(&mut shown.snap, snap),
            ask: news(&mut shown.ask, view.ask),
            smart: news(&mut shown.smart, view.smart),
            settings: step.settings,
            notice: step.notice,
            handled: step.handled,
        }
    }
}

/// In panoptic mode, with what keeps masks from sharing pixels; what locked masks leave nothing of
/// is not done.
fn kept_apart(mut step: Step, context: &Context<'_>) -> Step {
    if !context.settings.panoptic || step.edits.is_empty() {
        return step;
    }
    let (edits, left_out) = visionflow_commands::kept_apart(step.edits, context.document);
    if left_out > 0 {
        step.notice = Some(Notice::UnderLocked);
    }
    if edits.is_empty() {
        step.selection = None;
    } else if let Some(ids) = &mut step.selection {
        // What is not added after all, or has nothing left, is not there to be selected.
        let (mut added, mut deleted) = (HashSet::new(), HashSet::new());
        for edit in &edits {
            match edit {
                Edit::Add(annotation) => added.insert(annotation.id),
                Edit::Decide { id, .. } => added.insert(*id),
                Edit::Delete(id) => deleted.insert(*id),
                _ => false,
            };
        }
        let stands = |id: &AnnotationId| {
            added.contains(id) || (!deleted.contains(id) && context.document.get(*id).is_some())
        };
        ids.retain(stands);
    }
    Step { edits, ..step }
}

/// `now`, where it is not what was shown before.
fn news<T: PartialEq + Clone>(shown: &mut T, now: T) -> Option<T> {
    if *shown == now {
        return None;
    }
    shown.clone_from(&now);
    Some(now)
}
