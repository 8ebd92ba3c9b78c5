//! The pipelines of shapes: one for each set of kinds that a layer may hold.
//!
//! What a shader can do it pays for with every pixel, on a software rasteriser dearly, so a layer is
//! drawn by the least of them that knows its kinds.

use crate::pipeline::PipelineDescription;
use std::cell::OnceCell;
use visionflow_scene::{Layer, primitive_kind};

const SHAPES: &str = include_str!("shaders/shapes.wgsl");
const OUTLINES: &str = include_str!("shaders/outline.wgsl");
const MASKS: &str = include_str!("shaders/mask.wgsl");
/// Where the base names the functions of the others.
const MORE_KINDS: &str = "        // More kinds\n";

/// Pipelines, made when they are first needed, or before that when there is time.
pub struct ShapePipelines {
    device: wgpu::Device,
    format: wgpu::TextureFormat,
    layouts: [wgpu::BindGroupLayout; 2],
    made: [OnceCell<wgpu::RenderPipeline>; 3],
}

impl ShapePipelines {
    /// `layouts` are those of the view and of a layer.
    pub fn new(
        device: &wgpu::Device,
        format: wgpu::TextureFormat,
        layouts: [&wgpu::BindGroupLayout; 2],
    ) -> Self {
        Self {
            device: device.clone(),
            format,
            layouts: layouts.map(Clone::clone),
            made: Default::default(),
        }
    }

    /// The pipeline for what is in a layer.
    pub fn of(&self, layer: &Layer) -> &wgpu::RenderPipeline {
        self.made(variant(layer.kinds))
    }

    /// Makes one that was not needed yet; whether there was one.
    ///
    /// WebGL2 waits for the compiler, behind everything that is being drawn: better before the
    /// first selection than during it.
    pub fn prepare(&self) -> bool {
        let missing = self.made.iter().position(|made| made.get().is_none());
        missing.is_some_and(|variant| {
            self.made(variant);
            true
        })
    }

    fn made(&self, variant: usize) -> &wgpu::RenderPipeline {
        self.made[variant].get_or_init(|| {
            let [view, tables] = &self.layouts;
            PipelineDescription {
                label: "shapes",
                source: &source(variant),
                vertex: "vs_shapes",
                fragment: "fs_shapes",
                groups: &[view, tables],
                format: self.format,
                blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
            }
            .create(&self.device)
        })
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

fn source(variant: usize) -> String {
    let mut cases = String::new();
    let mut functions = String::new();
    if variant >= 1 {
        cases += "        case 5u: { return shade_outline(in); }\n";
        cases += "        case 6u: { return shade_ellipse(in); }\n";
        functions += OUTLINES;
    }
    if variant >= 2 {
        cases += "        case 7u: { return shade_mask(in); }\n";
        functions += MASKS;
    }
    SHAPES.replace(MORE_KINDS, &cases) + &functions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_finds_a_shader_that_knows_it() {
        assert!(SHAPES.contains(MORE_KINDS));
        let check = |kinds: &[u32], expected| {
            let bits = kinds.iter().map(|kind| 1 << kind).sum();
            assert_eq!(variant(bits), expected);
        };
        check(&[], 0);
        check(&[primitive_kind::BOX, primitive_kind::MARKER], 0);
        check(&[primitive_kind::ELLIPSE], 1);
        check(&[primitive_kind::BOX, primitive_kind::MASK], 2);
        assert!(source(2).contains("case 5u") && source(2).contains("fn shade_mask"));
    }
}
