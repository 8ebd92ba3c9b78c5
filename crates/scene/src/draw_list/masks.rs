//! Texels of masks on their way to the atlas.

/// The places that the atlas needs, and what has to be written into them.
#[derive(Debug, Default)]
pub struct MaskTiles {
    /// How many places the atlas has; it never shrinks. When it grows, all places change.
    pub capacity: u32,
    pub changed: Vec<MaskTexels>,
}

/// The new contents of one place.
#[derive(Debug)]
pub struct MaskTexels {
    pub place: u32,
    /// 256 rows of 256 bytes: how much of each texel is in the mask.
    pub texels: Box<[u8]>,
}

impl MaskTiles {
    /// An atlas with room for this many places: none, two, 32, or a power of two from 128 on.
    pub fn capacity_for(places: u32) -> u32 {
        match places {
            0 => 0,
            1..=2 => 2,
            3..=32 => 32,
            more => more.next_power_of_two().max(128),
        }
    }

    pub fn upload_bytes(&self) -> usize {
        self.changed.iter().map(|tile| tile.texels.len()).sum()
    }
}
