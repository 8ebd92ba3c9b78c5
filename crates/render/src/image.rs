//! The photograph: one texture with mipmaps, a few where the device has none so large, or the
//! tiles of a pyramid that the host keeps within its budget.

mod look;
mod tile;

pub use tile::TileFormat;

use crate::gpu::{Binding, Blend, Gpu, Pass};
use look::Look;
use std::collections::HashMap;
use tile::{Tile, TileParts};
use visionflow_geometry::{Point, Rect};
use visionflow_scene::DrawList;
use visionflow_shaders::Shader;

/// The side of a tile of an image that is larger than the device's textures.
const TILE: u32 = 4096;
/// From this zoom on (CSS pixels per image pixel) the image's pixels are shown as squares.
const NEAREST_FROM_SCALE: f64 = 4.0;

/// A part of an image that lies in one texture, in pixels of the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageTile {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// Cuts an image into what textures of at most `max_size` can hold, row by row.
pub fn image_tiles(width: u32, height: u32, max_size: u32) -> Vec<ImageTile> {
    let side = if width.max(height) <= max_size {
        max_size
    } else {
        TILE.min(max_size)
    };
    let starts = |size: u32| (0..size).step_by(side as usize);
    starts(height)
        .flat_map(|y| starts(width).map(move |x| (x, y)))
        .map(|(x, y)| ImageTile {
            x,
            y,
            width: side.min(width - x),
            height: side.min(height - y),
        })
        .collect()
}

/// Draws the image's tiles.
pub struct ImagePainter<G: Gpu> {
    pipeline: G::Pipeline,
    layout: G::Layout,
    look: G::Uniform,
    looked: Option<Look>,
    /// The window of an image that has one of its own.
    usual_window: Option<(f32, f32)>,
    /// The size that the tiles' places are in.
    size: (u32, u32),
    /// The whole image, cut only where the device asks for it.
    whole: Vec<Tile<G>>,
    /// Whether every tile of the whole has its pixels.
    is_ready: bool,
    /// Tiles of a pyramid, by the host's numbers.
    tiles: HashMap<u64, Tile<G>>,
    /// Which of them are drawn, in this order.
    shown: Vec<u64>,
    /// The origin of the last draw list, when it had an image.
    origin: Option<Point>,
}

impl<G: Gpu> ImagePainter<G> {
    pub fn new(gpu: &G, view: &G::Layout) -> Self {
        let bindings = [Binding::Uniform, Binding::Sampled, Binding::Uniform];
        let layout = gpu.layout("image", &bindings);
        Self {
            pipeline: gpu.pipeline(Shader::Image, &[view, &layout], Blend::Replace),
            layout,
            look: gpu.uniform("look", size_of::<Look>()),
            looked: None,
            usual_window: None,
            size: (0, 0),
            whole: Vec::new(),
            is_ready: false,
            tiles: HashMap::new(),
            shown: Vec::new(),
            origin: None,
        }
    }

    /// Makes room for a whole image of this size; what was there before is gone.
    pub fn begin(&mut self, gpu: &G, (width, height): (u32, u32)) {
        self.clear();
        self.size = (width, height);
        let parts = image_tiles(width, height, gpu.max_texture_size());
        self.whole = parts
            .iter()
            .map(|part| {
                let min = Point::new(f64::from(part.x), f64::from(part.y));
                let size = (part.width, part.height);
                let far = Point::new(min.x + f64::from(size.0), min.y + f64::from(size.1));
                let rect = Rect::from_corners(min, far);
                self.tile(gpu, rect, size, TileFormat::Rgba8, true)
            })
            .collect();
    }

    /// Makes room for the tiles of a pyramid of this size; what was there before is gone.
    pub fn begin_tiles(&mut self, size: (u32, u32), usual_window: Option<(f32, f32)>) {
        self.clear();
        self.size = size;
        self.usual_window = usual_window;
    }

    pub fn set_usual_window(&mut self, window: Option<(f32, f32)>) {
        self.usual_window = window;
    }

    pub fn clear(&mut self) {
        self.whole.clear();
        self.tiles.clear();
        self.shown.clear();
        self.is_ready = false;
        self.usual_window = None;
    }

    #[cfg(target_arch = "wasm32")]
    pub fn whole_texture(&self, index: usize) -> &G::Texture {
        &self.whole[index].texture
    }

    /// The pixels of `index` from RGBA bytes of the whole image.
    pub fn write_whole(&self, gpu: &G, index: usize, part: ImageTile, rgba: &[u8]) {
        let stride = self.size.0 as usize * 4;
        let offset = part.y as usize * stride + part.x as usize * 4;
        self.whole[index].write(gpu, &rgba[offset..], stride);
    }

    /// Makes the mipmaps of the whole image: from here on it shows.
    pub fn finish(&mut self, gpu: &G) {
        for tile in &self.whole {
            gpu.fill_mipmaps(&tile.texture);
        }
        self.is_ready = true;
    }

    /// An empty texture for a tile of the pyramid, which the caller fills.
    pub fn add_tile(
        &mut self,
        gpu: &G,
        key: u64,
        rect: Rect,
        size: (u32, u32),
        format: TileFormat,
    ) {
        let tile = self.tile(gpu, rect, size, format, false);
        self.tiles.insert(key, tile);
    }

    #[cfg(target_arch = "wasm32")]
    pub fn tile_texture(&self, key: u64) -> Option<&G::Texture> {
        self.tiles.get(&key).map(|tile| &tile.texture)
    }

    pub fn write_tile(&self, gpu: &G, key: u64, bytes: &[u8], stride: usize) {
        if let Some(tile) = self.tiles.get(&key) {
            tile.write(gpu, bytes, stride);
        }
    }

    pub fn remove_tile(&mut self, key: u64) {
        self.tiles.remove(&key);
    }

    /// The tiles to draw from now on, the lowest first.
    pub fn show_tiles(&mut self, keys: impl IntoIterator<Item = u64>) {
        self.shown.clear();
        self.shown.extend(keys);
    }

    /// Places the tiles on the draw list's image, and takes its look.
    pub fn upload(&mut self, gpu: &G, list: &DrawList) {
        let look = Look::of(&list.image_look, self.usual_window);
        if self.looked != Some(look) {
            self.looked = Some(look);
            gpu.write_uniform(&self.look, bytemuck::bytes_of(&look));
        }
        self.origin = list.image_size.map(|_| list.origin);
        let Some((width, height)) = list.image_size else {
            return;
        };
        let scale = (
            f64::from(width) / f64::from(self.size.0.max(1)),
            f64::from(height) / f64::from(self.size.1.max(1)),
        );
        for tile in &mut self.whole {
            tile.place(gpu, list.origin, scale);
        }
        for key in &self.shown {
            if let Some(tile) = self.tiles.get_mut(key) {
                tile.place(gpu, list.origin, scale);
            }
        }
    }

    /// The point that the tiles were last placed around; `None` while nothing is to be seen.
    pub fn origin(&self) -> Option<Point> {
        self.origin
    }

    /// Draws what was placed; `scale` is CSS pixels per image pixel.
    pub fn paint(&self, pass: &mut G::Pass, scale: f64) {
        if self.origin.is_none() {
            return;
        }
        let is_magnified = scale >= NEAREST_FROM_SCALE;
        pass.set_pipeline(&self.pipeline);
        let whole = self.whole.iter().filter(|_| self.is_ready);
        let shown = self.shown.iter().filter_map(|key| self.tiles.get(key));
        for tile in whole.chain(shown) {
            tile.paint(pass, is_magnified);
        }
    }

    fn tile(
        &self,
        gpu: &G,
        rect: Rect,
        size: (u32, u32),
        format: TileFormat,
        has_mipmaps: bool,
    ) -> Tile<G> {
        let parts = TileParts {
            layout: &self.layout,
            look: &self.look,
        };
        Tile::new(gpu, &parts, rect, size, format, has_mipmaps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(width: u32, height: u32, max_size: u32, count: usize) {
        let tiles = image_tiles(width, height, max_size);
        assert_eq!(tiles.len(), count);
        let area = |t: &ImageTile| u64::from(t.width) * u64::from(t.height);
        let covered: u64 = tiles.iter().map(area).sum();
        assert_eq!(covered, u64::from(width) * u64::from(height));
        assert!(tiles.iter().all(|t| t.width.max(t.height) <= max_size));
    }

    #[test]
    fn only_too_large_images_are_cut() {
        check(8192, 8192, 8192, 1);
        check(8193, 100, 8192, 3);
        check(60_000, 40_000, 8192, 150);
        check(5000, 5000, 2048, 9);
    }
}
