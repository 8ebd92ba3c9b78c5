//! What the browser computes faster with loops of ours than with the runtime's own.
//!
//! The runtime picks its matrix multiplication from a registry, in which [`tile`]'s stands beside its
//! own where it runs in a browser on a processor with 16 vector registers. Natively nothing of this
//! is used but by tests.

#![expect(
    unsafe_code,
    reason = "the runtime hands over tiles and panels as pointers; each use says what it relies on"
)]
#![expect(
    clippy::inline_always,
    reason = "values that are to stay in registers must not pass through a call"
)]

mod lanes;
mod tile;
