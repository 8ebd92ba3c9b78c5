//! What models propose: in, out, and decided about.

use super::Annotator;
use super::types::{
    JsNewSuggestions, JsSuggestOptions, JsSuggestionFilter, JsVerdict, SuggestionList, from_js,
    parse_id, parse_ids, to_js,
};
use visionflow_engine::Proposal;
use visionflow_engine::new_id;
use visionflow_model::{RunId, Source};
use visionflow_surface::{NewSuggestion, SuggestOptions, SuggestionFilter, SuggestionValue};
use wasm_bindgen::prelude::*;

const READ_ONLY: &str = "this annotator is read-only";

#[wasm_bindgen]
impl Annotator {
    /// What models propose, whatever became of it, the surest first.
    pub fn suggestions(
        &self,
        filter: Option<JsSuggestionFilter>,
    ) -> Result<SuggestionList, JsError> {
        let filter: SuggestionFilter = match filter {
            Some(filter) => from_js(&filter, "suggestions(): filter")?,
            None => SuggestionFilter::default(),
        };
        let all = self.engine.suggestions();
        let meant = all.iter().filter(|s| filter.admits(s));
        let list: Vec<_> = meant.map(SuggestionValue::from).collect();
        Ok(to_js(&list)?.unchecked_into())
    }

    /// Proposes, in the place of what the same model proposed before and nobody has decided about;
    /// returns the ids.
    pub fn suggest(
        &self,
        suggestions: &JsNewSuggestions,
        options: Option<JsSuggestOptions>,
    ) -> Result<Vec<String>, JsError> {
        let list: Vec<NewSuggestion> = from_js(suggestions, "suggestions")?;
        let options: SuggestOptions = match options {
            Some(options) => from_js(&options, "suggest(): options")?,
            None => SuggestOptions::default(),
        };
        for (index, new) in list.iter().enumerate() {
            if let Err(reason) = new.shape.check() {
                let place = format!("suggestions[{index}].shape");
                return Err(JsError::new(&format!("{place}: {reason}")));
            }
        }
        let name = options.model.unwrap_or_else(|| "model".to_owned());
        let (model, source) = (options.model_id, Source::Model(name.into()));
        let run = options.run.unwrap_or_else(|| RunId(new_id().0));
        let suggestions: Vec<_> = list
            .into_iter()
            .map(|new| new.into_suggestion((&source, model, run), new_id))
            .collect();
        let ids = suggestions.iter().map(|s| s.id().to_string()).collect();
        let was_allowed = self.engine.suggest(Proposal {
            model,
            source,
            run,
            suggestions,
            was_asked_for: options.undo.unwrap_or(true),
        })?;
        if was_allowed {
            Ok(ids)
        } else {
            Err(JsError::new(READ_ONLY))
        }
    }

    /// Says of all of these what becomes of them, as one step.
    pub fn decide(&self, ids: Vec<String>, verdict: &JsVerdict) -> Result<(), JsError> {
        let verdict = from_js(verdict, "decide(): verdict")?;
        if self.engine.decide(&parse_ids(&ids)?, verdict)? {
            Ok(())
        } else {
            Err(JsError::new(READ_ONLY))
        }
    }

    /// Pending suggestions of at least this score are drawn and picked.
    #[wasm_bindgen(getter, js_name = suggestionThreshold)]
    pub fn suggestion_threshold(&self) -> f64 {
        self.engine.suggestion_threshold()
    }

    #[wasm_bindgen(js_name = setSuggestionThreshold)]
    pub fn set_suggestion_threshold(&self, threshold: f64) {
        self.engine.set_suggestion_threshold(threshold);
    }

    /// The suggestion that Enter accepts and Delete rejects.
    #[wasm_bindgen(getter, js_name = pickedSuggestion)]
    pub fn picked_suggestion(&self) -> Option<String> {
        self.engine.picked_suggestion().map(|id| id.to_string())
    }

    /// Picks one that is shown; without an id lets go.
    #[wasm_bindgen(js_name = pickSuggestion)]
    pub fn pick_suggestion(&self, id: Option<String>) -> Result<(), JsError> {
        let id = id.map(|id| parse_id(&id, "pickSuggestion(): id"));
        self.engine.pick_suggestion(id.transpose()?);
        Ok(())
    }

    /// Picks the next one that is shown, the surest first, or the one before.
    #[wasm_bindgen(js_name = pickNextSuggestion)]
    pub fn pick_next_suggestion(&self, backwards: bool) {
        self.engine.pick_next_suggestion(backwards);
    }
}
