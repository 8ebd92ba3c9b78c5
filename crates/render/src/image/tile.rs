//! A part of the image in a texture of its own.

use crate::gpu::{Filter, Format, Gpu, Part, Pass, Resource, TextureDescription};
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

    const fn texture(self) -> Format {
        match self {
            Self::Rgba8 => Format::Rgba8,
            Self::Grey8 => Format::R8,
            Self::Grey16 => Format::Rg8,
            Self::Rgba16 => Format::Rgba16Float,
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
pub struct TileParts<'a, G: Gpu> {
    pub layout: &'a G::Layout,
    pub look: &'a G::Uniform,
}

pub struct Tile<G: Gpu> {
    /// In pixels of the image that the tiles were cut from.
    rect: Rect,
    format: TileFormat,
    size: (u32, u32),
    pub texture: G::Texture,
    place: G::Uniform,
    /// What `place` holds.
    placed: Option<Place>,
    smooth: G::Group,
    nearest: G::Group,
}

impl<G: Gpu> Tile<G> {
    /// A tile without pixels; `has_mipmaps` only for [`TileFormat::Rgba8`].
    pub fn new(
        gpu: &G,
        parts: &TileParts<'_, G>,
        rect: Rect,
        size: (u32, u32),
        format: TileFormat,
        has_mipmaps: bool,
    ) -> Self {
        let description = TextureDescription {
            has_mipmaps,
            ..TextureDescription::flat(format.texture(), size)
        };
        let texture = gpu.texture("image", &description);
        let place = gpu.uniform("tile", size_of::<Place>());
        let bind = |filter| {
            let resources = [
                Resource::Uniform(&place),
                Resource::Sampled(&texture, filter),
                Resource::Uniform(parts.look),
            ];
            gpu.group(parts.layout, &resources)
        };
        Self {
            rect,
            format,
            size,
            smooth: bind(Filter::Smooth),
            nearest: bind(Filter::Nearest),
            texture,
            place,
            placed: None,
        }
    }

    /// Takes the pixels: `stride` bytes a row.
    pub fn write(&self, gpu: &G, bytes: &[u8], stride: usize) {
        gpu.write_texture(&self.texture, &Part::whole(self.size), bytes, stride);
    }

    /// Puts the tile where it belongs: `origin` of the draw list, image stretched by `scale`.
    pub fn place(&mut self, gpu: &G, origin: Point, scale: (f64, f64)) {
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
            gpu.write_uniform(&self.place, bytemuck::bytes_of(&place));
        }
    }

    pub fn paint(&self, pass: &mut G::Pass, is_magnified: bool) {
        let group = if is_magnified {
            &self.nearest
        } else {
            &self.smooth
        };
        pass.set_group(1, group);
        pass.draw(0..6);
    }
}
