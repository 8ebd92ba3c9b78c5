//! What the worker says, out of its messages.

use super::speed::{GpuTrial, Module};
use crate::browser::property;
use js_sys::{Array, Float64Array};
use visionflow_geometry::{Point, Polygon};
use visionflow_tools::Candidate;
use wasm_bindgen::{JsCast, JsValue};

pub enum Said {
    /// Bytes of the model.
    Progress {
        received: f64,
        total: f64,
    },
    Loaded(Module),
    Encoded {
        key: String,
        /// How long the model took; none where the embedding came from elsewhere.
        seconds: Option<f64>,
        /// The graphics device did it.
        is_by_gpu: bool,
    },
    /// Whether the graphics device encodes from now on.
    Gpu(GpuTrial),
    Decoded(Vec<Candidate>),
    Found(Vec<Candidate>),
    Done,
    Error {
        code: String,
        message: String,
    },
    /// It is gone.
    Died {
        message: String,
    },
}

/// A message with the number of what it answers.
pub fn read(message: &JsValue) -> Option<(u32, Said)> {
    let number = |name: &str| property(message, name).and_then(|value| value.as_f64());
    let text = |name: &str| {
        let value = property(message, name).and_then(|value| value.as_string());
        value.unwrap_or_default()
    };
    let candidates = || {
        let list = property(message, "candidates").map(Array::from_js);
        list.unwrap_or_default()
            .iter()
            .map(|c| candidate(&c))
            .collect()
    };
    let said = match text("kind").as_str() {
        "progress" => Said::Progress {
            received: number("received").unwrap_or(0.0),
            total: number("total").unwrap_or(0.0),
        },
        "loaded" | "model_loaded" => Said::Loaded(Module {
            build: text("build"),
            threads: number("threads").unwrap_or(1.0) as u32,
            refused: Some(text("refused")).filter(|why| !why.is_empty()),
            encoder: text("encoder"),
        }),
        "encoded" | "embedded" => Said::Encoded {
            key: text("key"),
            seconds: number("seconds"),
            is_by_gpu: text("by") == "gpu",
        },
        "gpu" => Said::Gpu(match (number("seconds"), number("cpu_seconds")) {
            (Some(seconds), Some(cpu_seconds)) => GpuTrial::Measured {
                seconds,
                cpu_seconds,
                is_used: property(message, "is_used").is_some_and(|value| value.is_truthy()),
            },
            _ => GpuTrial::Failed(text("message")),
        }),
        "decoded" => Said::Decoded(candidates()),
        "found" => Said::Found(candidates()),
        "done" => Said::Done,
        "error" => Said::Error {
            code: text("code"),
            message: text("message"),
        },
        _ => return None,
    };
    Some((number("id")? as u32, said))
}

fn candidate(value: &JsValue) -> Candidate {
    let polygons = property(value, "polygons").map(Array::from_js);
    let rings = polygons.unwrap_or_default();
    let rings = rings
        .iter()
        .flat_map(|polygon| Array::from_js(polygon).to_vec());
    Candidate {
        score: property(value, "score")
            .and_then(|score| score.as_f64())
            .unwrap_or(0.0),
        outline: Polygon {
            rings: rings.map(|numbers| ring(&numbers)).collect(),
        },
    }
}

/// `x, y, x, y, …`
fn ring(numbers: &JsValue) -> Vec<Point> {
    let numbers = Float64Array::new(numbers).to_vec();
    let pairs = numbers.chunks_exact(2);
    pairs.map(|pair| Point::new(pair[0], pair[1])).collect()
}

trait FromJs {
    fn from_js(value: JsValue) -> Self;
}

impl FromJs for Array {
    /// What is no list is an empty one.
    fn from_js(value: JsValue) -> Self {
        value.dyn_into().unwrap_or_default()
    }
}
