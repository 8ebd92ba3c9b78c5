//! What models propose: shown from a threshold on, gone through, decided about.

use super::{Engine, State};
use crate::EngineEvent;
use std::collections::BTreeMap;
use visionflow_document::{Edit, EditError};
use visionflow_geometry::sort_by;
use visionflow_model::{
    Annotation, AnnotationId, LabelId, ModelId, RunId, Shape, Source, Suggestion, Verdict,
};
use visionflow_tools::{Notice, ToolKind};

/// What one run of a model proposes.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The model in the project's registry, if it is in one.
    pub model: Option<ModelId>,
    /// [`Source::Model`] with the model's name.
    pub source: Source,
    /// What came before in the same run stays; what the model proposed in others and nobody has
    /// decided about is superseded.
    pub run: RunId,
    pub suggestions: Vec<Suggestion>,
    /// A person asked for it, and can take it back as one step.
    pub was_asked_for: bool,
}

/// How many suggestions of each label have each verdict.
pub type SuggestionCounts = BTreeMap<(LabelId, Verdict), usize>;

impl Engine {
    /// Every suggestion whatever became of it, the surest first.
    pub fn suggestions(&self) -> Vec<Suggestion> {
        let mut all: Vec<_> = self
            .0
            .read(|state| state.document.suggestions().cloned().collect());
        sort_by(&mut all, |a, b| {
            b.score
                .total_cmp(&a.score)
                .then_with(|| a.id().cmp(&b.id()))
        });
        all
    }

    /// Looks at every suggestion, in any order; `f` must not call the engine.
    pub fn visit_suggestions(&self, f: impl FnMut(&Suggestion)) {
        self.0
            .read(|state| state.document.suggestions().for_each(f));
    }

    pub fn suggestion(&self, id: AnnotationId) -> Option<Suggestion> {
        self.0.read(|state| state.document.suggestion(id).cloned())
    }

    pub fn suggestion_counts(&self) -> SuggestionCounts {
        let mut counts = SuggestionCounts::new();
        self.visit_suggestions(|suggestion| {
            let key = (suggestion.annotation.label, suggestion.verdict);
            *counts.entry(key).or_default() += 1;
        });
        counts
    }

    /// Takes in what a model proposes; whether that was allowed.
    pub fn suggest(&self, proposal: Proposal) -> Result<bool, EditError> {
        self.0.with(|state| state.suggest(proposal))
    }

    /// Proposes shapes with their labels and scores as one run, with the defaults of their labels'
    /// attributes; how many that are, or none where nothing may be changed.
    ///
    /// Left out is what is no sound shape, and what is known: see [`Document::unknown`].
    ///
    /// [`Document::unknown`]: visionflow_document::Document::unknown
    pub fn propose(
        &self,
        run: Run,
        found: Vec<(LabelId, f64, Shape)>,
    ) -> Result<Option<usize>, EditError> {
        let ids = self.0.with(|state| state.propose(run, found))?;
        Ok(ids.map(|ids| ids.len()))
    }

    /// Says of all of these what becomes of them, as one step; whether that was allowed.
    ///
    /// Accepted ones become annotations, in panoptic mode without the pixels of others.
    pub fn decide(&self, ids: &[AnnotationId], verdict: Verdict) -> Result<bool, EditError> {
        self.0.with(|state| state.decide(ids, verdict))
    }

    /// Pending suggestions of at least this score are drawn and picked.
    pub fn suggestion_threshold(&self) -> f64 {
        self.0.read(|state| state.threshold)
    }

    pub fn set_suggestion_threshold(&self, threshold: f64) {
        self.0.with(|state| state.set_threshold(threshold));
    }

    /// How many suggestions are shown.
    pub fn shown_suggestions(&self) -> usize {
        self.0.read(|state| state.scene.suggestions().len())
    }

    /// The suggestion that Enter accepts and Delete rejects.
    pub fn picked_suggestion(&self) -> Option<AnnotationId> {
        self.0.read(|state| state.toolbox.picked())
    }

    /// Picks a shown suggestion, with the tool that selects; `None` lets go.
    pub fn pick_suggestion(&self, id: Option<AnnotationId>) {
        self.0.with(|state| {
            if id.is_some() {
                state.set_tool(ToolKind::Select);
            }
            let effects = state.with_tools(|toolbox, context| toolbox.pick(id, context));
            state.apply(effects);
        });
    }

    /// Picks the next suggestion, the surest first, or the one before.
    pub fn pick_next_suggestion(&self, backwards: bool) {
        self.0.with(|state| {
            state.set_tool(ToolKind::Select);
            let effects =
                state.with_tools(|toolbox, context| toolbox.pick_next(backwards, context));
            state.apply(effects);
        });
    }
}

/// A model's look at a photograph, in whose name something is proposed.
pub struct Run {
    /// Its id in the project's registry.
    pub model: Option<ModelId>,
    /// As it stands in the source of what is accepted.
    pub name: Box<str>,
    /// A person asked for it, and can take it back as one step.
    pub was_asked_for: bool,
}

impl State {
    /// See [`Engine::propose`]; the ids.
    pub(super) fn propose(
        &mut self,
        Run {
            model,
            name,
            was_asked_for,
        }: Run,
        found: impl IntoIterator<Item = (LabelId, f64, Shape)>,
    ) -> Result<Option<Vec<AnnotationId>>, EditError> {
        let source = Source::Model(name);
        let run = RunId(crate::ids::new_id().0);
        let sound = found
            .into_iter()
            .filter(|(.., shape)| shape.check().is_ok());
        let suggestions: Vec<Suggestion> = sound
            .map(|(label, score, shape)| Suggestion {
                annotation: Annotation {
                    attributes: self.ontology.defaults(label),
                    source: source.clone(),
                    ..Annotation::new(crate::ids::new_id(), label, shape)
                },
                score: score.clamp(0.0, 1.0),
                model,
                run,
                verdict: Verdict::Pending,
            })
            .collect();
        let suggestions = self.document.unknown(suggestions);
        let ids = suggestions.iter().map(Suggestion::id).collect();
        let proposal = Proposal {
            model,
            source,
            run,
            suggestions,
            was_asked_for,
        };
        Ok(self.suggest(proposal)?.then_some(ids))
    }

    pub(super) fn suggest(&mut self, proposal: Proposal) -> Result<bool, EditError> {
        if !self.may_edit() {
            self.events.push(EngineEvent::ToolNotice(Notice::ReadOnly));
            return Ok(false);
        }
        let Proposal {
            model,
            source,
            run,
            suggestions,
            was_asked_for,
        } = proposal;
        let edits = self.document.proposal(model, &source, run, suggestions);
        let change = if was_asked_for {
            self.document.edit(&edits)?
        } else {
            self.document.bring(&edits)?
        };
        self.took_own(&change);
        Ok(true)
    }

    fn decide(&mut self, ids: &[AnnotationId], verdict: Verdict) -> Result<bool, EditError> {
        if !self.may_edit() {
            self.events.push(EngineEvent::ToolNotice(Notice::ReadOnly));
            return Ok(false);
        }
        // A gesture in progress would end on something that is not there any more.
        self.cancel_gesture();
        let mut edits: Vec<_> = ids
            .iter()
            .map(|id| Edit::Decide { id: *id, verdict })
            .collect();
        if self.settings.panoptic {
            let (apart, left_out) = visionflow_commands::kept_apart(edits, &self.document);
            edits = apart;
            if left_out > 0 {
                let notice = EngineEvent::ToolNotice(Notice::UnderLocked);
                self.events.push(notice);
            }
        }
        let change = self.document.edit(&edits)?;
        self.took_own(&change);
        Ok(true)
    }

    fn set_threshold(&mut self, threshold: f64) {
        if threshold.is_nan() || self.threshold == threshold {
            return;
        }
        self.threshold = threshold;
        self.show_suggestions();
        // What is not shown any more is not picked any more.
        self.refresh_tools();
        self.events.push(EngineEvent::Suggestions);
    }

    /// Shows one suggestion, or takes it away, as its verdict and score ask for.
    pub(super) fn show_suggestion(&mut self, id: AnnotationId) {
        if self.past.is_some() || self.covered.is_some() {
            return;
        }
        let threshold = self.threshold;
        let is_meant = |s: &&Suggestion| s.verdict == Verdict::Pending && s.score >= threshold;
        match self.document.suggestion(id).filter(is_meant) {
            Some(suggestion) => self.scene.suggest(suggestion),
            None if self.scene.shows_suggestion(id) => self.scene.remove(id),
            None => {}
        }
        self.dirty = true;
    }

    /// The same for all that differ from what is shown.
    pub(super) fn show_suggestions(&mut self) {
        let is_meant = |s: &&Suggestion| {
            s.verdict == Verdict::Pending
                && (s.score >= self.threshold) != self.scene.shows_suggestion(s.id())
        };
        let differing = self.document.suggestions().filter(is_meant);
        for id in differing.map(Suggestion::id).collect::<Vec<_>>() {
            self.show_suggestion(id);
        }
    }

    /// Takes all of them off the canvas for a moment.
    pub(super) fn cover_suggestions(&mut self) {
        for id in self.scene.suggestions().collect::<Vec<_>>() {
            self.scene.remove(id);
        }
    }
}
