//! The worker that decodes one large or rare picture (`media-wasm`).

use crate::EngineError;
use crate::error::js_message;
use visionflow_media::tiles::TileId;
use wasm_bindgen::prelude::*;
use web_sys::MessageEvent;

#[wasm_bindgen(inline_js = "
export function media_worker() {
  try {
    return new Worker(new URL('../../media_worker.js', import.meta.url), { type: 'module' })
  } catch {
    // A worker's own file must be of the page's origin; what it imports need not.
    const url = String(new URL('../../media_worker.js', import.meta.url))
    const code = new Blob([`import ${JSON.stringify(url)}`], { type: 'text/javascript' })
    return new Worker(URL.createObjectURL(code), { type: 'module' })
  }
}
")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn media_worker() -> Result<web_sys::Worker, JsValue>;
}

/// A worker with its picture; dropping it ends both.
pub struct Decoder {
    worker: web_sys::Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
}

impl Decoder {
    /// Opens a picture from a blob or a URL; what the worker says comes to `on_message`.
    pub fn open(
        source: &JsValue,
        mime: &str,
        on_message: impl Fn(&js_sys::Array) + Clone + 'static,
    ) -> Result<Self, EngineError> {
        let worker = media_worker().map_err(|error| EngineError::Decode(js_message(&error)))?;
        let (tell, failed) = (on_message.clone(), on_message);
        let on_message = Closure::new(move |event: MessageEvent| {
            tell(&js_sys::Array::from(&event.data()));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let on_error = Closure::new(move |error: JsValue| {
            let sentence = format!("the decoder ended: {}", js_message(&error));
            let message = js_sys::Array::of2(&"error".into(), &sentence.into());
            failed(&message);
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let message = js_sys::Array::of3(&"open".into(), source, &mime.into());
        worker
            .post_message(&message)
            .map_err(|error| EngineError::Decode(js_message(&error)))?;
        Ok(Self {
            worker,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    pub fn load(&self, tile: TileId) {
        self.say("tile", tile);
    }

    pub fn cancel(&self, tile: TileId) {
        self.say("cancel", tile);
    }

    fn say(&self, what: &str, tile: TileId) {
        let message = js_sys::Array::of4(
            &what.into(),
            &tile.level.into(),
            &tile.col.into(),
            &tile.row.into(),
        );
        // Plain values can always be sent.
        let _ = self.worker.post_message(&message);
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
