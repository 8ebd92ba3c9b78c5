//! What the browser computes faster with loops of ours than with the runtime's own.
//!
//! The runtime picks its matrix multiplication from a registry, in which [`tile`]'s stands beside its
//! own where it runs in a browser on a processor with 16 vector registers. When a model is loaded
//! there, [`attention`] looks for what it can do in one go in its simplified graph, and [`replace`] goes
//! through its optimised graph and puts [`ops`] of ours where they do the same:
//! layers of known weights with all that follows them ([`dense`]), softmax with a sum before it and the
//! Gaussian error linear unit ([`rows`]), many small products at once ([`products`]). Natively nothing of
//! this is used but by tests.

#![expect(
    unsafe_code,
    reason = "the runtime hands over tiles and panels as pointers; each use says what it relies on"
)]
#![expect(
    clippy::inline_always,
    reason = "values that are to stay in registers must not pass through a call"
)]

mod attention;
mod dense;
mod lanes;
mod ops;
mod products;
mod replace;
mod rows;
mod tile;

pub(crate) use attention::attention;
pub(crate) use replace::faster;

#[cfg(test)]
mod tests;
