//! [`Gpu`] over wgpu.

mod parts;
mod readback;

use super::mipmap::Mipmapper;
use super::{
    Binding, Blend, Filter, Format, Gpu, Part, Pass, Readback, Resource, TextureDescription,
};
pub(super) use parts::{PipelineDescription, SAMPLER, bind, layout};
use parts::{binding_types, texture_format};
use readback::PendingPixels;
use std::cell::OnceCell;
use std::ops::Range;
use visionflow_shaders::Shader;

/// A device, and the format of what it draws on.
pub struct Wgpu {
    device: wgpu::Device,
    queue: wgpu::Queue,
    format: wgpu::TextureFormat,
    smooth: wgpu::Sampler,
    nearest: wgpu::Sampler,
    /// Made when the first photograph comes.
    mipmapper: OnceCell<Mipmapper>,
}

/// A texture that is freed when dropped: on the web, dropping wgpu's own frees nothing before the
/// browser collects its garbage.
pub struct Texture(wgpu::Texture);

impl Texture {
    pub fn inner(&self) -> &wgpu::Texture {
        &self.0
    }
}

impl Drop for Texture {
    fn drop(&mut self) {
        self.0.destroy();
    }
}

impl Wgpu {
    /// Draws on targets of `format`, which should not convert to sRGB.
    pub fn new(device: wgpu::Device, queue: wgpu::Queue, format: wgpu::TextureFormat) -> Self {
        let sampler = |mag_filter| {
            device.create_sampler(&wgpu::SamplerDescriptor {
                label: Some("image"),
                mag_filter,
                min_filter: wgpu::FilterMode::Linear,
                mipmap_filter: wgpu::MipmapFilterMode::Linear,
                ..Default::default()
            })
        };
        Self {
            smooth: sampler(wgpu::FilterMode::Linear),
            nearest: sampler(wgpu::FilterMode::Nearest),
            device,
            queue,
            format,
            mipmapper: OnceCell::new(),
        }
    }

    pub fn device(&self) -> &wgpu::Device {
        &self.device
    }

    pub fn queue(&self) -> &wgpu::Queue {
        &self.queue
    }

    /// Draws over `background` and gives back what was recorded.
    fn record(
        &self,
        view: &wgpu::TextureView,
        background: wgpu::Color,
        paint: impl FnOnce(&mut wgpu::RenderPass<'static>),
    ) -> wgpu::CommandEncoder {
        let mut encoder = self
            .device
            .create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("frame"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(background),
                    store: wgpu::StoreOp::Store,
                },
            })],
            ..Default::default()
        });
        let mut pass = pass.forget_lifetime();
        paint(&mut pass);
        drop(pass);
        encoder
    }
}

impl Gpu for Wgpu {
    type Texture = Texture;
    type Uniform = wgpu::Buffer;
    type Layout = wgpu::BindGroupLayout;
    type Group = wgpu::BindGroup;
    type Pipeline = wgpu::RenderPipeline;
    type Target = wgpu::TextureView;
    type Pass = wgpu::RenderPass<'static>;

    fn max_texture_size(&self) -> u32 {
        self.device.limits().max_texture_dimension_2d
    }

    fn texture(&self, label: &str, description: &TextureDescription) -> Texture {
        let mut usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST;
        // The browser copies its own bitmaps by drawing them, and mipmaps are drawn too.
        if description.format == Format::Rgba8 {
            usage |= wgpu::TextureUsages::RENDER_ATTACHMENT;
        }
        let (width, height) = description.size;
        Texture(self.device.create_texture(&wgpu::TextureDescriptor {
            label: Some(label),
            size: wgpu::Extent3d {
                width,
                height,
                depth_or_array_layers: description.layers,
            },
            mip_level_count: description.levels(),
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: texture_format(description.format),
            usage,
            view_formats: &[],
        }))
    }

    fn write_texture(&self, texture: &Texture, part: &Part, bytes: &[u8], stride: usize) {
        self.queue.write_texture(
            wgpu::TexelCopyTextureInfo {
                texture: &texture.0,
                mip_level: 0,
                origin: wgpu::Origin3d {
                    x: part.x,
                    y: part.y,
                    z: part.layer,
                },
                aspect: wgpu::TextureAspect::All,
            },
            bytes,
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(stride as u32),
                rows_per_image: None,
            },
            wgpu::Extent3d {
                width: part.size.0,
                height: part.size.1,
                depth_or_array_layers: 1,
            },
        );
    }

    fn fill_mipmaps(&self, texture: &Texture) {
        let mipmapper = self.mipmapper.get_or_init(|| Mipmapper::new(&self.device));
        mipmapper.fill(&self.device, &self.queue, &texture.0);
    }

    fn uniform(&self, label: &str, size_bytes: usize) -> wgpu::Buffer {
        self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            size: size_bytes as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        })
    }

    fn write_uniform(&self, uniform: &wgpu::Buffer, bytes: &[u8]) {
        self.queue.write_buffer(uniform, 0, bytes);
    }

    fn layout(&self, label: &str, bindings: &[Binding]) -> wgpu::BindGroupLayout {
        let types = bindings.iter().flat_map(|&binding| binding_types(binding));
        layout(&self.device, label, types)
    }

    fn group(
        &self,
        layout: &wgpu::BindGroupLayout,
        resources: &[Resource<'_, Self>],
    ) -> wgpu::BindGroup {
        let views: Vec<_> = resources.iter().map(view_of).collect();
        let mut bound = Vec::new();
        for (resource, view) in resources.iter().zip(&views) {
            match resource {
                Resource::Uniform(buffer) => bound.push(buffer.as_entire_binding()),
                Resource::Slots(buffer, size_bytes) => {
                    bound.push(wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                        buffer,
                        offset: 0,
                        size: wgpu::BufferSize::new(*size_bytes as u64),
                    }));
                }
                Resource::Sampled(..) | Resource::Texture(_) => {
                    bound.extend(view.iter().map(wgpu::BindingResource::TextureView));
                }
            }
            if let Resource::Sampled(_, filter) = resource {
                bound.push(wgpu::BindingResource::Sampler(match filter {
                    Filter::Smooth => &self.smooth,
                    Filter::Nearest => &self.nearest,
                }));
            }
        }
        bind(&self.device, layout, bound)
    }

    fn pipeline(
        &self,
        shader: Shader,
        groups: &[&wgpu::BindGroupLayout],
        blend: Blend,
    ) -> wgpu::RenderPipeline {
        let description = PipelineDescription {
            source: &shader.wgsl(),
            entry_points: shader.entry_points(),
            groups,
            format: self.format,
            blend: match blend {
                Blend::Replace => None,
                Blend::Over => Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
            },
        };
        description.create(&self.device)
    }

    /// The browser compiles in a process of its own, and nothing here waits for it.
    fn prepare(&self, _pipeline: &wgpu::RenderPipeline) -> bool {
        true
    }

    fn frame(
        &self,
        target: &wgpu::TextureView,
        [r, g, b]: [f64; 3],
        paint: impl FnOnce(&mut Self::Pass),
    ) {
        let encoder = self.record(target, wgpu::Color { r, g, b, a: 1.0 }, paint);
        self.queue.submit([encoder.finish()]);
    }

    fn read(
        &self,
        (width, height): (u32, u32),
        paint: impl FnOnce(&mut Self::Pass),
    ) -> Box<dyn Readback> {
        let texture = self.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("pixels"),
            size: wgpu::Extent3d {
                width,
                height,
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: self.format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        });
        let target = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let encoder = self.record(&target, wgpu::Color::BLACK, paint);
        let pending = PendingPixels::read(&self.device, &self.queue, encoder, &texture);
        texture.destroy();
        Box::new(pending)
    }
}

impl Pass<Wgpu> for wgpu::RenderPass<'static> {
    fn set_pipeline(&mut self, pipeline: &wgpu::RenderPipeline) {
        wgpu::RenderPass::set_pipeline(self, pipeline);
    }

    fn set_group(&mut self, number: u32, group: &wgpu::BindGroup) {
        self.set_bind_group(number, group, &[]);
    }

    fn set_slot(&mut self, number: u32, group: &wgpu::BindGroup, offset: u32) {
        self.set_bind_group(number, group, &[offset]);
    }

    fn draw(&mut self, vertices: Range<u32>) {
        wgpu::RenderPass::draw(self, vertices, 0..1);
    }
}

fn view_of(resource: &Resource<'_, Wgpu>) -> Option<wgpu::TextureView> {
    let (Resource::Sampled(texture, _) | Resource::Texture(texture)) = resource else {
        return None;
    };
    // Of several layers wgpu makes an array by itself.
    Some(
        texture
            .0
            .create_view(&wgpu::TextureViewDescriptor::default()),
    )
}
