//! A renderer without a window: draws into a texture and reads it back.

use image::RgbaImage;
use visionflow_render::{Renderer, Wgpu, wgpu};
use visionflow_scene::{Camera, Scene, Viewport};

const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

/// A renderer and how it is read.
pub struct Offscreen {
    pub renderer: Renderer<Wgpu>,
}

impl Offscreen {
    /// Opens the software adapter, or any other where there is none.
    pub fn new() -> Self {
        pollster::block_on(open())
    }

    /// Draws what changed since the last call and reads the picture.
    pub fn draw(&mut self, scene: &mut Scene, camera: &Camera, viewport: Viewport) -> RgbaImage {
        let width = (viewport.width * viewport.pixel_ratio) as u32;
        let height = (viewport.height * viewport.pixel_ratio) as u32;
        let texture = self
            .renderer
            .gpu()
            .device()
            .create_texture(&wgpu::TextureDescriptor {
                label: None,
                size: wgpu::Extent3d {
                    width,
                    height,
                    depth_or_array_layers: 1,
                },
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format: FORMAT,
                usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
                view_formats: &[],
            });
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        self.renderer.draw(scene.draw_list(camera, viewport), &view);
        self.read(&texture, width, height)
    }

    fn read(&self, texture: &wgpu::Texture, width: u32, height: u32) -> RgbaImage {
        let gpu = self.renderer.gpu();
        let (device, queue) = (gpu.device(), gpu.queue());
        let stride = (width * 4).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: u64::from(stride * height),
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
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
        buffer.map_async(wgpu::MapMode::Read, .., |result| {
            result.expect("a buffer made for reading can be read");
        });
        device
            .poll(wgpu::PollType::wait_indefinitely())
            .expect("the device answers");
        let mapped = buffer.get_mapped_range(..).expect("the buffer is mapped");
        let rows = mapped.chunks_exact(stride as usize);
        let bytes = rows.flat_map(|row| row[..width as usize * 4].to_vec());
        RgbaImage::from_raw(width, height, bytes.collect()).expect("rows of the right length")
    }
}

async fn open() -> Offscreen {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
    let options = |force_fallback_adapter| wgpu::RequestAdapterOptions {
        force_fallback_adapter,
        ..Default::default()
    };
    let adapter = match instance.request_adapter(&options(true)).await {
        Ok(adapter) => adapter,
        Err(_) => instance.request_adapter(&options(false)).await.expect(
            "no graphics adapter: install Mesa's software Vulkan driver \
             (Debian and Ubuntu: apt-get install mesa-vulkan-drivers)",
        ),
    };
    // The limits of WebGL2, so that what passes here does not ask for more there.
    let (device, queue) = adapter
        .request_device(&wgpu::DeviceDescriptor {
            required_limits: wgpu::Limits::downlevel_webgl2_defaults(),
            ..Default::default()
        })
        .await
        .expect("the adapter opens a device");
    Offscreen {
        renderer: Renderer::new(Wgpu::new(device, queue, FORMAT)),
    }
}
