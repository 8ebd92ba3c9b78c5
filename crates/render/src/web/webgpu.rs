//! A canvas's surface on WebGPU.

use crate::{RenderError, Renderer, Wgpu};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use visionflow_scene::DrawList;
use web_sys::HtmlCanvasElement;

use super::Frame;

/// Where a renderer draws.
pub struct Surface {
    inner: wgpu::Surface<'static>,
    config: wgpu::SurfaceConfiguration,
    lost: Arc<AtomicBool>,
}

/// Opens a device for `canvas`.
pub async fn open(canvas: HtmlCanvasElement) -> Result<(Renderer<Wgpu>, Surface), RenderError> {
    let (width, height) = (canvas.width().max(1), canvas.height().max(1));
    let mut description = wgpu::InstanceDescriptor::new_without_display_handle();
    description.backends = wgpu::Backends::BROWSER_WEBGPU;
    let instance = wgpu::Instance::new(description);
    let adapter = instance
        .request_adapter(&wgpu::RequestAdapterOptions::default())
        .await
        .map_err(|e| RenderError::NoAdapter(e.to_string()))?;
    // Only now: a canvas that has been asked for WebGPU has no WebGL2 any more.
    let surface = instance
        .create_surface(wgpu::SurfaceTarget::Canvas(canvas))
        .map_err(|e| RenderError::NoSurface(e.to_string()))?;
    let (device, queue) = adapter
        .request_device(&wgpu::DeviceDescriptor {
            label: Some("visionflow"),
            required_limits: limits(&adapter),
            ..Default::default()
        })
        .await
        .map_err(|e| RenderError::NoDevice(e.to_string()))?;
    let lost = watch_for_loss(&device);
    let config = surface_config(&surface, &adapter, width, height)?;
    surface.configure(&device, &config);
    let renderer = Renderer::new(Wgpu::new(device, queue, config.format));
    Ok((
        renderer,
        Surface {
            inner: surface,
            config,
            lost,
        },
    ))
}

impl Surface {
    pub fn resize(&mut self, renderer: &Renderer<Wgpu>, width: u32, height: u32) {
        let limit = renderer.max_texture_size();
        let (width, height) = (width.clamp(1, limit), height.clamp(1, limit));
        if (width, height) != (self.config.width, self.config.height) {
            (self.config.width, self.config.height) = (width, height);
            self.configure(renderer);
        }
    }

    pub fn draw(&self, renderer: &mut Renderer<Wgpu>, list: &DrawList) -> Frame {
        use wgpu::CurrentSurfaceTexture as Current;
        renderer.upload(list);
        let texture = match self.inner.get_current_texture() {
            Current::Success(texture) | Current::Suboptimal(texture) => texture,
            Current::Outdated | Current::Lost => {
                self.configure(renderer);
                return Frame::Skipped;
            }
            Current::Timeout | Current::Occluded | Current::Validation => {
                return Frame::Skipped;
            }
        };
        let view = texture
            .texture
            .create_view(&wgpu::TextureViewDescriptor::default());
        renderer.paint(list, &view);
        renderer.gpu().queue().present(texture);
        Frame::Drawn
    }

    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    fn configure(&self, renderer: &Renderer<Wgpu>) {
        self.inner.configure(renderer.gpu().device(), &self.config);
    }
}

/// What the renderer asks of a device: the least that WebGL2 has, with the adapter's textures.
fn limits(adapter: &wgpu::Adapter) -> wgpu::Limits {
    wgpu::Limits::downlevel_webgl2_defaults().using_resolution(adapter.limits())
}

fn watch_for_loss(device: &wgpu::Device) -> Arc<AtomicBool> {
    let lost = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&lost);
    device.set_device_lost_callback(move |_, _| flag.store(true, Ordering::Relaxed));
    // The default handler panics, which would end the whole page; a frame that failed to
    // validate is only a frame.
    device.on_uncaptured_error(Arc::new(|error: wgpu::Error| {
        web_sys::console::error_1(&error.to_string().into());
    }));
    lost
}

fn surface_config(
    surface: &wgpu::Surface<'_>,
    adapter: &wgpu::Adapter,
    width: u32,
    height: u32,
) -> Result<wgpu::SurfaceConfiguration, RenderError> {
    let mut config = surface
        .get_default_config(adapter, width, height)
        .ok_or_else(|| RenderError::NoSurface("no format fits it".to_owned()))?;
    // Colours are blended as CSS blends them, in sRGB itself: the format must not convert.
    let formats = surface.get_capabilities(adapter).formats;
    config.format = formats
        .into_iter()
        .find(|format| !format.is_srgb())
        .unwrap_or(config.format);
    Ok(config)
}
