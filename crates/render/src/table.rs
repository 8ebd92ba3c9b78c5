//! A table of the draw list in a texture, of which only the changed texels are written.

use std::ops::Range;
use visionflow_scene::{Table, Texel};

/// Texels in a row; every WebGL2 implementation has textures this wide.
pub const ROW: usize = 2048;

/// A texture of `ROW` texels a row; it grows in height and never shrinks.
pub struct TableTexture {
    texture: wgpu::Texture,
    format: wgpu::TextureFormat,
    rows: usize,
    max_rows: usize,
}

impl TableTexture {
    /// `max_rows` is the device's limit; entries behind it are not drawn.
    pub fn new(device: &wgpu::Device, format: wgpu::TextureFormat, max_rows: usize) -> Self {
        Self {
            texture: create(device, format, 1),
            format,
            rows: 1,
            max_rows,
        }
    }

    pub fn view(&self) -> wgpu::TextureView {
        self.texture
            .create_view(&wgpu::TextureViewDescriptor::default())
    }

    /// Writes what changed. Whether the texture was replaced by a larger one: bind it anew.
    pub fn upload<T: Texel>(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        table: &Table<T>,
    ) -> bool {
        let texel_bytes = self.texel_bytes();
        let texels_per_entry = size_of::<T>() / texel_bytes;
        let texels = table.len() * texels_per_entry;
        let rows_needed = texels.div_ceil(ROW).min(self.max_rows);
        let grows = rows_needed > self.rows;
        if grows {
            self.rows = rows_needed.next_power_of_two().min(self.max_rows);
            self.texture = create(device, self.format, self.rows);
            self.write(queue, bytemuck::cast_slice(table.entries()), 0..texels);
        } else {
            let bytes = bytemuck::cast_slice(table.entries());
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
        let end = texels.end.min(self.rows * ROW);
        for rect in rects(texels.start..end) {
            queue.write_texture(
                wgpu::TexelCopyTextureInfo {
                    texture: &self.texture,
                    mip_level: 0,
                    origin: wgpu::Origin3d {
                        x: (rect.start % ROW) as u32,
                        y: (rect.start / ROW) as u32,
                        z: 0,
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

/// Cuts a range into at most three rectangles: the rest of its first row, whole rows, the
/// beginning of its last.
fn rects(range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let head_end = range.start.next_multiple_of(ROW).min(range.end);
    let tail_start = (range.end / ROW * ROW).max(head_end);
    [
        range.start..head_end,
        head_end..tail_start,
        tail_start..range.end,
    ]
    .into_iter()
    .filter(|rect| rect.start < rect.end)
}

fn create(device: &wgpu::Device, format: wgpu::TextureFormat, rows: usize) -> wgpu::Texture {
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some("table"),
        size: wgpu::Extent3d {
            width: ROW as u32,
            height: rows as u32,
            depth_or_array_layers: 1,
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
        let cut: Vec<_> = rects(range).map(|rect| (rect.start, rect.end)).collect();
        assert_eq!(cut, expected);
    }

    #[test]
    fn ranges_become_rectangles_of_rows() {
        check(0..1, &[(0, 1)]);
        check(5..2048, &[(5, 2048)]);
        check(0..2048, &[(0, 2048)]);
        check(2047..2049, &[(2047, 2048), (2048, 2049)]);
        check(100..6000, &[(100, 2048), (2048, 4096), (4096, 6000)]);
        check(0..4097, &[(0, 4096), (4096, 4097)]);
    }
}
