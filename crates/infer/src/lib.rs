//! Pixels to proposals: Segment Anything on tract, and masks to polygons.
//!
//! photograph -> [`Encoder`] -> [`Embedding`] (once) -> [`Decoder::prepare`] (once) -> with each
//! [`Prompt`] -> [`Candidate`]s -> [`Outline`] -> `geometry::Polygon`. [`Everything`] asks for all
//! there is, click by click.
//!
//! Models come as bytes and are checked before they are run: what a file is, is told from its own
//! inputs and outputs ([`Header`]).
//! Nothing here reads files, knows the time or a thread; long work is done in steps, between which a
//! host does what is more urgent.
//!
//! The feature `models` (on unless turned off) brings tract; without it the parsers and the way from
//! masks to polygons are left.
//!
//! Segment Anything: Kirillov et al. 2023; the model in `models/mobile-sam` is MobileSAM, Zhang et
//! al. 2023.

#[cfg(feature = "models")]
mod bits;
mod contour;
#[cfg(feature = "models")]
mod decoder;
mod embedding;
#[cfg(feature = "models")]
mod encoder;
mod error;
#[cfg(feature = "models")]
mod everything;
mod frame;
mod header;
mod logits;
mod outline;
#[cfg(feature = "models")]
mod pixels;
#[cfg(feature = "models")]
mod program;
#[cfg(feature = "models")]
mod prompt;

#[cfg(feature = "models")]
pub use decoder::{Decoder, Prepared};
pub use embedding::Embedding;
#[cfg(feature = "models")]
pub use encoder::{Encoder, Encoding};
pub use error::Error;
#[cfg(feature = "models")]
pub use everything::{Everything, Search};
pub use frame::{Frame, SIDE};
pub use header::{Header, Kind};
pub use logits::{Logits, MASK_SIDE};
pub use outline::Outline;
#[cfg(feature = "models")]
pub use prompt::{Candidate, Click, Prompt};
