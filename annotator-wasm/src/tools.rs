//! Labels, tools and their settings.

use super::Annotator;
use super::types::{
    JsClipboard, JsCommand, JsOntology, JsSettings, JsSettingsPatch, MaybeClipboard, from_js,
    patched, to_js,
};
use visionflow_commands::{Clipboard, Command, Placement};
use visionflow_model::{LabelId, Ontology};
use visionflow_tools::ToolKind;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Annotator {
    /// The labels: `{version, labels: [{id, name, color, …}]}`.
    #[wasm_bindgen(js_name = setOntology)]
    pub fn set_ontology(&self, ontology: &JsOntology) -> Result<(), JsError> {
        let ontology: Ontology = from_js(ontology, "ontology")?;
        ontology
            .check()
            .map_err(|error| JsError::new(&format!("ontology: {error}")))?;
        self.engine.set_ontology(&ontology);
        Ok(())
    }

    /// The name of the active tool.
    #[wasm_bindgen(getter)]
    pub fn tool(&self) -> String {
        self.engine.tool().name().to_owned()
    }

    /// By its name: `select`, `lasso`, `box`, `rotated_box`, … (`ToolKind::name`).
    #[wasm_bindgen(js_name = setTool)]
    pub fn set_tool(&self, tool: &str) -> Result<(), JsError> {
        let kind = ToolKind::from_name(tool)
            .ok_or_else(|| JsError::new(&format!("there is no tool “{tool}”")))?;
        self.engine.set_tool(kind);
        Ok(())
    }

    /// The label of what is drawn next.
    #[wasm_bindgen(getter)]
    pub fn label(&self) -> Option<String> {
        self.engine.label().map(|id| id.to_string())
    }

    #[wasm_bindgen(js_name = setLabel)]
    pub fn set_label(&self, label: Option<String>) -> Result<(), JsError> {
        let label = label.map(|id| id.parse::<LabelId>()).transpose()?;
        self.engine.set_label(label);
        Ok(())
    }

    pub fn settings(&self) -> Result<JsSettings, JsError> {
        Ok(to_js(&self.engine.settings())?.unchecked_into())
    }

    /// Changes the settings that are named.
    #[wasm_bindgen(js_name = setSettings)]
    pub fn set_settings(&self, patch: &JsSettingsPatch) -> Result<(), JsError> {
        let settings = patched(&self.engine.settings(), patch, "settings")?;
        self.engine.set_settings(settings);
        Ok(())
    }

    /// Does something with what is selected; why it did nothing is told as an event.
    pub fn run(&self, command: &JsCommand) -> Result<(), JsError> {
        let command: Command = from_js(command, "command")?;
        self.engine.run(&command);
        Ok(())
    }

    /// What is selected, to be pasted elsewhere.
    pub fn copy(&self) -> Result<MaybeClipboard, JsError> {
        let value = match self.engine.copy() {
            Some(clipboard) => to_js(&clipboard)?,
            None => JsValue::UNDEFINED,
        };
        Ok(value.unchecked_into())
    }

    /// Adds and selects what was copied, here or elsewhere.
    pub fn paste(&self, clipboard: &JsClipboard) -> Result<(), JsError> {
        let clipboard: Clipboard = from_js(clipboard, "clipboard")?;
        self.engine.paste(&clipboard, Placement::default());
        Ok(())
    }

    /// What stands in the embedder's editor while a text is being typed.
    #[wasm_bindgen(js_name = typeText)]
    pub fn type_text(&self, text: &str) {
        self.engine.type_text(text);
    }

    /// The editor was left: the text is kept, or what it was before.
    #[wasm_bindgen(js_name = finishTyping)]
    pub fn finish_typing(&self, keeps: bool) {
        self.engine.finish_typing(keeps);
    }
}
