//! Mipmaps made by drawing, which WebGPU leaves to its users: each level from the one before it.

use super::wgpu::{PipelineDescription, SAMPLER, bind, layout};

/// Fills the levels of textures of four bytes a texel.
pub struct Mipmapper {
    pipeline: wgpu::RenderPipeline,
    layout: wgpu::BindGroupLayout,
    sampler: wgpu::Sampler,
}

impl Mipmapper {
    pub fn new(device: &wgpu::Device) -> Self {
        let types = [
            wgpu::BindingType::Texture {
                sample_type: wgpu::TextureSampleType::Float { filterable: true },
                view_dimension: wgpu::TextureViewDimension::D2,
                multisampled: false,
            },
            SAMPLER,
        ];
        let layout = layout(device, "mipmap", types);
        let pipeline = PipelineDescription {
            source: include_str!("mipmap.wgsl"),
            entry_points: ("vs_mipmap", "fs_mipmap"),
            groups: &[&layout],
            format: wgpu::TextureFormat::Rgba8Unorm,
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
            let group = bind(
                device,
                &self.layout,
                [
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
