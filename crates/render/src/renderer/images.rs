//! The renderer's image: a whole one, or tiles of a pyramid; and its pixels, read back.

use super::Renderer;
use crate::image::PendingPixels;
use crate::view::View;
use crate::{RenderError, TileFormat, image_tiles};
use visionflow_geometry::{Point, Rect};

impl Renderer {
    /// Shows an image from its RGBA bytes (straight alpha, row by row), stretched over the draw
    /// list's image size.
    pub fn set_image(&mut self, width: u32, height: u32, rgba: &[u8]) -> Result<(), RenderError> {
        check_bytes(rgba, (width, height), 4)?;
        self.begin_image(width, height)?;
        let parts = image_tiles(width, height, self.max_texture_size());
        for (index, part) in parts.into_iter().enumerate() {
            self.image.write_whole(&self.queue, index, part, rgba);
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
        let stride = size.0 * format.bytes_per_pixel() as u32;
        self.image.write_tile(&self.queue, key, bytes, stride);
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
    ) -> Option<PendingPixels> {
        let origin = self.image.origin()?;
        let limit = self.max_texture_size();
        if width == 0 || height == 0 || width > limit || height > limit {
            return None;
        }
        // The next frame writes its own view again.
        let view = View::of_window(corner - origin, scale, (width, height));
        self.queue
            .write_buffer(&self.view, 0, bytemuck::bytes_of(&view));
        self.written_view = Some(view);
        let texture = self.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("pixels"),
            size: wgpu::Extent3d {
                width,
                height,
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: self.format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        });
        let target = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let mut encoder = self
            .device
            .create_command_encoder(&wgpu::CommandEncoderDescriptor {
                label: Some("pixels"),
            });
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("pixels"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &target,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                    store: wgpu::StoreOp::Store,
                },
            })],
            ..Default::default()
        });
        pass.set_bind_group(0, &self.view_group, &[]);
        self.image.paint(&mut pass, 1.0 / scale);
        drop(pass);
        let pending = PendingPixels::read(&self.device, &self.queue, encoder, &texture);
        texture.destroy();
        Some(pending)
    }

    /// Makes the textures for an image; fill each of [`image_tiles`] and call `finish_image`.
    pub(crate) fn begin_image(&mut self, width: u32, height: u32) -> Result<(), RenderError> {
        if width == 0 || height == 0 {
            return Err(RenderError::ImageSize { width, height });
        }
        let max_size = self.max_texture_size();
        self.image.begin(&self.device, (width, height), max_size);
        Ok(())
    }

    #[cfg(target_arch = "wasm32")]
    pub(crate) fn whole_texture(&self, index: usize) -> &wgpu::Texture {
        self.image.whole_texture(index)
    }

    pub(crate) fn finish_image(&mut self) {
        self.image.finish(&self.device, &self.queue);
    }

    /// An empty tile, which the caller fills.
    pub(crate) fn add_tile(
        &mut self,
        key: u64,
        rect: Rect,
        (width, height): (u32, u32),
        format: TileFormat,
    ) -> Result<&wgpu::Texture, RenderError> {
        let limit = self.max_texture_size();
        if width == 0 || height == 0 || width > limit || height > limit {
            return Err(RenderError::ImageSize { width, height });
        }
        let size = (width, height);
        Ok(self.image.add_tile(&self.device, key, rect, size, format))
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
