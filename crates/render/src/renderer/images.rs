//! The renderer's image: a whole one, or tiles of a pyramid; and its pixels, read back.

use super::Renderer;
use crate::gpu::{Gpu, Pass, Readback};
use crate::{RenderError, TileFormat, image_tiles};
use visionflow_geometry::{Point, Rect};
use visionflow_scene::PixelView;

impl<G: Gpu> Renderer<G> {
    /// Shows an image from its RGBA bytes (straight alpha, row by row), stretched over the draw
    /// list's image size.
    pub fn set_image(&mut self, width: u32, height: u32, rgba: &[u8]) -> Result<(), RenderError> {
        check_bytes(rgba, (width, height), 4)?;
        self.begin_image(width, height)?;
        let parts = image_tiles(width, height, self.max_texture_size());
        for (index, part) in parts.into_iter().enumerate() {
            self.image.write_whole(&self.gpu, index, part, rgba);
        }
        self.finish_image();
        Ok(())
    }

    /// Shows no image.
    pub fn clear_image(&mut self) {
        self.image.clear();
    }

    /// Starts an image of tiles, which are placed in pixels of `size`. `usual_window` is what is
    /// shown of its range (0 to 1) where the look names no window.
    pub fn begin_image_tiles(&mut self, size: (u32, u32), usual_window: Option<(f32, f32)>) {
        self.image.begin_tiles(size, usual_window);
    }

    /// The window of an image whose look names none.
    pub fn set_usual_window(&mut self, window: Option<(f32, f32)>) {
        self.image.set_usual_window(window);
    }

    /// Takes a tile of `size` pixels for the part `rect` of the image (in its pixels).
    pub fn set_image_tile(
        &mut self,
        key: u64,
        rect: Rect,
        size: (u32, u32),
        format: TileFormat,
        bytes: &[u8],
    ) -> Result<(), RenderError> {
        check_bytes(bytes, size, format.bytes_per_pixel())?;
        self.add_tile(key, rect, size, format)?;
        let stride = size.0 as usize * format.bytes_per_pixel();
        self.image.write_tile(&self.gpu, key, bytes, stride);
        Ok(())
    }

    /// Frees a tile.
    pub fn remove_image_tile(&mut self, key: u64) {
        self.image.remove_tile(key);
    }

    /// The tiles to draw from the next frame on, the lowest first; unknown ones are passed over.
    pub fn show_image_tiles(&mut self, keys: impl IntoIterator<Item = u64>) {
        self.image.show_tiles(keys);
    }

    /// Draws a window of the image as the last frame placed it, without annotations, and reads
    /// it back: `size` pixels, each covering `scale` image pixels, from `corner` (image space) on.
    /// `None` while there is no image.
    pub fn read_image(
        &mut self,
        corner: Point,
        scale: f64,
        (width, height): (u32, u32),
    ) -> Option<Box<dyn Readback>> {
        let origin = self.image.origin()?;
        let limit = self.max_texture_size();
        if width == 0 || height == 0 || width > limit || height > limit {
            return None;
        }
        // The next frame writes its own view again.
        let view = PixelView::of_window(corner - origin, scale, (width, height));
        self.gpu
            .write_uniform(&self.view, bytemuck::bytes_of(&view));
        self.written_view = Some(view);
        let pending = self.gpu.read((width, height), |pass| {
            pass.set_group(0, &self.view_group);
            self.image.paint(pass, 1.0 / scale);
        });
        Some(pending)
    }

    /// Makes the textures for an image; fill each of [`image_tiles`] and call `finish_image`.
    pub(crate) fn begin_image(&mut self, width: u32, height: u32) -> Result<(), RenderError> {
        if width == 0 || height == 0 {
            return Err(RenderError::ImageSize { width, height });
        }
        self.image.begin(&self.gpu, (width, height));
        Ok(())
    }

    #[cfg(target_arch = "wasm32")]
    pub(crate) fn whole_texture(&self, index: usize) -> &G::Texture {
        self.image.whole_texture(index)
    }

    #[cfg(target_arch = "wasm32")]
    pub(crate) fn tile_texture(&self, key: u64) -> Option<&G::Texture> {
        self.image.tile_texture(key)
    }

    pub(crate) fn finish_image(&mut self) {
        self.image.finish(&self.gpu);
    }

    /// An empty tile, which the caller fills.
    pub(crate) fn add_tile(
        &mut self,
        key: u64,
        rect: Rect,
        (width, height): (u32, u32),
        format: TileFormat,
    ) -> Result<(), RenderError> {
        let limit = self.max_texture_size();
        if width == 0 || height == 0 || width > limit || height > limit {
            return Err(RenderError::ImageSize { width, height });
        }
        let size = (width, height);
        self.image.add_tile(&self.gpu, key, rect, size, format);
        Ok(())
    }
}

fn check_bytes(bytes: &[u8], size: (u32, u32), pixel: usize) -> Result<(), RenderError> {
    let expected = size.0 as usize * size.1 as usize * pixel;
    let actual = bytes.len();
    if actual == expected {
        Ok(())
    } else {
        Err(RenderError::ImageBytes { actual, expected })
    }
}
