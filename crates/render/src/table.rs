//! A table of the draw list in a texture, of which only the changed texels are written.
//!
//! The texture is an array, so that a table is limited by memory and not by how high a texture
//! may be: entry *i* is texel *i* of row after row of layer after layer.

use crate::gpu::{Format, Gpu, Part, TextureDescription};
use std::ops::Range;
use visionflow_scene::{Table, Texel};

/// Texels in a row; every WebGL2 implementation has textures this wide.
pub const ROW: usize = 2048;
/// Rows in a layer at most, and in every layer when there are more than two: the shader counts on it.
const MAX_HEIGHT: usize = 2048;
/// An array of one layer is no array to WebGL2.
const MIN_LAYERS: usize = 2;

/// A texture of `ROW` texels a row; it grows and never shrinks.
pub struct TableTexture<G: Gpu> {
    texture: G::Texture,
    format: Format,
    height: usize,
    layers: usize,
}

impl<G: Gpu> TableTexture<G> {
    pub fn new(gpu: &G, format: Format) -> Self {
        Self {
            texture: create(gpu, format, 1, MIN_LAYERS),
            format,
            height: 1,
            layers: MIN_LAYERS,
        }
    }

    pub fn texture(&self) -> &G::Texture {
        &self.texture
    }

    /// Writes what changed. Whether the texture was replaced by a larger one: bind it anew.
    pub fn upload<T: Texel>(&mut self, gpu: &G, table: &Table<T>) -> bool {
        let texels_per_entry = size_of::<T>() / self.format.texel_bytes();
        let texels = table.len() * texels_per_entry;
        let rows_needed = texels.div_ceil(ROW);
        let grows = rows_needed > self.height * self.layers;
        let bytes = bytemuck::cast_slice(table.entries());
        if grows {
            (self.height, self.layers) = shape_for(rows_needed);
            gpu.free(&self.texture);
            self.texture = create(gpu, self.format, self.height, self.layers);
            self.write(gpu, bytes, 0..texels);
        } else {
            for range in table.dirty() {
                let texels = range.start * texels_per_entry..range.end * texels_per_entry;
                self.write(gpu, bytes, texels);
            }
        }
        grows
    }

    fn write(&self, gpu: &G, bytes: &[u8], texels: Range<usize>) {
        let texel_bytes = self.format.texel_bytes();
        for rect in rects(texels, self.height) {
            let row = rect.start / ROW;
            let part = Part {
                x: (rect.start % ROW) as u32,
                y: (row % self.height) as u32,
                layer: (row / self.height) as u32,
                size: (rect.len().min(ROW) as u32, rect.len().div_ceil(ROW) as u32),
            };
            let bytes = &bytes[rect.start * texel_bytes..rect.end * texel_bytes];
            gpu.write_texture(&self.texture, &part, bytes, ROW * texel_bytes);
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

fn create<G: Gpu>(gpu: &G, format: Format, height: usize, layers: usize) -> G::Texture {
    let description = TextureDescription {
        format,
        size: (ROW as u32, height as u32),
        layers: layers as u32,
        has_mipmaps: false,
    };
    gpu.texture("table", &description)
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
