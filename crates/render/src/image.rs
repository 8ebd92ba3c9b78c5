//! The photograph: one texture with mipmaps, or tiles where the device has none so large.

use crate::mipmap::{Mipmapper, level_count};
use crate::pipeline::{self, PipelineDescription};
use visionflow_scene::DrawList;

/// The side of a tile of an image that is larger than the device's textures.
const TILE: u32 = 4096;
/// From this zoom on (CSS pixels per image pixel) the image's pixels are shown as squares.
const NEAREST_FROM_SCALE: f64 = 4.0;
const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

/// A part of an image that lies in one texture, in pixels of the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageTile {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// Cuts an image into what textures of at most `max_size` can hold, row by row.
pub fn image_tiles(width: u32, height: u32, max_size: u32) -> Vec<ImageTile> {
    let side = if width.max(height) <= max_size {
        max_size
    } else {
        TILE.min(max_size)
    };
    let starts = |size: u32| (0..size).step_by(side as usize);
    starts(height)
        .flat_map(|y| starts(width).map(move |x| (x, y)))
        .map(|(x, y)| ImageTile {
            x,
            y,
            width: side.min(width - x),
            height: side.min(height - y),
        })
        .collect()
}

/// Draws the image's tiles.
pub struct ImagePainter {
    pipeline: wgpu::RenderPipeline,
    layout: wgpu::BindGroupLayout,
    smooth: wgpu::Sampler,
    nearest: wgpu::Sampler,
    mipmapper: Mipmapper,
    size: (u32, u32),
    tiles: Vec<Tile>,
    /// Whether every tile has its pixels.
    ready: bool,
}

struct Tile {
    rect: ImageTile,
    texture: wgpu::Texture,
    place: wgpu::Buffer,
    /// What `place` holds.
    placed: [f32; 4],
    smooth: wgpu::BindGroup,
    nearest: wgpu::BindGroup,
}

impl ImagePainter {
    pub fn new(
        device: &wgpu::Device,
        target: wgpu::TextureFormat,
        view: &wgpu::BindGroupLayout,
    ) -> Self {
        let layout = pipeline::layout(
            device,
            "image",
            wgpu::ShaderStages::VERTEX_FRAGMENT,
            &[
                pipeline::UNIFORM,
                pipeline::texture(pipeline::FILTERED),
                pipeline::SAMPLER,
            ],
        );
        let pipeline = PipelineDescription {
            label: "image",
            source: include_str!("shaders/image.wgsl"),
            vertex: "vs_image",
            fragment: "fs_image",
            groups: &[view, &layout],
            format: target,
            blend: None,
        }
        .create(device);
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
            pipeline,
            layout,
            smooth: sampler(wgpu::FilterMode::Linear),
            nearest: sampler(wgpu::FilterMode::Nearest),
            mipmapper: Mipmapper::new(device, FORMAT),
            size: (0, 0),
            tiles: Vec::new(),
            ready: false,
        }
    }

    /// Makes room for an image of this size; the one before it is gone.
    pub fn begin(&mut self, device: &wgpu::Device, (width, height): (u32, u32), max_size: u32) {
        self.clear();
        self.size = (width, height);
        let rects = image_tiles(width, height, max_size);
        self.tiles = rects.iter().map(|rect| self.tile(device, *rect)).collect();
    }

    pub fn clear(&mut self) {
        for tile in self.tiles.drain(..) {
            tile.texture.destroy();
        }
        self.ready = false;
    }

    #[cfg(target_arch = "wasm32")]
    pub fn tile_texture(&self, index: usize) -> &wgpu::Texture {
        &self.tiles[index].texture
    }

    /// The pixels of `index` from RGBA bytes of the whole image.
    pub fn write_tile(&self, queue: &wgpu::Queue, index: usize, rgba: &[u8]) {
        let Tile { rect, texture, .. } = &self.tiles[index];
        queue.write_texture(
            texture.as_image_copy(),
            rgba,
            wgpu::TexelCopyBufferLayout {
                offset: (u64::from(rect.y) * u64::from(self.size.0) + u64::from(rect.x)) * 4,
                bytes_per_row: Some(self.size.0 * 4),
                rows_per_image: None,
            },
            texture.size(),
        );
    }

    /// Makes the mipmaps: from here on the image shows.
    pub fn finish(&mut self, device: &wgpu::Device, queue: &wgpu::Queue) {
        for tile in &self.tiles {
            self.mipmapper.fill(device, queue, &tile.texture);
        }
        self.ready = true;
    }

    /// Places the tiles on the draw list's image.
    pub fn upload(&mut self, queue: &wgpu::Queue, list: &DrawList) {
        let Some((width, height)) = list.image_size else {
            return;
        };
        let scale_x = f64::from(width) / f64::from(self.size.0.max(1));
        let scale_y = f64::from(height) / f64::from(self.size.1.max(1));
        for tile in &mut self.tiles {
            let rect = tile.rect;
            let place = |x: u32, y: u32| {
                [
                    (f64::from(x) * scale_x - list.origin.x) as f32,
                    (f64::from(y) * scale_y - list.origin.y) as f32,
                ]
            };
            let (low, high) = (
                place(rect.x, rect.y),
                place(rect.x + rect.width, rect.y + rect.height),
            );
            let placed = [low[0], low[1], high[0], high[1]];
            if placed != tile.placed {
                tile.placed = placed;
                queue.write_buffer(&tile.place, 0, bytemuck::bytes_of(&placed));
            }
        }
    }

    pub fn paint(&self, pass: &mut wgpu::RenderPass<'_>, list: &DrawList) {
        if !self.ready || list.image_size.is_none() {
            return;
        }
        pass.set_pipeline(&self.pipeline);
        for tile in &self.tiles {
            let magnified = list.camera.scale() >= NEAREST_FROM_SCALE;
            let group = if magnified {
                &tile.nearest
            } else {
                &tile.smooth
            };
            pass.set_bind_group(1, group, &[]);
            pass.draw(0..6, 0..1);
        }
    }

    fn tile(&self, device: &wgpu::Device, rect: ImageTile) -> Tile {
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("image"),
            size: wgpu::Extent3d {
                width: rect.width,
                height: rect.height,
                depth_or_array_layers: 1,
            },
            mip_level_count: level_count(rect.width, rect.height),
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: FORMAT,
            usage: wgpu::TextureUsages::TEXTURE_BINDING
                | wgpu::TextureUsages::COPY_DST
                | wgpu::TextureUsages::RENDER_ATTACHMENT,
            view_formats: &[],
        });
        let place = pipeline::uniform_buffer(device, "tile", size_of::<[f32; 4]>());
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let bind = |sampler| {
            let resources = [
                place.as_entire_binding(),
                wgpu::BindingResource::TextureView(&view),
                wgpu::BindingResource::Sampler(sampler),
            ];
            pipeline::bind(device, &self.layout, &resources)
        };
        let (smooth, nearest) = (bind(&self.smooth), bind(&self.nearest));
        Tile {
            rect,
            texture,
            place,
            placed: [f32::NAN; 4],
            smooth,
            nearest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(width: u32, height: u32, max_size: u32, count: usize) {
        let tiles = image_tiles(width, height, max_size);
        assert_eq!(tiles.len(), count);
        let area = |t: &ImageTile| u64::from(t.width) * u64::from(t.height);
        let covered: u64 = tiles.iter().map(area).sum();
        assert_eq!(covered, u64::from(width) * u64::from(height));
        assert!(tiles.iter().all(|t| t.width.max(t.height) <= max_size));
    }

    #[test]
    fn only_too_large_images_are_cut() {
        check(8192, 8192, 8192, 1);
        check(8193, 100, 8192, 3);
        check(60_000, 40_000, 8192, 150);
        check(5000, 5000, 2048, 9);
    }
}
