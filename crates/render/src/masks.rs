//! The atlas of masks: places of 256 × 256 texels of one byte, many to a layer of one texture.

use visionflow_scene::MaskTiles;

/// Texels along a side of a place.
const PLACE: u32 = 256;

/// The texture that all masks in view are painted from.
pub struct MaskTexture {
    texture: wgpu::Texture,
    capacity: u32,
}

impl MaskTexture {
    pub fn new(device: &wgpu::Device) -> Self {
        Self {
            texture: create(device, 2),
            capacity: 2,
        }
    }

    pub fn view(&self) -> wgpu::TextureView {
        self.texture.create_view(&wgpu::TextureViewDescriptor {
            dimension: Some(wgpu::TextureViewDimension::D2Array),
            ..Default::default()
        })
    }

    /// Writes what changed. Whether the texture was replaced by a larger one: bind it anew.
    pub fn upload(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        tiles: &MaskTiles,
    ) -> bool {
        let grows = tiles.capacity > self.capacity;
        if grows {
            self.capacity = tiles.capacity;
            self.texture.destroy();
            self.texture = create(device, self.capacity);
        }
        let across = self.texture.width() / PLACE;
        for tile in &tiles.changed {
            let in_layer = tile.place % (across * across);
            queue.write_texture(
                wgpu::TexelCopyTextureInfo {
                    texture: &self.texture,
                    mip_level: 0,
                    origin: wgpu::Origin3d {
                        x: in_layer % across * PLACE,
                        y: in_layer / across * PLACE,
                        z: tile.place / (across * across),
                    },
                    aspect: wgpu::TextureAspect::All,
                },
                &tile.texels,
                wgpu::TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(PLACE),
                    rows_per_image: None,
                },
                wgpu::Extent3d {
                    width: PLACE,
                    height: PLACE,
                    depth_or_array_layers: 1,
                },
            );
        }
        grows
    }
}

/// The sides and layers of an atlas; two layers at least, for one is no array to WebGL2.
fn shape_for(capacity: u32) -> (u32, u32) {
    match capacity {
        0..=2 => (PLACE, 2),
        3..=32 => (4 * PLACE, 2),
        more => (8 * PLACE, more.div_ceil(64).next_power_of_two().max(2)),
    }
}

fn create(device: &wgpu::Device, capacity: u32) -> wgpu::Texture {
    let (side, layers) = shape_for(capacity);
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some("masks"),
        size: wgpu::Extent3d {
            width: side,
            height: side,
            depth_or_array_layers: layers,
        },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: wgpu::TextureFormat::R8Unorm,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_room() {
        for places in [1, 2, 3, 32, 33, 128, 129, 1024, 4096] {
            let capacity = MaskTiles::capacity_for(places);
            let (side, layers) = shape_for(capacity);
            let across = side / PLACE;
            assert!(across * across * layers >= capacity, "{places}");
            assert!(!layers.is_multiple_of(6));
        }
    }
}
