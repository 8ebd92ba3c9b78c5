//! The atlas of masks: places of 256 × 256 texels of one byte, many to a layer of one texture.

use crate::gpu::{Format, Gpu, Part, TextureDescription};
use visionflow_scene::MaskTiles;

/// Texels along a side of a place.
const PLACE: u32 = 256;

/// The texture that all masks in view are painted from.
pub struct MaskTexture<G: Gpu> {
    texture: G::Texture,
    capacity: u32,
}

impl<G: Gpu> MaskTexture<G> {
    pub fn new(gpu: &G) -> Self {
        Self {
            texture: create(gpu, 2),
            capacity: 2,
        }
    }

    pub fn texture(&self) -> &G::Texture {
        &self.texture
    }

    /// Writes what changed. Whether the texture was replaced by a larger one: bind it anew.
    pub fn upload(&mut self, gpu: &G, tiles: &MaskTiles) -> bool {
        let grows = tiles.capacity > self.capacity;
        if grows {
            self.capacity = tiles.capacity;
            gpu.free(&self.texture);
            self.texture = create(gpu, self.capacity);
        }
        let (side, _) = shape_for(self.capacity);
        let across = side / PLACE;
        for tile in &tiles.changed {
            let in_layer = tile.place % (across * across);
            let part = Part {
                x: in_layer % across * PLACE,
                y: in_layer / across * PLACE,
                layer: tile.place / (across * across),
                size: (PLACE, PLACE),
            };
            gpu.write_texture(&self.texture, &part, &tile.texels, PLACE as usize);
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

fn create<G: Gpu>(gpu: &G, capacity: u32) -> G::Texture {
    let (side, layers) = shape_for(capacity);
    let description = TextureDescription {
        format: Format::R8,
        size: (side, side),
        layers,
        has_mipmaps: false,
    };
    gpu.texture("masks", &description)
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
