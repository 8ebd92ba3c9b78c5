//! Fuzz targets: every parser of bytes from outside that the engine owns, and the geometry behind
//! them.
//!
//! A target is a plain function of bytes that must not panic, hang or eat the memory.
//! `cargo xtask fuzz` runs each for a minute on the stable compiler (see `main.rs`); what it finds
//! is kept in `corpus/<target>/` once it is mended, and is tried by the tests ever after.

mod mutate;
mod outcome;
mod targets;

pub use mutate::{Mutator, Random};
pub use outcome::{exact, kind, outcome, outcome_of};
pub use targets::TARGETS;

/// A parser under test.
pub struct Target {
    pub name: &'static str,
    /// Does something with the bytes; what comes back is a digest of how it went, so that inputs
    /// with a new outcome can be told from those with a known one.
    pub run: fn(&[u8]) -> u64,
    /// Sound input to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
}
