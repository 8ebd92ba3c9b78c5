//! The engine for JavaScript: one class, plain objects in and out.
//!
//! The npm package, the benchmarks and the tests with other Yjs clients use it.
//! Coordinates are pixels of the oriented image, ids are UUID strings, shapes are
//! `{type: "box", box: [x, y, width, height]}`, `{type: "polygon", rings: [[x0, y0, …], …]}` or
//! `{type: "tag"}`.

#![allow(
    clippy::needless_pass_by_value,
    clippy::unused_self,
    reason = "wasm-bindgen takes lists by value, and a getter belongs to an object"
)]

mod events;
mod types;

use crate::browser::{property, random_client_id};
use crate::{Backend, Engine, EngineOptions, RoomConfig, Subscription, Theme, TokenSource};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use types::{
    AnnotationList, Connection, EventCallback, JsAnnotation, JsOntology, JsShape, MountOptions,
    from_js, to_js,
};
use uuid::Uuid;
use visionflow_document::Edit;
use visionflow_geometry::{Point, Rect, Vec2};
use visionflow_model::{Annotation, AnnotationId, LabelId, Ontology, PresenceUser, Shape};
use visionflow_tools::ToolKind;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlCanvasElement;

/// An annotator on one canvas.
#[wasm_bindgen]
pub struct Annotator {
    engine: Engine,
    subscriptions: RefCell<HashMap<u32, Subscription>>,
}

#[wasm_bindgen]
impl Annotator {
    /// Starts on a canvas, whose size its style sets.
    pub async fn mount(
        canvas: HtmlCanvasElement,
        options: Option<MountOptions>,
    ) -> Result<Annotator, JsError> {
        show_panics();
        let option = |name| {
            let options: &JsValue = options.as_ref()?;
            property(options, name)?.as_string()
        };
        let options = EngineOptions {
            backend: Backend::from_name(&option("backend").unwrap_or_default()),
            theme: match option("theme").as_deref() {
                Some("light") => Theme::Light,
                _ => Theme::Dark,
            },
        };
        Ok(Self {
            engine: Engine::mount(canvas, options).await?,
            subscriptions: RefCell::default(),
        })
    }

    /// Shows a photograph; without a size the picture's own is taken when it has come.
    #[wasm_bindgen(js_name = openImage)]
    pub async fn open_image(
        &self,
        url: String,
        width: Option<u32>,
        height: Option<u32>,
    ) -> Result<(), JsError> {
        let engine = self.engine.clone();
        let (width, height) = (width.unwrap_or(0), height.unwrap_or(0));
        Ok(engine.open_image(&url, width, height).await?)
    }

    /// Joins a room; what was on the canvas is replaced by the room's annotations.
    pub fn connect(&self, connection: &Connection) -> Result<(), JsError> {
        let text = |name: &str| property(connection, name).and_then(|value| value.as_string());
        let needed = |name: &str| {
            text(name).ok_or_else(|| JsError::new(&format!("connect() needs a string “{name}”")))
        };
        let id = text("userId").unwrap_or_default();
        self.engine.connect(RoomConfig {
            base_ws_url: needed("url")?,
            room_id: Uuid::parse_str(&needed("roomId")?)?,
            user_key: if id.is_empty() {
                "anonymous".to_owned()
            } else {
                id.clone()
            },
            user: PresenceUser {
                id,
                name: text("userName").unwrap_or_default(),
                color: text("userColor").unwrap_or_default(),
            },
            token: token_source(property(connection, "token").unwrap_or(JsValue::UNDEFINED)),
            can_edit_hint: true,
        });
        Ok(())
    }

    /// Leaves the room and shows nothing.
    #[wasm_bindgen(js_name = closeItem)]
    pub fn close_item(&self) {
        self.engine.close_item();
    }

    /// The labels: `{version, labels: [{id, name, color, …}]}`.
    #[wasm_bindgen(js_name = setOntology)]
    pub fn set_ontology(&self, ontology: &JsOntology) -> Result<(), JsError> {
        let ontology: Ontology = from_js(ontology)?;
        ontology.check()?;
        self.engine.set_ontology(&ontology);
        Ok(())
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
    #[wasm_bindgen(js_name = setLabel)]
    pub fn set_label(&self, label: Option<String>) -> Result<(), JsError> {
        let label = label.map(|id| id.parse()).transpose()?;
        self.engine.set_label(label);
        Ok(())
    }

    /// All annotations, topmost last.
    pub fn annotations(&self) -> Result<AnnotationList, JsError> {
        let list: Vec<_> = self.engine.annotations().iter().map(types::json).collect();
        Ok(to_js(&list)?.unchecked_into())
    }

    #[wasm_bindgen(getter, js_name = annotationCount)]
    pub fn annotation_count(&self) -> usize {
        self.engine.annotation_count()
    }

    /// Adds an annotation and returns its id; `id`, `z` and `attributes` may be missing.
    pub fn add(&self, annotation: &JsAnnotation) -> Result<String, JsError> {
        let annotation = types::annotation(annotation)?;
        let id = annotation.id;
        self.engine.edit([Edit::Add(annotation)])?;
        Ok(id.to_string())
    }

    /// Gives an annotation another geometry of the same kind.
    #[wasm_bindgen(js_name = setShape)]
    pub fn set_shape(&self, id: &str, shape: &JsShape) -> Result<(), JsError> {
        let shape: Shape = from_js(shape)?;
        Ok(self.engine.edit([Edit::SetShape(id.parse()?, shape)])?)
    }

    pub fn remove(&self, ids: Vec<String>) -> Result<(), JsError> {
        let edits = parse_ids(&ids)?.into_iter().map(Edit::Delete);
        Ok(self.engine.edit(edits.collect::<Vec<_>>())?)
    }

    pub fn select(&self, ids: Vec<String>) -> Result<(), JsError> {
        self.engine.select(&parse_ids(&ids)?);
        Ok(())
    }

    /// The selected annotations' ids.
    pub fn selection(&self) -> Vec<String> {
        let selection = self.engine.selection();
        selection.iter().map(ToString::to_string).collect()
    }

    /// Adds many boxes in one step that cannot be undone: `x, y, width, height` of each in one
    /// array; labels are given in turn.
    #[wasm_bindgen(js_name = loadBoxes)]
    pub fn load_boxes(&self, boxes: &[f64], labels: Vec<String>) -> Result<(), JsError> {
        let labels = labels
            .iter()
            .map(|id| id.parse::<LabelId>())
            .collect::<Result<Vec<_>, _>>()?;
        if labels.is_empty() {
            return Err(JsError::new("loadBoxes() needs a label"));
        }
        let add = |(n, xywh): (usize, &[f64])| {
            let min = Point::new(xywh[0], xywh[1]);
            Edit::Add(Annotation {
                id: AnnotationId(Uuid::now_v7()),
                label: labels[n % labels.len()],
                shape: Shape::Box(Rect::from_corners(min, min + Vec2::new(xywh[2], xywh[3]))),
                z: 0.0,
                attributes: BTreeMap::default(),
            })
        };
        let edits: Vec<Edit> = boxes.chunks_exact(4).enumerate().map(add).collect();
        self.engine.edit(edits)?;
        self.engine.forget_history();
        Ok(())
    }

    /// Takes in a Yjs update (v1), as if it had come from the room.
    #[wasm_bindgen(js_name = applyUpdate)]
    pub fn apply_update(&self, update: &[u8]) -> Result<(), JsError> {
        Ok(self.engine.apply_update(update)?)
    }

    /// The whole document as one Yjs update (v1).
    #[wasm_bindgen(js_name = encodeState)]
    pub fn encode_state(&self) -> Vec<u8> {
        self.engine.encode_state()
    }

    pub fn undo(&self) {
        self.engine.undo();
    }

    pub fn redo(&self) {
        self.engine.redo();
    }

    #[wasm_bindgen(js_name = deleteSelection)]
    pub fn delete_selection(&self) {
        self.engine.delete_selection();
    }

    /// Moves the picture by CSS pixels.
    #[wasm_bindgen(js_name = panBy)]
    pub fn pan_by(&self, x: f64, y: f64) {
        self.engine.pan_by(x, y);
    }

    /// Zooms around the middle of the view.
    #[wasm_bindgen(js_name = zoomBy)]
    pub fn zoom_by(&self, factor: f64) {
        self.engine.zoom_by(factor);
    }

    #[wasm_bindgen(js_name = zoomToFit)]
    pub fn zoom_to_fit(&self) {
        self.engine.zoom_to_fit();
    }

    /// CSS pixels per image pixel.
    #[wasm_bindgen(getter)]
    pub fn scale(&self) -> f64 {
        self.engine.camera_scale()
    }

    /// `webgpu` or `webgl2`.
    #[wasm_bindgen(getter)]
    pub fn backend(&self) -> String {
        self.engine.backend_name().to_owned()
    }

    /// `local`, `opening`, `saved`, `saving`, `offline` or `read_only`.
    #[wasm_bindgen(getter, js_name = saveState)]
    pub fn save_state(&self) -> String {
        self.engine.save_state().name().to_owned()
    }

    /// Edits that are not durable on the server yet.
    #[wasm_bindgen(getter, js_name = pendingEdits)]
    pub fn pending_edits(&self) -> usize {
        self.engine.save_state().pending_edits()
    }

    /// Frames drawn since the start.
    #[wasm_bindgen(getter, js_name = framesDrawn)]
    pub fn frames_drawn(&self) -> f64 {
        self.engine.frames_drawn() as f64
    }

    /// Draws now instead of with the next animation frame; milliseconds of main-thread time.
    #[wasm_bindgen(js_name = drawNow)]
    pub fn draw_now(&self) -> f64 {
        self.engine.draw_now()
    }

    /// The size of the engine's memory in bytes.
    #[wasm_bindgen(getter, js_name = memoryBytes)]
    pub fn memory_bytes(&self) -> f64 {
        let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
        let buffer: js_sys::ArrayBuffer = memory.buffer().unchecked_into();
        f64::from(buffer.byte_length())
    }

    /// What a test or a bug report wants to know, as JSON.
    #[wasm_bindgen(js_name = debugState)]
    pub fn debug_state(&self) -> String {
        self.engine.debug_state()
    }

    /// Pretends that the GPU was lost, to test the recovery.
    #[wasm_bindgen(js_name = loseDevice)]
    pub fn lose_device(&self) {
        self.engine.lose_device();
    }

    /// Calls back for events of one type, or for all with `*`; returns a handle for `off`.
    pub fn on(&self, event_type: String, callback: EventCallback) -> u32 {
        let callback: js_sys::Function = JsValue::from(callback).unchecked_into();
        let subscription = self.engine.subscribe(Rc::new(move |event| {
            let json = events::json(event);
            if (event_type == "*" || json["type"] == event_type.as_str())
                && let Ok(event) = to_js(&json)
            {
                // What a callback throws is shown by the browser's console.
                if let Err(error) = callback.call1(&JsValue::UNDEFINED, &event) {
                    gloo::console::error!(error);
                }
            }
        }));
        let handle = random_client_id() as u32;
        self.subscriptions.borrow_mut().insert(handle, subscription);
        handle
    }

    pub fn off(&self, handle: u32) {
        self.subscriptions.borrow_mut().remove(&handle);
    }

    /// Leaves the room, stops listening and frees the GPU.
    pub fn destroy(&self) {
        self.engine.destroy();
        self.subscriptions.borrow_mut().clear();
    }
}

/// A panic ends the module; its message should reach the console, not only "unreachable".
fn show_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|panic| gloo::console::error!(panic.to_string())));
    });
}

fn parse_ids(ids: &[String]) -> Result<Vec<AnnotationId>, JsError> {
    ids.iter()
        .map(|id| id.parse().map_err(JsError::from))
        .collect()
}

/// A token is a string, or a function that returns one or promises one.
fn token_source(token: JsValue) -> TokenSource {
    Rc::new(move || {
        let token = token.clone();
        Box::pin(async move {
            let message = |error: JsValue| crate::error::js_message(&error);
            let value = match token.dyn_ref::<js_sys::Function>() {
                Some(function) => function.call0(&JsValue::UNDEFINED).map_err(message)?,
                None => token,
            };
            let value = JsFuture::from(js_sys::Promise::resolve(&value))
                .await
                .map_err(message)?;
            value
                .as_string()
                .ok_or_else(|| "the token is not a string".to_owned())
        })
    })
}
