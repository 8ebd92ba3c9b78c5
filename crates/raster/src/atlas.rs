//! The texels of masks in view, by their places in the atlas.

use visionflow_scene::MaskTiles;

/// Texels along a side of a place.
pub const SIDE: i32 = 256;

/// What the scene has put into each place.
#[derive(Debug, Default)]
pub struct Atlas {
    places: Vec<Option<Box<[u8]>>>,
}

impl Atlas {
    /// Takes what changed.
    pub fn take(&mut self, tiles: &MaskTiles) {
        let capacity = tiles.capacity as usize;
        if capacity > self.places.len() {
            self.places.resize(capacity, None);
        }
        for tile in &tiles.changed {
            if let Some(place) = self.places.get_mut(tile.place as usize) {
                *place = Some(tile.texels.clone());
            }
        }
    }

    /// How much of a texel of a place is in its mask.
    pub fn share(&self, place: u32, x: i32, y: i32) -> f32 {
        let texels = self.places.get(place as usize).and_then(Option::as_ref);
        let texel = texels.and_then(|texels| texels.get((y * SIDE + x) as usize));
        texel.map_or(0.0, |share| f32::from(*share) / 255.0)
    }
}
