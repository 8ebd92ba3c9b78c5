//! Bytes of photographs: what they are, how large, which way up, whether they are whole, and the
//! pixels of those that are too large or too rare for a browser's own decoders.
//!
//! - [`probe`] needs only the first and the last bytes of an object, so that the server inspects an
//!   upload by two ranged reads.
//! - [`tiles`] says where the tiles of a large picture lie and which of them a view needs;
//!   [`deep_zoom`] and [`iiif`] are sources whose tiles the browser decodes.
//! - Feature `stream`: `tiff` reads by range, `plain` streams large JPEG, PNG and TIFF into tiles
//!   without ever holding the whole; a worker runs them.
//! - Feature `decode`: `check`, `thumbnail`, `scaled` and `upright` read everything and belong into a job.
//!
//! Nothing here does I/O: bytes come as arguments.

#[cfg(feature = "decode")]
mod decode;
pub mod deep_zoom;
mod ends;
mod error;
mod format;
pub mod iiif;
#[cfg(feature = "stream")]
mod jpeg;
mod pixels;
#[cfg(feature = "stream")]
pub mod plain;
#[cfg(feature = "stream")]
mod png;
mod probe;
#[cfg(feature = "stream")]
mod profile;
#[cfg(all(feature = "decode", feature = "stream"))]
mod scaled;
#[cfg(feature = "stream")]
mod sparse;
#[cfg(all(feature = "decode", feature = "stream"))]
mod survey;
#[cfg(feature = "stream")]
pub mod tiff;
pub mod tiles;

#[cfg(feature = "decode")]
pub use decode::{DecodeError, check, thumbnail, upright};
pub use ends::{Ends, place_of};
pub use error::{PictureError, ReadError};
pub use format::Format;
pub use pixels::{PixelFormat, Pixels, Raster};
pub use probe::{MAX_SIDE, Probe, ProbeError, is_animated, probe};
#[cfg(feature = "stream")]
pub use profile::ToSrgb;
#[cfg(all(feature = "decode", feature = "stream"))]
pub use scaled::{Scaled, scaled};
#[cfg(feature = "stream")]
pub use sparse::Sparse;
#[cfg(all(feature = "decode", feature = "stream"))]
pub use survey::{LARGE_PIXELS, survey, tiff_size};

/// The most pixels of a plain JPEG, PNG or TIFF: 500 megapixels.
pub const MAX_PIXELS: u64 = 500_000_000;
