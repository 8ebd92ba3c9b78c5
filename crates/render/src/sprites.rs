//! Painted texts: a texture each, placed on whole device pixels or stretched over the image.

use crate::pipeline::{self, PipelineDescription};
use bytemuck::{Pod, Zeroable};
use std::collections::HashMap;
use visionflow_scene::{DrawList, Sprite, SpriteId};

/// WebGPU and WebGL2 both place uniforms at multiples of this.
const SLOT_BYTES: usize = 256;

/// Keeps and draws the painted texts.
pub struct SpritePainter {
    pipeline: wgpu::RenderPipeline,
    place_layout: wgpu::BindGroupLayout,
    texture_layout: wgpu::BindGroupLayout,
    textures: HashMap<SpriteId, SpriteTexture>,
    places: wgpu::Buffer,
    places_group: wgpu::BindGroup,
    capacity: usize,
    /// What `places` is written from; kept to be refilled.
    staging: Vec<u8>,
    placed: Vec<SpriteId>,
}

struct SpriteTexture {
    group: wgpu::BindGroup,
    size: (u32, u32),
}

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Place {
    at: [f32; 2],
    size: [f32; 2],
    target_size: [f32; 2],
    unused: [f32; 2],
}

impl SpritePainter {
    pub fn new(device: &wgpu::Device, target: wgpu::TextureFormat) -> Self {
        let stages = wgpu::ShaderStages::VERTEX_FRAGMENT;
        let uniform = wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset: true,
            min_binding_size: None,
        };
        let place_layout = pipeline::layout(device, "sprite place", stages, &[uniform]);
        let texture = pipeline::texture(pipeline::FILTERED);
        let texture_layout = pipeline::layout(device, "sprite", stages, &[texture]);
        let pipeline = PipelineDescription {
            label: "sprite",
            source: include_str!("shaders/sprite.wgsl"),
            vertex: "vs_sprite",
            fragment: "fs_sprite",
            groups: &[&place_layout, &texture_layout],
            format: target,
            blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
        }
        .create(device);
        let capacity = 16;
        let (places, places_group) = place_buffer(device, &place_layout, capacity);
        Self {
            pipeline,
            place_layout,
            texture_layout,
            textures: HashMap::new(),
            places,
            places_group,
            capacity,
            staging: Vec::new(),
            placed: Vec::new(),
        }
    }

    /// `rgba` is straight alpha, `width * height * 4` bytes, at the device's resolution.
    pub fn set(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        id: SpriteId,
        (width, height): (u32, u32),
        rgba: &[u8],
    ) {
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("sprite"),
            size: wgpu::Extent3d {
                width,
                height,
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8Unorm,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        queue.write_texture(
            texture.as_image_copy(),
            rgba,
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(width * 4),
                rows_per_image: None,
            },
            texture.size(),
        );
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let resources = [wgpu::BindingResource::TextureView(&view)];
        let sprite = SpriteTexture {
            group: pipeline::bind(device, &self.texture_layout, &resources),
            size: (width, height),
        };
        self.textures.insert(id, sprite);
    }

    /// Drops every text that `keep` refuses.
    pub fn retain(&mut self, keep: impl Fn(SpriteId) -> bool) {
        self.textures.retain(|id, _| keep(*id));
    }

    pub fn has(&self, id: SpriteId) -> bool {
        self.textures.contains_key(&id)
    }

    /// Writes where the draw list's sprites lie.
    pub fn upload(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, list: &DrawList) {
        self.staging.clear();
        self.placed.clear();
        for sprite in &list.sprites {
            let known = |id: &SpriteId| self.textures.contains_key(id);
            let id = Some(sprite.id).filter(known);
            let id = id.or(sprite.stand_in.filter(known));
            if let Some(id) = id
                && let Some(texture) = self.textures.get(&id)
            {
                let place = place(list, sprite, texture.size);
                self.staging.extend_from_slice(bytemuck::bytes_of(&place));
                let slot_end = self.staging.len().next_multiple_of(SLOT_BYTES);
                self.staging.resize(slot_end, 0);
                self.placed.push(id);
            }
        }
        if self.placed.len() > self.capacity {
            self.capacity = self.placed.len().next_power_of_two();
            (self.places, self.places_group) =
                place_buffer(device, &self.place_layout, self.capacity);
        }
        if !self.staging.is_empty() {
            queue.write_buffer(&self.places, 0, &self.staging);
        }
    }

    pub fn paint(&self, pass: &mut wgpu::RenderPass<'_>) {
        if self.placed.is_empty() {
            return;
        }
        pass.set_pipeline(&self.pipeline);
        for (slot, id) in self.placed.iter().enumerate() {
            let Some(texture) = self.textures.get(id) else {
                continue;
            };
            let offset = (slot * SLOT_BYTES) as u32;
            pass.set_bind_group(0, &self.places_group, &[offset]);
            pass.set_bind_group(1, &texture.group, &[]);
            pass.draw(0..6, 0..1);
        }
    }
}

/// Tags lie on whole pixels, so that each texel is one pixel and the letters stay sharp; what
/// belongs to the image scales with it.
fn place(list: &DrawList, sprite: &Sprite, (width, height): (u32, u32)) -> Place {
    let ratio = list.viewport.pixel_ratio;
    let anchor = list.camera.screen_from_image(sprite.anchor);
    let at = |screen: f64, offset: f32, align: f32, size: u32| {
        ((screen + f64::from(offset)) * ratio - f64::from(align) * f64::from(size)).round() as f32
    };
    let target_size = [
        (list.viewport.width * ratio) as f32,
        (list.viewport.height * ratio) as f32,
    ];
    if let Some((width, height)) = sprite.size_in_image {
        let scale = list.camera.scale() * ratio;
        return Place {
            at: [(anchor.x * ratio) as f32, (anchor.y * ratio) as f32],
            size: [(width * scale) as f32, (height * scale) as f32],
            target_size,
            unused: [0.0; 2],
        };
    }
    Place {
        at: [
            at(anchor.x, sprite.offset_css.0, sprite.align.0, width),
            at(anchor.y, sprite.offset_css.1, sprite.align.1, height),
        ],
        size: [width as f32, height as f32],
        target_size,
        unused: [0.0; 2],
    }
}

fn place_buffer(
    device: &wgpu::Device,
    layout: &wgpu::BindGroupLayout,
    capacity: usize,
) -> (wgpu::Buffer, wgpu::BindGroup) {
    let buffer = pipeline::uniform_buffer(device, "sprite places", capacity * SLOT_BYTES);
    let binding = wgpu::BindingResource::Buffer(wgpu::BufferBinding {
        buffer: &buffer,
        offset: 0,
        size: wgpu::BufferSize::new(size_of::<Place>() as u64),
    });
    let group = pipeline::bind(device, layout, &[binding]);
    (buffer, group)
}
