//! The TypeScript types of the JavaScript surface, and values to and from them by way of JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;
use visionflow_model::{Annotation, AnnotationId, AttributeId, AttributeValue, LabelId, Shape};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface MountOptions {
  /** WebGPU where it works, otherwise WebGL2, unless forced. */
  backend?: "auto" | "webgpu" | "webgl2";
  theme?: "dark" | "light";
}

/** Pixels of the oriented image; a ring is x0, y0, x1, y1, … without a repeated last point. */
export type Shape =
  | { type: "box"; box: [number, number, number, number] }
  | { type: "polygon"; rings: number[][] }
  | { type: "tag" };

export interface NewAnnotation {
  id?: string;
  label: string;
  shape: Shape;
  z?: number;
  attributes?: Record<string, string | number | boolean>;
}

export type Annotation = Required<NewAnnotation>;

export interface Label {
  id: string;
  name: string;
  /** `#rrggbb` */
  color: string;
  hotkey?: string;
  archived?: boolean;
}

export interface Ontology {
  version: number;
  labels: Label[];
}

export interface Connection {
  /** `ws://host` or `wss://host`, without a path. */
  url: string;
  roomId: string;
  /** A token, or a function that returns or promises a valid one. */
  token: string | (() => string | Promise<string>);
  userId?: string;
  userName?: string;
  /** `#rrggbb` */
  userColor?: string;
}

export type AnnotatorEvent =
  | { type: "annotations"; added: string[]; updated: string[]; removed: string[] }
  | { type: "pointer"; x: number | null; y: number | null }
  | { type: "saveState"; state: string; edits: number }
  | { type: "tool"; tool: string }
  | { type: "role"; canEdit: boolean }
  | { type: "ontology"; version: number }
  | { type: "refused" | "notice"; detail: string }
  | {
      type:
        | "selection" | "hover" | "presence" | "camera" | "history" | "hint"
        | "itemDeleted" | "itemRestored" | "roomNotFound" | "unauthenticated"
        | "deviceLost" | "deviceRestored";
    };
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "MountOptions")]
    pub type MountOptions;
    #[wasm_bindgen(typescript_type = "Connection")]
    pub type Connection;
    #[wasm_bindgen(typescript_type = "Ontology")]
    pub type JsOntology;
    #[wasm_bindgen(typescript_type = "Shape")]
    pub type JsShape;
    #[wasm_bindgen(typescript_type = "NewAnnotation")]
    pub type JsAnnotation;
    #[wasm_bindgen(typescript_type = "Annotation[]")]
    pub type AnnotationList;
    #[wasm_bindgen(typescript_type = "(event: AnnotatorEvent) => void")]
    pub type EventCallback;
}

#[derive(serde::Deserialize)]
struct NewAnnotation {
    id: Option<AnnotationId>,
    label: LabelId,
    shape: Shape,
    #[serde(default)]
    z: f64,
    #[serde(default)]
    attributes: BTreeMap<AttributeId, AttributeValue>,
}

pub fn annotation(value: &JsAnnotation) -> Result<Annotation, JsError> {
    let new: NewAnnotation = from_js(value)?;
    Ok(Annotation {
        id: new.id.unwrap_or_else(|| AnnotationId(Uuid::now_v7())),
        label: new.label,
        shape: new.shape,
        z: new.z,
        attributes: new.attributes,
    })
}

pub fn json(annotation: &Annotation) -> serde_json::Value {
    json!({
        "id": annotation.id,
        "label": annotation.label,
        "shape": annotation.shape,
        "z": annotation.z,
        "attributes": annotation.attributes,
    })
}

pub fn from_js<T: DeserializeOwned>(value: &JsValue) -> Result<T, JsError> {
    let json = js_sys::JSON::stringify(value).map_err(|_| JsError::new("not a plain object"))?;
    Ok(serde_json::from_str(&String::from(json))?)
}

pub fn to_js(value: &impl Serialize) -> Result<JsValue, JsError> {
    js_sys::JSON::parse(&serde_json::to_string(value)?)
        .map_err(|error| JsError::new(&crate::error::js_message(&error)))
}
