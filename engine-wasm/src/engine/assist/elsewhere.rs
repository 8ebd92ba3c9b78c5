//! Photographs that a server looks at, for devices that take long: only the embedding comes from
//! there, what is clicked is still answered in the page.

use super::super::State;
use super::Assist;
use js_sys::ArrayBuffer;
use std::cell::Cell;
use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

/// A device that takes longer for a photograph is slow, seconds.
const SLOW_SECS: f64 = 10.0;

thread_local! {
    /// A photograph took this device too long since the page was loaded.
    static IS_SLOW: Cell<bool> = const { Cell::new(false) };
}

/// 256 × 64 × 64 half floats, little-endian; or why there are none.
pub type EmbeddingFuture = Pin<Box<dyn Future<Output = Result<ArrayBuffer, String>>>>;
/// Has a server look at the photograph on the canvas.
pub type Embedder = Rc<dyn Fn() -> EmbeddingFuture>;

#[derive(Default)]
pub struct Elsewhere {
    embedder: Option<Embedder>,
    /// Also where the device is quick enough.
    is_preferred: bool,
    /// What is being looked at there.
    waiting: Option<String>,
    /// What could not be had from there; the device does it then.
    refused: HashSet<String>,
}

/// Remembers whether this device is slow.
pub fn note_speed(seconds: Option<f64>) {
    if seconds.is_some_and(|seconds| seconds > SLOW_SECS) {
        IS_SLOW.set(true);
    }
}

impl super::Engine {
    /// Who looks at the photograph where this device is too slow for it; `None` for nobody.
    pub fn set_embedder(&self, embedder: Option<Embedder>) {
        self.0.with(|state| {
            if state.assist.is_encoding_elsewhere() {
                state.assist.encoding = None;
            }
            state.assist.elsewhere.waiting = None;
            state.assist.elsewhere.embedder = embedder;
        });
    }

    /// Whether the embedder is asked always, not only on a slow device.
    pub fn prefer_embedder(&self, always: bool) {
        self.0
            .with(|state| state.assist.elsewhere.is_preferred = always);
    }
}

impl Assist {
    pub(super) fn is_encoding_elsewhere(&self) -> bool {
        self.elsewhere.waiting.is_some() && self.elsewhere.waiting == self.encoding
    }

    /// What comes from there is of no use: the device looks for itself.
    pub(super) fn refuse_elsewhere(&mut self) {
        self.elsewhere.refused.extend(self.elsewhere.waiting.take());
        self.encoding = None;
    }
}

impl State {
    /// Asks for the photograph's embedding, where that is how it is had.
    pub(super) fn encode_elsewhere(&mut self, key: &str) -> bool {
        // A server sees with the built-in model's eyes only.
        let is_other = self
            .assist
            .options
            .as_ref()
            .is_some_and(|o| o.model.is_some());
        let is_wanted = !is_other && (self.assist.elsewhere.is_preferred || IS_SLOW.get());
        let elsewhere = &mut self.assist.elsewhere;
        let (Some(embedder), Some(engine)) = (&elsewhere.embedder, self.handle.clone()) else {
            return false;
        };
        if !is_wanted || elsewhere.refused.contains(key) {
            return false;
        }
        let embedding = embedder();
        let key = key.to_owned();
        elsewhere.waiting = Some(key.clone());
        self.assist.encoding = Some(key.clone());
        wasm_bindgen_futures::spawn_local(async move {
            let embedding = embedding.await;
            if let Some(inner) = engine.upgrade() {
                inner.with(|state| state.encoded_elsewhere(&key, embedding));
            }
        });
        true
    }

    fn encoded_elsewhere(&mut self, key: &str, embedding: Result<ArrayBuffer, String>) {
        if self.assist.elsewhere.waiting.as_deref() != Some(key) {
            return;
        }
        match (embedding, &mut self.assist.client) {
            // The worker says when it has it.
            (Ok(f16), Some(client)) => client.embedding(key, &f16),
            (Ok(_), None) => self.assist.encoding = None,
            (Err(reason), _) => {
                self.assist.refuse_elsewhere();
                self.notice(&reason);
            }
        }
    }
}
