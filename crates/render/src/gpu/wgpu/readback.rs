//! Pixels on their way back from a texture of wgpu's.

use crate::gpu::Readback;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const WAITING: u8 = 0;
const READY: u8 = 1;
const FAILED: u8 = 2;

/// The buffer that they are copied to.
#[derive(Debug)]
pub struct PendingPixels {
    device: wgpu::Device,
    buffer: wgpu::Buffer,
    state: Arc<AtomicU8>,
    size: (u32, u32),
    stride: u32,
    is_bgra: bool,
}

impl PendingPixels {
    /// Copies a texture that was drawn; `encoder` has drawn it and is submitted here.
    pub fn read(
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        mut encoder: wgpu::CommandEncoder,
        texture: &wgpu::Texture,
    ) -> Self {
        let (width, height) = (texture.width(), texture.height());
        let stride = (width * 4).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("pixels"),
            size: u64::from(stride) * u64::from(height),
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        encoder.copy_texture_to_buffer(
            texture.as_image_copy(),
            wgpu::TexelCopyBufferInfo {
                buffer: &buffer,
                layout: wgpu::TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(stride),
                    rows_per_image: None,
                },
            },
            texture.size(),
        );
        queue.submit([encoder.finish()]);
        let state = Arc::new(AtomicU8::new(WAITING));
        let told = Arc::clone(&state);
        buffer.map_async(wgpu::MapMode::Read, .., move |result| {
            let state = if result.is_ok() { READY } else { FAILED };
            told.store(state, Ordering::Release);
        });
        Self {
            device: device.clone(),
            buffer,
            state,
            size: (width, height),
            stride,
            is_bgra: matches!(
                texture.format(),
                wgpu::TextureFormat::Bgra8Unorm | wgpu::TextureFormat::Bgra8UnormSrgb
            ),
        }
    }
}

impl Readback for PendingPixels {
    fn has_failed(&self) -> bool {
        self.state.load(Ordering::Acquire) == FAILED
    }

    fn take(&self) -> Option<Vec<u8>> {
        // Vulkan and Metal are asked; on WebGPU the browser answers by itself.
        self.device.poll(wgpu::PollType::Poll).ok()?;
        if self.state.load(Ordering::Acquire) != READY {
            return None;
        }
        let mapped = self.buffer.get_mapped_range(..).ok()?;
        let row = self.size.0 as usize * 4;
        let mut rgba = Vec::with_capacity(row * self.size.1 as usize);
        for line in mapped.chunks_exact(self.stride as usize) {
            rgba.extend_from_slice(&line[..row]);
        }
        if self.is_bgra {
            for pixel in rgba.chunks_exact_mut(4) {
                pixel.swap(0, 2);
            }
        }
        Some(rgba)
    }
}
