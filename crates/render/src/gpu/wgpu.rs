//! [`Gpu`] over wgpu.

mod parts;
mod pass;
mod readback;
mod texture;

use super::mipmap::Mipmapper;
use super::{Binding, Blend, Filter, Gpu, Part, Readback, Resource, TextureDescription};
use parts::binding_types;
pub(super) use parts::{PipelineDescription, SAMPLER, bind, layout};
use pass::record;
use readback::PendingPixels;
use std::cell::OnceCell;
pub use texture::Texture;
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

    /// What a resource is to wgpu, at one number or two.
    fn bindings<'a>(&'a self, resource: &'a Resource<'a, Self>) -> Vec<wgpu::BindingResource<'a>> {
        use wgpu::BindingResource::{Buffer, Sampler, TextureView};
        let sampler = |filter: &Filter| match filter {
            Filter::Smooth => &self.smooth,
            Filter::Nearest => &self.nearest,
        };
        match resource {
            Resource::Uniform(buffer) => vec![buffer.as_entire_binding()],
            Resource::Slots(buffer, size_bytes) => vec![Buffer(wgpu::BufferBinding {
                buffer,
                offset: 0,
                size: wgpu::BufferSize::new(*size_bytes as u64),
            })],
            Resource::Sampled(texture, filter) => {
                vec![TextureView(texture.view()), Sampler(sampler(filter))]
            }
            Resource::Texture(texture) => vec![TextureView(texture.view())],
        }
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
        Texture::new(&self.device, label, description)
    }

    fn free(&self, texture: &Texture) {
        texture.inner().destroy();
    }

    fn write_texture(&self, texture: &Texture, part: &Part, bytes: &[u8], stride: usize) {
        self.queue.write_texture(
            wgpu::TexelCopyTextureInfo {
                texture: texture.inner(),
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
        mipmapper.fill(&self.device, &self.queue, texture.inner());
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
        let bound = resources
            .iter()
            .flat_map(|resource| self.bindings(resource));
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
        let encoder = record(&self.device, target, wgpu::Color { r, g, b, a: 1.0 }, paint);
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
        let encoder = record(&self.device, &target, wgpu::Color::BLACK, paint);
        let pending = PendingPixels::read(&self.device, &self.queue, encoder, &texture);
        texture.destroy();
        Box::new(pending)
    }
}
