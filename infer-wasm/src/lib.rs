//! The worker's module that runs Segment Anything and registered models in the browser.
//!
//! `infer_worker.js` starts it, fetches the models and keeps the queue; here are the models, the
//! embeddings of the photographs seen last, and the work in pieces that take a few hundredths of a
//! second. What is said to the worker and by it is written at the head of that file.
//!
//! It is built three times: with vector instructions; also with fused multiplication and addition, where
//! the browser has them; and also with memory that threads share ([`threads`]), for pages that are
//! cross-origin isolated, as the workbench is and host pages of the widget rarely are.
#![cfg(target_arch = "wasm32")]

mod memory;
mod models;
#[cfg(feature = "threads")]
pub mod threads;
mod values;

use js_sys::Array;
use memory::Memory;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use visionflow_geometry::{Point, Rect};
use visionflow_infer::{
    Click, Decoder, Embedding, Encoder, Encoding, Error, Everything, Finding, Frame, Likeness,
    Prompt, Similar,
};
use wasm_bindgen::prelude::*;

/// SHA-256 as hexadecimal; pages without a secure context have no digest of their own.
#[wasm_bindgen]
pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().fold(String::new(), |mut hex, byte| {
        // A string takes whatever comes.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Which of the builds this is: `threads` with memory that they share and fused multiplication and
/// addition, `relaxed` with the latter alone, or `plain`.
#[wasm_bindgen]
pub fn build() -> String {
    let build = if cfg!(feature = "threads") {
        "threads"
    } else if cfg!(target_feature = "relaxed-simd") {
        "relaxed"
    } else {
        "plain"
    };
    build.into()
}

/// The operations of an encoder's file, for `GpuEncoder.open` of the module `infer_gpu`.
#[wasm_bindgen]
pub fn operations(encoder: &[u8]) -> Result<Vec<u8>, JsError> {
    Ok(visionflow_infer::lower_encoder(encoder)?.to_bytes()?)
}

/// The models with what they have seen.
#[wasm_bindgen]
pub struct Session {
    encoder: Encoder,
    decoder: Decoder,
    memory: Memory,
    encoding: Option<(String, Encoding)>,
    searches: Vec<(u32, Searching)>,
}

struct Searching {
    search: Box<dyn Finding>,
    prepared: visionflow_infer::Prepared,
    frame: Frame,
    tolerance: f64,
}

#[wasm_bindgen]
impl Session {
    /// Loads both models from their files' bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(encoder: &[u8], decoder: &[u8]) -> Result<Self, JsError> {
        Ok(Self {
            encoder: Encoder::load(encoder)?,
            decoder: Decoder::load(decoder)?,
            memory: Memory::default(),
            encoding: None,
            searches: Vec::new(),
        })
    }

    /// Loads a registered model for prompts from its two files, whichever is which.
    pub fn of_pair(a: &[u8], b: &[u8]) -> Result<Self, JsError> {
        let (encoder, decoder) = visionflow_infer::pair(&[a, b])?;
        Ok(Self {
            encoder,
            decoder,
            memory: Memory::default(),
            encoding: None,
            searches: Vec::new(),
        })
    }

    /// Keeps an embedding that was made elsewhere, in half precision.
    pub fn keep_embedding(&mut self, key: String, bytes: &[u8]) -> Result<(), JsError> {
        let embedding = Embedding::from_f16_bytes(bytes)?;
        // Another model's is refused here, and not at the first click.
        self.decoder.prepare(&embedding, None)?;
        self.memory.keep(key, &embedding);
        Ok(())
    }

    /// What the encoder is given of a photograph, for one that runs elsewhere on this device.
    pub fn planes(&self, width: usize, height: usize, rgba: &[u8]) -> Result<Vec<f32>, JsError> {
        Ok(self.encoder.planes(width, height, rgba)?)
    }

    /// Keeps what such an encoder made of a photograph, in single precision.
    pub fn keep_values(&mut self, key: String, values: &[f32]) -> Result<(), JsError> {
        let embedding = Embedding::from_values(values)?;
        self.memory.keep(key, &embedding);
        Ok(())
    }

    /// How far what such an encoder made of a photograph is from what is known of it, as a part of the
    /// latter; `undefined` where nothing is.
    pub fn apart(&self, key: &str, values: &[f32]) -> Result<Option<f64>, JsError> {
        let made = Embedding::from_values(values)?;
        let known = self.memory.embedding(key)?;
        Ok(known.map(|known| made.apart(&known)))
    }

    /// A photograph's embedding in half precision; `undefined` where it is not known.
    pub fn embedding(&self, key: &str) -> Option<Vec<u8>> {
        self.memory.bytes(key).map(<[u8]>::to_vec)
    }

    /// Whether a photograph's embedding is here.
    pub fn knows(&self, key: &str) -> bool {
        self.memory.knows(key)
    }

    /// Begins to encode a photograph; goes on by [`Session::encode_step`]. One at a time.
    pub fn encode_begin(
        &mut self,
        key: String,
        width: usize,
        height: usize,
        rgba: &[u8],
    ) -> Result<(), JsError> {
        let encoding = self.encoder.begin(width, height, rgba)?;
        self.encoding = Some((key, encoding));
        Ok(())
    }

    /// Does a piece of the encoding; `false` when the photograph is known.
    pub fn encode_step(&mut self) -> Result<bool, JsError> {
        let Some((key, mut encoding)) = self.encoding.take() else {
            return Ok(false);
        };
        if self.encoder.step(&mut encoding)? {
            self.encoding = Some((key, encoding));
            return Ok(true);
        }
        let embedding = self.encoder.embedding(&encoding)?;
        self.memory.keep(key, &embedding);
        Ok(false)
    }

    /// Drops the encoding that was begun.
    pub fn encode_cancel(&mut self) {
        self.encoding = None;
    }

    /// The candidates for a prompt, best first: `[{score, polygons}]`; `undefined` where the
    /// photograph is not known. Points are x, y and 1 or 0, one after the other.
    pub fn decode(
        &mut self,
        key: &str,
        width: u32,
        height: u32,
        points: &[f64],
        area: Option<Box<[f64]>>,
        tolerance: f64,
    ) -> Result<JsValue, JsError> {
        let frame = self.decoder.frame(width, height);
        let Some(prepared) = self.memory.prepared(key, &self.decoder)? else {
            return Ok(JsValue::UNDEFINED);
        };
        let clicks = points.chunks_exact(3).map(|click| Click {
            at: Point::new(click[0], click[1]),
            positive: click[2] > 0.5,
        });
        let area = area.and_then(|corners| {
            let [x0, y0, x1, y1] = *corners else {
                return None;
            };
            Some(Rect::from_corners(Point::new(x0, y0), Point::new(x1, y1)))
        });
        let prompt = Prompt {
            clicks: clicks.collect(),
            area,
        };
        let candidates = self.decoder.decode(prepared, &prompt, &frame)?;
        Ok(values::candidates(&candidates, &frame, tolerance).into())
    }

    /// Begins to look for everything in a photograph, under a number; `false` where it is not known.
    pub fn search_begin(
        &mut self,
        id: u32,
        key: &str,
        width: u32,
        height: u32,
        tolerance: f64,
    ) -> Result<bool, JsError> {
        let Some(prepared) = self.memory.prepared(key, &self.decoder)? else {
            return Ok(false);
        };
        let frame = self.decoder.frame(width, height);
        let searching = Searching {
            search: Box::new(Everything::default().search(frame)),
            prepared: prepared.clone(),
            frame,
            tolerance,
        };
        self.searches.push((id, searching));
        Ok(true)
    }

    /// Begins to look for what is like a shape, under a number; goes on by [`Session::search_step`].
    /// The shape, an array of rings of x, y, x, y …, is in pixels of the photograph `from`; `false` where
    /// a photograph is not known.
    #[expect(clippy::too_many_arguments, reason = "a call from JavaScript is flat")]
    pub fn similar_begin(
        &mut self,
        id: u32,
        key: &str,
        width: u32,
        height: u32,
        shape: &Array,
        from: &str,
        from_width: u32,
        from_height: u32,
        tolerance: f64,
    ) -> Result<bool, JsError> {
        let (Some(own), Some(other)) = (self.memory.embedding(key)?, self.memory.embedding(from)?)
        else {
            return Ok(false);
        };
        let rings = values::rings(shape);
        let source = self.decoder.frame(from_width, from_height);
        let likeness = Likeness::of(&other, &source, &rings);
        let likeness =
            likeness.ok_or_else(|| JsError::new("the shape does not lie in its photograph"))?;
        let frame = self.decoder.frame(width, height);
        let known = if key == from { vec![rings] } else { Vec::new() };
        let search = Similar::default().search(&likeness, &own, frame, &known);
        let Some(prepared) = self.memory.prepared(key, &self.decoder)? else {
            return Ok(false);
        };
        let searching = Searching {
            search: Box::new(search),
            prepared: prepared.clone(),
            frame,
            tolerance,
        };
        self.searches.push((id, searching));
        Ok(true)
    }

    /// Asks about one more place; what is new, or `undefined` at the end.
    pub fn search_step(&mut self, id: u32) -> Result<JsValue, JsError> {
        let mut searches = self.searches.iter_mut();
        let Some((_, searching)) = searches.find(|(own, _)| *own == id) else {
            return Ok(JsValue::UNDEFINED);
        };
        let step = searching.search.step(&self.decoder, &searching.prepared)?;
        let Some(found) = step else {
            self.search_end(id);
            return Ok(JsValue::UNDEFINED);
        };
        Ok(values::candidates(&found, &searching.frame, searching.tolerance).into())
    }

    /// Forgets a search.
    pub fn search_end(&mut self, id: u32) {
        self.searches.retain(|(own, _)| *own != id);
    }
}

impl Memory {
    fn prepared(
        &mut self,
        key: &str,
        decoder: &Decoder,
    ) -> Result<Option<&visionflow_infer::Prepared>, Error> {
        self.prepared_by(key, |embedding| decoder.prepare(embedding, None))
    }
}
