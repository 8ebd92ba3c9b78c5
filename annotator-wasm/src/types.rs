//! The TypeScript types of the JavaScript surface, and values to and from them by way of JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;
use visionflow_engine::Theme;
use visionflow_model::AnnotationId;
use visionflow_surface as surface;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("../../pkg/src/types.ts");

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "EngineMount")]
    pub type MountOptions;
    #[wasm_bindgen(typescript_type = "AssistFiles | undefined")]
    pub type MaybeAssistFiles;
    #[wasm_bindgen(typescript_type = "AssistState")]
    pub type JsAssistState;
    #[wasm_bindgen(typescript_type = "DetectOptions")]
    pub type JsDetect;
    #[wasm_bindgen(typescript_type = "SmartAction")]
    pub type JsSmartAction;
    #[wasm_bindgen(typescript_type = "Connection & { params: () => Promise<string> }")]
    pub type JsConnection;
    #[wasm_bindgen(typescript_type = "Ontology")]
    pub type JsOntology;
    #[wasm_bindgen(typescript_type = "NewAnnotation[]")]
    pub type JsNewAnnotations;
    #[wasm_bindgen(typescript_type = "AnnotationPatch")]
    pub type JsPatch;
    #[wasm_bindgen(typescript_type = "Annotation[]")]
    pub type AnnotationList;
    #[wasm_bindgen(typescript_type = "Annotation | undefined")]
    pub type MaybeAnnotation;
    #[wasm_bindgen(typescript_type = "Suggestion[]")]
    pub type SuggestionList;
    #[wasm_bindgen(typescript_type = "NewSuggestion[]")]
    pub type JsNewSuggestions;
    #[wasm_bindgen(typescript_type = "SuggestOptions")]
    pub type JsSuggestOptions;
    #[wasm_bindgen(typescript_type = "SuggestionFilter")]
    pub type JsSuggestionFilter;
    #[wasm_bindgen(typescript_type = "Verdict")]
    pub type JsVerdict;
    #[wasm_bindgen(typescript_type = "Partial<ToolSettings>")]
    pub type JsSettingsPatch;
    #[wasm_bindgen(typescript_type = "ToolSettings")]
    pub type JsSettings;
    #[wasm_bindgen(typescript_type = "Partial<ViewOptions>")]
    pub type JsViewPatch;
    #[wasm_bindgen(typescript_type = "ViewOptions")]
    pub type JsView;
    #[wasm_bindgen(typescript_type = "Command")]
    pub type JsCommand;
    #[wasm_bindgen(typescript_type = "CopiedAnnotations")]
    pub type JsClipboard;
    #[wasm_bindgen(typescript_type = "CopiedAnnotations | undefined")]
    pub type MaybeClipboard;
    #[wasm_bindgen(typescript_type = "Peer[]")]
    pub type PeerList;
    #[wasm_bindgen(typescript_type = "Theme")]
    pub type JsTheme;
    #[wasm_bindgen(typescript_type = "(event: AnnotatorEvent) => void")]
    pub type EventCallback;
}

/// Reads a value by way of JSON; `name` is what it is called in the error's message.
pub fn from_js<T: DeserializeOwned>(value: &JsValue, name: &str) -> Result<T, JsError> {
    Ok(surface::read(&json_of(value, name)?, name)?)
}

fn json_of(value: &JsValue, name: &str) -> Result<String, JsError> {
    let json = js_sys::JSON::stringify(value).map_err(|error| {
        JsError::new(&format!(
            "{name}: {}",
            visionflow_engine::js_message(&error)
        ))
    })?;
    // `undefined` has no JSON at all.
    Ok(json.as_string().unwrap_or_else(|| "null".to_owned()))
}

/// `current` with what `patch` names changed.
pub fn patched<T: Serialize + DeserializeOwned>(
    current: &T,
    patch: &JsValue,
    name: &str,
) -> Result<T, JsError> {
    Ok(surface::merged(current, &json_of(patch, name)?, name)?)
}

pub fn to_js(value: &impl Serialize) -> Result<JsValue, JsError> {
    js_sys::JSON::parse(&serde_json::to_string(value)?)
        .map_err(|error| JsError::new(&visionflow_engine::js_message(&error)))
}

pub fn parse_id(id: &str, name: &str) -> Result<AnnotationId, JsError> {
    id.parse().map_err(|error| {
        JsError::new(&format!(
            "{name}: “{id}” is no id of an annotation: {error}"
        ))
    })
}

pub fn parse_ids(ids: &[String]) -> Result<Vec<AnnotationId>, JsError> {
    (0..)
        .zip(ids)
        .map(|(index, id): (usize, _)| parse_id(id, &format!("ids[{index}]")))
        .collect()
}

pub fn theme(theme: surface::Theme) -> Theme {
    match theme {
        surface::Theme::Dark => Theme::Dark,
        surface::Theme::Light => Theme::Light,
    }
}
