//! What the renderer asks of a graphics interface.
//!
//! [`Wgpu`] is WebGPU in the browser, Vulkan or Metal natively. WebGL2 is called directly
//! ([`crate::web`]): by way of wgpu everybody who opens the workbench would load the whole of
//! wgpu-core and a compiler of shaders, and a frame would cost several times as much.

mod mipmap;
mod wgpu;

pub use wgpu::Wgpu;

use std::fmt::Debug;
use std::ops::Range;
use visionflow_shaders::Shader;

/// A device, and what it draws on.
pub trait Gpu {
    /// Frees its memory when dropped.
    type Texture;
    /// A buffer for uniforms.
    type Uniform;
    /// What a [`Self::Group`] binds.
    type Layout;
    type Group;
    type Pipeline;
    /// What frames are drawn on.
    type Target;
    type Pass: Pass<Self>;

    /// The longest side of a texture, in pixels.
    fn max_texture_size(&self) -> u32;

    fn texture(&self, label: &str, description: &TextureDescription) -> Self::Texture;

    /// Frees a texture before it is dropped: a larger one needs the room.
    fn free(&self, texture: &Self::Texture);

    /// Replaces `part` of a texture.
    fn write_texture(&self, texture: &Self::Texture, part: &Part, bytes: &[u8], stride: usize);

    /// Fills all levels of a texture of [`Format::Rgba8`] from its first.
    fn fill_mipmaps(&self, texture: &Self::Texture);

    fn uniform(&self, label: &str, size_bytes: usize) -> Self::Uniform;

    /// Replaces the beginning of a buffer.
    fn write_uniform(&self, uniform: &Self::Uniform, bytes: &[u8]);

    fn layout(&self, label: &str, bindings: &[Binding]) -> Self::Layout;

    /// Binds resources in the order of the layout's bindings.
    fn group(&self, layout: &Self::Layout, resources: &[Resource<'_, Self>]) -> Self::Group;

    /// A pipeline that makes its vertices from their index. `groups` begin with that of number 0.
    fn pipeline(&self, shader: Shader, groups: &[&Self::Layout], blend: Blend) -> Self::Pipeline;

    /// Readies a pipeline before it is first drawn with, as far as that goes without waiting for the
    /// compiler; whether it is ready.
    fn prepare(&self, pipeline: &Self::Pipeline) -> bool;

    /// Draws a frame over `background` (0 to 1).
    fn frame(
        &self,
        target: &Self::Target,
        background: [f64; 3],
        paint: impl FnOnce(&mut Self::Pass),
    );

    /// Draws over black into a texture of its own, of `size` pixels, and reads that back.
    fn read(&self, size: (u32, u32), paint: impl FnOnce(&mut Self::Pass)) -> Box<dyn Readback>;
}

/// Triangles being drawn.
pub trait Pass<G: Gpu + ?Sized> {
    fn set_pipeline(&mut self, pipeline: &G::Pipeline);

    fn set_group(&mut self, number: u32, group: &G::Group);

    /// Binds a group of [`Binding::Slots`], of which the slot at `offset` (in bytes) is read.
    fn set_slot(&mut self, number: u32, group: &G::Group, offset: u32);

    /// Draws triangles of the vertices with these indices.
    fn draw(&mut self, vertices: Range<u32>);
}

/// Pixels on their way back.
pub trait Readback: Debug {
    /// Whether they never come: the device was lost.
    fn has_failed(&self) -> bool;

    /// RGBA bytes row by row from the top, once they are here.
    fn take(&self) -> Option<Vec<u8>>;
}

/// How a texel is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Four bytes, 0 to 1 each.
    Rgba8,
    R8,
    Rg8,
    /// Four half floats.
    Rgba16Float,
    /// An integer.
    R32,
    /// Four integers.
    Rgba32,
}

impl Format {
    pub const fn texel_bytes(self) -> usize {
        match self {
            Self::R8 => 1,
            Self::Rg8 => 2,
            Self::Rgba8 | Self::R32 => 4,
            Self::Rgba16Float => 8,
            Self::Rgba32 => 16,
        }
    }
}

/// How large a texture is.
#[derive(Clone, Copy, Debug)]
pub struct TextureDescription {
    pub format: Format,
    pub size: (u32, u32),
    /// More than one for an array.
    pub layers: u32,
    pub has_mipmaps: bool,
}

impl TextureDescription {
    /// One picture.
    pub const fn flat(format: Format, size: (u32, u32)) -> Self {
        Self {
            format,
            size,
            layers: 1,
            has_mipmaps: false,
        }
    }

    /// How many levels there are, down to one pixel.
    pub fn levels(&self) -> u32 {
        if self.has_mipmaps {
            self.size.0.max(self.size.1).max(1).ilog2() + 1
        } else {
            1
        }
    }
}

/// A rectangle of one layer of a texture.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    pub x: u32,
    pub y: u32,
    pub layer: u32,
    pub size: (u32, u32),
}

impl Part {
    /// The whole of a picture.
    pub const fn whole(size: (u32, u32)) -> Self {
        Self {
            x: 0,
            y: 0,
            layer: 0,
            size,
        }
    }
}

/// What stands at one place of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    Uniform,
    /// A uniform at an offset that is told when it is set.
    Slots,
    /// A texture with a sampler, at two numbers.
    Sampled,
    /// A texture that is read by texel.
    Texels,
    /// An array of textures of integers.
    IntegerArray,
    /// An array of textures that are read by texel.
    FloatArray,
}

/// What is bound there.
pub enum Resource<'a, G: Gpu + ?Sized> {
    Uniform(&'a G::Uniform),
    /// With the bytes of one slot that are read.
    Slots(&'a G::Uniform, usize),
    Sampled(&'a G::Texture, Filter),
    Texture(&'a G::Texture),
}

/// How a magnified texture is read; a minified one is always smooth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    Smooth,
    Nearest,
}

/// How colours lie over what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blend {
    Replace,
    /// They are multiplied by their alpha.
    Over,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_go_down_to_one_pixel() {
        let cases = [((1, 1), 1), ((2, 1), 2), ((4096, 3), 13), ((5, 7), 3)];
        for (size, levels) in cases {
            let mut description = TextureDescription::flat(Format::Rgba8, size);
            assert_eq!(description.levels(), 1);
            description.has_mipmaps = true;
            assert_eq!(description.levels(), levels);
        }
    }
}
