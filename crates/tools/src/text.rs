//! Writing on the image: a click or a drag gives the frame, then the embedder's input takes what is
//! typed (`Effects::text`, `Input::Typed`, `Input::TypingDone`).
//!
//! The text becomes part of the document when typing ends, as one edit; until then it is a preview
//! like any other. A click on a text that is there changes it.

mod frame;

use crate::boxes;
use crate::selection::Selection;
use crate::step::{Step, View, add, changed_preview, new_preview};
use crate::tool::Tool;
use crate::two_points::{Outcome, TwoPoints};
use crate::{Button, Context, Cursor, Hint, Input, Notice, TextEntry};
use frame::{click_frame, drag_frame, shortened};
use visionflow_document::{Document, Edit};
use visionflow_geometry::Rect;
use visionflow_model::{Annotation, AnnotationId, LabelId, Shape, TextBox};

/// How near to a text a click still means it, in CSS pixels.
const REACH: f64 = 2.0;

#[derive(Debug, Default)]
pub(crate) struct TextTool {
    frame: TwoPoints,
    typing: Option<Typing>,
}

/// A text that is being typed.
#[derive(Clone, Debug)]
struct Typing {
    /// The annotation that is changed; `None` for a new one.
    annotation: Option<AnnotationId>,
    label: LabelId,
    text: TextBox,
    /// As it was when typing began.
    before: Option<TextBox>,
}

impl Tool for TextTool {
    fn handle(&mut self, input: &Input, _: &Selection, context: &mut Context<'_>) -> Step {
        if self.typing.is_some() {
            return self.type_on(input, context);
        }
        if let Some(step) = self.take_up(input, context) {
            return step;
        }
        let outcome = self.frame.handle(input, context);
        if let Some(stretch) = self.frame.stretch()
            && stretch.by_clicks
        {
            self.frame.cancel();
            self.begin(
                stretch.start.label,
                click_frame(stretch.start.at, context),
                context,
            );
            return Step::handled();
        }
        match outcome {
            Outcome::Step(step) => step,
            Outcome::Done(stretch) => {
                let rect = drag_frame(stretch, context);
                self.begin(stretch.start.label, rect, context);
                Step::handled()
            }
        }
    }

    fn cancel(&mut self) {
        self.frame.cancel();
        self.typing = None;
    }

    /// Typing goes on while the pointer is taken away.
    fn interrupt(&mut self) {
        self.frame.cancel();
    }

    fn view(&self, _: &Selection, context: &Context<'_>) -> View {
        let mut view = View {
            cursor: Cursor::Text,
            hint: Hint::TextStart,
            ..View::default()
        };
        if let Some(typing) = &self.typing {
            let shape = Shape::Text(Box::new(typing.text.clone()));
            view.preview = vec![match typing.annotation {
                Some(id) => changed_preview(id, shape),
                None => new_preview(typing.label, shape, true, context),
            }];
            view.text = Some(TextEntry {
                annotation: typing.annotation,
                text: typing.text.clone(),
            });
            view.hint = Hint::TextTyping;
        } else if let Some(stretch) = self.frame.stretch() {
            let shape = Shape::Box(boxes::rect(stretch, context));
            view.preview = vec![new_preview(stretch.start.label, shape, true, context)];
            view.hint = Hint::TextDrag;
        }
        view
    }

    fn document_changed(&mut self, document: &Document) -> bool {
        let changed = self.typing.as_ref().and_then(|typing| typing.annotation);
        let is_gone = changed.is_some_and(|id| document.get(id).is_none());
        if is_gone {
            self.typing = None;
        }
        is_gone
    }
}

impl TextTool {
    /// With the words of a text that is there being typed anew; `None` for what is no text.
    pub(crate) fn editing(annotation: &Annotation) -> Option<Self> {
        let Shape::Text(text) = &annotation.shape else {
            return None;
        };
        Some(Self {
            frame: TwoPoints::default(),
            typing: Some(Typing {
                annotation: Some(annotation.id),
                label: annotation.label,
                text: (**text).clone(),
                before: Some((**text).clone()),
            }),
        })
    }

    pub(crate) fn is_typing(&self) -> bool {
        self.typing.is_some()
    }

    /// The annotation whose text is typed.
    pub(crate) fn edited(&self) -> Option<AnnotationId> {
        self.typing.as_ref().and_then(|typing| typing.annotation)
    }

    fn begin(&mut self, label: LabelId, rect: Rect, context: &Context<'_>) {
        let settings = context.settings.text;
        self.typing = Some(Typing {
            annotation: None,
            label,
            text: TextBox {
                rect,
                text: String::new(),
                size: settings.size,
                bold: settings.bold,
                align: settings.align,
            },
            before: None,
        });
    }

    /// A press on a text that is there: it is changed.
    fn take_up(&mut self, input: &Input, context: &Context<'_>) -> Option<Step> {
        let Input::PointerDown {
            pos,
            button: Button::Primary,
            ..
        } = input
        else {
            return None;
        };
        let point = context.camera.image_from_screen(*pos);
        let id = context.scene.pick(point, context.image_length(REACH))?;
        let annotation = context.document.get(id)?;
        let Shape::Text(text) = &annotation.shape else {
            return None;
        };
        if !context.can_edit {
            return Some(Step::notice(Notice::ReadOnly));
        }
        if annotation.locked {
            return Some(Step::notice(Notice::Locked));
        }
        self.frame.cancel();
        self.typing = Some(Typing {
            annotation: Some(id),
            label: annotation.label,
            text: (**text).clone(),
            before: Some((**text).clone()),
        });
        Some(Step::select(vec![id]))
    }

    fn type_on(&mut self, input: &Input, context: &mut Context<'_>) -> Step {
        match input {
            Input::Typed(text) => {
                if let Some(typing) = &mut self.typing {
                    shortened(text).clone_into(&mut typing.text.text);
                    typing.grow(context.image);
                }
                Step::handled()
            }
            // A press elsewhere ends the typing and nothing more.
            Input::TypingDone
            | Input::PointerDown {
                button: Button::Primary,
                ..
            } => self.finish(context),
            Input::KeyDown { key, .. } if key == "Escape" => {
                self.cancel();
                Step::handled()
            }
            Input::PointerMove { .. }
            | Input::PointerUp { .. }
            | Input::PointerLeave
            | Input::KeyDown { .. } => Step::handled(),
            _ => Step::unhandled(),
        }
    }

    /// An empty text is none: a new one is dropped, and one that was there is deleted.
    fn finish(&mut self, context: &mut Context<'_>) -> Step {
        let Some(mut typing) = self.typing.take() else {
            return Step::unhandled();
        };
        let kept = typing.text.text.trim_end().len();
        typing.text.text.truncate(kept);
        let is_empty = typing.text.text.is_empty();
        // Nothing was said: what others wrote meanwhile stays.
        let before = typing.before.as_ref();
        if before.is_some_and(|before| before.text.trim_end() == typing.text.text) {
            return Step::handled();
        }
        let Some(id) = typing.annotation else {
            return if is_empty {
                Step::handled()
            } else {
                let shape = Shape::Text(Box::new(typing.text));
                add(typing.label, shape, context)
            };
        };
        match context.document.get(id) {
            None => Step::notice(Notice::DeletedMeanwhile),
            Some(annotation) if annotation.locked => Step::notice(Notice::Locked),
            Some(_) if is_empty => Step::edits(vec![Edit::Delete(id)]),
            Some(annotation) => {
                typing.follow(&annotation.shape, context.image);
                let shape = Shape::Text(Box::new(typing.text));
                if annotation.shape == shape {
                    return Step::handled();
                }
                Step::edits(vec![Edit::SetShape(id, shape)])
            }
        }
    }
}
