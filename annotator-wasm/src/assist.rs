//! The smart tool's model and its buttons.

use super::types::{JsAssistState, JsSmartAction, MaybeAssistFiles, from_js, to_js};
use super::{Annotator, events};
use visionflow_engine::AssistOptions;
use visionflow_surface::{AssistFiles, SmartAction};
use visionflow_tools::SmartInput;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Annotator {
    /// Where the model is; nothing is loaded before it is used. Without files there is none.
    /// `start` makes the worker where the host's bundler shall know of it.
    #[wasm_bindgen(js_name = setAssist)]
    pub fn set_assist(
        &self,
        files: &MaybeAssistFiles,
        #[wasm_bindgen(unchecked_optional_param_type = "() => Worker")] start: Option<
            js_sys::Function,
        >,
    ) -> Result<(), JsError> {
        let files: Option<AssistFiles> = from_js(files, "assist")?;
        let options = |files: AssistFiles| AssistOptions {
            worker: files.worker,
            start,
            wasm: files.wasm,
            encoder: files.encoder,
            decoder: files.decoder,
            model: None,
        };
        self.engine.set_assist(files.map(options));
        Ok(())
    }

    /// How far the model and the tool are.
    #[wasm_bindgen(js_name = assistState)]
    pub fn assist_state(&self) -> Result<JsAssistState, JsError> {
        Ok(to_js(&events::assist(&self.engine))?.unchecked_into())
    }

    /// What a person does with the smart tool by buttons.
    pub fn smart(&self, action: &JsSmartAction) -> Result<(), JsError> {
        let input = match from_js(action, "smart(): action")? {
            SmartAction::Accept => SmartInput::Accept,
            SmartAction::Drop => SmartInput::Drop,
            SmartAction::Next => SmartInput::Alternative { next: true },
            SmartAction::Previous => SmartInput::Alternative { next: false },
            SmartAction::Add => SmartInput::Removes(false),
            SmartAction::Remove => SmartInput::Removes(true),
            SmartAction::Everything => {
                self.engine.smart_everything();
                return Ok(());
            }
            SmartAction::Retry => {
                self.engine.retry_assist();
                return Ok(());
            }
        };
        self.engine.smart_input(input);
        Ok(())
    }

    /// The photograph that will probably be opened next: the model looks at it ahead.
    #[wasm_bindgen(js_name = prepareImage)]
    pub fn prepare_image(&self, url: &str, width: u32, height: u32) {
        self.engine.prepare_image(url, width, height);
    }
}
