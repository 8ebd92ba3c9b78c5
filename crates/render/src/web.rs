//! The renderer on an HTML canvas: WebGPU, or WebGL2 where there is none.
//!
//! The only file of this crate that knows a browser.

use crate::image::image_tiles;
use crate::{RenderError, Renderer, TileFormat};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use visionflow_geometry::Rect;
use visionflow_scene::DrawList;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

/// Which graphics interface to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// WebGPU where the browser has it, WebGL2 otherwise.
    #[default]
    Auto,
    WebGpu,
    WebGl2,
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    Drawn,
    /// Nothing reached the canvas (it is hidden, or its surface was just renewed): the draw list's
    /// changes were taken, so draw once more to show them.
    Skipped,
}

/// A canvas with the renderer that draws on it.
///
/// When the device is lost, drop this and make a new one on the same canvas, set the image and
/// sprites again and call `Scene::invalidate_gpu`.
pub struct CanvasRenderer {
    renderer: Renderer,
    surface: wgpu::Surface<'static>,
    config: wgpu::SurfaceConfiguration,
    backend: wgpu::Backend,
    unrestricted_copies: bool,
    lost: Arc<AtomicBool>,
}

impl CanvasRenderer {
    /// Opens a device for `canvas`, whose `width` and `height` already are in device pixels.
    pub async fn new(canvas: HtmlCanvasElement, backend: Backend) -> Result<Self, RenderError> {
        let (width, height) = (canvas.width().max(1), canvas.height().max(1));
        let mut description = wgpu::InstanceDescriptor::new_without_display_handle();
        description.backends = match backend {
            Backend::Auto => wgpu::Backends::BROWSER_WEBGPU | wgpu::Backends::GL,
            Backend::WebGpu => wgpu::Backends::BROWSER_WEBGPU,
            Backend::WebGl2 => wgpu::Backends::GL,
        };
        // Asking after fences is a question to the GPU's process, twice a frame, and nothing here waits
        // for one: what is read back is asked for a while after it was drawn.
        description.backend_options.gl.fence_behavior = wgpu::GlFenceBehavior::AutoFinish;
        let instance = wgpu::util::new_instance_with_webgpu_detection(description).await;
        let surface = instance
            .create_surface(wgpu::SurfaceTarget::Canvas(canvas))
            .map_err(|e| RenderError::NoSurface(e.to_string()))?;
        let adapter = instance
            .request_adapter(&wgpu::RequestAdapterOptions {
                compatible_surface: Some(&surface),
                ..Default::default()
            })
            .await
            .map_err(|e| RenderError::NoAdapter(e.to_string()))?;
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
        let unrestricted_copies = adapter
            .get_downlevel_capabilities()
            .flags
            .contains(wgpu::DownlevelFlags::UNRESTRICTED_EXTERNAL_TEXTURE_COPIES);
        Ok(Self {
            renderer: Renderer::new(device, queue, config.format),
            surface,
            config,
            backend: adapter.get_info().backend,
            unrestricted_copies,
            lost,
        })
    }

    /// Takes a new size of the canvas in device pixels.
    pub fn resize(&mut self, width: u32, height: u32) {
        let limit = self.renderer.max_texture_size();
        let (width, height) = (width.clamp(1, limit), height.clamp(1, limit));
        if (width, height) != (self.config.width, self.config.height) {
            (self.config.width, self.config.height) = (width, height);
            self.surface.configure(self.renderer.device(), &self.config);
        }
    }

    /// Draws one frame.
    pub fn draw(&mut self, list: &DrawList) -> Result<Frame, RenderError> {
        use wgpu::CurrentSurfaceTexture as Current;
        if self.is_lost() {
            return Err(RenderError::DeviceLost);
        }
        self.renderer.upload(list);
        let texture = match self.surface.get_current_texture() {
            Current::Success(texture) | Current::Suboptimal(texture) => texture,
            Current::Outdated | Current::Lost => {
                self.surface.configure(self.renderer.device(), &self.config);
                return Ok(Frame::Skipped);
            }
            Current::Timeout | Current::Occluded | Current::Validation => {
                return Ok(Frame::Skipped);
            }
        };
        let view = texture
            .texture
            .create_view(&wgpu::TextureViewDescriptor::default());
        self.renderer.paint(list, &view);
        self.renderer.queue().present(texture);
        Ok(Frame::Drawn)
    }

    /// The renderer, to set images and painted texts.
    pub fn renderer(&mut self) -> &mut Renderer {
        &mut self.renderer
    }

    /// Makes ready one part of what is only needed later; whether there was one.
    pub fn prepare(&self) -> bool {
        self.renderer.prepare()
    }

    /// Whether the device is gone and a new one is needed.
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// `webgpu` or `webgl2`.
    pub fn backend_name(&self) -> &'static str {
        match self.backend {
            wgpu::Backend::BrowserWebGpu => "webgpu",
            _ => "webgl2",
        }
    }

    /// Shows `bitmap` as the image, over the whole of the draw list's image size.
    pub fn set_image_from_bitmap(&mut self, bitmap: &ImageBitmap) -> Result<(), RenderError> {
        let (width, height) = (bitmap.width(), bitmap.height());
        self.renderer.begin_image(width, height)?;
        let tiles = image_tiles(width, height, self.renderer.max_texture_size());
        for (index, tile) in tiles.iter().enumerate() {
            // WebGL2 copies whole bitmaps only; a canvas cuts the part out.
            let (source, origin) = if tiles.len() == 1 || self.unrestricted_copies {
                let source = wgpu::ExternalImageSource::ImageBitmap(bitmap.clone());
                (
                    source,
                    wgpu::Origin2d {
                        x: tile.x,
                        y: tile.y,
                    },
                )
            } else {
                let canvas = cut_out(bitmap, tile)?;
                let source = wgpu::ExternalImageSource::HTMLCanvasElement(canvas);
                (source, wgpu::Origin2d::ZERO)
            };
            self.renderer.queue().copy_external_image_to_texture(
                &wgpu::CopyExternalImageSourceInfo {
                    source,
                    origin,
                    flip_y: false,
                },
                wgpu::CopyExternalImageDestInfo {
                    texture: self.renderer.whole_texture(index),
                    mip_level: 0,
                    origin: wgpu::Origin3d::ZERO,
                    aspect: wgpu::TextureAspect::All,
                    color_space: wgpu::PredefinedColorSpace::Srgb,
                    premultiplied_alpha: false,
                },
                wgpu::Extent3d {
                    width: tile.width,
                    height: tile.height,
                    depth_or_array_layers: 1,
                },
            );
        }
        self.renderer.finish_image();
        Ok(())
    }

    /// Takes a tile for the part `rect` of the image (in its pixels); `bitmap` is the tile's own,
    /// already cut to it.
    pub fn set_image_tile_from_bitmap(
        &mut self,
        key: u64,
        rect: Rect,
        bitmap: &ImageBitmap,
    ) -> Result<(), RenderError> {
        let (width, height) = (bitmap.width(), bitmap.height());
        let queue = self.renderer.queue().clone();
        let texture = self
            .renderer
            .add_tile(key, rect, (width, height), TileFormat::Rgba8)?;
        queue.copy_external_image_to_texture(
            &wgpu::CopyExternalImageSourceInfo {
                source: wgpu::ExternalImageSource::ImageBitmap(bitmap.clone()),
                origin: wgpu::Origin2d::ZERO,
                flip_y: false,
            },
            wgpu::CopyExternalImageDestInfo {
                texture,
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
        // On WebGL2 nothing is copied before the next submission, and by then the bitmap may be closed.
        queue.submit(std::iter::empty());
        Ok(())
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

fn cut_out(
    bitmap: &ImageBitmap,
    tile: &crate::ImageTile,
) -> Result<HtmlCanvasElement, RenderError> {
    let fail = |e: wasm_bindgen::JsValue| RenderError::ImageCopy(format!("{e:?}"));
    let missing = || RenderError::ImageCopy("the page has no 2D canvas".to_owned());
    let canvas: HtmlCanvasElement = web_sys::window()
        .and_then(|window| window.document())
        .ok_or_else(missing)?
        .create_element("canvas")
        .map_err(fail)?
        .dyn_into()
        .map_err(|_| missing())?;
    canvas.set_width(tile.width);
    canvas.set_height(tile.height);
    let context: CanvasRenderingContext2d = canvas
        .get_context("2d")
        .map_err(fail)?
        .and_then(|context| context.dyn_into().ok())
        .ok_or_else(missing)?;
    context
        .draw_image_with_image_bitmap(bitmap, -f64::from(tile.x), -f64::from(tile.y))
        .map_err(fail)?;
    Ok(canvas)
}
