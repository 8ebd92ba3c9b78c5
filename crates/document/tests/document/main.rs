//! The document as its users see it: merging, undo, convergence, hostile bytes, foreign clients.
#![allow(clippy::unwrap_used)]

mod compare;
mod convergence;
mod edits;
mod foreign;
mod hostile;
mod masks;
mod shapes;
mod suggestions;
mod support;
mod undo;
