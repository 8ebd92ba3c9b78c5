//! What the server and its helper say to each other: a line of JSON each way, with raw bytes after
//! it where the line speaks of some.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::PathBuf;
use visionflow_model::Shape;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Request {
    /// Reads a model's files and runs it once; answered with a report. Of several ways to read them
    /// `spec` names the one that is tried.
    Inspect {
        files: Vec<PathBuf>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        spec: Option<Value>,
    },
    /// Loads a model; after it come photographs.
    Load { files: Vec<PathBuf>, spec: Value },
    /// Looks at a photograph of `width` x `height` pixels: RGBA of its pixels at another scale
    /// follows, the answer is a list of [`Detection`]s.
    Run {
        width: u32,
        height: u32,
        scaled_width: u32,
        scaled_height: u32,
    },
    /// Encodes a photograph with the built-in encoder: RGBA of so many pixels follows, half floats
    /// are the answer.
    Encode { width: u32, height: u32 },
}

impl Request {
    /// How many raw bytes follow the line.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Inspect { .. } | Self::Load { .. } => 0,
            Self::Run {
                scaled_width: width,
                scaled_height: height,
                ..
            }
            | Self::Encode { width, height } => *width as usize * *height as usize * 4,
        }
    }
}

/// What a model has found.
#[derive(Clone, Debug, Deserialize)]
pub struct Detection {
    pub class: usize,
    pub score: f64,
    /// In pixels of the full photograph.
    pub shape: Shape,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answer {
    Done {
        value: Value,
        /// Raw bytes that follow the line.
        #[serde(default)]
        bytes: u64,
    },
    /// The model's fault, in words.
    Refused { message: String },
}
