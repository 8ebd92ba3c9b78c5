//! A network of plain operations on a graphics device, by compute shaders.
//!
//! `visionflow_infer::Graph` -> [`Plan`] (which shaders, on which memory; no device is needed for it)
//! -> [`Network`] (pipelines and weights on a [`Gpu`]) -> with each input -> outputs.
//!
//! WebGPU in the browser, Vulkan or Metal natively. All numbers are in single precision, so that what is
//! computed is what the runtime on the processor computes, up to the order of sums. Which of the two a
//! photograph is encoded by is for the host to measure. An operation that no shader is known for, a
//! device that is too small or goes away is an error that says so, and the host goes on without.
//!
//! A shader is put together from where its numbers lie ([`view`]), what is done to each by itself
//! ([`expr`]) and one of the files in `shaders/`, whose first lines say their index space.

mod error;
mod expr;
mod gpu;
mod kernel;
mod network;
mod plan;
mod readback;
mod source;
mod view;

pub use error::GpuError;
pub use gpu::{Admit, Gpu};
pub use kernel::{Dispatch, Limits};
pub use network::Network;
pub use plan::Plan;
pub use view::BufferId;
