//! Pixels to proposals: models on tract, and masks to polygons.
//!
//! Models for prompts: photograph -> [`Encoder`] -> [`Embedding`] (once) -> [`Decoder::prepare`] (once) -> with each
//! [`Prompt`] -> [`Candidate`]s -> [`Outline`] -> `geometry::Polygon`. [`Everything`] asks for all
//! there is, click by click, and [`Similar`] for more of the same.
//!
//! Detectors, classifiers, embedders: [`recognise`] -> [`ModelSpec`] -> [`Network`] -> with each
//! [`Photo`] -> [`Outcome`].
//!
//! Models come as bytes and are checked before they are run: what a file is, is told from its own
//! inputs, outputs and metadata ([`Header`]), and [`inspect`] runs it once.
//! Nothing here reads files, knows the time or starts a thread; long work is done in steps, between which a
//! host does what is more urgent.
//!
//! [`lower_encoder`] says an encoder as a [`Graph`] of plain operations, for those who run it without
//! the runtime.
//!
//! The feature `models` (on unless turned off) brings tract; without it the parsers and the way from
//! masks to polygons are left. With `threads` the work of a node can be shared out to rayon's pool, which
//! [`use_threads`] asks for; what is computed does not depend on it.
//!
//! Segment Anything: Kirillov et al. 2023; the model in `models/mobile-sam` is MobileSAM, Zhang et
//! al. 2023.

#[cfg(feature = "models")]
mod bits;
mod contour;
#[cfg(feature = "models")]
mod decode;
#[cfg(feature = "models")]
mod decoder;
mod embedding;
#[cfg(feature = "models")]
mod encoder;
mod error;
#[cfg(feature = "models")]
mod everything;
#[cfg(feature = "models")]
mod fit;
mod frame;
mod graph;
mod header;
#[cfg(feature = "models")]
mod inspect;
#[cfg(feature = "models")]
mod kernel;
mod logits;
#[cfg(feature = "models")]
mod lower;
mod metadata;
#[cfg(feature = "models")]
mod network;
#[cfg(feature = "models")]
mod nms;
mod outline;
#[cfg(feature = "models")]
mod pixels;
#[cfg(feature = "models")]
mod program;
#[cfg(feature = "models")]
mod prompt;
mod recognise;
#[cfg(feature = "models")]
mod similar;
mod spec;
#[cfg(feature = "threads")]
mod threads;
mod wire;

#[cfg(feature = "models")]
pub use decode::{Detection, Outcome};
#[cfg(feature = "models")]
pub use decoder::{Decoder, Prepared};
pub use embedding::Embedding;
#[cfg(feature = "models")]
pub use encoder::{Encoder, Encoding};
pub use error::Error;
#[cfg(feature = "models")]
pub use everything::{Everything, Finding, Search};
#[cfg(feature = "models")]
pub use fit::{Fit, Photo};
pub use frame::{Frame, SIDE};
pub use graph::{
    Binary, Contraction, Convolution, Graph, Node, Operation, Reduction, Unary, ValueId,
};
pub use header::{Dim, Element, Header, MAX_MODEL_BYTES, Port, check_size};
#[cfg(feature = "models")]
pub use inspect::{Report, inspect, pair, validate};
pub use logits::{Logits, MASK_SIDE};
#[cfg(feature = "models")]
pub use lower::lower_encoder;
pub use metadata::{class_names, numbers};
#[cfg(feature = "models")]
pub use network::{Network, Work};
#[cfg(feature = "models")]
pub use nms::{Scored, overlap, suppress};
pub use outline::Outline;
#[cfg(feature = "models")]
pub use prompt::{Candidate, Click, Prompt};
pub use recognise::recognise;
#[cfg(feature = "models")]
pub use similar::{Likeness, Likewise, Similar};
pub use spec::{
    Input, Layout, MAX_DETECTIONS, MAX_INPUT_PIXELS, MAX_INPUT_SIDE, ModelSpec, Scaling, Task,
};
#[cfg(feature = "threads")]
pub use threads::use_threads;
