//! Suggestions: made, and decided about.

use super::{Plan, check_annotation};
use crate::EditError;
use crate::layout;
use std::sync::Arc;
use visionflow_model::{AnnotationId, MAX_MODEL_NAME_BYTES, Suggestion, Verdict};

impl<'a> Plan<'a> {
    pub(super) fn suggest(&mut self, suggestion: &'a Suggestion) -> Result<(), EditError> {
        let id = suggestion.id();
        if self.current(id).is_some() || self.suggestion(id).is_some() {
            return Err(EditError::Exists(id));
        }
        check_annotation(&suggestion.annotation)?;
        if !(0.0..=1.0).contains(&suggestion.score) {
            return Err(EditError::Score(id));
        }
        let has_short_name = |name: &str| name.len() <= MAX_MODEL_NAME_BYTES;
        if !suggestion.model_name().is_some_and(has_short_name) {
            return Err(EditError::NoModel(id));
        }
        let record = layout::suggestion_any(suggestion);
        let key = id.to_string();
        // A verdict that outlived an earlier suggestion of this id is none about the new one.
        self.writes.verdicts.insert(key.as_str().into(), None);
        self.writes.suggestions.insert(key.into(), Some(record));
        self.suggested.insert(id, Some(suggestion));
        self.decided.insert(id, Verdict::Pending);
        Ok(())
    }

    pub(super) fn withdraw(&mut self, id: AnnotationId) -> Result<(), EditError> {
        self.suggestion(id).ok_or(EditError::NoSuggestion(id))?;
        let key: Arc<str> = id.to_string().into();
        self.writes.verdicts.insert(key.clone(), None);
        self.writes.suggestions.insert(key, None);
        self.suggested.insert(id, None);
        self.decided.insert(id, Verdict::Pending);
        Ok(())
    }

    pub(super) fn decide(&mut self, id: AnnotationId, verdict: Verdict) -> Result<(), EditError> {
        let suggestion = self.suggestion(id).ok_or(EditError::NoSuggestion(id))?;
        let before = self.verdict(id);
        if before == verdict || (verdict == Verdict::Superseded && before != Verdict::Pending) {
            return Ok(());
        }
        if verdict == Verdict::Accepted {
            self.add(&suggestion.annotation)?;
        } else if self.current(id).is_some() {
            self.delete(id)?;
        }
        let entry = layout::verdict_any(verdict);
        self.writes.verdicts.insert(id.to_string().into(), entry);
        self.decided.insert(id, verdict);
        Ok(())
    }

    fn suggestion(&self, id: AnnotationId) -> Option<&'a Suggestion> {
        match self.suggested.get(&id) {
            Some(suggested) => *suggested,
            None => self.projection.suggestions().get(id),
        }
    }

    /// As readers would derive it after the edits so far.
    fn verdict(&self, id: AnnotationId) -> Verdict {
        if self.current(id).is_some() {
            return Verdict::Accepted;
        }
        let decided = self.decided.get(&id).copied();
        decided.unwrap_or_else(|| self.projection.suggestions().written(id))
    }
}
