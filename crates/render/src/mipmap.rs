//! Mipmaps made on the GPU, each level from the one before it.

use crate::pipeline::{self, PipelineDescription};

/// Fills the levels of textures in one format.
pub struct Mipmapper {
    pipeline: wgpu::RenderPipeline,
    layout: wgpu::BindGroupLayout,
    sampler: wgpu::Sampler,
}

/// How many levels a texture of this size has, down to one pixel.
pub fn level_count(width: u32, height: u32) -> u32 {
    width.max(height).max(1).ilog2() + 1
}

impl Mipmapper {
    pub fn new(device: &wgpu::Device, format: wgpu::TextureFormat) -> Self {
        let types = [pipeline::texture(pipeline::FILTERED), pipeline::SAMPLER];
        let layout = pipeline::layout(device, "mipmap", wgpu::ShaderStages::FRAGMENT, &types);
        let pipeline = PipelineDescription {
            label: "mipmap",
            source: include_str!("shaders/mipmap.wgsl"),
            vertex: "vs_mipmap",
            fragment: "fs_mipmap",
            groups: &[&layout],
            format,
            blend: None,
        }
        .create(device);
        let sampler = device.create_sampler(&wgpu::SamplerDescriptor {
            label: Some("mipmap"),
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            ..Default::default()
        });
        Self {
            pipeline,
            layout,
            sampler,
        }
    }

    /// Fills all levels of `texture` from its first.
    pub fn fill(&self, device: &wgpu::Device, queue: &wgpu::Queue, texture: &wgpu::Texture) {
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor {
            label: Some("mipmaps"),
        });
        let views: Vec<_> = (0..texture.mip_level_count())
            .map(|level| {
                texture.create_view(&wgpu::TextureViewDescriptor {
                    base_mip_level: level,
                    mip_level_count: Some(1),
                    ..Default::default()
                })
            })
            .collect();
        for pair in views.windows(2) {
            let group = pipeline::bind(
                device,
                &self.layout,
                &[
                    wgpu::BindingResource::TextureView(&pair[0]),
                    wgpu::BindingResource::Sampler(&self.sampler),
                ],
            );
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("mipmap"),
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view: &pair[1],
                    depth_slice: None,
                    resolve_target: None,
                    ops: wgpu::Operations {
                        load: wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT),
                        store: wgpu::StoreOp::Store,
                    },
                })],
                ..Default::default()
            });
            pass.set_pipeline(&self.pipeline);
            pass.set_bind_group(0, &group, &[]);
            pass.draw(0..3, 0..1);
        }
        queue.submit([encoder.finish()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_go_down_to_one_pixel() {
        let cases = [((1, 1), 1), ((2, 1), 2), ((4096, 3), 13), ((5, 7), 3)];
        for ((width, height), levels) in cases {
            assert_eq!(level_count(width, height), levels);
        }
    }
}
