//! The engine for JavaScript: one class, plain objects in and out.
//!
//! The npm package is built on it, and the benchmarks use it as it is.
//! Coordinates are pixels of the oriented image, ids are UUID strings; the types are generated from
//! the crate `surface` into `pkg/src/types.ts`. What cannot be taken throws an `Error` that says
//! what and where.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::needless_pass_by_value,
    clippy::unused_self,
    reason = "wasm-bindgen takes lists by value, and a getter belongs to an object"
)]

mod annotations;
mod assist;
mod detect;
mod events;
mod picture;
mod rooms;
mod suggestions;
mod tools;
mod types;
mod view;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use types::{EventCallback, MountOptions, from_js, to_js};
use visionflow_engine::{Backend, Engine, EngineOptions, Subscription};
use visionflow_surface as surface;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::HtmlCanvasElement;

/// An annotator on one canvas.
#[wasm_bindgen]
pub struct Annotator {
    engine: Engine,
    subscriptions: RefCell<HashMap<u32, Subscription>>,
    /// The next subscription's.
    handles: Cell<u32>,
}

#[wasm_bindgen]
impl Annotator {
    /// Starts on a canvas, whose size its style sets.
    pub async fn mount(
        canvas: HtmlCanvasElement,
        options: Option<MountOptions>,
    ) -> Result<Annotator, JsError> {
        show_panics();
        let options: surface::EngineMount = match options {
            Some(options) => from_js(&options, "mount(): options")?,
            None => surface::EngineMount::default(),
        };
        let options = EngineOptions {
            backend: match options.backend.unwrap_or_default() {
                surface::Backend::Auto => Backend::Auto,
                surface::Backend::WebGpu => Backend::WebGpu,
                surface::Backend::WebGl2 => Backend::WebGl2,
            },
            theme: types::theme(options.theme.unwrap_or_default()),
            ..EngineOptions::default()
        };
        Ok(Self {
            engine: Engine::mount(canvas, options).await?,
            subscriptions: RefCell::default(),
            handles: Cell::default(),
        })
    }

    /// Shows a photograph; without a size the picture's own is taken when it has come.
    ///
    /// An `async` method would hold on to this object, which then could not be freed meanwhile.
    #[wasm_bindgen(js_name = openImage, unchecked_return_type = "Promise<void>")]
    pub fn open_image(
        &self,
        url: String,
        width: Option<u32>,
        height: Option<u32>,
    ) -> js_sys::Promise {
        let engine = self.engine.clone();
        let (width, height) = (width.unwrap_or(0), height.unwrap_or(0));
        future_to_promise(async move {
            let opened = engine.open_image(&url, width, height).await;
            let thrown =
                |error: visionflow_engine::EngineError| JsValue::from(JsError::from(error));
            opened.map(|()| JsValue::UNDEFINED).map_err(thrown)
        })
    }

    /// Width and height of the photograph, once they are known.
    #[wasm_bindgen(js_name = imageSize)]
    pub fn image_size(&self) -> Option<Vec<u32>> {
        self.engine.image_size().map(|(w, h)| vec![w, h])
    }

    /// Leaves the room and shows nothing.
    #[wasm_bindgen(js_name = closeItem)]
    pub fn close_item(&self) {
        self.engine.close_item();
    }

    pub fn undo(&self) {
        self.engine.undo();
    }

    pub fn redo(&self) {
        self.engine.redo();
    }

    #[wasm_bindgen(getter, js_name = canUndo)]
    pub fn can_undo(&self) -> bool {
        self.engine.can_undo()
    }

    #[wasm_bindgen(getter, js_name = canRedo)]
    pub fn can_redo(&self) -> bool {
        self.engine.can_redo()
    }

    /// Whether edits are taken: the room allows them, and this is not read-only.
    #[wasm_bindgen(getter, js_name = canEdit)]
    pub fn can_edit(&self) -> bool {
        self.engine.may_edit()
    }

    #[wasm_bindgen(js_name = setReadOnly)]
    pub fn set_read_only(&self, is_read_only: bool) {
        self.engine.set_read_only(is_read_only);
    }

    /// `webgpu`, `webgl2`, or `none` while the graphics are being restored.
    #[wasm_bindgen(getter)]
    pub fn backend(&self) -> String {
        self.engine.backend_name().to_owned()
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

    /// The size of the engine's memory in bytes; all annotators of a page share it.
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
        // A strong handle would keep the engine alive through its own subscriber.
        let engine = self.engine.downgrade();
        let subscription = self.engine.subscribe(Rc::new(move |event| {
            let Some(engine) = engine.upgrade() else {
                return;
            };
            let Some(event) = events::event(&engine, event) else {
                return;
            };
            if (event_type == "*" || events::name(&event) == event_type)
                && let Ok(event) = to_js(&event)
            {
                // What a callback throws is shown by the browser's console.
                if let Err(error) = callback.call1(&JsValue::UNDEFINED, &event) {
                    gloo::console::error!(error);
                }
            }
        }));
        let handle = self.handles.get();
        self.handles.set(handle.wrapping_add(1));
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
