//! Going through what models propose: one suggestion is picked, accepted or rejected, and the next
//! one follows.
//!
//! A state of its own beside the selection, which holds annotations only. It belongs to selecting:
//! other tools do not see suggestions.

use crate::step::Step;
use crate::{Context, Modifiers, Notice};
use std::cmp::Ordering;
use visionflow_document::Edit;
use visionflow_model::{AnnotationId, Verdict};

#[derive(Debug, Default)]
pub(crate) struct Review {
    /// What Enter accepts and Delete rejects.
    picked: Option<AnnotationId>,
    /// The last one that was picked, also after it was decided about: Tab goes on from there.
    last: Option<AnnotationId>,
}

impl Review {
    pub(crate) fn picked(&self) -> Option<AnnotationId> {
        self.picked
    }

    /// The last one that was picked, whatever became of it.
    pub(crate) fn last(&self) -> Option<AnnotationId> {
        self.last
    }

    /// Whether Tab goes on to another suggestion.
    pub(crate) fn is_under_way(&self) -> bool {
        self.last.is_some()
    }

    pub(crate) fn pick(&mut self, id: AnnotationId) {
        (self.picked, self.last) = (Some(id), Some(id));
    }

    pub(crate) fn end(&mut self) {
        *self = Self::default();
    }

    /// Something else was selected; what was just accepted is not something else.
    pub(crate) fn selected(&mut self, ids: &[AnnotationId]) {
        self.picked = None;
        if self.last.as_slice() != ids {
            self.last = None;
        }
    }

    /// Lets go of what is not to be decided any more, or not shown.
    pub(crate) fn update(&mut self, context: &Context<'_>) {
        let stands = |id: &AnnotationId| context.scene.shows_suggestion(*id);
        self.picked = self.picked.filter(stands);
    }

    /// `None` where the key means nothing here.
    pub(crate) fn key(
        &mut self,
        key: &str,
        modifiers: Modifiers,
        context: &Context<'_>,
    ) -> Option<Step> {
        if modifiers.command() {
            return None;
        }
        match (key, self.picked) {
            ("Enter", Some(id)) => Some(self.decide(id, Verdict::Accepted, context)),
            ("Delete" | "Backspace", Some(id)) => Some(self.decide(id, Verdict::Rejected, context)),
            ("Escape", Some(_)) => {
                self.end();
                Some(Step::handled())
            }
            ("Tab", _) if self.is_under_way() => {
                let next = next(self.last, modifiers.shift, context);
                let Some(next) = next else {
                    // Nothing is left: the key is the page's again.
                    self.end();
                    return None;
                };
                self.pick(next);
                Some(Step {
                    pick: Some(next),
                    ..Step::select(Vec::new())
                })
            }
            _ => None,
        }
    }

    fn decide(&mut self, id: AnnotationId, verdict: Verdict, context: &Context<'_>) -> Step {
        if !context.can_edit {
            return Step::notice(Notice::ReadOnly);
        }
        self.picked = None;
        let accepted = (verdict == Verdict::Accepted).then(|| vec![id]);
        Step {
            selection: accepted,
            ..Step::edits(vec![Edit::Decide { id, verdict }])
        }
    }
}

/// The shown suggestion that comes after this one, the surest first; from the last one on to the
/// first.
pub(crate) fn next(
    after: Option<AnnotationId>,
    backwards: bool,
    context: &Context<'_>,
) -> Option<AnnotationId> {
    let place = |id: AnnotationId| Some((context.document.suggestion(id)?.score, id));
    let order = |a: &(f64, AnnotationId), b: &(f64, AnnotationId)| {
        let order = b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if backwards { order.reverse() } else { order }
    };
    let shown = || context.scene.suggestions().filter_map(place);
    let beyond = after.and_then(place).and_then(|after| {
        let is_beyond = |other: &(f64, AnnotationId)| order(&after, other) == Ordering::Less;
        shown().filter(is_beyond).min_by(order)
    });
    beyond.or_else(|| shown().min_by(order)).map(|(_, id)| id)
}
