//! What can be wrong with a model, with pixels, or with what a model answers.

use crate::spec::{MAX_INPUT_PIXELS, MAX_INPUT_SIDE};

/// The side of the largest square that a model is fed with.
const MOST: usize = MAX_INPUT_PIXELS.isqrt();

/// Sentences that a person can act on; the names of operators, inputs and outputs are the file's own.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("the model's file is cut off: it has {got} bytes, and a part of it ends at {wanted}")]
    Truncated { got: usize, wanted: usize },
    #[error("this is not an ONNX model: {0}")]
    NotOnnx(&'static str),
    #[error("{wanted} is needed, but the model takes {inputs} and gives {outputs}")]
    WrongModel {
        wanted: &'static str,
        inputs: String,
        outputs: String,
    },
    #[error("the model has {} MB, and {} MB are the most that can be run", got >> 20, most >> 20)]
    TooLarge { got: u64, most: u64 },
    #[error("the model's weights lie in other files; export it as one file")]
    Split,
    #[error("what this model is for cannot be told: it takes {inputs} and gives {outputs}")]
    UnknownLayout { inputs: String, outputs: String },
    #[error("this is {0}, which is recognised but cannot be run here: {1}")]
    Unsupported(&'static str, &'static str),
    #[error(
        "the model's input {name} takes a photograph of {width} x {height} pixels; its sides may be 1 to \
         {MAX_INPUT_SIDE} pixels, and both together have no more pixels than {MOST} x {MOST}"
    )]
    InputSize {
        name: String,
        width: usize,
        height: usize,
    },
    #[error("the description of the model does not fit it: {0}")]
    Spec(String),
    #[error("the model uses the operator {0}, which is not supported")]
    UnknownOperator(String),
    #[error("the model cannot be prepared: {0}")]
    Unusable(String),
    #[error("the model failed: {0}")]
    Failed(String),
    #[error("the model's answer is not a number")]
    NotANumber,
    #[error("an output of the model has the sides {0:?}, which its layout does not have")]
    Shape(Vec<usize>),
    #[error("the model's answer has {got} numbers, and {most} are the most that are read")]
    Answer { got: usize, most: usize },
    #[error("{got} bytes of pixels were given, and {width} x {height} pixels have {wanted}")]
    Pixels {
        width: usize,
        height: usize,
        wanted: usize,
        got: usize,
    },
    #[error("an embedding has {wanted} bytes, and {got} were given")]
    EmbeddingSize { wanted: usize, got: usize },
    #[error("a prompt needs a point or a box")]
    NoPrompt,
    #[error("a coordinate of the prompt is not a number")]
    PromptNotFinite,
    #[error("a mask has {wanted} values, and {got} were given")]
    MaskSize { wanted: usize, got: usize },
}
