//! Photographs that a server looks at, for devices that take long: it has them already, and only the
//! embedding comes from there; what is clicked is still answered in the page.

use super::super::State;
use super::Assist;
use super::speed::Look;
use crate::browser::monotonic_ms;
use js_sys::ArrayBuffer;
use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

/// Who looks at photographs, where there is a server that can.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EncodeAt {
    /// This device, until it turns out to be too slow or unable.
    #[default]
    Measured,
    Here,
    Elsewhere,
}

/// What a server saw in a photograph.
pub struct Embedding {
    /// 256 × 64 × 64 half floats, little-endian.
    pub f16: ArrayBuffer,
    /// It had looked before it was asked.
    pub was_ready: bool,
}

/// What the server saw; or why there is nothing.
pub type EmbeddingFuture = Pin<Box<dyn Future<Output = Result<Embedding, String>>>>;
/// Has a server look at the photograph on the canvas.
pub type Embedder = Rc<dyn Fn() -> EmbeddingFuture>;

#[derive(Default)]
pub struct Elsewhere {
    embedder: Option<Embedder>,
    at: EncodeAt,
    /// What is being looked at there.
    waiting: Option<String>,
    /// How long the server took for it, once it has answered.
    seconds: Option<f64>,
    /// What could not be had from there; the device does it then.
    refused: HashSet<String>,
}

impl super::Engine {
    /// Who looks at the photograph in place of this device; `None` for nobody.
    pub fn set_embedder(&self, embedder: Option<Embedder>) {
        self.0.with(|state| {
            if state.assist.is_encoding_elsewhere() {
                state.assist.encoding = None;
            }
            state.assist.elsewhere.waiting = None;
            state.assist.elsewhere.embedder = embedder;
        });
    }

    /// Who looks at photographs from now on, at one that is being looked at too.
    pub fn encode_at(&self, at: EncodeAt) {
        self.0.with(|state| {
            state.assist.elsewhere.at = at;
            state.assist.reconsider();
        });
    }
}

impl Assist {
    pub(super) fn is_encoding_elsewhere(&self) -> bool {
        self.elsewhere.waiting.is_some() && self.elsewhere.waiting == self.encoding
    }

    /// Whether a server can look, in place of this device and with the same eyes.
    fn has_help(&self) -> bool {
        let is_built_in = self.options.as_ref().is_some_and(|o| o.model.is_none());
        is_built_in && self.elsewhere.embedder.is_some()
    }

    /// Whether photographs are left to the server.
    pub(super) fn is_left_to_server(&self) -> bool {
        let asks = || {
            self.module
                .as_ref()
                .map(|module| module.speed().asks_for_help())
        };
        let is_wanted = match self.elsewhere.at {
            EncodeAt::Here => false,
            EncodeAt::Elsewhere => true,
            EncodeAt::Measured => asks().unwrap_or(false),
        };
        is_wanted && self.has_help()
    }

    /// The device could not look at a photograph: whether the server does from now on.
    pub(super) fn leave_to_server(&self) -> bool {
        let is_helped = self.has_help() && self.elsewhere.at == EncodeAt::Measured;
        let key = self
            .encoding
            .as_ref()
            .filter(|_| is_helped && !self.is_encoding_elsewhere());
        let (Some(key), Some(module)) = (key, &self.module) else {
            return false;
        };
        module.note(|speed| speed.fails_here = true);
        !self.elsewhere.refused.contains(key)
    }

    /// What is looked at by the one who should not any more is begun anew by the other.
    fn reconsider(&mut self) {
        let Some(key) = &self.encoding else { return };
        let is_refused = self.elsewhere.refused.contains(key);
        let should_be_elsewhere = self.is_left_to_server() && !is_refused;
        if should_be_elsewhere == self.is_encoding_elsewhere() {
            return;
        }
        if let (Some(id), Some(client)) = (self.encode_id.take(), &mut self.client) {
            client.cancel(id);
        }
        self.elsewhere.waiting = None;
        self.encoding = None;
    }

    /// The worker knows a photograph; how long it took to look at it, if it did, and by what.
    pub(super) fn encoded(&mut self, key: String, seconds: Option<f64>, is_by_gpu: bool) {
        let waited = self.elsewhere.waiting.take_if(|waiting| *waiting == key);
        let look = match (seconds, waited) {
            (None, Some(_)) => Look {
                is_elsewhere: true,
                is_by_gpu: false,
                seconds: self.elsewhere.seconds,
            },
            _ => Look {
                is_elsewhere: false,
                is_by_gpu,
                seconds,
            },
        };
        if let Some(module) = &self.module {
            module.note(|speed| speed.note_look(look));
        }
        self.encoding = None;
        self.encode_id = None;
        self.learned(key, look);
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
        let is_left = self.assist.is_left_to_server();
        let elsewhere = &mut self.assist.elsewhere;
        let (Some(embedder), Some(engine)) = (&elsewhere.embedder, self.handle.clone()) else {
            return false;
        };
        if !is_left || elsewhere.refused.contains(key) {
            return false;
        }
        let embedding = embedder();
        let key = key.to_owned();
        elsewhere.waiting = Some(key.clone());
        self.assist.encoding = Some(key.clone());
        wasm_bindgen_futures::spawn_local(async move {
            let start = monotonic_ms();
            let embedding = embedding.await;
            let seconds = (monotonic_ms() - start) / 1000.0;
            if let Some(inner) = engine.upgrade() {
                inner.with(|state| state.encoded_elsewhere(&key, embedding, seconds));
            }
        });
        true
    }

    fn encoded_elsewhere(&mut self, key: &str, embedding: Result<Embedding, String>, seconds: f64) {
        if self.assist.elsewhere.waiting.as_deref() != Some(key) {
            return;
        }
        match (embedding, &mut self.assist.client) {
            // The worker says when it has it.
            (Ok(embedding), Some(client)) => {
                let is_new = !embedding.was_ready;
                self.assist.elsewhere.seconds = is_new.then_some(seconds);
                client.embedding(key, &embedding.f16);
            }
            (Ok(_), None) => self.assist.encoding = None,
            (Err(reason), _) => {
                self.assist.refuse_elsewhere();
                self.notice(&reason);
            }
        }
    }
}
