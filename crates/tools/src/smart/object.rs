//! One object that is being prompted for, until it is accepted or dropped.

use super::found;
use super::prompts::{Placed, Prompts, tolerance};
use crate::ask::{Candidate, Prompt, SmartState};
use crate::step::{Step, View, changed_preview, new_preview, private_preview};
use crate::{Context, Hint, Notice};
use visionflow_document::Edit;
use visionflow_model::{AnnotationId, LabelId, Shape};
use visionflow_scene::{Handle, HandleKind};

#[derive(Debug)]
pub(super) struct Object {
    label: LabelId,
    /// The annotation whose shape is replaced; `None` for something new.
    pub target: Option<AnnotationId>,
    /// What was known of the target before.
    before: Prompts,
    /// What was placed now, never none once something was.
    placed: Prompts,
    answer: Option<Answered>,
    /// It is accepted as soon as the answer to the present prompts is there.
    accepts: bool,
    /// The model has no answer to the present prompts.
    has_failed: bool,
}

/// What the model said last, also while the next answer is on its way.
#[derive(Debug)]
pub(super) struct Answered {
    to: Prompt,
    candidates: Vec<Candidate>,
    chosen: usize,
}

impl Answered {
    pub fn new(to: &Prompt, candidates: Vec<Candidate>) -> Self {
        Self {
            to: to.clone(),
            candidates,
            chosen: 0,
        }
    }

    /// The one that is shown.
    pub fn candidate(&self) -> Option<&Candidate> {
        self.candidates.get(self.chosen)
    }
}

impl Object {
    pub fn new(label: LabelId) -> Self {
        Self {
            label,
            target: None,
            before: Prompts::default(),
            placed: Prompts::default(),
            answer: None,
            accepts: false,
            has_failed: false,
        }
    }

    /// Refines an annotation: by the prompts that made it where they are known, otherwise within
    /// its bounds.
    pub fn refining(
        id: AnnotationId,
        before: Option<Prompts>,
        context: &Context<'_>,
    ) -> Result<Self, Notice> {
        let annotation = context.document.get(id);
        let annotation = annotation.ok_or(Notice::DeletedMeanwhile)?;
        if annotation.locked {
            return Err(Notice::Locked);
        }
        let bounds = || {
            let bounds = annotation.shape.bounds().map(Placed::Box);
            Prompts(bounds.into_iter().collect())
        };
        Ok(Self {
            target: Some(id),
            before: before.unwrap_or_else(bounds),
            ..Self::new(annotation.label)
        })
    }

    /// Takes one more prompt; `hovered` is what was shown before the first.
    pub fn place(&mut self, placed: Placed, hovered: Option<Answered>) {
        self.placed.0.push(placed);
        self.accepts = false;
        self.has_failed = false;
        if self.target.is_none() && self.answer.is_none() {
            self.answer = hovered;
        }
    }

    /// Without the latest prompt; `false` when it was the only one.
    pub fn take_back(&mut self) -> bool {
        self.placed.0.pop();
        self.accepts = false;
        self.has_failed = false;
        !self.placed.0.is_empty()
    }

    pub fn all_prompts(&self) -> Prompts {
        Prompts([&self.before.0[..], &self.placed.0].concat())
    }

    pub fn prompt(&self, context: &Context<'_>) -> Prompt {
        self.all_prompts().prompt(self.tolerance(context))
    }

    pub fn has_alternatives(&self) -> bool {
        self.answer.as_ref().is_some_and(|a| a.candidates.len() > 1)
    }

    /// Shows the next of what the prompts may mean, or the one before.
    pub fn turn(&mut self, next: bool) {
        if let Some(answer) = &mut self.answer {
            let count = answer.candidates.len().max(1);
            let by = if next { 1 } else { count - 1 };
            answer.chosen = (answer.chosen + by) % count;
        }
    }

    /// Takes an answer to the present prompts; whether it is to be accepted now.
    pub fn answered(
        &mut self,
        to: &Prompt,
        candidates: Vec<Candidate>,
        context: &Context<'_>,
    ) -> bool {
        if *to != self.prompt(context) {
            return false;
        }
        self.has_failed = candidates.is_empty();
        self.answer = Some(Answered::new(to, candidates));
        std::mem::take(&mut self.accepts)
    }

    pub fn failed(&mut self) {
        self.has_failed = true;
        self.accepts = false;
    }

    pub fn show(&self, view: &mut View, context: &Context<'_>) {
        view.hint = Hint::SmartNext;
        if let Some(candidate) = self.candidate() {
            let shape = Shape::Polygon(candidate.outline.clone());
            view.preview.push(match self.target {
                Some(id) => changed_preview(id, shape),
                None => new_preview(self.label, shape, true, context),
            });
        }
        let boxes = self.placed.0.iter().rev();
        let bounds = boxes.clone().find_map(|placed| match placed {
            Placed::Box(rect) => Some(*rect),
            Placed::Point(..) => None,
        });
        if let Some(bounds) = bounds {
            view.preview.push(private_preview(Shape::Box(bounds), true));
        }
        let handle = |(position, belongs)| Handle {
            position,
            kind: if belongs {
                HandleKind::Circle
            } else {
                HandleKind::Diamond
            },
            active: belongs,
        };
        view.handles = self.all_prompts().points().map(handle).collect();
    }

    pub fn tell(&self, state: &mut SmartState, context: &Context<'_>) {
        state.prompts = self.placed.0.len();
        state.refines = self.target.is_some();
        state.is_waiting = !self.has_failed && !self.is_answered(context);
        if let Some(answer) = &self.answer {
            state.alternatives = answer.candidates.len();
            state.alternative = answer.chosen;
        }
    }

    /// Makes an annotation of what is shown, or remembers to where the answer is not there yet;
    /// `None` while nothing is made.
    pub fn accept(&mut self, context: &mut Context<'_>) -> Result<Option<Step>, Notice> {
        if self.has_failed {
            return Err(Notice::NoObject);
        }
        if !self.is_answered(context) {
            self.accepts = true;
            return Ok(None);
        }
        let outline = self.candidate().ok_or(Notice::NoObject)?.outline.clone();
        let Some(id) = self.target else {
            let label = context.label.unwrap_or(self.label);
            let edits = found::added(&outline, label, context);
            return if edits.is_empty() {
                Err(Notice::NoObject)
            } else {
                Ok(Some(found::selecting(edits)))
            };
        };
        let annotation = context.document.get(id).ok_or(Notice::DeletedMeanwhile)?;
        if annotation.locked {
            return Err(Notice::Locked);
        }
        let shape = match annotation.shape {
            Shape::Mask(_) => Shape::Mask(found::mask(&outline, context)),
            _ => Shape::Polygon(outline),
        };
        if shape.check().is_err() {
            return Err(Notice::NoObject);
        }
        let changes = shape != annotation.shape;
        let edits = changes.then_some(Edit::SetShape(id, shape));
        Ok(Some(Step::edits(edits.into_iter().collect())))
    }

    fn candidate(&self) -> Option<&Candidate> {
        self.answer.as_ref()?.candidate()
    }

    fn is_answered(&self, context: &Context<'_>) -> bool {
        let answer = self.answer.as_ref();
        answer.is_some_and(|answer| answer.to == self.prompt(context))
    }

    /// As exact as what is made of it: a mask is made of pixels.
    fn tolerance(&self, context: &Context<'_>) -> f64 {
        let target = self.target.and_then(|id| context.document.get(id));
        match target.map(|annotation| &annotation.shape) {
            Some(Shape::Mask(_)) => 0.0,
            Some(_) => context.settings.simplify_tolerance,
            None => tolerance(context),
        }
    }
}
