//! The pipelines of shapes: one for each set of kinds that a layer may hold.
//!
//! What a shader can do it pays for with every pixel, on a software rasteriser dearly, so a layer is
//! drawn by the least of them that knows its kinds.

use crate::gpu::{Blend, Gpu};
use std::cell::OnceCell;
use visionflow_scene::{Layer, primitive_kind};
use visionflow_shaders::Shader;

/// With the kinds that each knows, bit by bit, from the least to the one that knows all.
const SHADERS: [(Shader, u32); 5] = {
    use primitive_kind::{BOX, ELLIPSE, MARKER, OUTLINE, SEGMENT, TRIANGLE};
    let figures = 1 << BOX | 1 << TRIANGLE | 1 << SEGMENT | 1 << MARKER;
    [
        (Shader::Boxes, 1 << BOX),
        (Shader::Outlines, 1 << BOX | 1 << OUTLINE),
        (Shader::Figures, figures),
        (Shader::Shapes, figures | 1 << OUTLINE | 1 << ELLIPSE),
        (Shader::Masks, u32::MAX),
    ]
};

/// Pipelines, made when they are first needed, or before that when there is time.
pub struct ShapePipelines<G: Gpu> {
    made: [OnceCell<G::Pipeline>; SHADERS.len()],
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
        self.made[variant].get_or_init(|| gpu.pipeline(SHADERS[variant].0, &layouts, Blend::Over))
    }
}

/// The number of the least pipeline that knows these kinds.
fn variant(kinds: u32) -> usize {
    let knows = |(_, known): &(Shader, u32)| kinds & !known == 0;
    SHADERS.iter().position(knows).unwrap_or(SHADERS.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use primitive_kind::{BOX, ELLIPSE, MARKER, MASK, OUTLINE};

    #[test]
    fn each_kind_finds_a_shader_that_knows_it() {
        let check = |kinds: &[u32], expected| {
            let bits = kinds.iter().map(|kind| 1 << kind).sum();
            assert_eq!(SHADERS[variant(bits)].0, expected);
        };
        check(&[], Shader::Boxes);
        check(&[BOX], Shader::Boxes);
        check(&[OUTLINE], Shader::Outlines);
        check(&[BOX, MARKER], Shader::Figures);
        check(&[OUTLINE, MARKER], Shader::Shapes);
        check(&[ELLIPSE], Shader::Shapes);
        check(&[BOX, MASK], Shader::Masks);
    }
}
