//! Painted texts: a texture each, placed on whole device pixels or stretched over the image.

use crate::gpu::{Binding, Blend, Format, Gpu, Part, Pass, Resource, TextureDescription};
use bytemuck::{Pod, Zeroable};
use std::collections::HashMap;
use visionflow_scene::{DrawList, Sprite, SpriteId};
use visionflow_shaders::Shader;

/// WebGPU and WebGL2 both place uniforms at multiples of this.
const SLOT_BYTES: usize = 256;

/// Keeps and draws the painted texts.
pub struct SpritePainter<G: Gpu> {
    pipeline: G::Pipeline,
    place_layout: G::Layout,
    texture_layout: G::Layout,
    textures: HashMap<SpriteId, SpriteTexture<G>>,
    places: G::Uniform,
    places_group: G::Group,
    capacity: usize,
    /// What `places` is written from; kept to be refilled.
    staging: Vec<u8>,
    placed: Vec<SpriteId>,
}

struct SpriteTexture<G: Gpu> {
    /// Held for `group`, which reads it.
    _texture: G::Texture,
    group: G::Group,
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

impl<G: Gpu> SpritePainter<G> {
    pub fn new(gpu: &G) -> Self {
        let place_layout = gpu.layout("sprite place", &[Binding::Slots]);
        let texture_layout = gpu.layout("sprite", &[Binding::Texels]);
        let layouts = [&place_layout, &texture_layout];
        let pipeline = gpu.pipeline(Shader::Sprite, &layouts, Blend::Over);
        let capacity = 16;
        let (places, places_group) = place_buffer(gpu, &place_layout, capacity);
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

    /// See [`Gpu::prepare`].
    pub fn prepare(&self, gpu: &G) -> bool {
        gpu.prepare(&self.pipeline)
    }

    /// `rgba` is straight alpha, `width * height * 4` bytes, at the device's resolution.
    pub fn set(&mut self, gpu: &G, id: SpriteId, size: (u32, u32), rgba: &[u8]) {
        let description = TextureDescription::flat(Format::Rgba8, size);
        let texture = gpu.texture("sprite", &description);
        gpu.write_texture(&texture, &Part::whole(size), rgba, size.0 as usize * 4);
        let sprite = SpriteTexture {
            group: gpu.group(&self.texture_layout, &[Resource::Texture(&texture)]),
            _texture: texture,
            size,
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
    pub fn upload(&mut self, gpu: &G, list: &DrawList) {
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
            (self.places, self.places_group) = place_buffer(gpu, &self.place_layout, self.capacity);
        }
        if !self.staging.is_empty() {
            gpu.write_uniform(&self.places, &self.staging);
        }
    }

    pub fn paint(&self, pass: &mut G::Pass) {
        if self.placed.is_empty() {
            return;
        }
        pass.set_pipeline(&self.pipeline);
        for (slot, id) in self.placed.iter().enumerate() {
            let Some(texture) = self.textures.get(id) else {
                continue;
            };
            let offset = (slot * SLOT_BYTES) as u32;
            pass.set_slot(0, &self.places_group, offset);
            pass.set_group(1, &texture.group);
            pass.draw(0..6);
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

fn place_buffer<G: Gpu>(gpu: &G, layout: &G::Layout, capacity: usize) -> (G::Uniform, G::Group) {
    let buffer = gpu.uniform("sprite places", capacity * SLOT_BYTES);
    let group = gpu.group(layout, &[Resource::Slots(&buffer, size_of::<Place>())]);
    (buffer, group)
}
