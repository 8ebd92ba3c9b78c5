//! Pictures that the browser has decoded.

use super::webgl2::WebGl2;
use crate::image::image_tiles;
use crate::{Gpu, RenderError, Renderer, TileFormat, Wgpu};
use visionflow_geometry::Rect;
use web_sys::ImageBitmap;

/// Copying what the browser has decoded.
pub trait Bitmaps: Gpu {
    /// Fills a texture of `size` with the part of `bitmap` that begins at `from`.
    fn write_bitmap(
        &self,
        texture: &Self::Texture,
        bitmap: &ImageBitmap,
        from: (u32, u32),
        size: (u32, u32),
    ) -> Result<(), RenderError>;
}

/// Shows a whole image.
pub fn set_image<G: Bitmaps>(
    renderer: &mut Renderer<G>,
    bitmap: &ImageBitmap,
) -> Result<(), RenderError> {
    let (width, height) = (bitmap.width(), bitmap.height());
    renderer.begin_image(width, height)?;
    let parts = image_tiles(width, height, renderer.max_texture_size());
    for (index, part) in parts.iter().enumerate() {
        let texture = renderer.whole_texture(index);
        let (from, size) = ((part.x, part.y), (part.width, part.height));
        renderer.gpu().write_bitmap(texture, bitmap, from, size)?;
    }
    renderer.finish_image();
    Ok(())
}

/// Takes a tile of a pyramid.
pub fn set_tile<G: Bitmaps>(
    renderer: &mut Renderer<G>,
    key: u64,
    rect: Rect,
    bitmap: &ImageBitmap,
) -> Result<(), RenderError> {
    let size = (bitmap.width(), bitmap.height());
    renderer.add_tile(key, rect, size, TileFormat::Rgba8)?;
    let Some(texture) = renderer.tile_texture(key) else {
        return Ok(());
    };
    let written = renderer.gpu().write_bitmap(texture, bitmap, (0, 0), size);
    if written.is_err() {
        // An empty one would hide the coarser one below it.
        renderer.remove_image_tile(key);
    }
    written
}

impl Bitmaps for WebGl2 {
    fn write_bitmap(
        &self,
        texture: &Self::Texture,
        bitmap: &ImageBitmap,
        from: (u32, u32),
        size: (u32, u32),
    ) -> Result<(), RenderError> {
        texture
            .write_bitmap(bitmap, from, size)
            .map_err(|error| RenderError::ImageCopy(format!("{error:?}")))
    }
}

impl Bitmaps for Wgpu {
    fn write_bitmap(
        &self,
        texture: &Self::Texture,
        bitmap: &ImageBitmap,
        (x, y): (u32, u32),
        (width, height): (u32, u32),
    ) -> Result<(), RenderError> {
        self.queue().copy_external_image_to_texture(
            &wgpu::CopyExternalImageSourceInfo {
                source: wgpu::ExternalImageSource::ImageBitmap(bitmap.clone()),
                origin: wgpu::Origin2d { x, y },
                flip_y: false,
            },
            wgpu::CopyExternalImageDestInfo {
                texture: texture.inner(),
                mip_level: 0,
                origin: wgpu::Origin3d::ZERO,
                aspect: wgpu::TextureAspect::All,
                color_space: wgpu::PredefinedColorSpace::Srgb,
                premultiplied_alpha: false,
            },
            wgpu::Extent3d {
                width,
                height,
                depth_or_array_layers: 1,
            },
        );
        Ok(())
    }
}
