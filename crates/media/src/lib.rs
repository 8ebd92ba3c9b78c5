//! Bytes of photographs: what they are, how large, which way up, and whether they are whole.
//!
//! [`probe`] needs only the first and the last bytes of an object, so that the server inspects an
//! upload by two ranged reads; [`decode`] reads everything and belongs into a job or a worker.
//! Nothing here does I/O: bytes come as arguments.

mod decode;
mod ends;
mod format;
mod probe;

pub use decode::{DecodeError, MAX_PIXELS, check, thumbnail, upright};
pub use ends::Ends;
pub use format::Format;
pub use probe::{MAX_SIDE, Probe, ProbeError, probe};
