//! Executes a scene's draw list on the GPU.
//!
//! [`Renderer`] knows primitives, images and painted texts, never annotations.
//! Primitives lie in integer textures that the vertex shader reads by vertex index: WebGL2 has no
//! storage buffers, and instancing is slow on software GPUs. One draw call shows a layer of
//! whatever primitives in whatever order.
//! Only the texels that a draw list names as changed are uploaded; a frame in which only the
//! camera moved writes 32 bytes.
//!
//! The same code runs on WebGPU, on WebGL2 (both through [`web`]) and natively, where the golden
//! images are made; what they have in common is a [`Gpu`].

mod error;
mod gpu;
mod image;
mod layer;
mod lines;
mod masks;
mod renderer;
mod shapes;
mod sprites;
mod table;
#[cfg(target_arch = "wasm32")]
pub mod web;

pub use error::RenderError;
pub use gpu::{Gpu, Readback, Wgpu};
pub use image::{ImageTile, TileFormat, image_tiles};
pub use renderer::Renderer;
pub use wgpu;
