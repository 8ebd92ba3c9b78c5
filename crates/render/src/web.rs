//! The renderer on an HTML canvas: WebGPU, or WebGL2 where there is none.
//!
//! With what it is made of, the only part of this crate that knows a browser.

mod bitmaps;
mod webgl2;
mod webgpu;

use crate::{Readback, RenderError, Renderer, TileFormat, Wgpu};
use bitmaps::{set_image, set_tile};
use visionflow_geometry::{Point, Rect};
use visionflow_scene::{DrawList, SpriteId};
use web_sys::{HtmlCanvasElement, ImageBitmap};
use webgl2::WebGl2;
use webgpu::Surface;

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
    on: On,
}

enum On {
    WebGpu(Box<Renderer<Wgpu>>, Box<Surface>),
    WebGl2(Box<Renderer<WebGl2>>),
}

/// The same with either renderer.
macro_rules! with {
    ($on:expr, $renderer:ident => $what:expr) => {
        match $on {
            On::WebGpu($renderer, _) => $what,
            On::WebGl2($renderer) => $what,
        }
    };
}

impl CanvasRenderer {
    /// Opens a device for `canvas`, whose `width` and `height` already are in device pixels.
    pub async fn new(canvas: HtmlCanvasElement, backend: Backend) -> Result<Self, RenderError> {
        let is_gpu = match backend {
            Backend::Auto => wgpu::util::is_browser_webgpu_supported().await,
            Backend::WebGpu => true,
            Backend::WebGl2 => false,
        };
        let on = if is_gpu {
            let (renderer, surface) = webgpu::open(canvas).await?;
            On::WebGpu(Box::new(renderer), Box::new(surface))
        } else {
            On::WebGl2(Box::new(Renderer::new(WebGl2::new(&canvas)?)))
        };
        Ok(Self { on })
    }

    /// Takes a new size of the canvas in device pixels.
    pub fn resize(&mut self, width: u32, height: u32) {
        // What WebGL2 draws on has the size of its canvas.
        if let On::WebGpu(renderer, surface) = &mut self.on {
            surface.resize(renderer, width, height);
        }
    }

    /// Draws one frame.
    pub fn draw(&mut self, list: &DrawList) -> Result<Frame, RenderError> {
        if self.is_lost() {
            return Err(RenderError::DeviceLost);
        }
        match &mut self.on {
            On::WebGpu(renderer, surface) => Ok(surface.draw(renderer, list)),
            On::WebGl2(renderer) => {
                renderer.draw(list, &());
                Ok(Frame::Drawn)
            }
        }
    }

    /// See [`Renderer::prepare`].
    pub fn prepare(&self) -> bool {
        with!(&self.on, renderer => renderer.prepare())
    }

    /// Whether the device is gone and a new one is needed.
    pub fn is_lost(&self) -> bool {
        match &self.on {
            On::WebGpu(_, surface) => surface.is_lost(),
            On::WebGl2(renderer) => renderer.gpu().is_lost(),
        }
    }

    /// Gives the device back now: dropping frees nothing before the browser collects its garbage.
    /// A WebGL context is its canvas's, to be taken away there.
    pub fn destroy(&self) {
        if let On::WebGpu(renderer, _) = &self.on {
            renderer.gpu().device().destroy();
        }
    }

    /// The longest side of a texture, in pixels.
    pub fn max_texture_size(&self) -> u32 {
        with!(&self.on, renderer => renderer.max_texture_size())
    }

    /// `webgpu` or `webgl2`.
    pub fn backend_name(&self) -> &'static str {
        match self.on {
            On::WebGpu(..) => "webgpu",
            On::WebGl2(_) => "webgl2",
        }
    }

    /// Shows `bitmap` as the image, over the whole of the draw list's image size.
    pub fn set_image_from_bitmap(&mut self, bitmap: &ImageBitmap) -> Result<(), RenderError> {
        with!(&mut self.on, renderer => set_image(renderer, bitmap))
    }

    /// Takes a tile for the part `rect` of the image (in its pixels); `bitmap` is the tile's own,
    /// already cut to it.
    pub fn set_image_tile_from_bitmap(
        &mut self,
        key: u64,
        rect: Rect,
        bitmap: &ImageBitmap,
    ) -> Result<(), RenderError> {
        with!(&mut self.on, renderer => set_tile(renderer, key, rect, bitmap))
    }

    /// See [`Renderer::set_image_tile`].
    pub fn set_image_tile(
        &mut self,
        key: u64,
        rect: Rect,
        size: (u32, u32),
        format: TileFormat,
        bytes: &[u8],
    ) -> Result<(), RenderError> {
        with!(&mut self.on, renderer => renderer.set_image_tile(key, rect, size, format, bytes))
    }

    /// See [`Renderer::begin_image_tiles`].
    pub fn begin_image_tiles(&mut self, size: (u32, u32), usual_window: Option<(f32, f32)>) {
        with!(&mut self.on, renderer => renderer.begin_image_tiles(size, usual_window));
    }

    /// See [`Renderer::set_usual_window`].
    pub fn set_usual_window(&mut self, window: Option<(f32, f32)>) {
        with!(&mut self.on, renderer => renderer.set_usual_window(window));
    }

    /// Frees a tile.
    pub fn remove_image_tile(&mut self, key: u64) {
        with!(&mut self.on, renderer => renderer.remove_image_tile(key));
    }

    /// See [`Renderer::show_image_tiles`].
    pub fn show_image_tiles(&mut self, keys: impl IntoIterator<Item = u64>) {
        with!(&mut self.on, renderer => renderer.show_image_tiles(keys));
    }

    /// Shows no image.
    pub fn clear_image(&mut self) {
        with!(&mut self.on, renderer => renderer.clear_image());
    }

    /// See [`Renderer::read_image`].
    pub fn read_image(
        &mut self,
        corner: Point,
        scale: f64,
        size: (u32, u32),
    ) -> Option<Box<dyn Readback>> {
        with!(&mut self.on, renderer => renderer.read_image(corner, scale, size))
    }

    /// See [`Renderer::set_text_sprite`].
    pub fn set_text_sprite(&mut self, id: SpriteId, width: u32, height: u32, rgba: &[u8]) {
        with!(&mut self.on, renderer => renderer.set_text_sprite(id, width, height, rgba));
    }

    /// See [`Renderer::retain_text_sprites`].
    pub fn retain_text_sprites(&mut self, keep: impl Fn(SpriteId) -> bool) {
        with!(&mut self.on, renderer => renderer.retain_text_sprites(keep));
    }
}
