//! The smart polygon: a click or a box says which object is meant, a model says where it is.
//!
//! The pointer alone previews; clicks and boxes are prompts that gather until the object is
//! accepted, as something new or in place of the selected polygon or mask.
//! What was accepted last stays selected, yet a plain click begins the next object: only Shift and
//! Alt go on with it.

mod found;
mod object;
mod prompts;
mod proposals;

use crate::ask::{Answer, Ask, SmartInput, SmartState};
use crate::selection::Selection;
use crate::step::{Step, View, drawing_label, private_preview};
use crate::tool::Tool;
use crate::{Button, Context, Cursor, Hint, Input, Modifiers, Notice, PointerKind};
use object::{Answered, Object};
use prompts::{Placed, Prompts};
use proposals::Proposals;
use visionflow_document::Document;
use visionflow_geometry::{Point, Rect};
use visionflow_model::{AnnotationId, Shape};

#[derive(Debug, Default)]
pub(crate) struct SmartTool {
    /// Where the pointer is, in image space.
    hover: Option<Point>,
    press: Option<Press>,
    /// The object that is being prompted for.
    object: Option<Object>,
    /// What the model thinks is under the pointer.
    hovered: Option<Answered>,
    proposals: Option<Proposals>,
    /// Clicks say what does not belong to the object.
    removes: bool,
    /// What was accepted last, and by which prompts.
    accepted: Option<(AnnotationId, Prompts)>,
}

/// The button is down.
#[derive(Clone, Copy, Debug)]
struct Press {
    /// In screen space.
    from: Point,
    to: Point,
    modifiers: Modifiers,
    is_box: bool,
}

impl Tool for SmartTool {
    fn handle(&mut self, input: &Input, selection: &Selection, context: &mut Context<'_>) -> Step {
        match input {
            Input::PointerDown {
                pos,
                button: Button::Primary,
                modifiers,
                clicks,
                ..
            } => self.down(*pos, *modifiers, *clicks, context),
            Input::PointerMove { pos, pointer, .. } => {
                self.moved(*pos, *pointer, context);
                Step::handled()
            }
            Input::PointerUp {
                pos,
                button: Button::Primary,
                pointer,
                ..
            } => {
                self.moved(*pos, *pointer, context);
                self.up(selection, context)
            }
            Input::PointerLeave => {
                self.unhover();
                Step::handled()
            }
            Input::KeyDown { key, modifiers } => self.key(key, *modifiers, context),
            Input::Smart(input) => self.told(input, context),
            _ => Step::unhandled(),
        }
    }

    fn cancel(&mut self) {
        self.drop_all();
        self.hover = None;
    }

    fn interrupt(&mut self) {
        self.press = None;
        self.unhover();
    }

    fn can_take_back(&self) -> bool {
        self.object.is_some()
    }

    fn take_back(&mut self) {
        if self.object.as_mut().is_some_and(|o| !o.take_back()) {
            self.object = None;
        }
    }

    fn view(&self, selection: &Selection, context: &Context<'_>) -> View {
        let mut view = View {
            cursor: Cursor::Crosshair,
            hint: match target(selection, context) {
                Some(id) if !self.is_accepted(id) => Hint::SmartRefine,
                _ => Hint::SmartStart,
            },
            ask: self.ask(context),
            smart: self.state(context),
            ..View::default()
        };
        if let Some(proposals) = &self.proposals {
            proposals.show(&mut view, self.hover, context);
        } else if let Some(object) = &self.object {
            object.show(&mut view, context);
        } else if self.hovers(context).is_some()
            && let Some(candidate) = self.hovered.as_ref().and_then(Answered::candidate)
        {
            let shape = Shape::Polygon(candidate.outline.clone());
            view.preview.push(private_preview(shape, true));
        }
        if let Some(press) = self.press.filter(|press| press.is_box) {
            let shape = Shape::Box(press.rect(context));
            view.preview.push(private_preview(shape, true));
            view.hint = Hint::SmartBox;
        }
        view
    }

    fn document_changed(&mut self, document: &Document) -> bool {
        let target = self.object.as_ref().and_then(|object| object.target);
        let is_gone = target.is_some_and(|id| !is_refinable(document, id));
        if is_gone {
            self.object = None;
            self.press = None;
        }
        is_gone
    }
}

impl SmartTool {
    /// What is asked of the model in the present state.
    fn ask(&self, context: &Context<'_>) -> Option<Ask> {
        if let Some(proposals) = &self.proposals {
            return proposals.ask();
        }
        if let Some(object) = &self.object {
            return Some(Ask::Object(object.prompt(context)));
        }
        let prompts = Prompts::of(Placed::Point(self.hovers(context)?, true));
        Some(Ask::Object(prompts.prompt(prompts::tolerance(context))))
    }

    /// The place whose object is previewed; who cannot draw needs no preview of it.
    fn hovers(&self, context: &Context<'_>) -> Option<Point> {
        drawing_label(context).ok()?;
        self.hover.filter(|_| self.press.is_none())
    }

    fn state(&self, context: &Context<'_>) -> SmartState {
        let mut state = SmartState {
            removes: self.removes,
            ..SmartState::default()
        };
        if let Some(proposals) = &self.proposals {
            state.proposals = Some(proposals.len());
            state.is_waiting = proposals.ask().is_some();
        } else if let Some(object) = &self.object {
            object.tell(&mut state, context);
        }
        state
    }

    fn down(
        &mut self,
        pos: Point,
        modifiers: Modifiers,
        clicks: u32,
        context: &mut Context<'_>,
    ) -> Step {
        self.press = None;
        if let Some(proposals) = &mut self.proposals {
            let at = context.camera.image_from_screen(pos);
            return proposals.click(at, modifiers.alt || self.removes, context);
        }
        // The first click of two has placed the point.
        if clicks == 2 && self.object.is_some() {
            return self.accept(context);
        }
        if self.object.is_none()
            && let Err(notice) = drawing_label(context)
        {
            return Step::notice(notice);
        }
        self.press = Some(Press {
            from: pos,
            to: pos,
            modifiers,
            is_box: false,
        });
        Step::handled()
    }

    fn moved(&mut self, pos: Point, pointer: PointerKind, context: &Context<'_>) {
        if let Some(press) = &mut self.press {
            press.to = pos;
            press.is_box |= press.from.distance(pos) > pointer.slack();
        }
        let at = context.image_point(pos);
        // A finger is over the photograph only while it presses.
        let hovers = pointer != PointerKind::Touch && context.image.contains(at);
        self.hover = hovers.then_some(at);
        if !hovers {
            self.hovered = None;
        }
    }

    fn up(&mut self, selection: &Selection, context: &Context<'_>) -> Step {
        let Some(press) = self.press.take() else {
            return Step::handled();
        };
        let removes = press.modifiers.alt || (self.removes && !press.modifiers.shift);
        let placed = if press.is_box {
            let rect = press.rect(context);
            if rect.width() < 1.0 || rect.height() < 1.0 {
                return Step::handled();
            }
            Placed::Box(rect)
        } else {
            let at = context.image_point(press.from);
            if !context.image.contains(at) {
                return Step::handled();
            }
            Placed::Point(at, !removes)
        };
        if self.object.is_none() {
            match self.begin(press.modifiers, removes, selection, context) {
                Ok(object) => self.object = Some(object),
                Err(notice) => return Step::notice(notice),
            }
        }
        if let Some(object) = &mut self.object {
            object.place(placed, self.hovered.take());
        }
        Step::handled()
    }

    /// A new object, or the selected one.
    fn begin(
        &self,
        modifiers: Modifiers,
        removes: bool,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Result<Object, Notice> {
        let label = drawing_label(context)?;
        let goes_on = modifiers.shift || removes;
        let target = target(selection, context).filter(|id| goes_on || !self.is_accepted(*id));
        let Some(id) = target else {
            return if removes {
                Err(Notice::NoPrompt)
            } else {
                Ok(Object::new(label))
            };
        };
        let before = self
            .accepted
            .as_ref()
            .filter(|(accepted, _)| *accepted == id);
        let before = before.map(|(_, prompts)| prompts.clone());
        Object::refining(id, before, context)
    }

    fn key(&mut self, key: &str, modifiers: Modifiers, context: &mut Context<'_>) -> Step {
        let is_busy = self.press.is_some() || self.object.is_some() || self.proposals.is_some();
        let command = modifiers.command() || modifiers.alt;
        match key {
            "Escape" if is_busy => self.drop_all(),
            "Enter" if self.object.is_some() || self.proposals.is_some() => {
                return self.accept(context);
            }
            "Backspace" if self.object.is_some() => self.take_back(),
            "Tab" if !command => match &mut self.object {
                Some(object) if object.has_alternatives() => object.turn(!modifiers.shift),
                _ => return Step::unhandled(),
            },
            _ => return Step::unhandled(),
        }
        Step::handled()
    }

    fn told(&mut self, input: &SmartInput, context: &mut Context<'_>) -> Step {
        match input {
            SmartInput::Answer(answer) => return self.answered(answer, context),
            SmartInput::Accept => return self.accept(context),
            SmartInput::Drop => self.drop_all(),
            SmartInput::Alternative { next } => {
                if let Some(object) = &mut self.object {
                    object.turn(*next);
                }
            }
            SmartInput::Removes(removes) => self.removes = *removes,
            SmartInput::Everything => match drawing_label(context) {
                Ok(label) => {
                    self.drop_all();
                    self.proposals = Some(Proposals::new(label, context));
                }
                Err(notice) => return Step::notice(notice),
            },
        }
        Step::handled()
    }

    /// Takes what the model says, where it is still asked.
    fn answered(&mut self, answer: &Answer, context: &mut Context<'_>) -> Step {
        match answer {
            Answer::Object(prompt, candidates) => {
                let candidates = found::usable(candidates, context);
                if let Some(object) = &mut self.object {
                    if object.answered(prompt, candidates, context) {
                        return self.accept(context);
                    }
                } else if self.hover.is_some() && prompt.bounds.is_none() {
                    // The pointer has moved on: the next answer is on its way.
                    self.hovered = Some(Answered::new(prompt, candidates));
                }
            }
            Answer::Found(candidates) => {
                if let Some(proposals) = &mut self.proposals {
                    proposals.extend(found::usable(candidates, context));
                }
            }
            Answer::FoundAll => return self.found_all(),
            Answer::Failed(Ask::Everything { .. }) => self.proposals = None,
            Answer::Failed(Ask::Object(_)) => {
                if let Some(object) = &mut self.object {
                    object.failed();
                }
            }
        }
        Step::handled()
    }

    fn found_all(&mut self) -> Step {
        let Some(proposals) = &mut self.proposals else {
            return Step::handled();
        };
        proposals.end();
        if proposals.len() == 0 {
            self.proposals = None;
            return Step::notice(Notice::NoObject);
        }
        Step::handled()
    }

    fn accept(&mut self, context: &mut Context<'_>) -> Step {
        if let Some(proposals) = &mut self.proposals {
            let step = proposals.accept_all(context);
            if proposals.is_over() {
                self.proposals = None;
            }
            return step;
        }
        let Some(object) = &mut self.object else {
            return Step::handled();
        };
        match object.accept(context) {
            Ok(Some(step)) => {
                let prompts = self.object.take().map(|object| object.all_prompts());
                self.accepted = accepted_id(&step).zip(prompts);
                self.hovered = None;
                step
            }
            Ok(None) => Step::handled(),
            Err(notice) => Step::notice(notice),
        }
    }

    fn drop_all(&mut self) {
        self.press = None;
        self.object = None;
        self.proposals = None;
        self.hovered = None;
    }

    fn unhover(&mut self) {
        self.hover = None;
        self.hovered = None;
    }

    fn is_accepted(&self, id: AnnotationId) -> bool {
        self.accepted.as_ref().is_some_and(|(last, _)| *last == id)
    }
}

impl Press {
    /// The box that is dragged, inside the image.
    fn rect(self, context: &Context<'_>) -> Rect {
        let at = |pos| context.image_point_inside(pos);
        Rect::from_corners(at(self.from), at(self.to))
    }
}

/// The annotation that an accepted object is made of, or was.
fn accepted_id(step: &Step) -> Option<AnnotationId> {
    use visionflow_document::Edit;
    step.edits.iter().find_map(|edit| match edit {
        Edit::Add(annotation) => Some(annotation.id),
        Edit::SetShape(id, _) => Some(*id),
        _ => None,
    })
}

/// The only selected annotation, where it is a polygon or a mask.
fn target(selection: &Selection, context: &Context<'_>) -> Option<AnnotationId> {
    match selection.ids() {
        [id] if is_refinable(context.document, *id) => Some(*id),
        _ => None,
    }
}

fn is_refinable(document: &Document, id: AnnotationId) -> bool {
    document
        .get(id)
        .is_some_and(|a| matches!(a.shape, Shape::Polygon(_) | Shape::Mask(_)))
}
