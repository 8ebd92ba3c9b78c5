//! Textures.

use super::parts::texture_format;
use crate::gpu::{Format, TextureDescription};

/// A texture that is freed when dropped: on the web, dropping wgpu's own frees nothing before the
/// browser collects its garbage.
pub struct Texture {
    inner: wgpu::Texture,
    /// All of it; of several layers wgpu makes an array by itself.
    view: wgpu::TextureView,
}

impl Texture {
    pub fn new(device: &wgpu::Device, label: &str, description: &TextureDescription) -> Self {
        let mut usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST;
        // The browser copies its own bitmaps by drawing them, and mipmaps are drawn too.
        if description.format == Format::Rgba8 {
            usage |= wgpu::TextureUsages::RENDER_ATTACHMENT;
        }
        let (width, height) = description.size;
        let inner = device.create_texture(&wgpu::TextureDescriptor {
            label: Some(label),
            size: wgpu::Extent3d {
                width,
                height,
                depth_or_array_layers: description.layers,
            },
            mip_level_count: description.levels(),
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: texture_format(description.format),
            usage,
            view_formats: &[],
        });
        let view = inner.create_view(&wgpu::TextureViewDescriptor::default());
        Self { inner, view }
    }

    pub fn inner(&self) -> &wgpu::Texture {
        &self.inner
    }

    pub fn view(&self) -> &wgpu::TextureView {
        &self.view
    }
}

impl Drop for Texture {
    fn drop(&mut self) {
        self.inner.destroy();
    }
}
