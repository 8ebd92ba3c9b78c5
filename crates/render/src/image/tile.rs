//! A part of the image in a texture of its own.

use crate::mipmap::level_count;
use crate::pipeline;
use bytemuck::{Pod, Zeroable};
use visionflow_geometry::{Point, Rect};

/// How the bytes of an image tile are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum TileFormat {
    /// Four bytes, straight alpha.
    Rgba8 = 0,
    /// One byte.
    Grey8 = 1,
    /// Two bytes, the high one first.
    Grey16 = 2,
    /// Four half floats, straight alpha.
    Rgba16 = 3,
}

impl TileFormat {
    pub const ALL: [Self; 4] = [Self::Rgba8, Self::Grey8, Self::Grey16, Self::Rgba16];

    pub const fn bytes_per_pixel(self) -> usize {
        match self {
            Self::Rgba8 => 4,
            Self::Grey8 => 1,
            Self::Grey16 => 2,
            Self::Rgba16 => 8,
        }
    }

    pub(super) const fn texture(self) -> wgpu::TextureFormat {
        match self {
            Self::Rgba8 => wgpu::TextureFormat::Rgba8Unorm,
            Self::Grey8 => wgpu::TextureFormat::R8Unorm,
            Self::Grey16 => wgpu::TextureFormat::Rg8Unorm,
            Self::Rgba16 => wgpu::TextureFormat::Rgba16Float,
        }
    }
}

/// What the shader knows of a tile.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
struct Place {
    low: [f32; 2],
    high: [f32; 2],
    format: u32,
    pad: [u32; 3],
}

/// What all tiles share.
pub struct TileParts<'a> {
    pub layout: &'a wgpu::BindGroupLayout,
    pub smooth: &'a wgpu::Sampler,
    pub nearest: &'a wgpu::Sampler,
    pub look: &'a wgpu::Buffer,
}

pub struct Tile {
    /// In pixels of the image that the tiles were cut from.
    rect: Rect,
    format: TileFormat,
    pub texture: wgpu::Texture,
    place: wgpu::Buffer,
    /// What `place` holds.
    placed: Option<Place>,
    smooth: wgpu::BindGroup,
    nearest: wgpu::BindGroup,
}

impl Tile {
    /// A tile without pixels; `has_mipmaps` only for [`TileFormat::Rgba8`].
    pub fn new(
        device: &wgpu::Device,
        parts: &TileParts<'_>,
        rect: Rect,
        (width, height): (u32, u32),
        format: TileFormat,
        has_mipmaps: bool,
    ) -> Self {
        let mut usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST;
        // The browser copies its own bitmaps by drawing them.
        if format == TileFormat::Rgba8 {
            usage |= wgpu::TextureUsages::RENDER_ATTACHMENT;
        }
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("image"),
            size: wgpu::Extent3d {
                width,
                height,
                depth_or_array_layers: 1,
            },
            mip_level_count: if has_mipmaps {
                level_count(width, height)
            } else {
                1
            },
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: format.texture(),
            usage,
            view_formats: &[],
        });
        let place = pipeline::uniform_buffer(device, "tile", size_of::<Place>());
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let bind = |sampler| {
            let resources = [
                place.as_entire_binding(),
                wgpu::BindingResource::TextureView(&view),
                wgpu::BindingResource::Sampler(sampler),
                parts.look.as_entire_binding(),
            ];
            pipeline::bind(device, parts.layout, &resources)
        };
        let (smooth, nearest) = (bind(parts.smooth), bind(parts.nearest));
        Self {
            rect,
            format,
            texture,
            place,
            placed: None,
            smooth,
            nearest,
        }
    }

    /// Takes the pixels: `stride` bytes a row, the first at `offset`.
    pub fn write(&self, queue: &wgpu::Queue, bytes: &[u8], offset: u64, stride: u32) {
        queue.write_texture(
            self.texture.as_image_copy(),
            bytes,
            wgpu::TexelCopyBufferLayout {
                offset,
                bytes_per_row: Some(stride),
                rows_per_image: None,
            },
            self.texture.size(),
        );
    }

    /// Puts the tile where it belongs: `origin` of the draw list, image stretched by `scale`.
    pub fn place(&mut self, queue: &wgpu::Queue, origin: Point, scale: (f64, f64)) {
        let corner = |p: Point| {
            [
                (p.x * scale.0 - origin.x) as f32,
                (p.y * scale.1 - origin.y) as f32,
            ]
        };
        let place = Place {
            low: corner(self.rect.min),
            high: corner(self.rect.max),
            format: self.format as u32,
            pad: [0; 3],
        };
        if self.placed != Some(place) {
            self.placed = Some(place);
            queue.write_buffer(&self.place, 0, bytemuck::bytes_of(&place));
        }
    }

    pub fn paint(&self, pass: &mut wgpu::RenderPass<'_>, is_magnified: bool) {
        let group = if is_magnified {
            &self.nearest
        } else {
            &self.smooth
        };
        pass.set_bind_group(1, group, &[]);
        pass.draw(0..6, 0..1);
    }
}

impl Drop for Tile {
    /// On the web, dropping alone frees nothing before the browser collects its garbage.
    fn drop(&mut self) {
        self.texture.destroy();
    }
}
