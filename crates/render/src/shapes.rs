//! The pipelines of shapes: one for each set of kinds that a layer may hold.
//!
//! What a shader can do it pays for with every pixel, on a software rasteriser dearly, so a layer is
//! drawn by the least of them that knows its kinds.

use crate::gpu::{Blend, Gpu};
use std::cell::OnceCell;
use visionflow_scene::{Layer, primitive_kind};
use visionflow_shaders::Shader;

/// From the least to the one that knows all kinds.
const SHADERS: [Shader; 3] = [Shader::Shapes, Shader::Outlines, Shader::Masks];

/// Pipelines, made when they are first needed, or before that when there is time.
pub struct ShapePipelines<G: Gpu> {
    made: [OnceCell<G::Pipeline>; 3],
}

impl<G: Gpu> ShapePipelines<G> {
    pub fn new() -> Self {
        Self {
            made: Default::default(),
        }
    }

    /// The pipeline for what is in a layer; `layouts` are those of the view and of a layer.
    pub fn of(&self, gpu: &G, layouts: [&G::Layout; 2], layer: &Layer) -> &G::Pipeline {
        self.made(gpu, layouts, variant(layer.kinds))
    }

    /// Makes all that were not needed yet; whether they are ready.
    pub fn prepare(&self, gpu: &G, layouts: [&G::Layout; 2]) -> bool {
        let made = (0..SHADERS.len()).map(|variant| self.made(gpu, layouts, variant));
        // All of them are made before the first is asked for.
        let made: Vec<_> = made.collect();
        made.into_iter().all(|pipeline| gpu.prepare(pipeline))
    }

    fn made(&self, gpu: &G, layouts: [&G::Layout; 2], variant: usize) -> &G::Pipeline {
        self.made[variant].get_or_init(|| gpu.pipeline(SHADERS[variant], &layouts, Blend::Over))
    }
}

/// The number of the least pipeline that knows these kinds.
fn variant(kinds: u32) -> usize {
    let has = |kind: u32| kinds >> kind & 1 == 1;
    if has(primitive_kind::MASK) {
        2
    } else {
        usize::from(has(primitive_kind::OUTLINE) || has(primitive_kind::ELLIPSE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_finds_a_shader_that_knows_it() {
        let check = |kinds: &[u32], expected| {
            let bits = kinds.iter().map(|kind| 1 << kind).sum();
            assert_eq!(variant(bits), expected);
        };
        check(&[], 0);
        check(&[primitive_kind::BOX, primitive_kind::MARKER], 0);
        check(&[primitive_kind::ELLIPSE], 1);
        check(&[primitive_kind::BOX, primitive_kind::MASK], 2);
    }
}
