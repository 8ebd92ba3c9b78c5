//! A table of the draw list in a texture, of which only the changed texels are written.
//!
//! The texture is an array, so that a table is limited by memory and not by how high a texture
//! may be: entry *i* is texel *i* of row after row of layer after layer.

use std::ops::Range;
use visionflow_scene::{Table, Texel};

/// Texels in a row; every WebGL2 implementation has textures this wide.
pub const ROW: usize = 2048;
/// Rows in a layer at most, and in every layer when there are more than two: the shader counts on it.
const MAX_HEIGHT: usize = 2048;
/// An array of one layer is no array to WebGL2.
const MIN_LAYERS: usize = 2;

/// A texture of `ROW` texels a row; it grows and never shrinks.
pub struct TableTexture {
    texture: wgpu::Texture,
    format: wgpu::TextureFormat,
    height: usize,
    layers: usize,
}

impl TableTexture {
    pub fn new(device: &wgpu::Device, format: wgpu::TextureFormat) -> Self {
        Self {
            texture: create(device, format, 1, MIN_LAYERS),
            format,
            height: 1,
            layers: MIN_LAYERS,
        }
    }

    pub fn view(&self) -> wgpu::TextureView {
        self.texture.create_view(&wgpu::TextureViewDescriptor {
            dimension: Some(wgpu::TextureViewDimension::D2Array),
            ..Default::default()
        })
    }

    /// Writes what changed. Whether the texture was replaced by a larger one: bind it anew.
    pub fn upload<T: Texel>(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        table: &Table<T>,
    ) -> bool {
        let texels_per_entry = size_of::<T>() / self.texel_bytes();
        let texels = table.len() * texels_per_entry;
        let rows_needed = texels.div_ceil(ROW);
        let grows = rows_needed > self.height * self.layers;
        let bytes = bytemuck::cast_slice(table.entries());
        if grows {
            (self.height, self.layers) = shape_for(rows_needed);
            // Its memory is needed before the garbage collector would come for it.
            self.texture.destroy();
            self.texture = create(device, self.format, self.height, self.layers);
            self.write(queue, bytes, 0..texels);
        } else {
            for range in table.dirty() {
                let texels = range.start * texels_per_entry..range.end * texels_per_entry;
                self.write(queue, bytes, texels);
            }
        }
        grows
    }

    fn texel_bytes(&self) -> usize {
        match self.format {
            wgpu::TextureFormat::R32Uint => 4,
            _ => 16,
        }
    }

    fn write(&self, queue: &wgpu::Queue, bytes: &[u8], texels: Range<usize>) {
        let texel_bytes = self.texel_bytes();
        for rect in rects(texels, self.height) {
            let row = rect.start / ROW;
            queue.write_texture(
                wgpu::TexelCopyTextureInfo {
                    texture: &self.texture,
                    mip_level: 0,
                    origin: wgpu::Origin3d {
                        x: (rect.start % ROW) as u32,
                        y: (row % self.height) as u32,
                        z: (row / self.height) as u32,
                    },
                    aspect: wgpu::TextureAspect::All,
                },
                &bytes[rect.start * texel_bytes..rect.end * texel_bytes],
                wgpu::TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some((ROW * texel_bytes) as u32),
                    rows_per_image: None,
                },
                wgpu::Extent3d {
                    width: rect.len().min(ROW) as u32,
                    height: rect.len().div_ceil(ROW) as u32,
                    depth_or_array_layers: 1,
                },
            );
        }
    }
}

/// The height and the layers of a texture with room for so many rows; both powers of two.
fn shape_for(rows: usize) -> (usize, usize) {
    let rows = rows.next_power_of_two().max(MIN_LAYERS);
    let height = (rows / MIN_LAYERS).min(MAX_HEIGHT);
    (height, rows / height)
}

/// Cuts a range into rectangles that each lie in one layer: the rest of a row, whole rows, the
/// beginning of a row.
fn rects(range: Range<usize>, height: usize) -> impl Iterator<Item = Range<usize>> {
    let layer = ROW * height;
    let layers = range.start / layer..range.end.div_ceil(layer);
    layers.flat_map(move |index| {
        let start = range.start.max(index * layer);
        let end = range.end.min((index + 1) * layer);
        let head_end = start.next_multiple_of(ROW).min(end);
        let tail_start = (end / ROW * ROW).max(head_end);
        let parts = [start..head_end, head_end..tail_start, tail_start..end];
        parts.into_iter().filter(|rect| rect.start < rect.end)
    })
}

fn create(
    device: &wgpu::Device,
    format: wgpu::TextureFormat,
    height: usize,
    layers: usize,
) -> wgpu::Texture {
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some("table"),
        size: wgpu::Extent3d {
            width: ROW as u32,
            height: height as u32,
            depth_or_array_layers: layers as u32,
        },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(range: Range<usize>, expected: &[(usize, usize)]) {
        let cut: Vec<_> = rects(range, 4).map(|rect| (rect.start, rect.end)).collect();
        assert_eq!(cut, expected);
    }

    #[test]
    fn ranges_become_rectangles_of_rows_in_one_layer() {
        check(0..1, &[(0, 1)]);
        check(5..2048, &[(5, 2048)]);
        check(0..2048, &[(0, 2048)]);
        check(2047..2049, &[(2047, 2048), (2048, 2049)]);
        check(100..6000, &[(100, 2048), (2048, 4096), (4096, 6000)]);
        check(0..4097, &[(0, 4096), (4096, 4097)]);
        check(4096..12_288, &[(4096, 8192), (8192, 12_288)]);
        check(8000..8200, &[(8000, 8192), (8192, 8200)]);
    }

    #[test]
    fn textures_grow_by_doubling_and_then_by_layers() {
        assert_eq!(shape_for(1), (1, 2));
        assert_eq!(shape_for(3), (2, 2));
        assert_eq!(shape_for(4096), (2048, 2));
        assert_eq!(shape_for(4097), (2048, 4));
        assert_eq!(shape_for(100_000), (2048, 64));
    }
}
