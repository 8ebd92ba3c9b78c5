//! Texels of masks on their way to the atlas.

/// The places that the atlas needs, and what has to be written into them.
#[derive(Debug, Default)]
pub struct MaskTiles {
    /// Places are numbered from zero to before this.
    pub places: u32,
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
    pub fn upload_bytes(&self) -> usize {
        self.changed.iter().map(|tile| tile.texels.len()).sum()
    }
}
